"""Exercises on pooling."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import pooling as solutions

_SHAPE, _POOL = (None, 28, 16, 8), 3
_POOLS, _STRIDES = (2, 3, 4), (2, 1, 4)

pooled_shape = Exercise(
    "The shape behind a pool",
    solutions.pooled_shape,
    hints=[
        "What are a pool's strides, if you do not give any?",
        "Under `same` a length n becomes ceil(n / s), and s is the pool_size here.",
        "`pooled_shape = (None, -(-28 // 3), ...)`",
    ],
    wrong=[
        Wrong(m.pool_stride_of_one, m.pool_stride_of_one(_SHAPE, _POOL)),
        Wrong(m.pool_always_halves, m.pool_always_halves(_SHAPE, _POOL)),
        Wrong(m.pool_windows_rounded_down, m.pool_windows_rounded_down(_SHAPE, _POOL)),
    ],
    explanation="strides=None means a stride of 3: 28 / 3 and 16 / 3, both rounded up. The "
    "channels stay.",
)

whole_shift = Exercise(
    "How far to the next cell",
    solutions.whole_shift,
    hints=[
        "One pool moves its output by one cell when its input moves by one stride.",
        "Behind each other, strides multiply.",
        "`whole_shift = 2 * 1 * ...`",
    ],
    wrong=[
        Wrong(m.pool_sizes_multiplied, m.pool_sizes_multiplied(_POOLS, _STRIDES)),
        Wrong(m.pool_strides_added, m.pool_strides_added(_POOLS, _STRIDES)),
        Wrong(m.pool_field_for_shift, m.pool_field_for_shift(_POOLS, _STRIDES)),
    ],
    explanation="The strides are 2, 1 and 4. The second pool moves with its input; the third needs "
    "4 cells, and each of them is 2 pixels.",
)

global_average = Exercise(
    "Global average pooling",
    solutions.global_average,
    [
        (integers(1, 2, 1),),
        (integers(2, 3, 2),),
        (integers(2, 3, 4, 5),),
        (integers(3, 4, 2, 2),),
        (integers(2, 2, 3, 4, 3),),
    ],
    hints=[
        "There is one window, and it covers every spatial axis.",
        "The spatial axes are 1, 2, ..., x.ndim - 2.",
        "`x.mean(axis=tuple(range(1, ...)))`",
    ],
    wrong=[
        Wrong(m.channels_pooled, m.channels_pooled),
        Wrong(m.one_axis_pooled, m.one_axis_pooled),
        Wrong(m.batch_pooled, m.batch_pooled),
    ],
    explanation="All axes but the first, the batch, and the last, the channels, are averaged away.",
)

average_pool = Exercise(
    "Average pooling under same",
    solutions.average_pool,
    [
        (integers(1, 3, 1), 2, 1),
        (np.arange(1.0, 6).reshape(1, 5, 1), 3, 1),
        (integers(2, 7, 3), 4, 2),
        (integers(2, 8, 2), 3, 3),
        (integers(1, 9, 2), 2, 4),
        (integers(2, 6, 1), 5, 2),
        (integers(1, 6, 2), 3, 7),
        (integers(1, 5, 1), 3, 2),
    ],
    hints=[
        "Find where each window begins and ends, and cut it off at the ends of the input.",
        "Window i begins at i * strides - before, with before = total // 2.",
        "`x[:, max(start, 0) : start + pool_size].mean(axis=1)`",
    ],
    wrong=[
        Wrong(m.padding_averaged_in, m.padding_averaged_in),
        Wrong(m.all_padding_after, m.all_padding_after),
    ],
    explanation="A slice that ends behind the input is cut off there by itself, so the mean is "
    "over the cells inside.",
)

max_pool = Exercise(
    "Max pooling in two dimensions",
    solutions.max_pool,
    [
        (-np.arange(1.0, 7).reshape(1, 2, 3, 1), (1, 2), (1, 1), "same"),
        (integers(1, 4, 5, 1), (2, 3), (2, 1), "valid"),
        (integers(2, 5, 4, 3), (3, 2), (1, 2), "valid"),
        (-1 - np.abs(integers(2, 5, 7, 2)), (2, 3), (3, 2), "same"),
        (integers(1, 6, 7, 2), (4, 3), (3, 2), "same"),
        (integers(2, 7, 7, 3), (2, 4), (2, 3), "valid"),
        (integers(1, 2, 4, 2), (1, 3), (5, 2), "same"),
        (integers(1, 5, 4, 2), (4, 3), (4, 1), "same"),
    ],
    hints=[
        "First find the windows of each axis, then take the maximum of every pair of them.",
        "On each axis: valid (n - k) // s + 1 windows, same ceil(n / s), from i * s - before on.",
        "`x[:, max(top, 0) : top + k_h, max(left, 0) : left + k_w].max(axis=(1, 2))`",
    ],
    wrong=[
        Wrong(m.padding_wins, m.padding_wins),
        Wrong(m.pair_exchanged, lambda x, k, s, p: solutions.max_pool(x, k[::-1], s[::-1], p)),
        Wrong(
            m.pool_windows_rounded_down,
            lambda x, k, s, p: solutions.max_pool(x, k, s, p)[
                :, : (x.shape[1] - k[0]) // s[0] + 1, : (x.shape[2] - k[1]) // s[1] + 1
            ],
        ),
    ],
    explanation="The padding is not there at all, so it cannot win: windows end at the edges.",
)

max_pool_gradient = Exercise(
    "Where the gradient goes",
    solutions.max_pool_gradient,
    [
        (np.array([1.0, 3, 2, 3]), np.array([10.0, 20]), 3, 1),
        (np.array([4.0, 4, 1, 1, 0]), np.array([1.0, 2]), 2, 2),
        (np.array([0.0, 5, 5, 5, 0, 1]), np.array([1.0, 10, 100, 1000]), 3, 1),
        (integers(9), integers(4), 3, 2),
        (integers(10), integers(3), 2, 4),
    ],
    hints=[
        "Only the winner of a window can change its output.",
        "dx[winner of window i] += dy[i]",
        "`start + np.argmax(x[start : start + pool_size])`",
    ],
    wrong=[
        Wrong(m.tie_shared, m.tie_shared),
        Wrong(m.last_tie_wins, m.last_tie_wins),
        Wrong(m.gradient_averaged, m.gradient_averaged),
        Wrong(m.overlap_overwritten, m.overlap_overwritten),
    ],
    explanation="np.argmax gives the first of the largest cells, and += adds up what overlapping "
    "windows hand down.",
)
