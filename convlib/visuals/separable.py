"""The separable explorer: depthwise, then pointwise, and what both cost beside a full Conv2D."""

import anywidget
import traitlets

from convlib.visuals.traits import axis_numbers
from convlib.visuals.widget import bundle, style, window_rules

INPUT_VALUES = ["random", "counting", "ones", "impulse", "checkerboard"]
KERNEL_VALUES = ["random", "ones", "edge", "blur", "impulse"]
_AXES = ["input_size", "kernel_size", "strides"]
_LIMITS = (5, 3, 3)  # in that order
_COUNTS = {"channels": 4, "depth_multiplier": 3, "filters": 6}  # their largest


class SeparableExplorer(anywidget.AnyWidget):
    """A SeparableConv2D taken apart: each channel by itself, then the channels mixed.

    `input_size`, `kernel_size` and `strides` are (height, width); `channels`, `depth_multiplier`,
    `filters` and `padding` are Keras'. `input_values` is one of `INPUT_VALUES`, `kernel_values`,
    for the depthwise kernels, one of `KERNEL_VALUES`. `selected` is the output cell, (filter, row,
    column), whose sums are shown.

    >>> SeparableExplorer(channels=2, depth_multiplier=2, padding="same").filters
    4
    """

    _esm = bundle("separable")
    _css = style()
    input_size = traitlets.List(traitlets.Int(), [5, 5]).tag(sync=True)
    kernel_size = traitlets.List(traitlets.Int(), [3, 3]).tag(sync=True)
    strides = traitlets.List(traitlets.Int(), [1, 1]).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    channels = traitlets.Int(3).tag(sync=True)
    depth_multiplier = traitlets.Int(1).tag(sync=True)
    filters = traitlets.Int(4).tag(sync=True)
    input_values = traitlets.Enum(INPUT_VALUES, "random").tag(sync=True)
    kernel_values = traitlets.Enum(KERNEL_VALUES, "random").tag(sync=True)
    selected = traitlets.List(traitlets.Int(), [0, 0, 0]).tag(sync=True)
    _rules = traitlets.Dict().tag(sync=True)
    _values = traitlets.Dict({"input": INPUT_VALUES, "kernel": KERNEL_VALUES}).tag(sync=True)
    _counts = traitlets.Dict(_COUNTS).tag(sync=True)

    def __init__(self, **settings):
        super().__init__(_rules=window_rules(*_LIMITS, dilation_rate=1), **settings)

    def __repr__(self):
        return "SeparableExplorer()"

    @traitlets.validate(*_AXES)
    def _within_limits(self, proposal):
        return axis_numbers(proposal, 2, _LIMITS[_AXES.index(proposal.trait.name)])

    @traitlets.validate(*_COUNTS)
    def _within_counts(self, proposal):
        name, value = proposal.trait.name, proposal.value
        if not 1 <= value <= _COUNTS[name]:
            raise traitlets.TraitError(
                f"`{name}` must be an integer from 1 to {_COUNTS[name]}. Received: {name}={value}"
            )
        return value
