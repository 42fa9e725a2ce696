"""An adjoint pair: `windows` looks at every window of an array, `overlap_add` sums windows back.

Arrays are channels last, `(N, *spatial, C)`; windows are `(N, *output, *kernel, C)`. The rank, the
number of spatial axes, is the length of `kernel_size`. Adjoint means that for all x and w

    sum(windows(x) * w) == sum(x * overlap_add(w)),

which is why the gradient of everything built on `windows` is built on `overlap_add`.
"""

import itertools

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convlib.padding import span


def pad(x, pads, *, planar=False):
    """Return x, `(N, *spatial, C)`, with `pads`, one (before, after) per axis, of zeros around it.

    With `planar` the result has the same shape but lies in memory one channel after the other.

    >>> pad(np.ones((1, 2, 1)), [(1, 2)])[0, :, 0].tolist()
    [0.0, 1.0, 1.0, 0.0, 0.0]
    """
    if not planar and not any(map(any, pads)):
        return x
    y = zeros(x.shape, pads, x.dtype, planar=planar)
    y[interior(x.shape[1:-1], pads)] = x
    return y


def zeros(shape, pads, dtype, *, planar=False):
    """Return zeros for an array of `shape`, `(N, *spatial, C)`, and its pads, in `pad`'s layout."""
    images, *sizes, channels = shape
    padded = [before + size + after for size, (before, after) in zip(sizes, pads, strict=True)]
    if planar:
        return np.moveaxis(np.zeros((channels, images, *padded), dtype), 0, -1)
    return np.zeros((images, *padded, channels), dtype)


def interior(sizes, pads):
    """The index of the unpadded cells in a padded array: all images, then a slice per axis."""
    return (slice(None), *(slice(b, b + n) for n, (b, _) in zip(sizes, pads, strict=True)))


def windows(x, kernel_size, strides, dilation_rate, *, writeable=False):
    """Return every window of x, `(N, *spatial, C)` -> `(N, *output, *kernel, C)`, as a view.

    `windows(x)[n, *o, *t, c]` is `x[n, *(o * strides + t * dilation_rate), c]`.

    >>> windows(np.arange(5.0).reshape(1, 5, 1), (2,), (2,), (1,))[0, :, :, 0].tolist()
    [[0.0, 1.0], [2.0, 3.0]]
    """
    rank = len(kernel_size)
    spans = tuple(map(span, kernel_size, dilation_rate))
    axes = tuple(range(1, rank + 1))
    view = sliding_window_view(x, spans, axes, writeable=writeable)  # (N, *output, C, *span)
    view = view[(slice(None), *(slice(None, None, s) for s in strides))]
    view = view[(..., *(slice(None, None, d) for d in dilation_rate))]
    return np.moveaxis(view, rank + 1, -1)


def stamped(y, places, kernel_size, strides, dilation_rate):
    """Return the windows of y, `(N, *spatial, C)`, at the first `places`, `(N, *output)`: a view.

    One tap of all of them names each cell once, so it can be added to.

    >>> y = np.zeros((1, 4, 1))
    >>> stamped(y, (1, 3), (2,), (1,), (1,))[:, :, 0] += 1
    >>> y[0, :, 0].tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    view = windows(y, kernel_size, strides, dilation_rate, writeable=True)
    return view[tuple(map(slice, places))]


def overlap_add(w, y, strides, dilation_rate):
    """Add every window of w, `(N, *output, *kernel, C)`, to its cells of y, `(N, *spatial, C)`.

    The adjoint of `windows`; y is changed in place.

    >>> y = np.zeros((1, 4, 1))
    >>> overlap_add(np.ones((1, 3, 2, 1)), y, (1,), (1,))
    >>> y[0, :, 0].tolist()
    [1.0, 2.0, 2.0, 1.0]
    """
    rank = len(strides)
    kernel_size = w.shape[rank + 1 : -1]
    view = stamped(y, w.shape[: rank + 1], kernel_size, strides, dilation_rate)
    for tap in taps(kernel_size):
        view[(..., *tap, slice(None))] += w[(..., *tap, slice(None))]


def taps(kernel_size):
    """Return the index of every cell of a kernel, the last axis counting fastest.

    >>> list(taps((2, 2)))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    return itertools.product(*map(range, kernel_size))
