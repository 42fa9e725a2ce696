"""Cross-correlation, which deep learning calls convolution, and its two gradients, for any rank.

With `x` `(N, *spatial, C)`, `kernel` `(*kernel_size, C / groups, F)` and zeros around x as `pads`,
one (before, after) per axis, say,

    y[n, *o, f] = sum over t, c of x[n, *(o * strides + t * dilation_rate), c] * kernel[*t, c, f].

The rank is `kernel.ndim - 2`. Group g of `groups` reads input channels g * C / groups and following
and makes output channels g * F / groups and following.

The windows are copied, a tile at a time, into the rows (or, for few channels, the columns) of a
matrix, and one matrix multiplication does the sum. A tile is small enough to stay in the cache.
Where each group has a single channel (depthwise) there is no matrix to multiply: taps are added up,
a row of cells at a time.
"""

import math

import numpy as np

from convlib.padding import span
from convlib.windows import interior, overlap_add, pad, stamped, taps, windows, zeros

TILE = 1 << 18  # cells of the window matrix that are made at a time: 1 MB of float32
FEW_CHANNELS = 8  # below, window rows are too short to copy fast: the matrix is made by columns


def correlate(x, kernel, *, strides, pads, dilation_rate, groups=1):
    """Return y, `(N, *output, F)`: x correlated with kernel.

    >>> x, kernel = np.arange(1.0, 6).reshape(1, 5, 1), np.ones((3, 1, 1))
    >>> y = correlate(x, kernel, strides=(1,), pads=[(1, 1)], dilation_rate=(1,))
    >>> y.ravel().tolist()
    [3.0, 6.0, 9.0, 12.0, 9.0]
    """
    plan = _Plan(x.shape[-1], kernel.shape, groups)
    view = windows(plan.laid(x, pads), plan.kernel_size, strides, dilation_rate)
    matrix = plan.matrix(kernel)
    y = np.empty((*view.shape[: plan.rank + 1], kernel.shape[-1]), x.dtype)
    for tile in plan.tiles(y.shape):
        if plan.depthwise:
            plan.add_taps(view[tile], kernel, y[tile])
            continue
        # (G, M, K·C/G) @ (G, K·C/G, F/G) -> (G, M, F/G)
        np.matmul(plan.columns(view[tile]), matrix, out=plan.rows(y[tile]))
    return y


def correlate_input_grad(dy, kernel, *, input_size, strides, pads, dilation_rate, groups=1):
    """Return dx, `(N, *input_size, C)`, for dy, `(N, *output, F)`: the adjoint of `correlate`.

    Every cell of dy stamps the kernel, scaled, onto dx. This is also the forward pass of a
    transposed convolution, whose kernel has its axes in the same order.

    >>> dy, kernel = np.ones((1, 3, 1)), np.arange(1.0, 4).reshape(3, 1, 1)
    >>> dx = correlate_input_grad(
    ...     dy, kernel, input_size=(5,), strides=(1,), pads=[(0, 0)], dilation_rate=(1,)
    ... )
    >>> dx.ravel().tolist()
    [1.0, 3.0, 6.0, 5.0, 3.0]
    """
    channels = kernel.shape[-2] * groups
    where = {"strides": strides, "pads": pads, "dilation_rate": dilation_rate}
    if kernel.shape[-2] == 1 < groups < kernel.shape[-1]:  # several kernels for each channel
        dx = correlate_input_grad(
            dy, kernel, input_size=input_size, groups=kernel.shape[-1], **where
        )
        return dx.reshape(*dx.shape[:-1], groups, -1).sum(-1)
    spans = map(span, kernel.shape, dilation_rate)
    around = [(n - 1 - b, n - 1 - a) for n, (b, a) in zip(spans, pads, strict=False)]
    fits = min(map(min, around)) >= 0 and 0 not in input_size
    if max(strides) == 1 and fits and kernel.shape[-1] <= 8 * channels:
        # It is a correlation with the flipped kernel; faster so, unless dy has far more channels.
        where["pads"] = around
        return correlate(dy, _flipped(kernel, groups), groups=groups, **where)
    plan = _Plan(channels, kernel.shape, groups)
    matrix = plan.matrix(kernel).swapaxes(1, 2)
    dx = zeros((len(dy), *input_size, plan.channels), pads, dy.dtype, planar=plan.planar)
    for tile in plan.tiles(dy.shape):
        images, rows = tile
        part = dx[images, rows.start * strides[0] :]
        if plan.depthwise:
            places = dy[tile].shape[:-1]
            view = stamped(part, places, plan.kernel_size, strides, dilation_rate)
            plan.stamp_taps(dy[tile], kernel, view)
            continue
        # (G, M, F/G) @ (G, F/G, K·C/G) -> (G, M, K·C/G)
        columns = plan.multiply(plan.rows(dy[tile]), matrix)
        overlap_add(plan.windows(columns, dy[tile].shape), part, strides, dilation_rate)
    return dx[interior(input_size, pads)]


def correlate_kernel_grad(dy, x, *, kernel_size, strides, pads, dilation_rate, groups=1):
    """Return dkernel, `(*kernel_size, C / groups, F)`, for dy, `(N, *output, F)`.

    >>> dy, x = np.ones((1, 3, 1)), np.arange(1.0, 6).reshape(1, 5, 1)
    >>> dkernel = correlate_kernel_grad(
    ...     dy, x, kernel_size=(3,), strides=(1,), pads=[(0, 0)], dilation_rate=(1,)
    ... )
    >>> dkernel.ravel().tolist()
    [6.0, 9.0, 12.0]
    """
    shape = (*kernel_size, x.shape[-1] // groups, dy.shape[-1])
    plan = _Plan(x.shape[-1], shape, groups)
    view = windows(plan.laid(x, pads), kernel_size, strides, dilation_rate)
    total = np.zeros((groups, math.prod(shape[:-1]), shape[-1] // groups), dy.dtype)
    for tile in plan.tiles(dy.shape):
        if plan.depthwise:
            total += plan.dot_taps(view[tile], dy[tile])
            continue
        # (G, K·C/G, M) @ (G, M, F/G) -> (G, K·C/G, F/G)
        total += plan.columns(view[tile]).swapaxes(1, 2) @ plan.rows(dy[tile])
    return np.moveaxis(total, 0, 1).reshape(shape)


def _flipped(kernel, groups):
    """The kernel read from its last tap to its first, inputs and outputs exchanged.

    (*K, C/G, F) -> (*K, F/G, C)
    """
    *kernel_size, depth, filters = kernel.shape
    last_first = (slice(None, None, -1),) * len(kernel_size)
    split = kernel[last_first].reshape(*kernel_size, depth, groups, filters // groups)
    return (
        np.moveaxis(split, -3, -1)
        .swapaxes(-3, -2)
        .reshape(*kernel_size, filters // groups, groups * depth)
    )


class _Plan:
    """How windows, kernel and outputs become matrices, one for each group."""

    def __init__(self, channels, kernel_shape, groups):
        *kernel_size, self.depth, filters = kernel_shape
        self.rank = len(kernel_size)
        self.channels, self.groups, self.filters = channels, groups, filters
        self.kernel_size = tuple(kernel_size)
        self.depthwise = self.depth == 1 < groups
        self.planar = channels < FEW_CHANNELS and not self.depthwise

    def laid(self, x, pads):
        """x with its pads, and for depthwise with a copy of its channel for each kernel"""
        if self.depthwise and self.filters > self.channels:
            x = np.repeat(x, self.filters // self.channels, axis=-1)
        return pad(x, pads, planar=self.planar)

    def matrix(self, kernel):
        """(*K, C/G, F) -> (G, K·C/G, F/G)"""
        split = kernel.reshape(-1, self.groups, self.filters // self.groups)
        return np.moveaxis(split, 1, 0)

    def rows(self, y):
        """(N, *O, F) -> (G, M, F/G), a view"""
        return np.moveaxis(y.reshape(-1, self.groups, self.filters // self.groups), 1, 0)

    def columns(self, view):
        """(N, *O, *K, C) -> (G, M, K·C/G), a copy"""
        split = view.reshape(*view.shape[:-1], self.groups, self.depth)
        grouped = np.moveaxis(split, -2, 0)  # (G, N, *O, *K, C/G)
        cells = math.prod(view.shape[: self.rank + 1])
        if self.planar:
            taps = np.moveaxis(grouped, range(1, self.rank + 2), range(-self.rank - 1, 0))
            return taps.reshape(self.groups, -1, cells).swapaxes(1, 2)
        return grouped.reshape(self.groups, cells, -1)

    def multiply(self, rows, matrix):
        """rows @ matrix, in the memory order that `columns` has"""
        if self.planar:
            return (matrix.swapaxes(1, 2) @ rows.swapaxes(1, 2)).swapaxes(1, 2)
        return rows @ matrix

    def windows(self, columns, output_shape):
        """(G, M, K·C/G) -> (N, *O, *K, C)"""
        split = columns.reshape(
            self.groups, *output_shape[:-1], *self.kernel_size, self.depth
        )  # (G, N, *O, *K, C/G)
        together = np.moveaxis(split, 0, -2)
        return together.reshape(*together.shape[:-2], self.channels)

    def tap_rows(self, kernel, length):
        """For each tap its index and its weights, (1, F), for a row of cells: (length, F)"""
        for tap in taps(self.kernel_size):
            yield (..., *tap, slice(None)), np.repeat(kernel[tap], length, axis=0)

    def add_taps(self, view, kernel, y):
        """(N, *O, *K, F), (*K, 1, F) -> y, (N, *O, F)"""
        y[...] = 0
        product = np.empty_like(y)
        for tap, row in self.tap_rows(kernel, y.shape[-2]):
            y += np.multiply(view[tap], row, out=product)

    def stamp_taps(self, dy, kernel, view):
        """(N, *O, F), (*K, 1, F) -> view, (N, *O, *K, F), added to"""
        product = np.empty_like(dy)
        for tap, row in self.tap_rows(kernel, dy.shape[-2]):
            view[tap] += np.multiply(dy, row, out=product)

    def dot_taps(self, view, dy):
        """(N, *O, *K, F), (N, *O, F) -> (C, K, M)"""
        product = np.empty_like(dy)
        ones = np.ones(dy[..., 0].size, dy.dtype)  # ones @ x is faster than x.sum(0)
        found = []
        for tap in taps(self.kernel_size):
            np.multiply(view[(..., *tap, slice(None))], dy, out=product)
            found.append(ones @ product.reshape(-1, self.filters))
        return np.moveaxis(np.reshape(found, (len(found), self.groups, -1)), 0, 1)

    def tiles(self, output_shape):
        """Pairs of slices, of images and of rows, that cut the output into tiles of about TILE"""
        images, rows, *rest = output_shape[:-1]
        width = 4 * self.filters if self.depthwise else math.prod(self.kernel_size) * self.channels
        row = math.prod(rest) * width
        if row * rows > TILE:
            step = max(TILE // max(row, 1), 1)
            for n in range(images):
                for a in range(0, rows, step):
                    yield slice(n, n + 1), slice(a, min(a + step, rows))
        else:
            step = max(TILE // max(row * rows, 1), 1)
            for n in range(0, images, step):
                yield slice(n, n + step), slice(0, rows)
