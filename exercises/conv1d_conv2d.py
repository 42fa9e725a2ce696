"""Exercises on Conv1D and Conv2D."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import conv1d_conv2d as solutions

picture_shape = Exercise(
    "The shape behind a window that is not square",
    solutions.picture_shape,
    hints=[
        "Height and width each lose something of their own; the channels are new.",
        "A length n becomes n - k + 1. kernel_size is (height, width).",
        "`picture_shape = (None, 20 - 5 + 1, ...)`",
    ],
    wrong=[
        Wrong(m.window_turned, m.window_turned((None, 20, 30, 4), 16, (5, 3))),
        Wrong(m.channels_kept, (None, 16, 28, 4)),
        Wrong(m.size_kept, (None, 20, 30, 16)),
        Wrong(m.window_taken_off, m.window_taken_off((None, 20, 30, 4), 16, (5, 3))),
    ],
    explanation="A window of 5 rows has 20 - 5 + 1 = 16 places, one of 3 columns 30 - 3 + 1 = 28; "
    "the 16 filters make 16 channels.",
)

series_parameters = Exercise(
    "The parameters of a Conv1D",
    solutions.series_parameters,
    hints=[
        "How many numbers does one filter hold? It spans all channels.",
        "k * channels * filters + filters",
        "`series_parameters = 3 * 32 * 64 + ...`",
    ],
    wrong=[
        Wrong(m.depth_forgotten, m.depth_forgotten((3,), 32, 64)),
        Wrong(m.bias_forgotten, m.bias_forgotten((3,), 32, 64)),
        Wrong(m.one_bias_for_all, m.one_bias_for_all((3,), 32, 64)),
        Wrong(m.weights_for_every_place, m.weights_for_every_place((10, 32), 3, 64)),
    ],
    explanation="Each of 64 filters has 3 * 32 weights and one bias. The steps do not count: the "
    "same weights serve every window.",
)

conv1d = Exercise(
    "Conv1D by loops",
    solutions.conv1d,
    [
        (np.array([[1.0], [2], [4]]), np.array([[[1.0]], [[2]]]), np.array([0.0])),
        (np.arange(8.0).reshape(4, 2), integers(2, 2, 1), np.array([1.0])),
        (integers(7, 3), integers(3, 3, 2), np.array([1.0, -2])),
        (integers(5, 2), integers(5, 2, 4), integers(4)),
        (integers(6, 4), integers(1, 4, 3), integers(3)),
    ],
    hints=[
        "One number of the output is one sum over a window and over all its channels.",
        "y[i, f] = bias[f] + sum over t, c of x[i + t, c] * kernel[t, c, f]",
        "`y[i, f] += x[i + t, c] * kernel[t, c, f]`",
    ],
    wrong=[
        Wrong(m.kernel_flipped, lambda x, k, b: solutions.conv1d(x, m.kernel_flipped(k), b)),
        Wrong(
            m.first_channel_only, lambda x, k, b: solutions.conv1d(*m.first_channel_only(x, k), b)
        ),
        Wrong(m.last_window_lost, lambda x, k, b: m.last_window_lost(solutions.conv1d(x, k, b))),
        Wrong(m.bias_not_added, lambda x, k, b: solutions.conv1d(x, k, m.bias_not_added(b))),
    ],
    explanation="The kernel is laid on the input as it is, not flipped, and each filter sums over "
    "all channels.",
)

sliding_mean = Exercise(
    "A bug hunt",
    solutions.sliding_mean,
    [
        (np.array([2.0, 4, 9]), 2),
        (np.array([2.0, 4, 9]), 1),
        (np.array([3.0, 1, 8]), 3),
        (np.array([0.0, 5, 1, 1, 3, 8, 4]), 3),
        (np.array([1.0, -2, 4, 6, 0]), 4),
    ],
    hints=[
        "Run the given code in your head for x = [2, 4, 9]. Which windows does it visit, and what "
        "does y[0] hold after each of them?",
        "There are len(x) - size + 1 windows, and each mean is a sum of `size` terms.",
        "`y[i] += x[i + t] / size`",
    ],
    wrong=[
        Wrong(m.left_as_it_was, m.left_as_it_was),
        Wrong(m.sum_overwritten, m.sum_overwritten),
        Wrong(m.last_window_left_at_zero, m.last_window_left_at_zero),
    ],
    explanation="The outer loop stopped one window early; the inner one kept only its last term.",
)

window_matrix = Exercise(
    "The windows of a picture as a matrix",
    solutions.window_matrix,
    [
        (np.arange(12.0).reshape(3, 4, 1), (2, 2)),
        (np.arange(12.0).reshape(2, 3, 2), (2, 2)),
        (np.arange(40.0).reshape(4, 5, 2), (3, 2)),
        (np.arange(60.0).reshape(5, 4, 3), (1, 4)),
    ],
    hints=[
        "Two nested loops visit the windows; the numbers of one window become one row.",
        "Row i * columns + j holds x[i : i + k_h, j : j + k_w].",
        "`x[i : i + k_h, j : j + k_w].ravel()`",
    ],
    wrong=[
        Wrong(m.windows_down_first, m.windows_down_first),
        Wrong(m.channel_by_channel, m.channel_by_channel),
        Wrong(
            m.windows_as_columns, lambda x, k: m.windows_as_columns(solutions.window_matrix(x, k))
        ),
        Wrong(
            m.window_sides_exchanged,
            lambda x, k: solutions.window_matrix(x, m.window_sides_exchanged(k)),
        ),
    ],
    explanation="ravel() writes a window in the order in which it is stored, the order in which "
    "kernel.reshape(-1, filters) writes the weights.",
)

conv2d = Exercise(
    "Conv2D by one matrix product",
    solutions.conv2d,
    [
        (np.arange(9.0).reshape(1, 3, 3, 1), np.arange(4.0).reshape(2, 2, 1, 1)),
        (integers(1, 3, 4, 2), integers(2, 2, 2, 1)),
        (integers(2, 5, 6, 3), integers(3, 2, 3, 4)),
        (integers(2, 4, 7, 2), integers(1, 4, 2, 3)),
    ],
    hints=[
        "A window and a filter hold equally many numbers, in the same order. Their sum of products "
        "is one number of the output.",
        "(places, k_h * k_w * C) @ (k_h * k_w * C, F) gives (places, F).",
        "`y = matrix @ kernel.reshape(-1, filters)`",
    ],
    wrong=[
        Wrong(m.kernel_flipped, lambda x, k: solutions.conv2d(x, m.kernel_flipped(k))),
        Wrong(m.kernel_misread, lambda x, k: solutions.conv2d(x, m.kernel_misread(k))),
        Wrong(m.places_misfolded, lambda x, k: m.places_misfolded(solutions.conv2d(x, k))),
        Wrong(m.first_channel_only, lambda x, k: solutions.conv2d(*m.first_channel_only(x, k))),
    ],
    explanation="A filter is a column of kernel.reshape(-1, filters), in the order of a window's "
    "row, height, width, channel.",
)

multiply_adds = Exercise(
    "Multiply-adds",
    solutions.multiply_adds,
    [
        ((4, 5, 2), (3, 2), 1),
        ((4, 5, 2), (3, 2), 6),
        ((9, 4, 1), (2, 4), 3),
        ((28, 28, 1), (3, 3), 8),
        ((13, 11, 8), (1, 1), 16),
    ],
    hints=[
        "How many numbers does the output have, and how many products make one of them?",
        "places * (k_h * k_w * channels) * filters, with n - k + 1 places along each axis.",
        "`places = (height - k_h + 1) * (width - k_w + 1)`",
    ],
    wrong=[
        Wrong(m.a_place_for_every_pixel, m.a_place_for_every_pixel),
        Wrong(m.one_channel_multiplied, m.one_channel_multiplied),
        Wrong(m.weights_for_products, m.weights_for_products),
    ],
    explanation="Every place and filter makes one number out of k_h * k_w * channels products.",
)
