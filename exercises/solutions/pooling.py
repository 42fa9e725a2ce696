"""The solutions of exercises, made from exercises/text/pooling.md."""

import numpy as np

pooled_shape = (None, 10, 6, 8)


pooled_shape_other = [None, int(np.ceil(28 / 3)), int(np.ceil(16 / 3)), 8]


whole_shift = 8


whole_shift_other = int(np.prod([2, 4, 1]))


def global_average(x):
    """Return the means of x (N, *spatial, C), as (N, C)."""
    return x.mean(axis=tuple(range(1, x.ndim - 1)))


def global_average_other(x):
    """Flatten the places, then walk over them."""
    places = x.reshape(x.shape[0], -1, x.shape[-1])
    total = np.zeros((x.shape[0], x.shape[-1]))
    for place in range(places.shape[1]):
        total += places[:, place]
    return total / places.shape[1]


def average_pool(x, pool_size, strides):
    """Return the means of the windows of x (N, L, C), as (N, ceil(L / strides), C)."""
    length = x.shape[1]
    out = -(-length // strides)
    before = max((out - 1) * strides + pool_size - length, 0) // 2
    means = []
    for i in range(out):
        start = i * strides - before
        means.append(x[:, max(start, 0) : start + pool_size].mean(axis=1))
    return np.stack(means, axis=1)


def average_pool_other(x, pool_size, strides):
    """Pad with nan, and let np.nanmean leave it out."""
    length = x.shape[1]
    out = -(-length // strides)
    total = max((out - 1) * strides + pool_size - length, 0)
    padded = np.full((x.shape[0], length + total, x.shape[2]), np.nan)
    padded[:, total // 2 : total // 2 + length] = x
    cells = strides * np.arange(out)[:, None] + np.arange(pool_size)
    return np.nanmean(padded[:, cells], axis=2)


def max_pool(x, pool_size, strides, padding):
    """Return the maxima of the windows of x (N, H, W, C), as (N, rows, columns, C).

    `pool_size` and `strides` are pairs, `padding` is "valid" or "same".
    """
    spans = []  # of each axis, the slices of its windows
    for n, k, s in zip(x.shape[1:3], pool_size, strides, strict=True):
        out, before = (n - k) // s + 1, 0
        if padding == "same":
            out = -(-n // s)
            before = max((out - 1) * s + k - n, 0) // 2
        starts = [i * s - before for i in range(out)]
        spans.append([slice(max(start, 0), start + k) for start in starts])
    rows, columns = spans
    y = np.empty((x.shape[0], len(rows), len(columns), x.shape[3]))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            y[:, i, j] = x[:, row, column].max(axis=(1, 2))
    return y


def max_pool_other(x, pool_size, strides, padding):
    """Pad with -inf; take the largest of the shifted pictures."""
    if padding == "same":
        pads = [(0, 0)]
        for n, k, s in zip(x.shape[1:3], pool_size, strides, strict=True):
            total = max((-(-n // s) - 1) * s + k - n, 0)
            pads.append((total // 2, total - total // 2))
        x = np.pad(x, [*pads, (0, 0)], constant_values=-np.inf)
    rows = x.shape[1] - pool_size[0] + 1
    columns = x.shape[2] - pool_size[1] + 1
    shifted = [x[:, a : a + rows, b : b + columns] for a, b in np.ndindex(*pool_size)]
    return np.max(shifted, axis=0)[:, :: strides[0], :: strides[1]]


def max_pool_gradient(x, dy, pool_size, strides):
    """Return dx (L,) for x (L,) and dy (outputs,)."""
    dx = np.zeros_like(x)
    for i, d in enumerate(dy):
        start = i * strides
        dx[start + np.argmax(x[start : start + pool_size])] += d
    return dx


def max_pool_gradient_other(x, dy, pool_size, strides):
    """Number the winners, and count them with weights."""
    windows = np.lib.stride_tricks.sliding_window_view(x, pool_size)[::strides]
    winners = windows.argmax(axis=1) + strides * np.arange(len(dy))
    return np.bincount(winners, weights=dy, minlength=len(x))
