"""The transposed explorer: stamp kernels, or slide one over an input stuffed with zeros."""

from functools import cache
from itertools import product
from string import ascii_lowercase, digits

import anywidget
import traitlets

from convlib.layers import Conv1DTranspose
from convlib.padding import transposed_length, transposed_pads
from convlib.visuals.traits import axis_numbers
from convlib.visuals.widget import bundle, style
from convlib.visuals.window import VALUES

LAYERS = ["Conv1DTranspose", "Conv2DTranspose"]
PICTURES = ["sums", "overlap counts", "forward convolution"]
_DIGITS = digits + ascii_lowercase
_AXES = ["input_size", "kernel_size", "strides", "dilation_rate"]
_LIMITS = {"Conv1DTranspose": (7, 5, 4, 3), "Conv2DTranspose": (4, 5, 3, 2)}  # in that order


@cache
def transposed_rules(layer):
    """Return every output length and crop that the controls of `layer` can reach.

    `limits` are the largest input size, kernel size, stride and dilation; `table`, under "padding
    output_padding", has four base-36 digits, all from convlib.padding, for each setting in order,
    the last setting counting fastest: the output length, what the crop drops before and after, and
    the length of the full scatter; `----` where a layer refuses such arguments.
    """
    limits = _LIMITS[layer]
    extras = (None, *range(limits[2]))
    table = {}
    for padding, extra in product(("valid", "same"), extras):
        codes = []
        for n, k, s, d in product(*(range(1, limit + 1) for limit in limits)):
            try:
                Conv1DTranspose(1, k, s, padding, extra, dilation_rate=d)
            except ValueError:
                codes.append("----")
                continue
            setting = n, k, s, padding, d, extra
            full = transposed_length(n, k, s, "valid", d, output_padding=0)
            numbers = transposed_length(*setting), *transposed_pads(*setting), full
            codes.append("".join(_DIGITS[number] for number in numbers))
        table[f"{padding} {'none' if extra is None else extra}"] = "".join(codes)
    return {"limits": list(limits), "table": table}


class TransposedExplorer(anywidget.AnyWidget):
    """A transposed convolution as stamps on the output and as a kernel on a zero-stuffed input.

    `layer` is one of `LAYERS`; `input_size`, `kernel_size`, `strides` and `dilation_rate` are lists
    with one number for each spatial axis; `output_padding` is None or a number, the same along all
    axes; `padding` is Keras'. `picture` is one of `PICTURES`; `selected` is the input cell,
    (row, column), whose stamp is shown.

    >>> TransposedExplorer(kernel_size=[4, 4], padding="same").strides
    [2, 2]
    """

    _esm = bundle("transposed")
    _css = style()
    layer = traitlets.Enum(LAYERS, "Conv2DTranspose").tag(sync=True)
    input_size = traitlets.List(traitlets.Int()).tag(sync=True)
    kernel_size = traitlets.List(traitlets.Int()).tag(sync=True)
    strides = traitlets.List(traitlets.Int()).tag(sync=True)
    dilation_rate = traitlets.List(traitlets.Int()).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    output_padding = traitlets.Int(None, allow_none=True).tag(sync=True)
    input_values = traitlets.Enum(VALUES, "counting").tag(sync=True)
    kernel_values = traitlets.Enum(VALUES, "ones").tag(sync=True)
    picture = traitlets.Enum(PICTURES, "sums").tag(sync=True)
    selected = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    _rules = traitlets.Dict().tag(sync=True)

    def __init__(self, layer="Conv2DTranspose", **settings):
        if layer not in LAYERS:
            raise ValueError(f"`layer` must be one of {LAYERS}. Received: layer={layer!r}")
        given = {"input_size": 3, "kernel_size": 3, "strides": 2, "dilation_rate": 1}
        lists = {name: [value] * _rank(layer) for name, value in given.items()}
        super().__init__(layer=layer, _rules=transposed_rules(layer), **{**lists, **settings})

    def __repr__(self):
        return f"TransposedExplorer({self.layer!r})"

    @traitlets.validate(*_AXES)
    def _within_limits(self, proposal):
        limit = _LIMITS[self.layer][_AXES.index(proposal.trait.name)]
        return axis_numbers(proposal, _rank(self.layer), limit)

    @traitlets.validate("output_padding")
    def _below_the_strides(self, proposal):
        most = _LIMITS[self.layer][2] - 1
        if proposal.value is not None and not 0 <= proposal.value <= most:
            raise traitlets.TraitError(
                f"`output_padding` must be None or an integer from 0 to {most}. "
                f"Received: output_padding={proposal.value}"
            )
        return proposal.value


def _rank(layer):
    return int(layer[len("Conv")])
