"""The shape builder: stack layers and read every shape, count and receptive field."""

import inspect
import re
from functools import cache

import anywidget
import traitlets

from convlib import layers as layer_classes
from convlib.activations import linear, relu, sigmoid, softmax, tanh
from convlib.models import Input, Sequential
from convlib.padding import output_length
from convlib.visuals.widget import bundle, style

# The limits of what the controls take, by argument: (kind, smallest, largest).
ARGUMENTS = {
    "filters": ("count", 1, 4096),
    "units": ("count", 1, 65536),
    "groups": ("count", 1, 4096),
    "depth_multiplier": ("count", 1, 64),
    "kernel_size": ("axes", 1, 11),
    "pool_size": ("axes", 1, 11),
    "size": ("axes", 1, 8),
    "strides": ("axes", 1, 5),
    "dilation_rate": ("axes", 1, 16),
    "output_padding": ("axes", 0, 4),
    "padding": ("margins", 0, 64),  # of ZeroPadding; elsewhere it is a word
    "cropping": ("margins", 0, 64),
    "rate": ("rate", 0, 1),
}
INPUT_LIMIT = 4096
LAYER_LIMIT = 30
ACTIVATIONS = [function.__name__ for function in (linear, relu, sigmoid, tanh, softmax)]
# What a new layer starts with where convlib has no default.
_FIRST = {
    "filters": 8,
    "kernel_size": 3,
    "pool_size": 2,
    "units": 10,
    "rate": 0.5,
    "activation": "relu",
}
# The classes that the browser has a rule for.
_FAMILIES = (
    "Conv",
    "ConvTranspose",
    "DepthwiseConv",
    "SeparableConv",
    "Pooling",
    "GlobalPooling",
    "UpSampling",
    "ZeroPadding",
    "Cropping",
    "Flatten",
    "Dense",
    "Activation",
    "Dropout",
    "BatchNormalization",
)


def _layer(name, **arguments):
    return {"layer": name, **arguments}


_DEPTHWISE = _layer("DepthwiseConv2D", kernel_size=3, padding="same", use_bias=False)
_POINTWISE = _layer("Conv2D", filters=64, kernel_size=1, use_bias=False)
_NORMALIZED = [_layer("BatchNormalization"), _layer("Activation", activation="relu")]

PRESETS = {  # name: (input shape, layers)
    "ten classes": (
        [32, 32, 3],
        [
            _layer("Conv2D", filters=32, kernel_size=3, activation="relu"),
            _layer("MaxPooling2D", pool_size=2),
            _layer("Conv2D", filters=64, kernel_size=3, activation="relu"),
            _layer("MaxPooling2D", pool_size=2),
            _layer("Flatten"),
            _layer("Dense", units=1024, activation="relu"),
            _layer("Dense", units=10, activation="softmax"),
        ],
    ),
    "LeNet": (
        [32, 32, 1],
        [
            _layer("Conv2D", filters=6, kernel_size=5, activation="tanh"),
            _layer("AveragePooling2D", pool_size=2),
            _layer("Conv2D", filters=16, kernel_size=5, activation="tanh"),
            _layer("AveragePooling2D", pool_size=2),
            _layer("Conv2D", filters=120, kernel_size=5, activation="tanh"),
            _layer("Flatten"),
            _layer("Dense", units=84, activation="tanh"),
            _layer("Dense", units=10, activation="softmax"),
        ],
    ),
    "dilated causal stack": (
        [64, 1],
        [
            _layer("Conv1D", filters=16, kernel_size=2, padding="causal", dilation_rate=2**i)
            for i in range(5)
        ],
    ),
    "autoencoder": (
        [28, 28, 1],
        [
            _layer("Conv2D", filters=16, kernel_size=3, strides=2, padding="same"),
            _layer("Conv2D", filters=8, kernel_size=3, strides=2, padding="same"),
            _layer("Conv2DTranspose", filters=8, kernel_size=3, strides=2, padding="same"),
            _layer("Conv2DTranspose", filters=16, kernel_size=3, strides=2, padding="same"),
            _layer("Conv2D", filters=1, kernel_size=3, padding="same", activation="sigmoid"),
        ],
    ),
    "MobileNet block": ([112, 112, 32], [_DEPTHWISE, *_NORMALIZED, _POINTWISE, *_NORMALIZED]),
}


@cache
def catalogue():
    """Return, for every layer that can be stacked, its family, rank and arguments.

    The arguments are those of convlib's constructors, in their order and with their defaults.

    >>> [argument["name"] for argument in catalogue()["MaxPooling2D"]["arguments"]]
    ['pool_size', 'strides', 'padding']
    """
    found = {}
    for name in sorted(layer_classes.__all__):
        cls = getattr(layer_classes, name)
        if not inspect.isclass(cls) or cls.__name__ != name:  # another name of the same layer
            continue
        for base in cls.__mro__:
            if base.__name__ in _FAMILIES:
                found[name] = {
                    "family": base.__name__,
                    "rank": getattr(cls, "rank", None) or 0,
                    "name": re.sub(r"(?<=[a-zD])(?=[A-Z][a-z])", "_", name).lower(),
                    "arguments": _arguments(cls),
                }
                break
    return found


def _arguments(cls):
    rows = []
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        if name == "padding" and isinstance(parameter.default, str):
            causal = ["causal"] if getattr(cls, "allows_causal", False) else []
            row = {"kind": "choice", "options": ["valid", "same", *causal]}
        elif name == "interpolation":
            row = {"kind": "choice", "options": ["nearest", "bilinear"]}
        elif name == "activation":
            row = {"kind": "choice", "options": ACTIVATIONS}
        elif name in ("use_bias", "keepdims", "center", "scale"):
            row = {"kind": "flag"}
        elif name in ARGUMENTS:
            row = dict(zip(("kind", "min", "max"), ARGUMENTS[name], strict=True))
        else:
            continue
        required = parameter.default is parameter.empty
        default = _FIRST[name] if required else parameter.default
        if name == "activation" and default is None:
            default = "linear"
        rows.append({"name": name, "default": default, "required": required, **row})
    return rows


@cache
def messages():
    """Return convlib's own error messages with {names} in place of what was received.

    Each is raised by convlib here, for numbers that occur nowhere else in its text.

    >>> messages()["groups of filters"]
    '`filters` must be divisible by `groups`. Received: filters={filters}, groups={groups}'
    """
    c = layer_classes
    named = {"name": "{name}"}
    ranked = (c.Conv1D, c.Conv2D, c.Conv3D)
    return {
        "axes": [
            _raised(
                lambda cls=cls: cls(1, 1, **named).compute_output_shape((None, 997)),
                shape="(None, 997)",
            )
            for cls in ranked
        ],
        "window": _raised(
            lambda: output_length(997, 1009, axis="{axis}", window="{window}"), n=997, k=1009
        ),
        "dilated window": _raised(
            lambda: output_length(997, 1009, 1, "valid", 19, axis="{axis}", window="{window}"),
            n=997,
            k=1009,
            span=1008 * 19 + 1,
            d=19,
        ),
        "strides and dilation": _raised(
            lambda: c.Conv1D(1, 1, strides=1009, dilation_rate=1013, **named),
            layer="Conv1D",
            strides="(1009,)",
            dilation_rate="(1013,)",
        ),
        "groups of filters": _raised(
            lambda: c.Conv1D(1009, 1, groups=1013, **named), filters=1009, groups=1013
        ),
        "groups of channels": _raised(
            lambda: c.Conv1D(1013, 1, groups=1013, **named).build((None, 5, 1009)),
            channels=1009,
            groups=1013,
        ),
        "output_padding": _raised(
            lambda: c.Conv1DTranspose(1, 1, strides=1009, output_padding=1013, **named),
            output_padding="(1013,)",
            strides="(1009,)",
        ),
        "cropping": _raised(
            lambda: c.Cropping1D((1009, 1013), **named).compute_output_shape((None, 997, 1)),
            cropping="((1009, 1013),)",
            n=997,
            axis="steps",
        ),
    }


def _raised(call, **received):
    """The message that `call` raises, each of the values `received` replaced by its {name}."""
    try:
        call()
    except ValueError as error:
        text = str(error)
    for name, value in received.items():
        text = text.replace(str(value), f"{{{name}}}")
    return text


class ShapeBuilder(anywidget.AnyWidget):
    """A stack of layers to build by hand, with every shape and count, or convlib's error.

    `input_shape` is without the batch; `layers` is a list of {"layer": name, argument: value, ...}
    with the names and defaults of convlib, channels last. `preset`, one of `PRESETS`, stands for
    both.

    >>> builder = ShapeBuilder([28, 28, 1], [{"layer": "Conv2D", "filters": 8, "kernel_size": 3}])
    >>> builder.model().output_shape
    (None, 26, 26, 8)
    >>> ShapeBuilder(preset="ten classes").model().count_params()
    2389962
    """

    _esm = bundle("builder")
    _css = style()
    input_shape = traitlets.List(traitlets.Int(), minlen=1, maxlen=4).tag(sync=True)
    layers = traitlets.List(traitlets.Dict(), maxlen=LAYER_LIMIT).tag(sync=True)
    _catalogue = traitlets.Dict().tag(sync=True)
    _messages = traitlets.Dict().tag(sync=True)
    _presets = traitlets.Dict().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)

    def __init__(self, input_shape=None, layers=None, *, preset="ten classes", **settings):
        if preset not in PRESETS:
            raise ValueError(
                f"`preset` must be one of {', '.join(map(repr, PRESETS))}. Received: "
                f"preset={preset!r}"
            )
        shape, stack = PRESETS[preset]
        if input_shape is not None:
            shape, stack = list(input_shape), []
        super().__init__(
            input_shape=shape,
            layers=stack if layers is None else layers,
            _catalogue=catalogue(),
            _messages=messages(),
            _presets={name: list(made) for name, made in PRESETS.items()},
            _limits={"input": INPUT_LIMIT, "layers": LAYER_LIMIT},
            **settings,
        )

    def __repr__(self):
        return f"ShapeBuilder({self.input_shape}, {len(self.layers)} layers)"

    @traitlets.validate("input_shape")
    def _sizes(self, proposal):
        if not all(1 <= n <= INPUT_LIMIT for n in proposal.value):
            raise traitlets.TraitError(
                f"`input_shape` must hold integers from 1 to {INPUT_LIMIT}. "
                f"Received: input_shape={proposal.value}"
            )
        return proposal.value

    @traitlets.validate("layers")
    def _known(self, proposal):
        for entry in proposal.value:
            name = entry.get("layer")
            if name not in catalogue():
                raise traitlets.TraitError(
                    f"`layer` must be one of {', '.join(catalogue())}. Received: layer={name!r}"
                )
            known = {row["name"] for row in catalogue()[name]["arguments"]}
            for argument in entry.keys() - known - {"layer"}:
                raise traitlets.TraitError(
                    f"`{argument}` must be an argument of {name}: {', '.join(sorted(known))}. "
                    f"Received: {argument}={entry[argument]!r}"
                )
        return proposal.value

    def model(self):
        """Return the stack as convlib's Sequential; a `ValueError` says what cannot be."""
        model = Sequential([Input(tuple(self.input_shape))], name="sequential")
        counts = {}
        for entry in self.layers:
            arguments = {name: _tuples(value) for name, value in entry.items()}
            kind = arguments.pop("layer")
            number = counts[kind] = counts.get(kind, -1) + 1
            name = catalogue()[kind]["name"] + (f"_{number}" if number else "")
            model.add(getattr(layer_classes, kind)(**_given(kind, arguments), name=name))
        return model

    @property
    def summary(self):
        """The text of the model's summary, as Keras prints it."""
        lines = []
        self.model().summary(print_fn=lines.append)
        return "\n".join(lines)


def _given(kind, arguments):
    """`arguments` with what the widget shows where the entry leaves out what convlib requires."""
    rows = catalogue()[kind]["arguments"]
    return {row["name"]: row["default"] for row in rows if row["required"]} | arguments


def _tuples(value):
    """Lists, which is how tuples come out of the browser, as tuples."""
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
