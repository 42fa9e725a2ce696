"""The solutions of exercises, made from exercises/text/transposed.md."""

import numpy as np

short_kernel = 20


short_kernel_other = (4 - 1) * 5 + max(2, 5)


doubling = {"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same"}


doubling_other = {"filters": 8, "kernel_size": (2, 8), "strides": (2, 1)}


def transposed_length(length, kernel_size, strides, padding, output_padding):
    """Return the output length, an int; `padding` is "valid" or "same"."""
    if padding == "same":
        last = strides if output_padding is None else kernel_size % 2 + output_padding
    else:
        last = max(kernel_size, strides) if output_padding is None else kernel_size + output_padding
    return (length - 1) * strides + last


def transposed_length_other(length, kernel_size, strides, padding, output_padding):
    """Let the scatter grow stamp by stamp, then correct its end."""
    scatter = kernel_size
    for _ in range(length - 1):
        scatter += strides
    if padding == "same":
        if output_padding is None:
            return strides * length
        return scatter - 2 * (kernel_size // 2) + output_padding
    if output_padding is None:
        return scatter if kernel_size > strides else scatter + strides - kernel_size
    return scatter + output_padding


def overlaps(length, kernel_size, strides):
    """Return the counts, ((length - 1) * strides + kernel_size,)."""
    counts = np.zeros((length - 1) * strides + kernel_size)
    for i in range(length):
        counts[i * strides : i * strides + kernel_size] += 1
    return counts


def overlaps_other(length, kernel_size, strides):
    """Spread the places of the stamps by a kernel of ones."""
    starts = np.zeros((length - 1) * strides + 1)
    starts[::strides] = 1
    return np.convolve(starts, np.ones(kernel_size))


def scatter(x, kernel, strides):
    """Return the scatter of x (N, L, C) with kernel (k, F, C), (N, (L - 1) * strides + k, F)."""
    batch, length, _ = x.shape
    size, filters, _ = kernel.shape
    y = np.zeros((batch, (length - 1) * strides + size, filters))
    for i in range(length):
        for t in range(size):
            y[:, i * strides + t] += x[:, i] @ kernel[t].T
    return y


def scatter_other(x, kernel, strides):
    """Stuff zeros between the cells, then convolve each pair of channels (np.convolve flips)."""
    stuffed = np.zeros((x.shape[0], (x.shape[1] - 1) * strides + 1, x.shape[2]))
    stuffed[:, ::strides] = x
    return np.array(
        [
            [
                sum(np.convolve(s[:, c], kernel[:, f, c]) for c in range(x.shape[2]))
                for f in range(kernel.shape[1])
            ]
            for s in stuffed
        ]
    ).transpose(0, 2, 1)


def crop(kernel_size, strides):
    """Return (before, after), the numbers of cells that "same" drops."""
    before = max(kernel_size - strides, 0) // 2
    return before, kernel_size - strides - before


def crop_other(kernel_size, strides):
    """Drop one cell after the other, beginning at the end."""
    before = after = 0
    while kernel_size - before - after > strides:
        if after > before:
            before += 1
        else:
            after += 1
    return before, after + min(kernel_size - strides, 0)


def stuffed(x, kernel, strides):
    """Return the scatter of x (H, W) with kernel (k_h, k_w).

    Its shape is ((H - 1) * s_h + k_h, (W - 1) * s_w + k_w).
    """
    (rows, columns), (k_h, k_w), (s_h, s_w) = x.shape, kernel.shape, strides
    wide = np.zeros(((rows - 1) * s_h + 1, (columns - 1) * s_w + 1))
    wide[::s_h, ::s_w] = x
    wide = np.pad(wide, [(k_h - 1, k_h - 1), (k_w - 1, k_w - 1)])
    flipped = kernel[::-1, ::-1]
    y = np.zeros((wide.shape[0] - k_h + 1, wide.shape[1] - k_w + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(wide[i : i + k_h, j : j + k_w] * flipped)
    return y


def stuffed_other(x, kernel, strides):
    """Stamp the kernel after all."""
    (k_h, k_w), (s_h, s_w) = kernel.shape, strides
    y = np.zeros(((x.shape[0] - 1) * s_h + k_h, (x.shape[1] - 1) * s_w + k_w))
    for i, j in np.ndindex(x.shape):
        y[i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w] += x[i, j] * kernel
    return y


def convolution_matrix(kernel, length, strides):
    """Return the matrix (outputs, length) of a convolution with kernel (k,)."""
    size = len(kernel)
    matrix = np.zeros(((length - size) // strides + 1, length))
    for i in range(len(matrix)):
        matrix[i, i * strides : i * strides + size] = kernel
    return matrix


def convolution_matrix_other(kernel, length, strides):
    """Its columns are the convolutions of the unit vectors (np.correlate does not flip)."""
    columns = [np.correlate(unit, kernel, "valid")[::strides] for unit in np.eye(length)]
    return np.transpose(columns)
