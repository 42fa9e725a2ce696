"""The window explorer: drag a convolution or a pool over a small input."""

import anywidget
import numpy as np
import traitlets

from convlib.visuals.traits import axis_numbers
from convlib.visuals.widget import bundle, style, window_rules

LAYERS = [
    "Conv1D",
    "Conv2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "AveragePooling1D",
    "AveragePooling2D",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
]
VALUES = ["counting", "ones", "impulse", "edge", "blur", "checkerboard", "random"]
_AXES = ["input_size", "kernel_size", "strides", "dilation_rate"]
_COUNTS = {
    "Conv": {"channels": 4, "filters": 4, "groups": 4},
    "Depthwise": {"channels": 4, "depth_multiplier": 3},
}
_LARGEST = 1000


class Numbers(traitlets.TraitType):
    """Nested lists of numbers, for an array of anything that NumPy reads as numbers."""

    def default(self, obj=None):
        return []

    def validate(self, obj, value):
        try:
            array = np.asarray(value, float)
        except (TypeError, ValueError):
            array = np.array([np.nan])
        if not np.all(np.abs(array) <= _LARGEST):
            raise traitlets.TraitError(
                f"`{self.name}` must be an array of numbers from -{_LARGEST} to {_LARGEST}. "
                f"Received: {self.name}={value!r}"
            )
        return array.tolist()


class WindowExplorer(anywidget.AnyWidget):
    """Input, window and output of a layer with every setting under a control.

    `layer` is one of `LAYERS`; `input_size`, `kernel_size` (also of a pool), `strides` and
    `dilation_rate` are lists with one number for each spatial axis; `padding` is Keras';
    `channels`, `filters`, `groups` and `depth_multiplier` are the layer's. `input_values` and
    `kernel_values` name ready-made values; the reader's own, or yours, are in `input_array`
    `(*input_size, channels)` and `kernel_array`, laid out as Keras' kernel, empty if nothing was
    edited. Both may be given without the axes of channels if there is one channel. `selected` is
    the output cell, (row, column), whose window is shown, `shown` the input and the output channel.

    >>> explorer = WindowExplorer(layer="Conv1D", input_array=[3, 1, 4, 1, 5], padding="causal")
    >>> explorer.input_size, explorer.strides, explorer.input_array
    ([5], [1], [[3.0], [1.0], [4.0], [1.0], [5.0]])
    """

    _esm = bundle("window")
    _css = style()
    layer = traitlets.Enum(LAYERS, "Conv2D").tag(sync=True)
    input_size = traitlets.List(traitlets.Int()).tag(sync=True)
    kernel_size = traitlets.List(traitlets.Int()).tag(sync=True)
    strides = traitlets.List(traitlets.Int()).tag(sync=True)
    dilation_rate = traitlets.List(traitlets.Int()).tag(sync=True)
    padding = traitlets.Enum(["valid", "same", "causal"], "valid").tag(sync=True)
    channels = traitlets.Int(1, min=1, max=4).tag(sync=True)
    filters = traitlets.Int(1, min=1, max=4).tag(sync=True)
    groups = traitlets.Int(1, min=1, max=4).tag(sync=True)
    depth_multiplier = traitlets.Int(1, min=1, max=3).tag(sync=True)
    input_values = traitlets.Enum(VALUES, "counting").tag(sync=True)
    kernel_values = traitlets.Enum(VALUES, "ones").tag(sync=True)
    input_array = Numbers().tag(sync=True)
    kernel_array = Numbers().tag(sync=True)
    selected = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    shown = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    _rules = traitlets.Dict().tag(sync=True)

    def __init__(self, layer="Conv2D", **settings):
        if layer not in LAYERS:
            raise ValueError(f"`layer` must be one of {LAYERS}. Received: layer={layer!r}")
        rank = _rank(layer)
        given = {"input_size": 7 - rank, "kernel_size": 3, "strides": 1, "dilation_rate": 1}
        defaults = {name: [value] * rank for name, value in given.items()}
        for name in ("input", "kernel"):  # an array brings its size
            array = settings.get(f"{name}_array")
            if array is not None and np.size(array):
                defaults[f"{name}_size"] = list(np.shape(array)[:rank])
        counts = next((value for name, value in _COUNTS.items() if layer.startswith(name)), {})
        rules = {**window_rules(), "counts": counts}
        super().__init__(layer=layer, _rules=rules, **{**defaults, **settings})

    def __repr__(self):
        return f"WindowExplorer({self.layer!r})"

    @traitlets.validate(*_AXES)
    def _within_limits(self, proposal):
        limit = window_rules()["limits"][_AXES.index(proposal.trait.name)]
        return axis_numbers(proposal, _rank(self.layer), limit)

    def _shape(self, name):
        if name == "input_array":
            return (*self.input_size, self.channels)
        if self.layer.startswith("Depthwise"):
            return (*self.kernel_size, self.channels, self.depth_multiplier)
        return (*self.kernel_size, max(self.channels // self.groups, 1), self.filters)

    @traitlets.validate("input_array", "kernel_array")
    def _fits(self, proposal):
        name, array = proposal.trait.name, np.array(proposal.value)
        shape = self._shape(name)
        if array.size == 0 or array.shape == shape:
            return proposal.value
        if array.shape + (1,) * (len(shape) - array.ndim) == shape:
            return array.reshape(shape).tolist()
        raise traitlets.TraitError(
            f"`{name}` must have the shape {shape}, or be empty. "
            f"Received: {name}.shape={array.shape}"
        )

    @traitlets.observe(
        "input_size", "kernel_size", "channels", "filters", "groups", "depth_multiplier"
    )
    def _forget_what_no_longer_fits(self, change):
        """The page keeps edited values in their places; for a size set here they start anew."""
        for name in ("input_array", "kernel_array"):
            array = getattr(self, name)
            if array and np.shape(array) != self._shape(name):
                setattr(self, name, [])


def _rank(layer):
    return 1 if layer.endswith("1D") else 2
