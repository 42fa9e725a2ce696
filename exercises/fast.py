"""Exercises on how libraries make it fast."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import fast as solutions

_SHAPE, _KERNEL, _FILTERS = (8, 56, 48, 32), 3, 48

matrix_bytes = Exercise(
    "The memory of the window matrix",
    solutions.matrix_bytes,
    hints=[
        "How many windows are there, and how many numbers has each?",
        "N * H * W rows of k * k * C numbers, four bytes each.",
        "`matrix_bytes = 8 * 56 * 48 * 3 * 3 * ...`",
    ],
    wrong=[
        Wrong(m.matrix_of_valid_windows, m.matrix_of_valid_windows(_SHAPE, _KERNEL)),
        Wrong(m.matrix_of_one_channel, m.matrix_of_one_channel(_SHAPE, _KERNEL)),
        Wrong(m.matrix_of_one_picture, m.matrix_of_one_picture(_SHAPE, _KERNEL)),
        Wrong(m.matrix_of_filters, m.matrix_of_filters(_SHAPE, _KERNEL, _FILTERS)),
        Wrong(m.matrix_of_doubles, m.matrix_of_doubles(_SHAPE, _KERNEL)),
    ],
    explanation="21,504 windows of 288 numbers of 4 bytes: nine times the memory of the input.",
)

winograd_products = Exercise(
    "The multiplications of Winograd's trick",
    solutions.winograd_products,
    [
        (4, 4, 1, 1, 2),
        (3, 5, 1, 1, 2),
        (6, 4, 3, 2, 1),
        (12, 10, 4, 8, 4),
        (7, 9, 2, 3, 4),
    ],
    hints=[
        "Count the tiles first. Does every output lie in one?",
        "ceil(rows / tile) * ceil(columns / tile) tiles of (tile + 2) ** 2 products.",
        "`tiles = -(-rows // tile) * -(-columns // tile)`",
    ],
    wrong=[
        Wrong(m.tiles_rounded_down, m.tiles_rounded_down),
        Wrong(m.tiles_of_one_axis, m.tiles_of_one_axis),
        Wrong(m.products_of_the_direct_way, m.products_of_the_direct_way),
    ],
    explanation="For tile 2 that is 16 products for four outputs instead of 36, for tile 4 it is "
    "36 for sixteen instead of 144, at the edges less gain.",
)

shift_and_add = Exercise(
    "Shift and add",
    solutions.shift_and_add,
    [
        (integers(1, 2, 3, 1), integers(1, 2, 1, 1)),
        (integers(1, 4, 5, 2), integers(3, 2, 2, 1)),
        (integers(2, 5, 4, 3), integers(2, 3, 3, 2)),
        (integers(2, 6, 3, 1), integers(4, 1, 1, 3)),
    ],
    hints=[
        "For one tap, every window asks for one pixel: together these are a part of the picture.",
        "y = sum over a, b of x[:, a : a + rows, b : b + columns] @ kernel[a, b]",
        "`y += x[:, a : a + rows, b : b + columns] @ kernel[a, b]`",
    ],
    wrong=[
        Wrong(
            m.shifted_the_wrong_way,
            lambda x, k: solutions.shift_and_add(x, m.shifted_the_wrong_way(k)),
        ),
        Wrong(m.last_tap_only, m.last_tap_only),
        Wrong(
            m.first_channel_only,
            lambda x, k: solutions.shift_and_add(*m.first_channel_only(x, k)),
        ),
    ],
    explanation="There are as many steps as taps, and each is a matrix product over all pixels.",
)

winograd_row = Exercise(
    "Winograd's trick along a row",
    solutions.winograd_row,
    [
        (np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 1])),
        (np.array([1.0, -2, 0, 5]), np.array([3.0, -1, 2])),
        (integers(6), np.array([1.0, 2, 4])),
        (integers(10), np.array([-1.0, 0, 2])),
    ],
    hints=[
        "Only m1 holds d0 g0, only m4 holds d3 g2. Which outputs need them, with which sign?",
        "y0 = m1 + m2 + m3, and y1 = m2 - m3 - m4.",
        "`for i in range(0, len(x) - 2, 2): d0, d1, d2, d3 = x[i : i + 4]`",
    ],
    wrong=[
        Wrong(m.fourth_product_negated, m.fourth_product_negated),
        Wrong(m.halves_forgotten, m.halves_forgotten),
        Wrong(m.tiles_side_by_side, m.tiles_side_by_side),
        Wrong(m.kernel_flipped, lambda x, k: solutions.winograd_row(x, k[::-1])),
    ],
    explanation="m2 + m3 and m2 - m3 are d1 g1 + d2 (g0 + g2) and its mirror image; m1 and m4 put "
    "right what is wrong at the ends.",
)

by_fourier = Exercise(
    "By Fourier transforms",
    solutions.by_fourier,
    [
        (integers(1, 4), integers(1, 2)),
        (integers(4, 5), integers(2, 3)),
        (integers(6, 5), integers(3, 2)),
        (integers(7, 9), integers(4, 4)),
        (integers(8, 3), integers(3, 1)),
    ],
    hints=[
        "A product of spectra is a convolution of pictures that repeat, with a flipped kernel.",
        "The inverse transform of X * conj(K), cut to H - k_h + 1 rows and W - k_w + 1 columns.",
        "`np.fft.irfft2(np.fft.rfft2(x) * np.conj(np.fft.rfft2(kernel, x.shape)), x.shape)`",
    ],
    wrong=[
        Wrong(m.conjugate_left_out, m.conjugate_left_out),
        Wrong(m.wrapped_windows_kept, m.wrapped_windows_kept),
        Wrong(m.cut_at_the_start, m.cut_at_the_start),
        Wrong(m.kernel_flipped, lambda x, k: solutions.by_fourier(x, k[::-1, ::-1])),
    ],
    explanation="The conjugate flips the kernel once more, back to what it was; windows that reach "
    "over the end wrap round and are cut off.",
)

by_matrix = Exercise(
    "A bug hunt",
    solutions.by_matrix,
    [
        (integers(2, 4, 1), integers(1, 1, 1, 1)),
        (integers(3, 5, 2), integers(2, 2, 2, 3)),
        (integers(4, 6, 3), integers(1, 2, 3, 2)),
        (integers(5, 7, 1), integers(3, 2, 1, 4)),
    ],
    hints=[
        "Try it with kernels of one cell and one filter first: then only one of the faults shows.",
        "Window (i, j) is row i * columns + j of the matrix; the kernel ends with the filters.",
        "`weights = kernel.reshape(-1, filters)`",
    ],
    wrong=[
        Wrong(m.matrix_code_unchanged, m.matrix_code_unchanged),
        Wrong(m.windows_numbered_by_height, m.windows_numbered_by_height),
        Wrong(m.filters_cut_through, m.filters_cut_through),
    ],
    explanation="Both the windows and the weights must be in the order in which NumPy stores them.",
)
