"""The solutions of exercises, made from exercises/text/conv1d_conv2d.md."""

import numpy as np

picture_shape = (None, 16, 28, 16)


picture_shape_other = [None, 20 - 5 + 1, 30 - 3 + 1, 16]


series_parameters = 6208


series_parameters_other = 3 * 32 * 64 + 64


def conv1d(x, kernel, bias):
    """Return the output of Conv1D for one sample.

    x: (steps, channels); kernel: (k, channels, filters); bias: (filters,);
    result: (steps - k + 1, filters).
    """
    size, channels, filters = kernel.shape
    y = np.zeros((len(x) - size + 1, filters))
    for i in range(len(y)):
        for f in range(filters):
            y[i, f] = bias[f]
            for t in range(size):
                for c in range(channels):
                    y[i, f] += x[i + t, c] * kernel[t, c, f]
    return y


def conv1d_other(x, kernel, bias):
    """Loop over the cells of the window only: shift the whole input, mix its channels, add."""
    steps = len(x) - len(kernel) + 1
    return bias + sum(x[t : t + steps] @ tap for t, tap in enumerate(kernel))


def sliding_mean(x, size):
    """Return the means of all windows of `size` neighbours.

    x: (n,); result: (n - size + 1,).
    """
    y = np.zeros(len(x) - size + 1)
    for i in range(len(y)):
        for t in range(size):
            y[i] += x[i + t] / size
    return y


def sliding_mean_other(x, size):
    """Differences of the running total."""
    total = np.concatenate([[0], np.cumsum(x)])
    return (total[size:] - total[:-size]) / size


def window_matrix(x, kernel_size):
    """Return the windows of x, (H, W, C), as the rows of a matrix.

    kernel_size: (k_h, k_w);
    result: ((H - k_h + 1) * (W - k_w + 1), k_h * k_w * C).
    """
    k_h, k_w = kernel_size
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    windows = [x[i : i + k_h, j : j + k_w].ravel() for i in range(rows) for j in range(columns)]
    return np.array(windows)


def window_matrix_other(x, kernel_size):
    """A view with six axes, put into the right order: (oh, ow, C, k_h, k_w)."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size, axis=(0, 1))
    rows, columns = windows.shape[:2]
    return np.moveaxis(windows, 2, -1).reshape(rows * columns, -1)


def conv2d(x, kernel):
    """Return the output of Conv2D without a bias.

    x: (N, H, W, C); kernel: (k_h, k_w, C, F);
    result: (N, H - k_h + 1, W - k_w + 1, F).
    """
    k_h, k_w, _, filters = kernel.shape
    rows, columns = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    windows = [
        image[i : i + k_h, j : j + k_w].ravel()
        for image in x
        for i in range(rows)
        for j in range(columns)
    ]
    # (N * rows * columns, k_h * k_w * C) @ (k_h * k_w * C, F)
    y = np.array(windows) @ kernel.reshape(-1, filters)
    return y.reshape(len(x), rows, columns, filters)


def conv2d_other(x, kernel):
    """One product for each cell of the kernel, all places at once."""
    k_h, k_w = kernel.shape[:2]
    rows, columns = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    y = np.zeros((len(x), rows, columns, kernel.shape[-1]))
    for t, u in np.ndindex(k_h, k_w):
        y += x[:, t : t + rows, u : u + columns] @ kernel[t, u]
    return y


def multiply_adds(input_shape, kernel_size, filters):
    """Return the number of products for one picture.

    input_shape: (H, W, C); kernel_size: (k_h, k_w).
    """
    height, width, channels = input_shape
    k_h, k_w = kernel_size
    places = (height - k_h + 1) * (width - k_w + 1)
    return places * k_h * k_w * channels * filters


def multiply_adds_other(input_shape, kernel_size, filters):
    """Count them, place by place."""
    height, width, channels = input_shape
    products = 0
    for _ in range(0, height - kernel_size[0] + 1):
        for _ in range(0, width - kernel_size[1] + 1):
            products += channels * kernel_size[0] * kernel_size[1]
    return products * filters
