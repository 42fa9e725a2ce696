"""The catalogue of known mistakes, each with a function that makes it.

A mistake has a name for reports, a title that ends the sentence "This is what comes of …", an
explanation with the true rule, and a next step. Calling it makes the mistake; exercises adapt the
call where their own arguments differ.
"""

import functools

import numpy as np

CATALOGUE = {}


class Misconception:
    """A known mistake; calling it makes the mistake."""

    def __init__(self, rule, title, explanation, next_step):
        functools.update_wrapper(self, rule)
        self.name, self.rule = rule.__name__, rule
        self.title, self.explanation, self.next_step = title, explanation, next_step

    def __call__(self, *arguments):
        return self.rule(*arguments)


def misconception(title, explanation, next_step):
    """Put the function below into the catalogue."""

    def register(rule):
        made = Misconception(rule, title, explanation, next_step)
        CATALOGUE[made.name] = made
        return made

    return register


# -- sizes and pads, one axis


@misconception(
    "padding that is the same whatever the stride",
    "floor((k - 1) / 2) zeros before and ceil((k - 1) / 2) after is right for a stride of 1 only. "
    "Keras adds just what the last of its ceil(n / s) windows lacks.",
    "Find where the last window ends, and how many cells are missing there.",
)
def symmetric_same(length, kernel_size, strides=1, dilation_rate=1):
    total = (kernel_size - 1) * dilation_rate
    return total // 2, total - total // 2


@misconception(
    "putting the odd zero before instead of after",
    "When the number of zeros is odd, Keras puts the odd one after: before = total // 2.",
    "Swap the two numbers, and try an even kernel.",
)
def odd_zero_before(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = max((out - 1) * strides + (kernel_size - 1) * dilation_rate + 1 - length, 0)
    return total - total // 2, total // 2


@misconception(
    "forgetting the dilation",
    "A dilated kernel covers (k - 1) * d + 1 cells, its span, and the span counts, not k.",
    "Put the span where you have the kernel size.",
)
def forgotten_dilation(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = max((out - 1) * strides + kernel_size - length, 0)
    return total // 2, total - total // 2


@misconception(
    "rounding down where Keras rounds up",
    "Under `same` there are ceil(n / s) windows: the last one may hang over the end.",
    "Use -(-n // s), which rounds up.",
)
def floor_for_ceil(length, strides):
    return length // strides


@misconception(
    "rounding up where Keras rounds down",
    "Under `valid` a window must lie inside the input: floor((n - span) / s) + 1 of them do.",
    "Use // and add 1.",
)
def ceil_for_floor(length, span, strides):
    return -(-(length - span) // strides) + 1


@misconception(
    "forgetting the window at the start",
    "(n - span) / s counts the steps between windows; there is one window more than steps.",
    "Add 1.",
)
def forgotten_first_window(length, span, strides):
    return (length - span) // strides


@misconception(
    "a negative number of zeros",
    "Where windows leave cells out, nothing is missing: the total is at least 0.",
    "Take the maximum with 0.",
)
def negative_padding(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = (out - 1) * strides + (kernel_size - 1) * dilation_rate + 1 - length
    return total // 2, total - total // 2


# -- tensors


@misconception(
    "taking the None of `shape` for the batch",
    "`shape` describes one sample, and Input puts the batch in front of it.",
    "Write the shape of Input with its batch first: (None, *shape).",
)
def none_for_the_batch(shape, filters, kernel_size):
    return (*shape[:1], *(n - kernel_size + 1 for n in shape[1:-1]), filters)


@misconception(
    "keeping the channels of the input",
    "A convolution sums over all input channels; its output has one channel for each filter.",
    "Put the number of filters last.",
)
def channels_kept(shape, filters, kernel_size):
    sizes = (None if n is None else n - kernel_size + 1 for n in shape[1:-1])
    return (*shape[:1], *sizes, shape[-1])


@misconception(
    "keeping the size without padding",
    "`padding` is valid by default: a window of k cells has n - k + 1 places in n cells.",
    "Take k - 1 off every size that is known.",
)
def size_kept(shape, filters, kernel_size):
    return (*shape[:-1], filters)


@misconception(
    "looking for the channels at the end in both layouts",
    "With channels_first the channels stand right after the batch, on axis 1.",
    "Ask for `data_format`.",
)
def channels_always_last(shape, data_format):
    return shape[-1]


@misconception(
    "taking channels_first at its word",
    "The batch comes first in both layouts; channels_first means first after the batch, axis 1.",
    "Count the axes again, beginning with the batch as axis 0.",
)
def channels_before_the_batch(shape, data_format):
    return shape[0] if data_format == "channels_first" else shape[-1]


@misconception(
    "exchanging the two layouts",
    "channels_last is (batch, ..., channels), channels_first is (batch, channels, ...).",
    "Exchange the two branches.",
)
def layouts_exchanged(shape, data_format):
    return shape[1] if data_format == "channels_last" else shape[-1]


@misconception(
    "swapping two axes instead of moving one",
    "A swap puts the width where the channels were and so turns the picture over; height and width "
    "must keep their order.",
    "Use np.moveaxis, or name all axes in np.transpose.",
)
def axes_swapped(x):
    return np.swapaxes(x, 1, -1)


@misconception(
    "reshaping instead of moving the axis",
    "A reshape keeps the order in memory and only cuts the row elsewhere: pixels and channels mix.",
    "Use np.moveaxis.",
)
def reshape_for_move(x):
    return x.reshape(x.shape[0], *x.shape[2:], x.shape[1])


@misconception(
    "one order for both layouts",
    "With channels_first a whole channel is stored before the next: (N, C, H, W).",
    "Write the second formula with the channel right after the sample.",
)
def layout_ignored(n, i, j, c, sizes, data_format):
    _, height, width, channels = sizes
    return ((n * height + i) * width + j) * channels + c


@misconception(
    "counting column by column",
    "A picture is stored row by row: the next place is the next column of the same row.",
    "Multiply the row by the width, and add the column.",
)
def column_by_column(n, i, j, c, sizes, data_format):
    _, height, width, channels = sizes
    if data_format == "channels_first":
        return ((n * channels + c) * width + j) * height + i
    return ((n * width + j) * height + i) * channels + c


@misconception(
    "multiplying an index by the size of its own axis",
    "An index is multiplied by the sizes of the axes that come after its own.",
    "Ask of each index how many numbers one step along its axis passes.",
)
def sizes_read_in_order(n, i, j, c, sizes, data_format):
    batch, height, width, channels = sizes
    if data_format == "channels_first":
        return ((n * batch + c) * channels + i) * height + j
    return ((n * batch + i) * height + j) * width + c


@misconception(
    "flattening the numbers as they are stored",
    "With channels_first Flatten moves the channels to the end first, so that a Dense layer behind "
    "it reads the same numbers in the same order in both layouts.",
    "Move axis 1 to the end before the reshape.",
)
def flattened_as_stored(x, data_format):
    return x.reshape(len(x), -1)


@misconception(
    "flattening the batch too",
    "Flatten leaves the batch alone: each sample has a row of its own.",
    "Reshape to (len(x), -1).",
)
def batch_flattened(x, data_format):
    return (np.moveaxis(x, 1, -1) if data_format == "channels_first" else x).reshape(-1)


# -- Conv1D and Conv2D


@misconception(
    "taking kernel_size for (width, height)",
    "All pairs of Keras are in the order of the axes: (height, width).",
    "Exchange the two numbers of the window.",
)
def window_turned(shape, filters, kernel_size):
    sizes = (n - k + 1 for n, k in zip(shape[1:-1], kernel_size[::-1], strict=True))
    return (shape[0], *sizes, filters)


@misconception(
    "taking the whole window off",
    "A window of k cells has n - k + 1 places in n cells: k = 1 takes nothing off.",
    "Add 1 to each size.",
)
def window_taken_off(shape, filters, kernel_size):
    sizes = (n - k for n, k in zip(shape[1:-1], kernel_size, strict=True))
    return (shape[0], *sizes, filters)


@misconception(
    "filters without depth",
    "A filter spans all input channels: it has kernel_size times channels weights.",
    "Multiply the weights by the number of input channels.",
)
def depth_forgotten(kernel_size, channels, filters):
    return int(np.prod(kernel_size)) * filters + filters


@misconception(
    "forgetting the bias",
    "With use_bias=True, the default, each filter has one more parameter, its bias.",
    "Add the number of filters.",
)
def bias_forgotten(kernel_size, channels, filters):
    return int(np.prod(kernel_size)) * channels * filters


@misconception(
    "one bias for the whole layer",
    "Each filter has a bias of its own.",
    "Add the number of filters, not 1.",
)
def one_bias_for_all(kernel_size, channels, filters):
    return int(np.prod(kernel_size)) * channels * filters + 1


@misconception(
    "weights of its own for every place",
    "A convolution uses the same weights in all windows: the length of the input does not count.",
    "Leave the number of windows out.",
)
def weights_for_every_place(input_shape, kernel_size, filters):
    steps, channels = input_shape
    return (steps - kernel_size + 1) * (kernel_size * channels * filters + filters)


@misconception(
    "flipping the kernel",
    "Keras does not flip: its convolution is what mathematics calls a cross-correlation, and "
    "kernel[0] meets the first cell of the window.",
    "Take out a [::-1]. But np.convolve, a product of spectra, and x[i - t] flip by themselves: "
    "they need one.",
)
def kernel_flipped(kernel):
    return np.flip(kernel, tuple(range(kernel.ndim - 2)))


@misconception(
    "reading the first channel only",
    "A filter sums over the window and over all its channels.",
    "Add a loop, or a sum, over the channels.",
)
def first_channel_only(x, kernel):
    return x[..., :1], kernel[..., :1, :]


@misconception(
    "losing the last window",
    "A window of k cells has n - k + 1 places in n cells: the last one begins at n - k.",
    "Let the loop run once more.",
)
def last_window_lost(y):
    return y[:-1]


@misconception(
    "leaving the bias out",
    "The bias of a filter is added to each number of its channel.",
    "Add bias[f].",
)
def bias_not_added(bias):
    return np.zeros_like(bias)


@misconception(
    "the code as it was given",
    "It has two faults: a loop ends too early, and a value is overwritten where it should grow.",
    "Print i, t and y[i] in the inner loop, for x = [2, 4, 9].",
)
def left_as_it_was(x, size):
    y = np.zeros(len(x) - size + 1)
    for i in range(len(x) - size):
        for t in range(size):
            y[i] = x[i + t] / size
    return y


@misconception(
    "a sum that is overwritten",
    "`=` puts the last product in the place of the sum so far; `+=` adds it.",
    "Add each term to what is there.",
)
def sum_overwritten(x, size):
    return x[size - 1 :] / size


@misconception(
    "a loop that ends one window early",
    "range(n - k) has n - k places; there are n - k + 1 windows, and the last stays 0.",
    "Let the outer loop run over len(y).",
)
def last_window_left_at_zero(x, size):
    return np.array([*(x[i : i + size].mean() for i in range(len(x) - size)), 0.0])


@misconception(
    "visiting the windows column by column",
    "Windows are numbered in reading order: along a row first, then the next row.",
    "Make the loop over the columns the inner one.",
)
def windows_down_first(x, kernel_size):
    k_h, k_w = kernel_size
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    return np.array(
        [x[i : i + k_h, j : j + k_w].ravel() for j in range(columns) for i in range(rows)]
    )


@misconception(
    "writing a window channel by channel",
    "The channels are the last axis: the channels of one pixel stand beside each other, as they do "
    "in the kernel.",
    "Write each window as it is stored, with ravel().",
)
def channel_by_channel(x, kernel_size):
    k_h, k_w = kernel_size
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    places = ((i, j) for i in range(rows) for j in range(columns))
    return np.array([x[i : i + k_h, j : j + k_w].transpose(2, 0, 1).ravel() for i, j in places])


@misconception(
    "windows as columns",
    "Each window was to be one row. (Some libraries store the transpose, hence the name im2col.)",
    "Transpose the matrix.",
)
def windows_as_columns(matrix):
    return matrix.T


@misconception(
    "exchanging the sides of the window",
    "kernel_size is (height, width), in the order of the axes.",
    "Slice rows by the first number and columns by the second.",
)
def window_sides_exchanged(kernel_size):
    return kernel_size[::-1]


@misconception(
    "a reshape that tears the filters apart",
    "The kernel is (k_h, k_w, C, F): the filters are its last axis and must stay the last one.",
    "Write kernel.reshape(-1, filters).",
)
def kernel_misread(kernel):
    return kernel.reshape(kernel.shape[-1], -1).T.reshape(kernel.shape)


@misconception(
    "folding the places the wrong way round",
    "The rows of the product are in reading order, so they fold to (N, rows, columns, F).",
    "Write the height before the width in the last reshape.",
)
def places_misfolded(y):
    batch, rows, columns, filters = y.shape
    return y.reshape(batch, columns, rows, filters)


@misconception(
    "a window for every pixel",
    "Without padding a window of k cells has n - k + 1 places, not n.",
    "Count the numbers of the output, not those of the input.",
)
def a_place_for_every_pixel(input_shape, kernel_size, filters):
    return int(np.prod(input_shape) * np.prod(kernel_size)) * filters


@misconception(
    "products of one channel only",
    "One number of the output is a sum over all input channels.",
    "Multiply by the number of channels.",
)
def one_channel_multiplied(input_shape, kernel_size, filters):
    places = [n - k + 1 for n, k in zip(input_shape[:-1], kernel_size, strict=True)]
    return int(np.prod(places) * np.prod(kernel_size)) * filters


@misconception(
    "counting the weights",
    "Each weight is multiplied once for every place of the window.",
    "Multiply by the number of places.",
)
def weights_for_products(input_shape, kernel_size, filters):
    return int(np.prod(kernel_size)) * input_shape[-1] * filters


# -- the arguments of Conv2D


@misconception(
    "groups that change nothing",
    "With `groups` a filter reads channels / groups channels and has weights for no others.",
    "Divide the number of channels by `groups`.",
)
def groups_without_effect(kernel_size, channels, filters, groups):
    return (*kernel_size, channels, filters)


@misconception(
    "dividing the filters by the groups too",
    "`filters` counts the filters of all groups; only the depth of each filter is divided.",
    "Leave `filters` whole.",
)
def groups_divide_both(kernel_size, channels, filters, groups):
    return (*kernel_size, channels // groups, filters // groups)


@misconception(
    "dividing the filters instead of the channels",
    "A filter reads channels / groups channels; `filters` counts the filters of all groups.",
    "Divide the third number instead of the fourth.",
)
def groups_divide_filters(kernel_size, channels, filters, groups):
    return (*kernel_size, channels, filters // groups)


@misconception(
    "writing the filters before the channels",
    "A kernel of Keras is (*kernel_size, channels / groups, filters).",
    "Exchange the last two numbers.",
)
def filters_before_channels(kernel_size, channels, filters, groups):
    return (*kernel_size, filters, channels // groups)


@misconception(
    "counting biases that are not there",
    "With use_bias=False a layer has no bias.",
    "Add the filters only if `use_bias` says so.",
)
def bias_always_counted(weights, filters, use_bias):
    return weights + filters


@misconception(
    "taking `filters` for the size of the output",
    "`filters` is the number of output channels; height and width follow from window, stride and "
    "padding.",
    "Put the number of output channels into `filters`.",
)
def filters_for_size(output_shape):
    return output_shape[0]


@misconception(
    "fans without the window",
    "A filter has k_h * k_w weights for each channel, and each of them counts in the fans.",
    "Multiply both fans by the number of cells in the window.",
)
def fans_without_window(depth, filters):
    return np.sqrt(6 / (depth + filters))


@misconception(
    "one fan_in for all groups",
    "With `groups` only channels / groups channels lead into one output.",
    "Divide fan_in by `groups`.",
)
def fan_of_all_groups(kernel_size, channels, filters):
    return np.sqrt(6 / (int(np.prod(kernel_size)) * (channels + filters)))


@misconception(
    "taking He's limit",
    "sqrt(6 / fan_in) is he_uniform. Glorot's limit is sqrt(6 / (fan_in + fan_out)).",
    "Add fan_out.",
)
def fan_in_only(kernel_size, depth):
    return np.sqrt(6 / (int(np.prod(kernel_size)) * depth))


@misconception(
    "the spread of the normal version",
    "sqrt(2 / (fan_in + fan_out)) is the standard deviation of both; an even distribution with it "
    "reaches sqrt(3) times as far.",
    "Put 6 where you have 2.",
)
def variance_for_limit(limit):
    return limit / np.sqrt(3)


@misconception(
    "a penalty that grows with the batch",
    "Keras divides the penalty of the activity by the number of samples.",
    "Divide the second penalty by len(y).",
)
def batch_not_divided(kernel, y, l2):
    return l2 * np.sum(kernel**2), l2 * np.sum(y**2)


@misconception(
    "means instead of sums",
    "L2 sums the squares of all weights. Only the activity's is divided, by the number of samples.",
    "Use np.sum, and divide the second penalty by len(y).",
)
def mean_of_squares(kernel, y, l2):
    return l2 * np.mean(kernel**2), l2 * np.mean(y**2)


@misconception(
    "a half that Keras does not have",
    "Keras' L2 is l2 * sum(w ** 2), so its gradient is 2 * l2 * w.",
    "Leave the 1/2 out.",
)
def half_of_the_squares(kernel, y, l2):
    return l2 / 2 * np.sum(kernel**2), l2 / 2 * np.sum(y**2) / len(y)


@misconception(
    "L1 in the place of L2",
    "L1 sums the magnitudes, L2 the squares.",
    "Square the weights.",
)
def sum_of_magnitudes(kernel, y, l2):
    return l2 * np.sum(np.abs(kernel)), l2 * np.sum(np.abs(y)) / len(y)


@misconception(
    "a norm along the first axis only",
    "MaxNorm's default axis=0 is for Dense. A filter of Conv2D is spread over the axes 0, 1, 2.",
    "Sum over all axes but the last.",
)
def norm_along_axis_0(kernel, max_value):
    return _limited(kernel, max_value, 0)


@misconception(
    "one norm for the whole kernel",
    "Each filter has a norm of its own.",
    "Sum over all axes but the last.",
)
def norm_of_the_kernel(kernel, max_value):
    return _limited(kernel, max_value, None)


def _limited(kernel, max_value, axis):
    norms = np.sqrt(np.sum(kernel**2, axis=axis, keepdims=True))
    return kernel * np.minimum(1, max_value / np.maximum(norms, 1e-12))


@misconception(
    "scaling small filters up",
    "MaxNorm sets an upper limit only; what UnitNorm does is to change every norm.",
    "Take the smaller of 1 and max_value / norm.",
)
def every_norm_changed(kernel, max_value):
    return kernel * max_value / np.sqrt(np.sum(kernel**2, axis=(0, 1, 2)))


@misconception(
    "limiting each weight by itself",
    "The norm is that of a whole filter; a filter that is too long is scaled, which keeps its "
    "direction.",
    "Multiply a whole filter by one factor.",
)
def weights_clipped(kernel, max_value):
    return np.clip(kernel, -max_value, max_value)


@misconception(
    "the first group's channels for every filter",
    "The filters of group g read the channels from g * C / G on.",
    "Find the group of filter f first: f // (F / G).",
)
def first_group_for_all(x, kernel):
    return _correlated(x, kernel, lambda f, groups: 0)


@misconception(
    "dealing the filters out in turn",
    "The filters are shared out in order: the first F / G of them are the first group.",
    "Use f // (F / G) where you have f % G.",
)
def groups_dealt_in_turn(x, kernel):
    return _correlated(x, kernel, lambda f, groups: f % groups)


def _correlated(x, kernel, group_of):
    """Conv2D whose filter f reads the channels of group_of(f, groups)."""
    k_h, k_w, depth, filters = kernel.shape
    groups = x.shape[-1] // depth
    windows = np.lib.stride_tricks.sliding_window_view(x, (k_h, k_w), axis=(1, 2))
    shares = np.split(windows, groups, axis=3)
    maps = [
        np.einsum("nijctu,tuc->nij", shares[group_of(f, groups)], kernel[..., f])
        for f in range(filters)
    ]
    return np.stack(maps, axis=-1)


# -- pooling


def _pads_of_same(length, size, stride):
    total = max((-(-length // stride) - 1) * stride + size - length, 0)
    return total // 2, total - total // 2


@misconception(
    "a pool that keeps the size",
    "`same` keeps it with a stride of 1 only, and strides=None means pool_size.",
    "Divide by the pool_size.",
)
def pool_stride_of_one(shape, pool_size):
    return shape


@misconception(
    "thinking that every pool halves",
    "It is the stride that divides, and strides=None means pool_size. Only a pool of 2 halves.",
    "Divide by the pool_size, and round up.",
)
def pool_always_halves(shape, pool_size):
    return (shape[0], *(-(-n // 2) for n in shape[1:-1]), shape[-1])


@misconception(
    "leaving out the window that hangs over the end",
    "Under `same` there are ceil(n / s) windows: a last one that is not full still counts.",
    "Use -(-n // s), which rounds up.",
)
def pool_windows_rounded_down(shape, pool_size):
    return (shape[0], *(n // pool_size for n in shape[1:-1]), shape[-1])


@misconception(
    "taking the product of the pools for the product of the strides",
    "An output moves by one cell when the input moves by one stride; the pool's size has no part.",
    "Multiply the strides. With strides=None the stride is the pool_size.",
)
def pool_sizes_multiplied(pool_sizes, strides):
    return int(np.prod(pool_sizes))


@misconception(
    "taking the receptive field for the shift",
    "How much an output sees does not say how far the next one is: that is the product of the "
    "strides.",
    "Multiply the strides.",
)
def pool_field_for_shift(pool_sizes, strides):
    field, jump = 1, 1
    for size, stride in zip(pool_sizes, strides, strict=True):
        field += (size - 1) * jump
        jump *= stride
    return field


@misconception(
    "adding the strides",
    "A step behind the second pool is, behind the first, as many steps as the second's stride: "
    "strides multiply.",
    "Go backwards from the output, and multiply.",
)
def pool_strides_added(pool_sizes, strides):
    return sum(strides)


@misconception(
    "dividing by the pool's size where padding is in the window",
    "A pool's padding has no value and does not count: divide by the cells that lie inside.",
    "Count the cells of each window that lie inside the input.",
)
def padding_averaged_in(x, pool_size, strides):
    before, after = _pads_of_same(x.shape[1], pool_size, strides)
    y = np.pad(x, [(0, 0), (before, after), (0, 0)])
    starts = range(0, y.shape[1] - pool_size + 1, strides)
    return np.stack([y[:, i : i + pool_size].mean(axis=1) for i in starts], axis=1)


@misconception(
    "starting every window at a cell of the input",
    "`same` puts half of the padding before the input, so the first windows may begin before it.",
    "Start window i at i * strides - before.",
)
def all_padding_after(x, pool_size, strides):
    starts = range(0, x.shape[1], strides)
    return np.stack([x[:, i : i + pool_size].mean(axis=1) for i in starts], axis=1)


@misconception(
    "zeros that win the maximum",
    "A pool's padding never wins: where all cells of a window are negative, so is the maximum.",
    "Cut the window off at the edges, or pad with -np.inf.",
)
def padding_wins(x, pool_size, strides, padding):
    if padding == "same":
        sizes = zip(x.shape[1:3], pool_size, strides, strict=True)
        x = np.pad(x, [(0, 0), *(_pads_of_same(*size) for size in sizes), (0, 0)])
    view = np.lib.stride_tricks.sliding_window_view(x, pool_size, (1, 2))
    return view[:, :: strides[0], :: strides[1]].max((-1, -2))


@misconception(
    "exchanging height and width",
    "All pairs of Keras are in the order of the axes: (height, width).",
    "Use the first number for the rows and the second for the columns.",
)
def pair_exchanged(pair):
    return pair[::-1]


@misconception(
    "pooling the channels together",
    "A pool keeps the channels apart: C channels go in, C come out.",
    "Leave the last axis alone.",
)
def channels_pooled(x):
    return x.mean(axis=tuple(range(1, x.ndim)))


@misconception(
    "pooling one spatial axis only",
    "A global pool has one window, the whole picture: all axes between batch and channels.",
    "Give np.mean all these axes, as a tuple.",
)
def one_axis_pooled(x):
    return x.mean(axis=1)


@misconception(
    "averaging over the batch",
    "Each sample has its own answer: the batch axis stays.",
    "Begin with axis 1.",
)
def batch_pooled(x):
    return x.mean(axis=tuple(range(x.ndim - 1)))


def _spread(x, dy, pool_size, strides, share):
    dx = np.zeros_like(x)
    for i, d in enumerate(dy):
        window = slice(i * strides, i * strides + pool_size)
        dx[window] += d * share(x[window])
    return dx


@misconception(
    "sharing the gradient among cells that tie",
    "MaxPooling hands all of it to one cell, the first that holds the maximum. (A global pool "
    "does share.)",
    "Use np.argmax, which finds the first.",
)
def tie_shared(x, dy, pool_size, strides):
    def share(window):
        return (window == window.max()) / np.sum(window == window.max())

    return _spread(x, dy, pool_size, strides, share)


@misconception(
    "giving the gradient to the last of cells that tie",
    "The first cell that holds the maximum gets it.",
    "Use np.argmax, which finds the first; if you compare, use > and not >=.",
)
def last_tie_wins(x, dy, pool_size, strides):
    def share(window):
        return np.arange(len(window)) == len(window) - 1 - np.argmax(window[::-1])

    return _spread(x, dy, pool_size, strides, share)


@misconception(
    "the gradient of the mean",
    "A small change of a cell that is not the largest changes nothing: only the winner gets any.",
    "Give all of dy[i] to the largest cell of window i.",
)
def gradient_averaged(x, dy, pool_size, strides):
    return _spread(x, dy, pool_size, strides, lambda window: np.ones(len(window)) / len(window))


@misconception(
    "overwriting where windows overlap",
    "A cell that wins two windows gets the gradient of both.",
    "Use += instead of =.",
)
def overlap_overwritten(x, dy, pool_size, strides):
    dx = np.zeros_like(x)
    for i, d in enumerate(dy):
        start = i * strides
        dx[start + np.argmax(x[start : start + pool_size])] = d
    return dx


# -- padding


@misconception(
    "taking `same` for the same size",
    "`same` gives ceil(n / s) windows: as many as cells only with a stride of 1.",
    "Divide by the stride and round up.",
)
def same_keeps_the_size(shape, filters):
    return (*shape[:-1], filters)


@misconception(
    "the rule of valid under another padding",
    "`same` and `causal` add zeros so that there are ceil(n / s) windows.",
    "Ask for `padding`, and use ceil(n / s) for all but valid.",
)
def valid_for_same(length, span, strides):
    return (length - span) // strides + 1


@misconception(
    "exchanging height and width",
    "kernel_size and strides are (height, width), in the order of the axes.",
    "Use the first numbers for axis 1 and the second ones for axis 2.",
)
def sides_exchanged(function, x, kernel_size, strides):
    return function(x, kernel_size[::-1], strides[::-1])


@misconception(
    "zeros on both sides",
    "`same` puts half of the zeros after, so that an output reads later steps. `causal` puts all "
    "(k - 1) * d of them before.",
    "Put all zeros before the first step.",
)
def same_for_causal(x, kernel, dilation_rate):
    total = (len(kernel) - 1) * dilation_rate
    return _slid(np.pad(x, [(total // 2, total - total // 2), (0, 0)]), kernel, dilation_rate)


@misconception(
    "zeros after instead of before",
    "With the zeros after, output i reads step i and later ones: the future.",
    "Put the zeros before the first step.",
)
def zeros_after(x, kernel, dilation_rate):
    total = (len(kernel) - 1) * dilation_rate
    return _slid(np.pad(x, [(0, total), (0, 0)]), kernel, dilation_rate)


def _slid(x, kernel, dilation_rate):
    """Conv1D of one padded sample: (steps, C), (k, C, F) -> (steps - span + 1, F)."""
    steps = len(x) - (len(kernel) - 1) * dilation_rate
    starts = range(0, len(kernel) * dilation_rate, dilation_rate)
    return sum(x[s : s + steps] @ tap for s, tap in zip(starts, kernel, strict=True))


@misconception(
    "counting the zeros as cells",
    "Every window covers k cells, but at the border some of them are zeros of the padding.",
    "Count only the cells from 0 to length - 1.",
)
def zeros_counted(length, kernel_size, strides):
    return [kernel_size] * -(-length // strides)


@misconception(
    "forgetting the step itself",
    "A window of k steps that ends at step i reads step i and k - 1 before it.",
    "Make the window one step longer.",
)
def own_step_forgotten(steps_back):
    return steps_back


@misconception(
    "a span of kernel size times dilation",
    "A dilation stretches the k - 1 gaps between the weights: the span is (k - 1) * d + 1.",
    "Count the gaps, not the weights.",
)
def dilation_times_kernel(kernel_size, dilation_rate):
    return kernel_size * dilation_rate


# -- transposed convolutions


@misconception(
    "the rule (n - 1) * s + k where the kernel is smaller than the stride",
    "Keras gives every input cell at least s cells: (n - 1) * s + max(k, s). The last ones hold "
    "only the bias.",
    "Take the larger of kernel size and stride.",
)
def stamps_only(length, kernel_size, strides, padding="valid", output_padding=None):
    if padding == "same":
        last = strides if output_padding is None else kernel_size % 2 + output_padding
    else:
        last = kernel_size + (output_padding or 0)
    return (length - 1) * strides + last


@misconception(
    "multiplying by the stride whatever the padding",
    "n * s is the length under `same`. Under `valid` nothing is cut off: (n - 1) * s + max(k, s).",
    "Count where the last stamp ends.",
)
def stride_multiplies(length, kernel_size, strides, padding="valid", output_padding=None):
    return length * strides + (output_padding or 0)


@misconception(
    "computing the length of a convolution",
    "A transposed convolution goes the other way: its input has the length of a convolution's "
    "output.",
    "Multiply by the stride instead of dividing.",
)
def divided_for_multiplied(length, kernel_size, strides, padding="valid", output_padding=None):
    if padding == "same":
        return -(-length // strides)
    return (length - kernel_size) // strides + 1


@misconception(
    "adding output_padding to the length that Keras gives without it",
    "output_padding=p replaces the default: valid (n - 1) * s + k + p, same "
    "(n - 1) * s + k % 2 + p.",
    "Treat None and a number as two cases.",
)
def output_padding_on_top(length, kernel_size, strides, padding="valid", output_padding=None):
    last = strides if padding == "same" else max(kernel_size, strides)
    return (length - 1) * strides + last + (output_padding or 0)


@misconception(
    "overlooking output_padding",
    "output_padding=p takes the place of the default: valid (n - 1) * s + k + p, same "
    "(n - 1) * s + k % 2 + p.",
    "Treat None and a number as two cases.",
)
def output_padding_overlooked(length, kernel_size, strides, padding="valid", output_padding=None):
    return output_padding_on_top(length, kernel_size, strides, padding)


@misconception(
    "putting the odd cell of the crop at the start",
    "When the number of cells to drop is odd, Keras drops the odd one at the end.",
    "Swap the two numbers.",
)
def odd_crop_before(kernel_size, strides):
    total = max(kernel_size - strides, 0)
    return total - total // 2, kernel_size - strides - (total - total // 2)


@misconception(
    "dropping k - 1 cells whatever the stride",
    "The scatter has (n - 1) * s + k cells, of which `same` keeps n * s: k - s are too many.",
    "Subtract the two lengths.",
)
def crop_of_stride_one(kernel_size, strides):
    return (kernel_size - 1) // 2, kernel_size - 1 - (kernel_size - 1) // 2


@misconception(
    "dropping nothing where cells are missing",
    "With k < s the scatter is too short: `same` adds s - k cells at its end, a crop below 0.",
    "Let the second number become negative.",
)
def crop_never_negative(kernel_size, strides):
    total = max(kernel_size - strides, 0)
    return total // 2, total - total // 2


@misconception(
    "dividing a negative number too",
    "Missing cells are all added at the end; only what is too much is shared by both ends.",
    "Use max(k - s, 0) // 2 at the start, and the rest at the end.",
)
def missing_cells_shared(kernel_size, strides):
    total = kernel_size - strides
    return total // 2, total - total // 2


@misconception(
    "counting one stamp for each cell",
    "Where k > s the stamps overlap, and a cell is reached by several of them; if s does not "
    "divide k, this makes the checkerboard.",
    "Add 1 for every stamp, not once for all.",
)
def overlap_counted_once(length, kernel_size, strides):
    counts = np.zeros((length - 1) * strides + kernel_size)
    for i in range(length):
        counts[i * strides : i * strides + kernel_size] = 1
    return counts


@misconception(
    "stamping at every cell of the output",
    "Input cell i stamps at i * s: the stamps are s cells apart.",
    "Multiply the place of the stamp by the stride.",
)
def stamps_one_apart(length, kernel_size, strides):
    counts = np.zeros((length - 1) * strides + kernel_size)
    for i in range(length):
        counts[i : i + kernel_size] += 1
    return counts


@misconception(
    "counting in the input",
    "These are the windows that hold each cell of the layer's own input; asked is how many stamps "
    "reach each cell of its output, (n - 1) * s + k of them.",
    "Make room for the whole scatter first.",
)
def windows_counted_in_the_input(length, kernel_size, strides):
    counts = np.zeros(length)
    for i in range(0, length - kernel_size + 1, strides):
        counts[i : i + kernel_size] += 1
    return counts


@misconception(
    "flipping the stamp",
    "Each input cell stamps the kernel as it is. It is only when you read windows of the stuffed "
    "input instead that the kernel is flipped.",
    "Take kernel[t] to the cell i * strides + t.",
)
def stamp_flipped(kernel):
    return kernel[::-1]


@misconception(
    "stamps that overwrite each other",
    "Where stamps overlap their values are added.",
    "Use += instead of =.",
)
def stamps_overwritten(x, kernel, strides):
    y = np.zeros((x.shape[0], (x.shape[1] - 1) * strides + len(kernel), kernel.shape[1]))
    for i in range(x.shape[1]):
        y[:, i * strides : i * strides + len(kernel)] = np.einsum("nc,tfc->ntf", x[:, i], kernel)
    return y


@misconception(
    "stamps laid side by side",
    "Stamps begin s cells apart, not k: they overlap where k > s and leave gaps where k < s.",
    "Start stamp i at i * strides.",
)
def stamps_side_by_side(x, kernel, strides):
    length = (x.shape[1] - 1) * strides + len(kernel)
    y = np.einsum("nic,tfc->nitf", x, kernel).reshape(x.shape[0], -1, kernel.shape[1])
    return np.pad(y, [(0, 0), (0, max(length - y.shape[1], 0)), (0, 0)])[:, :length]


@misconception(
    "leaving the kernel as it is",
    "Windows of the stuffed input meet the stamps' ends first: reading instead of stamping turns "
    "the kernel round, on both axes.",
    "Use kernel[::-1, ::-1].",
)
def kernel_not_flipped(kernel):
    return kernel[::-1, ::-1]


@misconception(
    "flipping the kernel on one axis only",
    "Rows and columns are both read from the other side, so the kernel is flipped on both axes.",
    "Use kernel[::-1, ::-1], not kernel[::-1].",
)
def flipped_on_one_axis(kernel):
    return kernel[:, ::-1]


@misconception(
    "s zeros between two cells",
    "Neighbours must end up s cells apart, and so s - 1 zeros go between them.",
    "Make room for (n - 1) * s + 1 cells, and write every s-th.",
)
def too_many_zeros_stuffed(strides):
    return tuple(s + 1 for s in strides)


@misconception(
    "the matrix of the transposed convolution",
    "A row of the convolution's matrix makes one output, so the matrix has outputs times length "
    "cells. Its transpose belongs to the transposed convolution.",
    "Return matrix.T.",
)
def matrix_transposed(matrix):
    return matrix.T


@misconception(
    "moving the window by one",
    "Window i begins at cell i * s, and so does the kernel in row i.",
    "Write row i from column i * strides on.",
)
def rows_one_apart(kernel, length, strides):
    matrix = np.zeros(((length - len(kernel)) // strides + 1, length))
    for i in range(len(matrix)):
        matrix[i, i : i + len(kernel)] = kernel
    return matrix


@misconception(
    "expecting a stride of 2 to double under valid",
    "Under `valid` the length is (n - 1) * s + max(k, s), twice n only if k is at most s = 2.",
    "Set the padding to same, or take a kernel as large as the stride.",
)
def doubled_under_valid():
    return {"filters": 8, "kernel_size": 3, "strides": 2}


@misconception(
    "counting on `same` where `valid` is the default",
    "`valid` gives floor((n - k) / s) + 1 windows; ceil(n / s) of them there are under `same`.",
    'Set padding to "same".',
)
def default_padding_overlooked():
    return {"filters": 4, "kernel_size": 3, "strides": 3}


@misconception(
    "leaving the bias out of the count",
    "A layer has one bias for each filter, and it counts, unless use_bias is False.",
    "Set use_bias to False, or take one weight less.",
)
def bias_uncounted():
    return {"filters": 1, "kernel_size": 3, "dilation_rate": 4}


@misconception(
    "`same` in the place of `causal`",
    "`same` puts half of the zeros after, so that an output reads later steps. `causal` puts all "
    "(k - 1) * d of them before.",
    'Set padding to "causal".',
)
def same_asked_for_causal():
    return {"filters": 3, "kernel_size": 7, "padding": "same"}


@misconception(
    "giving the input's channels for filters",
    "`filters` is the number of output channels; those of the input come with the input.",
    "Set filters to the channels that are to come out.",
)
def filters_of_the_input():
    return {"filters": 16, "kernel_size": 3, "strides": 2, "padding": "same"}


# -- strides and dilation


@misconception(
    "adding up the kernel sizes",
    "Windows of neighbouring outputs share cells. A layer adds span - 1 cells, times the jump "
    "before it.",
    "Begin with 1, and add (k - 1) * d * q for each layer.",
)
def sizes_added(layers):
    field, jump = 0, 1
    for kernel_size, strides, dilation_rate in layers:
        field += (kernel_size - 1) * dilation_rate + 1
        jump *= strides
    return field, jump


@misconception(
    "forgetting the jump",
    "After a stride, neighbouring outputs lie q input cells apart, so each further one brings q "
    "cells, not 1.",
    "Multiply what a layer adds by the strides of all layers before it.",
)
def jump_forgotten(layers):
    jump = int(np.prod([strides for _, strides, _ in layers]))
    return 1 + sum((k - 1) * d for k, _, d in layers), jump


@misconception(
    "letting a stride act on its own layer",
    "A stride moves the outputs of its layer apart, which only later layers notice.",
    "Multiply the jump by the stride after the layer's cells are added.",
)
def own_stride_first(layers):
    field, jump = 1, 1
    for kernel_size, strides, dilation_rate in layers:
        jump *= strides
        field += (kernel_size - 1) * dilation_rate * jump
    return field, jump


@misconception(
    "a large kernel where a dilation would do",
    "A window of 9 weights sees 9 steps, but has 9 weights. A dilation spreads few weights out.",
    "Take few weights, and a dilation with (k - 1) * d + 1 = 9.",
)
def size_for_span(span):
    return span


@misconception(
    "zeros after the last weight",
    "k weights have k - 1 gaps: the kernel is (k - 1) * d + 1 long, not k * d.",
    "End the kernel with its last weight.",
)
def zeros_after_the_last(kernel, dilation_rate):
    d_h, d_w = dilation_rate
    k_h, k_w, channels, filters = kernel.shape
    longer = np.zeros((k_h * d_h, k_w * d_w, channels, filters))
    longer[::d_h, ::d_w] = kernel
    return longer


@misconception(
    "repeating the weights",
    "A dilation puts holes between the weights; a layer does not read the cells in the holes.",
    "Put zeros where you have copies.",
)
def weights_repeated(kernel, dilation_rate):
    d_h, d_w = dilation_rate
    k_h, k_w = kernel.shape[:2]
    repeated = kernel.repeat(d_h, axis=0).repeat(d_w, axis=1)
    return repeated[: (k_h - 1) * d_h + 1, : (k_w - 1) * d_w + 1]


@misconception(
    "exchanging the two dilations",
    "dilation_rate is (height, width), in the order of the axes.",
    "Use the first number along axis 0.",
)
def dilations_exchanged(dilation_rate):
    return dilation_rate[::-1]


@misconception(
    "leaving the dilation out",
    "A dilated window reads every d-th cell and covers (k - 1) * d + 1 of them.",
    "Multiply the number of the weight by the dilation, and put the span into the sizes.",
)
def dilation_ignored(dilation_rate):
    return (1,) * len(dilation_rate)


@misconception(
    "leaving the stride out",
    "Window i begins at cell i * s.",
    "Multiply the number of the output by the stride, and divide in the sizes.",
)
def stride_ignored(strides):
    return (1,) * len(strides)


@misconception(
    "exchanging the two strides",
    "strides is (height, width), in the order of the axes.",
    "Use the first number for the rows.",
)
def strides_exchanged(strides):
    return strides[::-1]


@misconception(
    "taking the holes of a window for read",
    "A dilated window covers (k - 1) * d + 1 cells but reads only every d-th of them.",
    "Step through the window by the dilation.",
)
def holes_taken_for_read(length, kernel_size, strides, dilation_rate):
    return _unread(length, (kernel_size - 1) * dilation_rate + 1, strides, 1)


@misconception(
    "looking behind the last window only",
    "Cells are also left out between windows, where the stride is larger than the window, and in "
    "holes that no other window fills.",
    "Mark the cells that each window reads.",
)
def rest_only(length, kernel_size, strides, dilation_rate):
    return list(range(_end(length, kernel_size, strides, dilation_rate), length))


@misconception(
    "forgetting the cells behind the last window",
    "Under valid the last window need not reach the end of the input.",
    "Look at all cells up to length - 1.",
)
def rest_forgotten(length, kernel_size, strides, dilation_rate):
    end = _end(length, kernel_size, strides, dilation_rate)
    return [c for c in _unread(length, kernel_size, strides, dilation_rate) if c < end]


def _end(length, kernel_size, strides, dilation_rate):
    """Where the last window ends."""
    span = (kernel_size - 1) * dilation_rate + 1
    return (length - span) // strides * strides + span


def _unread(length, kernel_size, strides, dilation_rate):
    span = (kernel_size - 1) * dilation_rate + 1
    starts = range(0, length - span + 1, strides)
    read = {start + t * dilation_rate for start in starts for t in range(kernel_size)}
    return sorted(set(range(length)) - read)


@misconception(
    "keeping every s-th output from the first one on",
    "That is so under valid. Under same the zeros depend on the stride, and with them where the "
    "windows begin.",
    "Compare the zeros before the input: before_one - before_s is the first output kept.",
)
def kept_from_the_first(y, strides):
    return y[::strides]


@misconception(
    "keeping the last of every s outputs",
    "Which output is kept depends on the length and on the kernel: before_one - before_s.",
    "Compute the zeros before the input for both strides.",
)
def kept_from_the_stride(y, strides):
    return y[strides - 1 :: strides]


@misconception(
    "a stride without zeros before",
    "With a stride too, `same` may put zeros before the input: half of what its last window lacks.",
    "Subtract the zeros before under the stride.",
)
def offset_of_the_kernel(y, kernel_size, strides):
    return y[(kernel_size - 1) // 2 :: strides]


# -- depthwise and separable convolutions


@misconception(
    "a bias for each of the two steps",
    "A separable layer has one bias, added once at the end: one number for each filter.",
    "Leave out the bias of the depthwise step.",
)
def bias_after_both_steps(kernel_size, channels, filters):
    return (kernel_size**2 + 1) * channels + (channels + 1) * filters


@misconception(
    "leaving the bias of a separable layer out",
    "With use_bias=True, the default, each filter has a bias.",
    "Add the number of filters.",
)
def separable_without_bias(kernel_size, channels, filters):
    return kernel_size**2 * channels + channels * filters


@misconception(
    "counting a full convolution",
    "A separable layer has one small kernel for each input channel, and then weights of 1 by 1.",
    "Count the two steps each by itself, and add them.",
)
def separable_counted_as_full(kernel_size, channels, filters):
    return kernel_size**2 * channels * filters + filters


@misconception(
    "the rule of thumb 1 / k² of the work",
    "The 1 by 1 step has a share of its own, 1 / F of the full convolution: the ratio is "
    "1 / F + 1 / (k_h k_w).",
    "Count the 1 by 1 step as well.",
)
def pointwise_overlooked(kernel_size, channels, filters):
    return 1 / (kernel_size[0] * kernel_size[1])


@misconception(
    "taking the input's channels for the filters",
    "The channels cancel, the filters do not: the ratio is 1 / F + 1 / (k_h k_w).",
    "Write both counts down, then divide.",
)
def ratio_of_channels(kernel_size, channels, filters):
    return 1 / channels + 1 / (kernel_size[0] * kernel_size[1])


@misconception(
    "the ratio upside down",
    "Asked is which part of the full convolution's weights the separable one has.",
    "Divide the separable count by the full one.",
)
def ratio_upside_down(kernel_size, channels, filters):
    return 1 / (1 / filters + 1 / (kernel_size[0] * kernel_size[1]))


@misconception(
    "the outputs ordered by multiplier first",
    "The outputs of one input channel stand beside each other: channel c makes the outputs c * M "
    "to c * M + M - 1.",
    "Repeat each channel M times before you go on to the next.",
)
def multipliers_first(channels, depth_multiplier):
    return np.tile(np.arange(channels), depth_multiplier)


@misconception(
    "numbering the kernels of a channel",
    "That is which of the M kernels makes each output; asked is which input channel it reads.",
    "Divide by M where you took the remainder.",
)
def kernels_numbered(channels, depth_multiplier):
    return np.tile(np.arange(depth_multiplier), channels)


@misconception(
    "adding the channels up",
    "A depthwise convolution keeps channels apart: C channels with M kernels each make C * M.",
    "Leave the sum over the channels out.",
)
def channels_summed(x, kernel, strides):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], (1, 2))
    return np.einsum("nijcab,abcm->nijm", windows[:, :: strides[0], :: strides[1]], kernel)


@misconception(
    "an order of outputs that mixes the channels",
    "The outputs of one input channel stand together: output c * M + m is channel c's m-th.",
    "Put the axis of the multiplier last before you reshape.",
)
def outputs_mixed(y, channels):
    depth_multiplier = y.shape[-1] // channels
    return y.reshape(*y.shape[:-1], channels, depth_multiplier).swapaxes(-1, -2).reshape(y.shape)


@misconception(
    "an activation between the two steps",
    "Keras puts nothing between the depthwise and the 1 by 1 step; bias and activation come once, "
    "at the end.",
    "Feed the first result to the second step as it is.",
)
def relu_between(y):
    return np.maximum(y, 0)


@misconception(
    "forgetting to add the bias at the end",
    "The bias has one number for each filter and is added to the result of the 1 by 1 step.",
    "Add bias.",
)
def separable_bias_left_out(bias):
    return np.zeros_like(bias)


@misconception(
    "believing that separable is always cheaper",
    "The 1 by 1 step comes on top. With a small kernel or few filters it costs more than is saved.",
    "Write down both counts and compare them.",
)
def always_separable(kernel_size, channels, filters, depth_multiplier):
    return "separable"


@misconception(
    "overlooking the depth multiplier",
    "M kernels for each channel make both steps M times as large.",
    "Multiply both steps by depth_multiplier.",
)
def multiplier_overlooked(kernel_size, channels, filters, depth_multiplier):
    taps = kernel_size[0] * kernel_size[1]
    separable, full = channels * (taps + filters), taps * channels * filters
    return "equal" if separable == full else min((separable, "separable"), (full, "full"))[1]


@misconception(
    "comparing the two depthwise parts only",
    "A full convolution costs k_h k_w C F for each place; a separable one k_h k_w C M + C M F.",
    "Add the 1 by 1 step, depth_multiplier * channels * filters.",
)
def only_depthwise_compared(kernel_size, channels, filters, depth_multiplier):
    if depth_multiplier == filters:
        return "equal"
    return "separable" if depth_multiplier < filters else "full"


# -- a whole network


def _behind_two_blocks(sizes, taken=2, rounded=0):
    for _ in range(2):
        sizes = [(n - taken + rounded) // 2 for n in sizes]
    return sizes


@misconception(
    "convolutions that keep the size",
    "Conv2D's padding is valid by default: a 3 by 3 kernel takes 2 off each side length.",
    "Subtract 2 before each pool.",
)
def flattened_with_same(sizes, filters):
    return int(np.prod(_behind_two_blocks(sizes, taken=0))) * filters


@misconception(
    "pools that round up",
    "A pool's padding is valid by default: a row that fills no window is not read.",
    "Divide by 2 and round down.",
)
def flattened_rounded_up(sizes, filters):
    return int(np.prod(_behind_two_blocks(sizes, rounded=1))) * filters


@misconception(
    "leaving the channels out of Flatten",
    "Flatten makes one row of all numbers: height times width times channels.",
    "Multiply by the channels of the last convolution.",
)
def flattened_one_channel(sizes, filters):
    return int(np.prod(_behind_two_blocks(sizes)))


@misconception(
    "forgetting the biases",
    "Every convolution and every Dense layer has one bias for each filter or unit.",
    "Add 32, 64, 1024 and 10.",
)
def network_without_biases(inputs):
    return (9 * 3 * 32, 0, 9 * 32 * 64, 0, 0, inputs * 1024, 1024 * 10)


@misconception(
    "kernels without depth",
    "A filter spans all channels of what it reads: 3 for the first convolution, 32 for the second.",
    "Multiply the 9 weights by the channels that come in.",
)
def network_without_depth(inputs):
    return (9 * 32 + 32, 0, 9 * 64 + 64, 0, 0, (inputs + 1) * 1024, 1025 * 10)


def _counted(layers, shape, *, bias=1, pools=True, depth=True, dense_keeps=True):
    total, shape, first = 0, list(shape), shape[-1]
    for layer in layers:
        if layer["layer"] == "Conv2D":
            size = layer["kernel_size"]
            channels = shape[-1] if depth else first
            total += (size**2 * channels + bias) * layer["filters"]
            shape = [*(n - size + 1 for n in shape[:2]), layer["filters"]]
        elif layer["layer"] == "MaxPooling2D" and pools:
            shape = [*(n // layer["pool_size"] for n in shape[:2]), shape[2]]
        elif layer["layer"] == "Flatten":
            shape = [int(np.prod(shape))]
        elif layer["layer"] == "Dense":
            total += (shape[-1] + bias) * layer["units"]
            shape = [*(shape[:-1] if dense_keeps else []), layer["units"]]
    return total


@misconception(
    "forgetting the bias of each layer",
    "Every convolution and every Dense layer has one bias for each filter or unit.",
    "Add 1 to the weights of one filter, or of one unit.",
)
def total_without_biases(layers, shape):
    return _counted(layers, shape, bias=0)


@misconception(
    "passing over the pools",
    "A pool has no parameters, but it makes the picture and so the first Dense layer smaller.",
    "Let a pool change the shape.",
)
def pools_passed_over(layers, shape):
    return _counted(layers, shape, pools=False)


@misconception(
    "a Dense layer that leaves nothing but its units",
    "Dense works on the last axis alone: the axes before it stay, and Flatten multiplies them.",
    "Replace the last number of the shape only.",
)
def dense_flattens(layers, shape):
    return _counted(layers, shape, dense_keeps=False)


@misconception(
    "giving every convolution the depth of the picture",
    "A convolution reads what the one before it made: its depth is that one's filters.",
    "Keep the shape up to date, channels included.",
)
def depth_of_the_picture(layers, shape):
    return _counted(layers, shape, depth=False)


@misconception(
    "flattening large maps into a Dense layer",
    "The first Dense layer has as many weights as there are inputs times units: most of a "
    "network's parameters are there.",
    "Make the maps smaller first, by strides, by pools or by a global pool.",
)
def large_maps_flattened():
    return [
        {"layer": "Conv2D", "filters": 8, "kernel_size": 3},
        {"layer": "Conv2D", "filters": 16, "kernel_size": 3},
        {"layer": "Flatten"},
        {"layer": "Dense", "units": 10},
    ]


@misconception(
    "a Dense layer on maps",
    "Dense works on the last axis alone: on maps it gives ten numbers for each place.",
    "Put Flatten or GlobalAveragePooling2D before it.",
)
def dense_on_maps():
    return [
        {"layer": "Conv2D", "filters": 8, "kernel_size": 3},
        {"layer": "Conv2D", "filters": 16, "kernel_size": 3},
        {"layer": "Dense", "units": 10},
    ]


# -- learning


@misconception(
    "losing the 2 of the square",
    "The L2 penalty of Keras is factor * sum(w²), without a half: its gradient is 2 * factor * w.",
    "Multiply by 2.",
)
def l2_without_the_two(kernel, factor):
    return factor * kernel


@misconception(
    "the gradient of L1",
    "|w| has the slope 1 or -1, however large w is; w² has a slope that grows with w: "
    "2 * factor * w.",
    "Differentiate the square.",
)
def l2_for_l1(kernel, factor):
    return factor * np.sign(kernel)


@misconception(
    "the mean in place of the sum",
    "The penalty is the sum over all weights, not their mean: the kernel's size plays no part.",
    "Leave the division out.",
)
def l2_of_the_mean(kernel, factor):
    return 2 * factor * kernel / kernel.size


@misconception(
    "applying relu to the gradient",
    "The slope depends on x, not on the sign of the gradient: negative gradients pass too.",
    "Ask where x is positive.",
)
def relu_of_the_gradient(dy, x):
    return np.maximum(dy, 0)


@misconception(
    "multiplying by relu's output in place of its slope",
    "Where x is positive the slope is 1, however large x is.",
    "Multiply by 1 where x is positive.",
)
def relu_output_for_slope(dy, x):
    return dy * np.maximum(x, 0)


@misconception(
    "a slope of 1 at zero",
    "At x = 0 relu has no slope of its own; Keras takes 0.",
    "Write x > 0, not x >= 0.",
)
def relu_slope_at_zero(dy, x):
    return dy * (x >= 0)


def _softmax(logits):
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@misconception(
    "forgetting that the loss is a mean over the batch",
    "Each sample's share of the loss is 1 / N, and so is its share of the gradient.",
    "Divide by the number of samples.",
)
def mean_over_batch_forgotten(logits, labels):
    return _softmax(logits) - np.eye(logits.shape[-1])[labels]


@misconception(
    "the gradient upside down",
    "A larger logit of the right class lowers the loss: its gradient p - 1 is negative.",
    "Subtract the true distribution from the predicted one.",
)
def softmax_gradient_negated(logits, labels):
    return -mean_over_batch_forgotten(logits, labels) / len(logits)


@misconception(
    "the gradient with respect to the probabilities",
    "-1 / p of the right class is what the cross-entropy hands to softmax; softmax's own slopes "
    "come on top, and together they give p - 1.",
    "Write the loss as a function of the logits, and differentiate that.",
)
def softmax_passed_over(logits, labels):
    hot = np.eye(logits.shape[-1])[labels]
    return -hot / np.maximum(_softmax(logits), 1e-30) / len(logits)


@misconception(
    "exponentials of large numbers",
    "exp(1000) is too large for a float, and inf / inf is nan. Softmax does not change when all "
    "logits of a sample fall by the same number.",
    "Subtract the largest logit of each sample first.",
)
def softmax_overflow(logits, labels):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        p = e / e.sum(axis=-1, keepdims=True)
    return (p - np.eye(logits.shape[-1])[labels]) / len(logits)


def _momentum(w, gradients, step, momentum, share=1.0):
    velocity = np.zeros_like(w)
    for gradient in gradients:
        velocity = momentum * velocity - share * step * gradient
        w = w + velocity
    return w


@misconception(
    "overlooking the momentum",
    "Each step is what remains of the last one, momentum * v, and the new part.",
    "Keep the velocity from step to step.",
)
def momentum_overlooked(w, gradients, learning_rate, momentum):
    return _momentum(w, gradients, learning_rate, 0.0)


@misconception(
    "an average in place of momentum",
    "Keras adds the whole new step: v = momentum * v - learning_rate * g, without 1 - momentum.",
    "Leave the factor 1 - momentum out.",
)
def momentum_averaged(w, gradients, learning_rate, momentum):
    return _momentum(w, gradients, learning_rate, momentum, 1 - momentum)


@misconception(
    "Nesterov's momentum",
    "That looks one step ahead, w += momentum * v - learning_rate * g; without nesterov=True it is "
    "w += v.",
    "Add the velocity itself.",
)
def momentum_of_nesterov(w, gradients, learning_rate, momentum):
    velocity = np.zeros_like(w)
    for gradient in gradients:
        velocity = momentum * velocity - learning_rate * gradient
        w = w + momentum * velocity - learning_rate * gradient
    return w


@misconception(
    "a step uphill",
    "The gradient points to where the loss grows: the step goes the other way.",
    "Turn the sign round.",
)
def step_uphill(w, gradients, learning_rate, momentum):
    return _momentum(w, gradients, -learning_rate, momentum)


@misconception(
    "averaging the kernel's gradient over the places",
    "A weight is used in every window, and its gradient is the sum over all of them.",
    "Add up; divide by nothing.",
)
def gradient_of_places_averaged(dkernel, dy):
    return dkernel / dy.shape[1]


@misconception(
    "averaging the kernel's gradient over the batch",
    "dy already holds each sample's share of the loss; what is left is a sum.",
    "Add up over the samples.",
)
def gradient_of_batch_averaged(dkernel, dy):
    return dkernel / dy.shape[0]


@misconception(
    "a gradient that forgets the stride",
    "In window i tap t reads the cell i * strides + t, and the gradient goes the same way back.",
    "Multiply the place of the output by the stride.",
)
def stride_left_out_of_gradient(x, dy, kernel_size):
    outputs = dy.shape[1]
    return np.stack(
        [np.einsum("nic,nif->cf", x[:, t : t + outputs], dy) for t in range(kernel_size)]
    )


@misconception(
    "reading the taps backwards",
    "Tap t of window i met the cell i * strides + t: in the gradients it meets the same.",
    "Take t as it is, without turning it round.",
)
def taps_backwards(kernel):
    return kernel[::-1]


@misconception(
    "overwriting where windows share a cell",
    "A cell that is in several windows gets a gradient from each, and they add up.",
    "Use += instead of =.",
)
def shared_cells_overwritten(dy, kernel, length, strides):
    dx = np.zeros((dy.shape[0], length, kernel.shape[1]))
    for i in range(dy.shape[1]):
        taps = np.einsum("nf,tcf->ntc", dy[:, i], kernel)
        dx[:, i * strides : i * strides + len(kernel)] = taps
    return dx


@misconception(
    "windows that begin at every cell",
    "Window i begins at i * strides, forwards and backwards.",
    "Multiply i by the stride.",
)
def windows_one_apart(dy, kernel, length, strides):
    dx = np.zeros((dy.shape[0], length, kernel.shape[1]))
    for i in range(dy.shape[1]):
        dx[:, i : i + len(kernel)] += np.einsum("nf,tcf->ntc", dy[:, i], kernel)
    return dx


@misconception(
    "a step as long as the gradient",
    "The learning rate says which part of the gradient is taken off.",
    "Multiply the gradient by the learning rate.",
)
def learning_rate_left_out(w, gradients, learning_rate, momentum):
    return _momentum(w, gradients, 1.0, momentum)


# -- how libraries make it fast


@misconception(
    "fewer windows than `same` has",
    "Under `same` with stride 1 there is a window for every pixel.",
    "Take height times width for the number of windows.",
)
def matrix_of_valid_windows(shape, kernel_size):
    batch, height, width, channels = shape
    places = (height - kernel_size + 1) * (width - kernel_size + 1)
    return batch * places * kernel_size**2 * channels * 4


@misconception(
    "windows without their channels",
    "A row of the matrix holds the whole window, with all its channels.",
    "Multiply by the channels of the input.",
)
def matrix_of_one_channel(shape, kernel_size):
    batch, height, width, _ = shape
    return batch * height * width * kernel_size**2 * 4


@misconception(
    "one picture for the whole batch",
    "Every picture of the batch has windows of its own.",
    "Multiply by the number of pictures.",
)
def matrix_of_one_picture(shape, kernel_size):
    _, height, width, channels = shape
    return height * width * kernel_size**2 * channels * 4


@misconception(
    "the filters in the place of the channels",
    "The window matrix holds the input: k * k * C numbers in a row, whatever the filters.",
    "Multiply by the channels of the input.",
)
def matrix_of_filters(shape, kernel_size, filters):
    return int(np.prod(shape[:-1])) * kernel_size**2 * filters * 4


@misconception(
    "eight bytes for a number",
    "A float32 has 32 bits, and these are four bytes.",
    "Multiply by 4, not by 8.",
)
def matrix_of_doubles(shape, kernel_size):
    return int(np.prod(shape)) * kernel_size**2 * 8


@misconception(
    "leaving out the tiles that hang over the edge",
    "Every output must be in some tile: the last ones are whole, though only a part counts.",
    "Round the number of tiles up, on both axes.",
)
def tiles_rounded_down(rows, columns, channels, filters, tile):
    return (rows // tile) * (columns // tile) * (tile + 2) ** 2 * channels * filters


@misconception(
    "counting the trick on one axis only",
    "On two axes a tile of tile by tile outputs takes (tile + 2) by (tile + 2) products.",
    "Square the products of one axis.",
)
def tiles_of_one_axis(rows, columns, channels, filters, tile):
    return -(-rows // tile) * -(-columns // tile) * (tile + 2) * 3 * channels * filters


@misconception(
    "counting the direct way",
    "Nine products for each output is what Winograd's trick avoids.",
    "Count the tiles, and the products of one tile.",
)
def products_of_the_direct_way(rows, columns, channels, filters, tile):
    return rows * columns * 9 * channels * filters


@misconception(
    "shifting the wrong way",
    "Tap (a, b) of the window that begins at (i, j) reads pixel (i + a, j + b): the slice begins "
    "at (a, b), not at k - 1 minus it.",
    "Let the slice of tap (a, b) begin at row a and column b.",
)
def shifted_the_wrong_way(kernel):
    return kernel[::-1, ::-1]


@misconception(
    "keeping the last tap only",
    "The result is the sum over all taps.",
    "Use += instead of =.",
)
def last_tap_only(x, kernel):
    k_h, k_w = kernel.shape[:2]
    return x[:, k_h - 1 :, k_w - 1 :] @ kernel[-1, -1]


def _winograd(x, kernel, half=0.5, fourth=1):
    g0, g1, g2 = kernel
    y = np.zeros(len(x) - 2)
    for i in range(0, len(y), 2):
        d0, d1, d2, d3 = x[i : i + 4]
        m1, m4 = (d0 - d2) * g0, fourth * (d1 - d3) * g2
        m2, m3 = (d1 + d2) * (g0 + g1 + g2) * half, (d2 - d1) * (g0 - g1 + g2) * half
        y[i : i + 2] = m1 + m2 + m3, m2 - m3 - m4
    return y


@misconception(
    "a wrong sign at the fourth product",
    "m4 = (d1 - d3) * g2 is subtracted from the second output, so that +d3 * g2 is left.",
    "Check the second output: it must hold d3 * g2 with a plus.",
)
def fourth_product_negated(x, kernel):
    return _winograd(x, kernel, fourth=-1)


@misconception(
    "forgetting the halves",
    "The two mixed factors of the kernel are (g0 + g1 + g2) / 2 and (g0 - g1 + g2) / 2: their sum "
    "is to give g0 + g2 once.",
    "Divide both by 2.",
)
def halves_forgotten(x, kernel):
    return _winograd(x, kernel, half=1)


@misconception(
    "tiles laid side by side",
    "A tile reads four cells but makes two outputs: tiles begin two cells apart and overlap.",
    "Go on by 2.",
)
def tiles_side_by_side(x, kernel):
    tiles = [_winograd(x[i : i + 4], kernel) for i in range(0, len(x) - 3, 4)]
    return np.concatenate(tiles)


def _spectral(x, kernel, conjugate=True):
    k = np.fft.rfft2(kernel, x.shape)
    return np.fft.irfft2(np.fft.rfft2(x) * (k.conj() if conjugate else k), x.shape)


@misconception(
    "leaving the conjugate out",
    "A product of spectra is a convolution with a flipped kernel. Keras does not flip: take the "
    "conjugate of the kernel's spectrum.",
    "Use np.conj on the kernel's spectrum.",
)
def conjugate_left_out(x, kernel):
    rows, columns = x.shape[0] - kernel.shape[0] + 1, x.shape[1] - kernel.shape[1] + 1
    return _spectral(x, kernel, conjugate=False)[:rows, :columns]


@misconception(
    "keeping what comes round",
    "For a Fourier transform the picture repeats: the last k - 1 rows and columns hold windows "
    "that come back in at the other side.",
    "Cut the result to n - k + 1 on both axes.",
)
def wrapped_windows_kept(x, kernel):
    return _spectral(x, kernel)


@misconception(
    "cutting at the wrong end",
    "With the conjugate, output (i, j) is the window from (i, j) on: the good ones come first.",
    "Keep the first n - k + 1 rows and columns.",
)
def cut_at_the_start(x, kernel):
    return _spectral(x, kernel)[kernel.shape[0] - 1 :, kernel.shape[1] - 1 :]


def _by_matrix(x, kernel, *, places_right=False, weights_right=False):
    k_h, k_w, _, filters = kernel.shape
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    matrix = np.zeros((rows * columns, kernel[..., 0].size))
    for i, j in np.ndindex(rows, columns):
        place = i * (columns if places_right else rows) + j
        matrix[place] = x[i : i + k_h, j : j + k_w].ravel()
    weights = kernel.reshape(-1, filters) if weights_right else kernel.reshape(filters, -1).T
    return (matrix @ weights).reshape(rows, columns, filters)


@misconception(
    "the code as it stands in the question",
    "It has two faults: windows are written into the wrong rows of the matrix, and the kernel's "
    "weights are taken in a wrong order.",
    "Print matrix for a picture of 2 by 4 cells and a kernel of 1 by 1.",
)
def matrix_code_unchanged(x, kernel):
    return _by_matrix(x, kernel)


@misconception(
    "numbering the windows by the height",
    "Before row i there are i whole rows of windows, and each has `columns` of them.",
    "Write the window into row i * columns + j.",
)
def windows_numbered_by_height(x, kernel):
    return _by_matrix(x, kernel, weights_right=True)


@misconception(
    "taking the filters for the first axis",
    "The filters are the kernel's last axis. kernel.reshape(filters, -1) cuts the numbers as they "
    "are stored, right through the filters.",
    "Write kernel.reshape(-1, filters), without .T.",
)
def filters_cut_through(x, kernel):
    return _by_matrix(x, kernel, places_right=True)
