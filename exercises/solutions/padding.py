"""The solutions of exercises, made from exercises/text/padding.md."""

import numpy as np

padded_shape = (None, 4, 5, 8)


padded_shape_other = [None, -(-7 // 2), -(-10 // 2), 8]


def output_length(length, kernel_size, strides, padding, dilation_rate):
    """Return how many windows there are along one axis."""
    if padding != "valid":
        return -(-length // strides)
    span = (kernel_size - 1) * dilation_rate + 1
    return (length - span) // strides + 1


def output_length_other(length, kernel_size, strides, padding, dilation_rate):
    """Count where a window may start: in the input, or where all of it is in the input."""
    last_cell = (kernel_size - 1) * dilation_rate if padding == "valid" else 0
    return len(range(0, length - last_cell, strides))


def same_pads(length, kernel_size, strides, dilation_rate):
    """Return (before, after), the zeros that "same" adds along one axis."""
    span = (kernel_size - 1) * dilation_rate + 1
    out = -(-length // strides)
    total = max((out - 1) * strides + span - length, 0)
    return total // 2, total - total // 2


def same_pads_other(length, kernel_size, strides, dilation_rate):
    """Count: add zeros until enough windows start inside."""
    span, total = (kernel_size - 1) * dilation_rate + 1, 0
    while len(range(0, length + total - span + 1, strides)) * strides < length:
        total += 1
    return total // 2, total - total // 2


def padded_picture(x, kernel_size, strides):
    """Return x with the zeros of "same".

    x: (N, H, W, C); kernel_size: (k_h, k_w); strides: (s_h, s_w).
    """
    pads = [(0, 0)]
    for n, k, s in zip(x.shape[1:3], kernel_size, strides, strict=True):
        total = max((-(-n // s) - 1) * s + k - n, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, [*pads, (0, 0)])


def padded_picture_other(x, kernel_size, strides):
    """Lay the picture into a larger one of zeros. The last window is short by k - r cells."""
    batch, height, width, channels = x.shape
    totals = []
    for n, k, s in ((height, kernel_size[0], strides[0]), (width, kernel_size[1], strides[1])):
        rest = n % s or s  # cells that the last window finds in the input
        totals.append(k - rest if k > rest else 0)
    y = np.zeros((batch, height + totals[0], width + totals[1], channels))
    top, left = totals[0] // 2, totals[1] // 2
    y[:, top : top + height, left : left + width] = x
    return y


def causal_conv1d(x, kernel, dilation_rate):
    """Return the output of a causal Conv1D for one sample.

    x: (steps, channels); kernel: (k, channels, filters);
    result: (steps, filters).
    """
    size, _, filters = kernel.shape
    y = np.zeros((len(x), filters))
    for i in range(len(x)):
        for t in range(size):
            step = i - (size - 1 - t) * dilation_rate
            if step >= 0:
                y[i] += x[step] @ kernel[t]
    return y


def causal_conv1d_other(x, kernel, dilation_rate):
    """All zeros before, then an ordinary Conv1D, one weight for all steps at a time."""
    steps, before = len(x), (len(kernel) - 1) * dilation_rate
    x = np.pad(x, [(before, 0), (0, 0)])
    starts = range(0, before + 1, dilation_rate)
    return sum(x[s : s + steps] @ tap for s, tap in zip(starts, kernel, strict=True))


def real_cells(length, kernel_size, strides):
    """Return an array with the number of real cells under each window."""
    out = -(-length // strides)
    before = max((out - 1) * strides + kernel_size - length, 0) // 2
    first = np.arange(out) * strides - before
    return np.minimum(first + kernel_size, length) - np.maximum(first, 0)


def real_cells_other(length, kernel_size, strides):
    """Do it: pad, slide and add up."""
    out = (length + strides - 1) // strides
    total = max((out - 1) * strides + kernel_size - length, 0)
    row = [0] * (total // 2) + [1] * length + [0] * (total - total // 2)
    return [sum(row[i * strides : i * strides + kernel_size]) for i in range(out)]


looks_back = {"filters": 3, "kernel_size": 7, "padding": "causal"}


looks_back_other = {"filters": 3, "kernel_size": 3, "dilation_rate": 3, "padding": "causal"}
