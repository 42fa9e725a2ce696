"""Exercises on transposed convolutions."""

import numpy as np

from convlib import Conv2DTranspose
from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import transposed as solutions
from exercises.values import single


def _doubles(answer):
    if not isinstance(answer, dict):
        return (
            "Give a dict of Conv2DTranspose's arguments, such as {'filters': 1, 'kernel_size': 3}."
        )
    given, wanted = (None, 7, 7, 16), (None, 14, 14, 8)
    shape = Conv2DTranspose(**answer).compute_output_shape(given)
    return None if shape == wanted else f"Your layer maps {given} to {shape}, not to {wanted}."


short_kernel = Exercise(
    "A short kernel",
    solutions.short_kernel,
    hints=[
        "The stamps do not touch here. Does the output end with the last stamp?",
        "Under `valid` the length is (n - 1) * s + max(k, s).",
        "`short_kernel = (4 - 1) * 5 + ...`",
    ],
    wrong=[
        Wrong(m.stamps_only, m.stamps_only(4, 2, 5)),
        Wrong(m.divided_for_multiplied, m.divided_for_multiplied(4, 2, 5)),
    ],
    explanation="The last stamp begins at 15 and ends at 17, but every input cell has 5 cells of "
    "the output. The last three hold the bias.",
)

doubling = Exercise(
    "From 7 by 7 to 14 by 14",
    solutions.doubling,
    judge=_doubles,
    hints=[
        "The length doubles, the channels become 8. Which argument decides on each?",
        "Under `same` a length n becomes n * strides; `filters` is the number of output channels.",
        '`doubling = {"filters": 8, "kernel_size": 3, "strides": 2, ...}`',
    ],
    wrong=[
        Wrong(
            m.doubled_under_valid,
            m.doubled_under_valid(),
            lambda answer: (
                single(answer["strides"]) == 2 and answer.get("padding", "valid") == "valid"
            ),
        ),
        Wrong(
            m.filters_of_the_input,
            m.filters_of_the_input(),
            lambda answer: single(answer["filters"]) == 16,
        ),
    ],
    explanation="Under `same`, 7 * 2 = 14 whatever the kernel. Under `valid` a kernel of 2 does it "
    "too: 6 * 2 + 2 = 14.",
)

transposed_length = Exercise(
    "The output length",
    solutions.transposed_length,
    [
        (3, 2, 1, "valid", None),
        (5, 3, 2, "valid", None),
        (5, 3, 2, "same", None),
        (5, 2, 3, "valid", None),
        (5, 3, 2, "valid", 1),
        (5, 3, 2, "same", 0),
        (4, 4, 3, "same", 1),
        (6, 2, 4, "valid", 3),
        (1, 5, 3, "same", 2),
    ],
    hints=[
        "The last stamp begins at (n - 1) * s. What follows depends on the padding.",
        "After it: valid max(k, s), same s; with output_padding p: valid k + p, same k % 2 + p.",
        "`last = strides if output_padding is None else kernel_size % 2 + output_padding`",
    ],
    wrong=[
        Wrong(m.stamps_only, m.stamps_only),
        Wrong(m.output_padding_on_top, m.output_padding_on_top),
        Wrong(m.output_padding_overlooked, m.output_padding_overlooked),
        Wrong(m.stride_multiplies, m.stride_multiplies),
    ],
    explanation="All lengths begin with (n - 1) * s. Without output_padding Keras chooses the "
    "rest; with it, you do.",
)

overlaps = Exercise(
    "Overlaps",
    solutions.overlaps,
    [(2, 2, 1), (3, 3, 2), (4, 2, 3), (4, 5, 2), (5, 4, 3), (6, 3, 1)],
    hints=[
        "Make a row of zeros as long as the scatter, and let every input cell leave its mark.",
        "Input cell i reaches the cells i * s to i * s + k - 1.",
        "`counts[i * strides : i * strides + kernel_size] += 1`",
    ],
    wrong=[
        Wrong(m.overlap_counted_once, m.overlap_counted_once),
        Wrong(m.stamps_one_apart, m.stamps_one_apart),
        Wrong(m.windows_counted_in_the_input, m.windows_counted_in_the_input),
    ],
    explanation="Away from the ends the counts are all the same only if s divides k; else they "
    "alternate: the checkerboard.",
)

scatter = Exercise(
    "Stamp by stamp",
    solutions.scatter,
    [
        (np.array([[[1.0], [2]]]), np.array([[[10.0]], [[1]]]), 1),
        (integers(1, 3, 1), integers(3, 1, 1), 2),
        (integers(2, 4, 3), integers(3, 2, 3), 2),
        (integers(2, 3, 2), integers(2, 4, 2), 3),
        (integers(2, 5, 2), integers(4, 3, 2), 1),
    ],
    hints=[
        "Loop over the input cells and the kernel's taps, and add to the output.",
        "y[n, i * s + t, f] += sum over c of x[n, i, c] * kernel[t, f, c]",
        "`y[:, i * strides + t] += x[:, i] @ kernel[t].T`",
    ],
    wrong=[
        Wrong(m.stamp_flipped, lambda x, k, s: solutions.scatter(x, m.stamp_flipped(k), s)),
        Wrong(m.stamps_overwritten, m.stamps_overwritten),
        Wrong(m.stamps_side_by_side, m.stamps_side_by_side),
    ],
    explanation="kernel[t].T has the shape (C, F), so the product sums over the input's channels.",
)

crop = Exercise(
    "What same cuts off",
    solutions.crop,
    [(4, 1), (1, 1), (2, 1), (3, 2), (2, 3), (3, 3), (7, 3), (6, 3), (1, 4)],
    hints=[
        "How many cells has the scatter more than the output?",
        "k - s of them; max(k - s, 0) // 2 go at the start.",
        "`before = max(kernel_size - strides, 0) // 2`",
    ],
    wrong=[
        Wrong(m.odd_crop_before, m.odd_crop_before),
        Wrong(m.crop_of_stride_one, m.crop_of_stride_one),
        Wrong(m.crop_never_negative, m.crop_never_negative),
        Wrong(m.missing_cells_shared, m.missing_cells_shared),
    ],
    explanation="The difference of the two lengths is k - s, whatever n. The start gets half of "
    "it, rounded down, and the end the rest.",
)

stuffed = Exercise(
    "Stuff zeros, then convolve",
    solutions.stuffed,
    [
        (integers(1, 2), integers(1, 2), (1, 1)),
        (integers(2, 3), integers(3, 2), (2, 3)),
        (integers(3, 2), integers(2, 2), (1, 2)),
        (integers(3, 4), integers(2, 3), (3, 1)),
        (integers(2, 2), integers(1, 2), (2, 3)),
    ],
    hints=[
        "Make a picture of zeros, write x into every s-th row and column, pad, and slide.",
        "The stuffed picture has (n - 1) * s + 1 cells on each axis, and k - 1 more at each side.",
        "`wide[::s_h, ::s_w] = x`",
    ],
    wrong=[
        Wrong(
            m.kernel_not_flipped,
            lambda x, k, s: solutions.stuffed(x, m.kernel_not_flipped(k), s),
        ),
        Wrong(
            m.flipped_on_one_axis,
            lambda x, k, s: solutions.stuffed(x, m.flipped_on_one_axis(k), s),
        ),
        Wrong(
            m.too_many_zeros_stuffed,
            lambda x, k, s: solutions.stuffed(x, k, m.too_many_zeros_stuffed(s)),
        ),
        Wrong(m.pair_exchanged, lambda x, k, s: solutions.stuffed(x, k, m.pair_exchanged(s))),
    ],
    explanation="A window of the stuffed picture meets each stamp's value from the other side: "
    "hence the flip.",
)

convolution_matrix = Exercise(
    "The matrix",
    solutions.convolution_matrix,
    [
        (np.array([1.0, 2]), 3, 1),
        (np.array([1.0, 2, 4]), 5, 1),
        (np.array([1.0, -2, 3]), 7, 2),
        (np.array([3.0, 1]), 8, 3),
        (np.array([2.0, 0, 0, 1]), 6, 1),
    ],
    hints=[
        "Row i says what output i takes from each cell: the kernel, at its place, and zeros.",
        "There are (length - k) // s + 1 rows, and the kernel of row i begins in column i * s.",
        "`matrix[i, i * strides : i * strides + size] = kernel`",
    ],
    wrong=[
        Wrong(m.kernel_flipped, lambda k, n, s: solutions.convolution_matrix(np.flip(k), n, s)),
        Wrong(
            m.matrix_transposed,
            lambda k, n, s: m.matrix_transposed(solutions.convolution_matrix(k, n, s)),
        ),
        Wrong(m.rows_one_apart, m.rows_one_apart),
    ],
    explanation="Each row is one window. Read by columns, the same matrix holds the stamps.",
)
