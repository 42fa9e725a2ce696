"""The solutions of exercises, made from exercises/text/conv2d_arguments.md."""

import numpy as np

grouped_kernel = (5, 3, 2, 12)


grouped_kernel_other = [5, 3, 6 // 3, 12]


def count_params(kernel_size, channels, filters, groups, use_bias):
    """Return the number of parameters.

    kernel_size: a tuple with one number per axis.
    """
    weights = int(np.prod(kernel_size)) * (channels // groups) * filters
    return weights + filters if use_bias else weights


def count_params_other(kernel_size, channels, filters, groups, use_bias):
    """Add up the groups, each a small layer of its own."""
    total = 0
    for _ in range(groups):
        one_group = np.zeros((*kernel_size, channels // groups, filters // groups))
        total += one_group.size + use_bias * one_group.shape[-1]
    return total


ten_by_ten = {"filters": 4, "kernel_size": 19}


ten_by_ten_other = {"filters": 4, "kernel_size": [3, 5], "strides": (3, 3), "padding": "same"}


def glorot_limit(kernel_size, channels, filters, groups):
    """Return the largest weight that glorot_uniform can draw.

    kernel_size: (k_h, k_w).
    """
    cells = kernel_size[0] * kernel_size[1]
    fan_in = cells * channels // groups
    fan_out = cells * filters
    return np.sqrt(6 / (fan_in + fan_out))


def glorot_limit_other(kernel_size, channels, filters, groups):
    """From the shape of the kernel."""
    *window, depth, width = (*kernel_size, channels // groups, filters)
    return (6 / ((depth + width) * float(np.prod(window)))) ** 0.5


def penalties(kernel, y, l2):
    """Return (penalty of the kernel, penalty of the output).

    kernel: (k_h, k_w, C, F); y: the output, (N, H, W, F).
    """
    return l2 * float(np.sum(kernel**2)), l2 * float(np.sum(y**2)) / len(y)


def penalties_other(kernel, y, l2):
    """One sample after the other, and their mean."""
    samples = [l2 * float(np.vdot(sample, sample)) for sample in y]
    return l2 * float(np.vdot(kernel, kernel)), sum(samples) / len(samples)


def limit_norms(kernel, max_value):
    """Return the kernel with no filter's norm above max_value.

    kernel: (k_h, k_w, C, F).
    """
    norms = np.sqrt(np.sum(kernel**2, axis=(0, 1, 2)))
    return kernel * np.minimum(1, max_value / norms)


def limit_norms_other(kernel, max_value):
    """Filter by filter, in a copy."""
    limited = kernel.copy()
    for f in range(kernel.shape[-1]):
        norm = np.linalg.norm(kernel[..., f])
        if norm > max_value:
            limited[..., f] = kernel[..., f] / norm * max_value
    return limited


def grouped_conv2d(x, kernel):
    """Return the output of a grouped Conv2D.

    x: (N, H, W, C); kernel: (k_h, k_w, C / G, F);
    result: (N, H - k_h + 1, W - k_w + 1, F).
    """
    k_h, k_w, depth, filters = kernel.shape
    share = filters // (x.shape[-1] // depth)  # filters in a group
    rows, columns = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    y = np.zeros((len(x), rows, columns, filters))
    for f in range(filters):
        first = f // share * depth
        for t in range(k_h):
            for u in range(k_w):
                window = x[:, t : t + rows, u : u + columns, first : first + depth]
                y[..., f] += window @ kernel[t, u, :, f]
    return y


def grouped_conv2d_other(x, kernel):
    """An ordinary convolution for each group, side by side."""
    groups = x.shape[-1] // kernel.shape[2]
    parts = []
    pairs = zip(np.split(x, groups, -1), np.split(kernel, groups, -1), strict=True)
    for part, weights in pairs:
        size = weights.shape[:2]
        windows = np.lib.stride_tricks.sliding_window_view(part, size, axis=(1, 2))
        parts.append(np.einsum("nijctu,tucf->nijf", windows, weights))
    return np.concatenate(parts, axis=-1)
