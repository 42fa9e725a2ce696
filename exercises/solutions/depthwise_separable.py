"""The solutions of exercises, made from exercises/text/depthwise_separable.md."""

import numpy as np

separable_parameters = 2400


separable_parameters_other = 3 * 3 * 32 + 32 * 64 + 64


def weight_ratio(kernel_size, channels, filters):
    """Return separable weights / full weights, a float; kernel_size is (k_h, k_w)."""
    taps = kernel_size[0] * kernel_size[1]
    return (taps * channels + channels * filters) / (taps * channels * filters)


def weight_ratio_other(kernel_size, channels, filters):
    """The channels cancel."""
    return 1 / filters + 1 / np.prod(kernel_size)


def channel_order(channels, depth_multiplier):
    """Return the input channel of each output, (channels * depth_multiplier,)."""
    return np.arange(channels * depth_multiplier) // depth_multiplier


def channel_order_other(channels, depth_multiplier):
    """Channel by channel."""
    return [c for c in range(channels) for _ in range(depth_multiplier)]


def cheaper(kernel_size, channels, filters, depth_multiplier):
    """Return "separable", "full" or "equal"; kernel_size is (k_h, k_w)."""
    taps = kernel_size[0] * kernel_size[1]
    between = channels * depth_multiplier
    separable = taps * between + between * filters
    full = taps * channels * filters
    if separable == full:
        return "equal"
    return "separable" if separable < full else "full"


def cheaper_other(kernel_size, channels, filters, depth_multiplier):
    """Divide both by the channels, and look at the sign of the difference."""
    taps = int(np.prod(kernel_size))
    difference = depth_multiplier * (taps + filters) - taps * filters
    return ["equal", "full", "separable"][int(np.sign(difference))]


def depthwise(x, kernel, strides):
    """Return the depthwise convolution of x (N, H, W, C) with kernel (k_h, k_w, C, M).

    `strides` is (s_h, s_w); the result has the shape (N, rows, columns, C * M).
    """
    k_h, k_w, channels, depth_multiplier = kernel.shape
    s_h, s_w = strides
    rows = (x.shape[1] - k_h) // s_h + 1
    columns = (x.shape[2] - k_w) // s_w + 1
    y = np.zeros((x.shape[0], rows, columns, channels * depth_multiplier))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w]
            for c in range(channels):
                for m in range(depth_multiplier):
                    products = window[..., c] * kernel[..., c, m]
                    y[:, i, j, c * depth_multiplier + m] = products.sum(axis=(1, 2))
    return y


def depthwise_other(x, kernel, strides):
    """Window view and einsum: c stays in the result, so it is not summed over."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], (1, 2))
    y = np.einsum("nijcab,abcm->nijcm", windows[:, :: strides[0], :: strides[1]], kernel)
    return y.reshape(*y.shape[:3], -1)


def separable(x, depthwise_kernel, pointwise_kernel, bias):
    """Return the separable convolution of x (N, H, W, C), (N, rows, columns, F).

    The kernels have the shapes (k_h, k_w, C, M) and (1, 1, C * M, F), the bias (F,).
    """
    k_h, k_w, channels, depth_multiplier = depthwise_kernel.shape
    rows, columns = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    between = np.zeros((x.shape[0], rows, columns, channels, depth_multiplier))
    for a in range(k_h):
        for b in range(k_w):
            shifted = x[:, a : a + rows, b : b + columns]
            between += shifted[..., None] * depthwise_kernel[a, b]
    between = between.reshape(*between.shape[:3], channels * depth_multiplier)
    return between @ pointwise_kernel[0, 0] + bias


def separable_other(x, depthwise_kernel, pointwise_kernel, bias):
    """Multiply the two kernels first: together they are one full kernel."""
    k_h, k_w, channels, depth_multiplier = depthwise_kernel.shape
    pointwise = pointwise_kernel.reshape(channels, depth_multiplier, -1)
    kernel = np.einsum("abcm,cmf->abcf", depthwise_kernel, pointwise)
    windows = np.lib.stride_tricks.sliding_window_view(x, (k_h, k_w), (1, 2))
    return np.einsum("nijcab,abcf->nijf", windows, kernel) + bias
