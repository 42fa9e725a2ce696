"""The oracle: every rule written once more as plain loops, for any rank, with NumPy only.

Nothing here is fast or shares code with convlib. Arrays are channels last.
"""

import itertools

import numpy as np


def cells(shape):
    return itertools.product(*map(range, shape))


def same_pads(length, kernel_size, stride, dilation):
    """Try every total number of zeros, fewest first, until ceil(length / stride) windows fit."""
    total, wanted = 0, (length + stride - 1) // stride
    while len(range(0, length + total - (kernel_size - 1) * dilation, stride)) < wanted:
        total += 1
    return total // 2, total - total // 2


def convolve(x, kernel, strides, pads, dilation_rate, groups=1):
    """x (N, *S, C), kernel (*K, C/G, F) -> (N, *O, F), cell by cell."""
    *kernel_size, depth, filters = kernel.shape
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    output = [
        len(range(0, n - (k - 1) * d, s))
        for n, k, s, d in zip(x.shape[1:-1], kernel_size, strides, dilation_rate, strict=True)
    ]
    y = np.zeros((len(x), *output, filters), x.dtype)
    for image, f in cells((len(x), filters)):
        group = f // (filters // groups)
        for o in cells(output):
            for t in cells(kernel_size):
                cell = [
                    a * s + b * d for a, b, s, d in zip(o, t, strides, dilation_rate, strict=True)
                ]
                for c in range(depth):
                    y[(image, *o, f)] += x[(image, *cell, group * depth + c)] * kernel[(*t, c, f)]
    return y


def scatter(x, kernel, strides, dilation_rate):
    """x (N, *S, C), kernel (*K, F, C) -> the full scatter (N, *full, F), stamp by stamp."""
    *kernel_size, filters, channels = kernel.shape
    full = [
        (n - 1) * s + (k - 1) * d + 1
        for n, k, s, d in zip(x.shape[1:-1], kernel_size, strides, dilation_rate, strict=True)
    ]
    y = np.zeros((len(x), *full, filters), x.dtype)
    for image, c, f in cells((len(x), channels, filters)):
        for i in cells(x.shape[1:-1]):
            for t in cells(kernel_size):
                cell = [
                    a * s + b * d for a, b, s, d in zip(i, t, strides, dilation_rate, strict=True)
                ]
                y[(image, *cell, f)] += x[(image, *i, c)] * kernel[(*t, f, c)]
    return y


def pool(x, pool_size, strides, pads, reduce):
    """x (N, *S, C) -> (N, *O, C): `reduce` of the list of the cells of each window inside x."""
    output = [
        (n + before + after - k) // s + 1
        for n, k, s, (before, after) in zip(x.shape[1:-1], pool_size, strides, pads, strict=True)
    ]
    y = np.zeros((len(x), *output, x.shape[-1]), x.dtype)
    for image, c in cells((len(x), x.shape[-1])):
        for o in cells(output):
            values = []
            for t in cells(pool_size):
                cell = [a * s + b - p for a, b, s, (p, _) in zip(o, t, strides, pads, strict=True)]
                if all(0 <= i < n for i, n in zip(cell, x.shape[1:-1], strict=True)):
                    values.append(x[(image, *cell, c)])
            y[(image, *o, c)] = reduce(values)
    return y
