"""One layer on one input, as the drills ask about it, and what named misconceptions make of it.

A misconception is a function of a case that returns the answer it leads to; its docstring is what
the reader who gives that answer is told.
"""

import math
from dataclasses import dataclass, field

from convlib.padding import output_length, span, transposed_length


@dataclass(frozen=True)
class Case:
    """A layer class with its arguments, and the shape of its input, without the batch."""

    layer: type
    shape: tuple
    arguments: dict = field(default_factory=dict)

    def but(self, shape=None, **changed):
        """The same case with another shape or other arguments."""
        return Case(self.layer, shape or self.shape, {**self.arguments, **changed})

    def __str__(self):
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.layer.__name__}({given})"

    @property
    def made(self):
        return self.layer(**self.arguments, name="layer")

    @property
    def output(self):
        """The output shape, None first."""
        return self.made.compute_output_shape((None, *self.shape))

    @property
    def parameters(self):
        layer = self.made
        layer.build((None, *self.shape))
        return layer.count_params()

    @property
    def channels(self):
        return self.shape[-1]

    def per_axis(self, name):
        value = getattr(self.made, name, 1)
        return value if isinstance(value, tuple) else (value,) * (len(self.shape) - 1)

    @property
    def axes(self):
        """(length, window, stride, dilation) of each spatial axis."""
        window = "pool_size" if hasattr(self.made, "pool_size") else "kernel_size"
        names = (window, "strides", "dilation_rate")
        return list(zip(self.shape[:-1], *map(self.per_axis, names), strict=True))

    def with_lengths(self, rule):
        """The output shape, its lengths replaced by `rule(length, window, stride, dilation)`."""
        batch, *_, channels = self.output
        return (batch, *(rule(*axis) for axis in self.axes), channels)

    def with_channels(self, channels):
        return (*self.output[:-1], channels)

    @property
    def taps(self):
        return math.prod(self.per_axis("kernel_size"))

    @property
    def cells(self):
        """The cells of the output along its spatial axes."""
        return math.prod(self.output[1:-1])

    @property
    def products(self):
        """The multiply-adds for one input: a kernel column of the output for each output value."""
        kernel = math.prod(self.per_axis("kernel_size")) * self.channels // self.made.groups
        return self.cells * kernel * self.made.filters


AXES = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def span_rule(k, d):
    """The rule of a dilated kernel's span with its numbers put in, or nothing."""
    return f"span ({k} − 1)·{d} + 1 = {span(k, d)}, " if d > 1 else ""


def window_rule(n, k, s, d, padding):
    """The rule of an output length with its numbers put in."""
    cells, out = span(k, d), output_length(n, k, s, padding, d)
    spans = span_rule(k, d)
    rounded = f"⌈{n} / {s}⌉ = {out}"
    valid = f"{spans}⌊({n} − {cells}) / {s}⌋ + 1 = {out}"
    return {"valid": valid, "same": rounded, "causal": rounded}[padding]


def transposed_rule(n, k, s, d, padding, p):
    """The rule of a transposed length with its numbers put in."""
    cells, out = span(k, d), transposed_length(n, k, s, padding, d, p)
    spans = span_rule(k, d)
    texts = {
        ("valid", True): f"{spans}({n} − 1)·{s} + max({cells}, {s})",
        ("valid", False): f"{spans}({n} − 1)·{s} + {cells} + {p}",
        ("same", True): f"{n}·{s}",
        ("same", False): f"({n} − 1)·{s} + {cells % 2} + {p}",
    }
    return f"{texts[padding, p is None]} = {out}"


def shape_rule(case):
    """The rule of every size of a case's output."""
    layer = case.made
    padding = getattr(layer, "padding", "")
    names = AXES[len(case.shape) - 1]
    if "Global" in str(case):
        return f"Every channel becomes one value, and there are {case.channels} channels."
    if "Transpose" in str(case):
        extra = case.per_axis("output_padding") if layer.output_padding else [None] * len(names)
        lengths = [
            transposed_rule(*axis, padding, p) for axis, p in zip(case.axes, extra, strict=True)
        ]
    else:
        lengths = [window_rule(*axis, padding) for axis in case.axes]
    texts = [f"{name}: {text}" for name, text in zip(names, lengths, strict=True)]
    if hasattr(layer, "filters"):
        channels = f"filters = {layer.filters}"
    elif hasattr(layer, "depth_multiplier"):
        channels = f"{case.channels}·{layer.depth_multiplier} = {case.output[-1]}"
    else:
        channels = f"as in the input, {case.channels}"
    return f"{'; '.join(texts)}; channels: {channels}."


def count_rule(case):
    """The rule of a case's parameters."""
    layer, c, total = case.made, case.channels, case.parameters
    taps = "·".join(map(str, case.per_axis("kernel_size")))
    if not hasattr(layer, "use_bias"):
        return "A pool has nothing to learn: 0 parameters."
    bias = f" + {case.output[-1]}" if layer.use_bias else ""
    if "Separable" in str(case):
        m = layer.depth_multiplier
        return f"{taps}·{c}·{m} depthwise + {c * m}·{layer.filters} pointwise{bias} = {total:,}."
    if "Depthwise" in str(case):
        return f"{taps}·{c}·{layer.depth_multiplier}{bias} = {total:,}."
    groups = getattr(layer, "groups", 1)
    depth = f"({c} / {groups})" if groups > 1 else c
    parts = "kernel, then bias" if layer.use_bias else "the kernel, without a bias"
    return f"{taps}·{depth}·{layer.filters}{bias} = {total:,}: {parts}."


# -- misconceptions about output shapes


def _only_under(case, *paddings):
    """Raise if the misconception has no meaning under the padding of the case."""
    if case.made.padding not in paddings:
        raise ValueError("no mistake to be made here")


def forgotten_dilation(case):
    """A dilated kernel covers its gaps too: its span is (k − 1)·d + 1 cells, not k."""
    return case.but(dilation_rate=1).output


def span_as_product(case):
    """The span is (k − 1)·d + 1, not k·d: after the last tap there is no gap."""
    _only_under(case, "valid")
    return case.with_lengths(lambda n, k, s, d: (n - k * d) // s + 1)


def forgotten_stride(case):
    """The stride was left out: the window moves several cells at a time."""
    return case.but(strides=1).output


def stride_of_the_pool_taken_as_one(case):
    """A pool without `strides` moves by its own size, not by one cell."""
    return case.but(strides=1).output


def ceil_for_floor(case):
    """Under valid padding a window that does not fit is dropped: round down, not up."""
    _only_under(case, "valid")
    return case.with_lengths(lambda n, k, s, d: -(-(n - span(k, d)) // s) + 1)


def floor_for_ceil(case):
    """Under same and causal padding the last, padded window counts too: round up, not down."""
    _only_under(case, "same", "causal")
    return case.with_lengths(lambda n, k, s, d: n // s)


def forgotten_plus_one(case):
    """The first window counts too: there is one more place than there are moves."""
    _only_under(case, "valid")
    return case.with_lengths(lambda n, k, s, d: (n - span(k, d)) // s)


def other_padding(case):
    """That is the shape under the other padding: valid adds no zeros, same adds what is missing."""
    other = {"valid": "same", "same": "valid", "causal": "valid"}
    return case.but(padding=other[case.made.padding]).output


def kernel_taken_off(case):
    """Under same and causal padding only the stride shortens the output, not the kernel."""
    _only_under(case, "same", "causal")
    return case.with_lengths(lambda n, k, s, d: (n - span(k, d)) // s + 1)


def channels_kept(case):
    """A convolution gives one channel for each filter, however many channels come in."""
    return case.with_channels(case.channels)


def filters_for_each_channel(case):
    """A filter sums over all input channels: it gives one output channel, not one for each."""
    return case.with_channels(case.channels * case.made.filters)


def filters_of_each_group(case):
    """`filters` counts the output channels of all groups together."""
    return case.with_channels(case.made.filters * case.made.groups)


def filters_shared_among_groups(case):
    """`filters` counts the output channels of all groups together: nothing is divided there."""
    return case.with_channels(case.made.filters // case.made.groups)


def forgotten_multiplier(case):
    """Each input channel gives `depth_multiplier` output channels."""
    return case.with_channels(case.channels)


def multiplier_for_channels(case):
    """Each of the input channels gives `depth_multiplier` output channels: multiply the two."""
    return case.with_channels(case.made.depth_multiplier)


def multiplied_filters(case):
    """The pointwise half mixes all depthwise channels into `filters` channels."""
    return case.with_channels(case.made.filters * case.made.depth_multiplier)


def channels_merged(case):
    """A pool works on each channel by itself: the channels stay as many."""
    return case.with_channels(1)


def height_and_width_swapped(case):
    """Height comes before width, in shapes and in pairs of arguments."""
    batch, height, width, channels = case.output
    return (batch, width, height, channels)


def pairs_swapped(case):
    """In a pair of arguments the first is for the height, the second for the width."""
    pairs = {n: pair[::-1] for n, pair in case.arguments.items() if isinstance(pair, tuple)}
    return case.but(**pairs).output


def axes_kept(case):
    """Without `keepdims` the pooled axes are gone, not of length 1."""
    return (None, *(1,) * (len(case.shape) - 1), case.channels)


def kernel_for_maximum(case):
    """Between stamps of k < s cells lie gaps, and the last stamp keeps its gap: max(span, s)."""
    return case.with_lengths(lambda n, k, s, d: (n - 1) * s + span(k, d))


def undilated_stamps(case):
    """A dilated kernel stamps its gaps too: its span is (k − 1)·d + 1 cells, not k."""
    return case.with_lengths(lambda n, k, s, d: (n - 1) * s + max(k, s))


def stretched_input(case):
    """Input times stride is the length under same padding; under valid the last stamp counts."""
    return case.with_lengths(lambda n, k, s, d: n * s)


def stamps_under_same(case):
    """Under same padding the scatter is cut to input times stride: the kernel does not count."""
    return case.with_lengths(lambda n, k, s, d: (n - 1) * s + max(span(k, d), s))


def output_padding_left_out(case):
    """`output_padding` is added to the length that stamps reach."""
    return case.with_lengths(lambda n, k, s, d: (n - 1) * s + span(k, d))


def forgotten_output_padding(case):
    """`output_padding=None` is not 0: given as a number, it replaces the automatic length."""
    return case.but(output_padding=None).output


def forward_length(case):
    """That is the convolution's length; a transposed convolution goes the other way."""
    return case.with_lengths(lambda n, k, s, d: (n - span(k, d)) // s + 1)


# -- misconceptions about parameters


def forgotten_bias(case):
    """The bias was left out: one number for each output channel."""
    return case.but(use_bias=False).parameters


def bias_although_off(case):
    """`use_bias=False` leaves the bias out."""
    return case.but(use_bias=True).parameters


def one_bias(case):
    """There is one bias for each output channel, not one for the layer."""
    return case.but(use_bias=False).parameters + 1


def forgotten_channels(case):
    """A kernel reaches through all input channels: their number is a factor."""
    return case.taps * case.output[-1] + case.output[-1]


def forgotten_filters(case):
    """Every filter has a kernel of its own: `filters` is a factor."""
    return case.taps * case.channels + 1


def forgotten_groups(case):
    """With groups each filter sees only the channels of its group."""
    return case.but(groups=1).parameters


def groups_halve_twice(case):
    """Groups divide the input channels of a filter; the number of filters stays."""
    made = case.made
    kernel = case.taps * (case.channels // made.groups) * (made.filters // made.groups)
    return kernel + made.filters


def weights_for_each_place(case):
    """The same kernel is used at every place: the output's size is no factor."""
    return case.parameters * case.cells


def full_convolution(case):
    """That is a full convolution: depthwise kernels do not reach through the channels."""
    filters = case.output[-1]
    return case.taps * case.channels * filters + filters


def parameters_without_multiplier(case):
    """Each input channel has `depth_multiplier` kernels of its own."""
    return case.but(depth_multiplier=1).parameters


def bias_in_both_halves(case):
    """A separable layer has one bias, at the end; the depthwise half has none."""
    return case.parameters + case.channels * case.made.depth_multiplier


def forgotten_pointwise(case):
    """The pointwise half has weights too: depthwise channels times filters."""
    made = case.made
    return case.taps * case.channels * made.depth_multiplier + made.filters


def weights_of_a_pool(case):
    """A pool has no weights: it takes a maximum or a mean."""
    return math.prod(case.per_axis("pool_size")) * case.channels


# -- misconceptions about multiply-adds


def products_without_channels(case):
    """Each output value sums over all input channels too."""
    return case.products // (case.channels // case.made.groups)


def products_without_filters(case):
    """Every filter does the same work again."""
    return case.products // case.made.filters


def products_at_every_input_cell(case):
    """The work is done once for each output cell, not for each input cell."""
    return case.products // case.cells * math.prod(case.shape[:-1])


def products_without_groups(case):
    """With groups each filter sees only the channels of its group."""
    return case.but(groups=1).products


def parameters_for_products(case):
    """That is the number of kernel weights: each is used once for each output cell."""
    return case.products // case.cells
