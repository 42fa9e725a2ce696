"""The solutions of exercises, made from exercises/text/fast.md."""

import numpy as np

matrix_bytes = 24772608


matrix_bytes_other = np.prod([8, 56, 48, 32]) * 9 * np.dtype("float32").itemsize


def winograd_products(rows, columns, channels, filters, tile):
    """Return the number of multiplications, an int."""
    tiles = -(-rows // tile) * -(-columns // tile)
    return tiles * (tile + 2) ** 2 * channels * filters


def winograd_products_other(rows, columns, channels, filters, tile):
    """Walk from tile to tile."""
    count = 0
    for _ in range(0, rows, tile):
        for _ in range(0, columns, tile):
            count += channels * filters * (tile + 2) * (tile + 2)
    return count


def shift_and_add(x, kernel):
    """Return x (N, H, W, C) convolved with kernel (k_h, k_w, C, F), as (N, rows, columns, F)."""
    k_h, k_w, _, filters = kernel.shape
    rows, columns = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    y = np.zeros((x.shape[0], rows, columns, filters))
    for a in range(k_h):
        for b in range(k_w):
            y += x[:, a : a + rows, b : b + columns] @ kernel[a, b]
    return y


def shift_and_add_other(x, kernel):
    """Window by window after all."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], (1, 2))
    return np.einsum("nijcab,abcf->nijf", windows, kernel)


def winograd_row(x, kernel):
    """Return the convolution of x (L,), L even, with kernel (3,), as (L - 2,)."""
    g0, g1, g2 = kernel
    plus, minus = (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2
    y = np.zeros(len(x) - 2)
    for i in range(0, len(y), 2):
        d0, d1, d2, d3 = x[i : i + 4]
        m1 = (d0 - d2) * g0
        m2 = (d1 + d2) * plus
        m3 = (d2 - d1) * minus
        m4 = (d1 - d3) * g2
        y[i], y[i + 1] = m1 + m2 + m3, m2 - m3 - m4
    return y


def winograd_row_other(x, kernel):
    """The trick as three matrices: outputs, kernel and cells."""
    outputs = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    weights = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    cells = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    tiles = np.lib.stride_tricks.sliding_window_view(x, 4)[::2]
    return ((tiles @ cells.T) * (weights @ kernel) @ outputs.T).ravel()


def by_fourier(x, kernel):
    """Return the convolution of x (H, W) with kernel (k_h, k_w), (H - k_h + 1, W - k_w + 1)."""
    product = np.fft.rfft2(x) * np.conj(np.fft.rfft2(kernel, x.shape))
    whole = np.fft.irfft2(product, x.shape)
    return whole[: x.shape[0] - kernel.shape[0] + 1, : x.shape[1] - kernel.shape[1] + 1]


def by_fourier_other(x, kernel):
    """Flip the kernel, convolve with room for everything, and cut both ends off."""
    (k_h, k_w), (rows, columns) = kernel.shape, x.shape
    size = rows + k_h - 1, columns + k_w - 1
    full = np.fft.ifft2(np.fft.fft2(x, size) * np.fft.fft2(kernel[::-1, ::-1], size)).real
    return full[k_h - 1 : rows, k_w - 1 : columns]


def by_matrix(x, kernel):
    """Return the convolution of x (H, W, C) with kernel (k_h, k_w, C, F), (rows, columns, F)."""
    k_h, k_w, channels, filters = kernel.shape
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    matrix = np.zeros((rows * columns, k_h * k_w * channels))
    for i in range(rows):
        for j in range(columns):
            window = x[i : i + k_h, j : j + k_w]
            matrix[i * columns + j] = window.ravel()
    weights = kernel.reshape(-1, filters)
    return (matrix @ weights).reshape(rows, columns, filters)


def by_matrix_other(x, kernel):
    """No matrix: tap by tap."""
    k_h, k_w = kernel.shape[:2]
    rows, columns = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    taps = np.ndindex(k_h, k_w)
    return sum(x[a : a + rows, b : b + columns] @ kernel[a, b] for a, b in taps)
