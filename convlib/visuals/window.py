"""The window explorer: drag a convolution or a pool over a small input."""

import anywidget
import traitlets

from convlib.visuals.widget import bundle, style, window_rules

LAYERS = [
    "Conv1D",
    "Conv2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "AveragePooling1D",
    "AveragePooling2D",
]
VALUES = ["counting", "ones", "impulse", "edge", "blur", "checkerboard", "random"]


class WindowExplorer(anywidget.AnyWidget):
    """Input, window and output of a layer with every setting under a control.

    `layer` is one of `LAYERS`; `input_size`, `kernel_size` (also of a pool), `strides` and
    `dilation_rate` are lists with one number for each spatial axis; `padding` is Keras';
    `selected` is the output cell, (row, column), whose window is shown.

    >>> WindowExplorer(layer="Conv1D", input_size=[8], kernel_size=[3], padding="causal").strides
    [1]
    """

    _esm = bundle("window")
    _css = style()
    layer = traitlets.Enum(LAYERS, "Conv2D").tag(sync=True)
    input_size = traitlets.List(traitlets.Int()).tag(sync=True)
    kernel_size = traitlets.List(traitlets.Int()).tag(sync=True)
    strides = traitlets.List(traitlets.Int()).tag(sync=True)
    dilation_rate = traitlets.List(traitlets.Int()).tag(sync=True)
    padding = traitlets.Enum(["valid", "same", "causal"], "valid").tag(sync=True)
    input_values = traitlets.Enum(VALUES, "counting").tag(sync=True)
    kernel_values = traitlets.Enum(VALUES, "ones").tag(sync=True)
    selected = traitlets.List(traitlets.Int(), [0, 0]).tag(sync=True)
    _rules = traitlets.Dict().tag(sync=True)

    def __init__(self, layer="Conv2D", **settings):
        rank = 1 if layer.endswith("1D") else 2
        given = {"input_size": 7 - rank, "kernel_size": 3, "strides": 1, "dilation_rate": 1}
        lists = {name: [value] * rank for name, value in given.items()}
        super().__init__(layer=layer, _rules=window_rules(), **{**lists, **settings})

    def __repr__(self):
        return f"WindowExplorer({self.layer!r})"

    @traitlets.validate("input_size", "kernel_size", "strides", "dilation_rate")
    def _within_limits(self, proposal):
        rank = 1 if self.layer.endswith("1D") else 2
        names = ["input_size", "kernel_size", "strides", "dilation_rate"]
        limit = window_rules()["limits"][names.index(proposal.trait.name)]
        value = proposal.value
        if len(value) != rank or not all(1 <= number <= limit for number in value):
            raise traitlets.TraitError(
                f"`{proposal.trait.name}` must be a list of {rank} integers from 1 to {limit}. "
                f"Received: {proposal.trait.name}={value}"
            )
        return value
