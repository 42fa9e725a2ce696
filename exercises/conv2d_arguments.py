"""Exercises on the arguments of Conv2D."""

import functools

import numpy as np

from convlib import Conv2D
from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import conv2d_arguments as solutions
from exercises.values import single


def _maps(arguments, before, after):
    """What Conv2D with these arguments does instead of mapping before to after, or None."""
    if not isinstance(arguments, dict):
        return "Give a dict of Conv2D's arguments, such as {'filters': 1, 'kernel_size': 3}."
    layer = Conv2D(**arguments)
    layer.build((None, *before))
    found = layer.compute_output_shape((None, *before))[1:]
    return None if found == after else f"Your layer maps {before} to {found}, not to {after}."


grouped_kernel = Exercise(
    "The kernel of a grouped layer",
    solutions.grouped_kernel,
    hints=[
        "How many channels does one filter read, and how many filters are there in all?",
        "(k_h, k_w, channels / groups, filters)",
        "`grouped_kernel = (5, 3, 6 // 3, ...)`",
    ],
    wrong=[
        Wrong(m.groups_without_effect, m.groups_without_effect((5, 3), 6, 12, 3)),
        Wrong(m.groups_divide_both, m.groups_divide_both((5, 3), 6, 12, 3)),
        Wrong(m.groups_divide_filters, m.groups_divide_filters((5, 3), 6, 12, 3)),
        Wrong(m.filters_before_channels, m.filters_before_channels((5, 3), 6, 12, 3)),
    ],
    explanation="Each of the 12 filters reads the 2 channels of its group. One array holds the "
    "filters of all groups.",
)


def _parameters(rule, kernel_size, channels, filters, groups, use_bias):
    """The parameters of a layer whose kernel has the shape that a rule says."""
    shape = rule(kernel_size, channels, filters, groups)
    return int(np.prod(shape)) + filters * use_bias


count_params = Exercise(
    "Counting parameters",
    solutions.count_params,
    [
        ((3,), 32, 64, 1, True),
        ((3,), 32, 64, 1, False),
        ((3, 3), 1, 64, 1, True),
        ((5, 3), 6, 12, 3, False),
        ((2, 3), 8, 4, 4, True),
        ((1, 1), 10, 5, 5, True),
        ((2, 3, 4), 2, 6, 2, True),
    ],
    hints=[
        "Multiply the numbers of the kernel's shape; then think of the biases.",
        "prod(kernel_size) * channels / groups * filters, and filters more with a bias.",
        "`weights = int(np.prod(kernel_size)) * (channels // groups) * filters`",
    ],
    wrong=[
        Wrong(m.groups_without_effect, functools.partial(_parameters, m.groups_without_effect)),
        Wrong(m.groups_divide_both, functools.partial(_parameters, m.groups_divide_both)),
        Wrong(
            m.depth_forgotten,
            lambda k, c, f, g, b: m.depth_forgotten(k, c, f) - f * (not b),
        ),
        Wrong(
            m.bias_always_counted,
            lambda k, c, f, g, b: m.bias_always_counted(m.bias_forgotten(k, c, f) // g, f, b),
        ),
        Wrong(m.bias_forgotten, lambda k, c, f, g, b: m.bias_forgotten(k, c, f) // g),
    ],
    explanation="The kernel has the shape (*kernel_size, channels / groups, filters), the bias "
    "(filters,).",
)

ten_by_ten = Exercise(
    "A layer for a given shape",
    solutions.ten_by_ten,
    judge=functools.partial(_maps, before=(28, 28, 1), after=(10, 10, 4)),
    hints=[
        "The channels of the output are the filters. Height and width need a large window or a "
        "stride.",
        "valid gives floor((28 - k) / s) + 1, same gives ceil(28 / s).",
        '`{"filters": 4, "kernel_size": 28 - 10 + ...}`',
    ],
    wrong=[
        Wrong(
            m.forgotten_first_window,
            {"filters": 4, "kernel_size": 18},
            lambda answer: (
                single(answer["kernel_size"]) == 18 and single(answer.get("strides", 1)) == 1
            ),
        ),
        Wrong(
            m.default_padding_overlooked,
            m.default_padding_overlooked(),
            lambda answer: (
                single(answer["strides"]) == 3
                and single(answer.get("dilation_rate", 1)) == 1
                and answer.get("padding", "valid") == "valid"
            ),
        ),
        Wrong(
            m.filters_for_size,
            {"filters": 10, "kernel_size": 19},
            lambda answer: single(answer["filters"]) == 10,
        ),
    ],
    explanation="28 - 19 + 1 = 10. So do smaller windows with a stride, such as 3 with stride 3 "
    "under same: 28 / 3, rounded up.",
)

glorot_limit = Exercise(
    "The limit of Glorot's initializer",
    solutions.glorot_limit,
    [
        ((3, 3), 8, 16, 1),
        ((1, 1), 2, 4, 1),
        ((3, 3), 8, 16, 4),
        ((5, 2), 6, 12, 3),
        ((2, 3), 1, 5, 1),
    ],
    hints=[
        "fan_in: how many weights lead into one output. Count those of one filter.",
        "fan_in = k_h * k_w * channels / groups and fan_out = k_h * k_w * filters.",
        "`fan_in = kernel_size[0] * kernel_size[1] * channels // groups`",
    ],
    wrong=[
        Wrong(m.fans_without_window, lambda k, c, f, g: m.fans_without_window(c // g, f)),
        Wrong(m.fan_of_all_groups, lambda k, c, f, g: m.fan_of_all_groups(k, c, f)),
        Wrong(m.fan_in_only, lambda k, c, f, g: m.fan_in_only(k, c // g)),
        Wrong(m.variance_for_limit, lambda *a: m.variance_for_limit(solutions.glorot_limit(*a))),
    ],
    explanation="The window counts in both fans, the groups in fan_in only, since Keras reads both "
    "from the kernel's shape.",
)

penalties = Exercise(
    "The penalties of a layer",
    solutions.penalties,
    [
        (np.reshape([1.0, -2], (1, 2, 1, 1)), np.reshape([3.0, 1], (2, 1, 1, 1)), 0.5),
        (integers(2, 3, 1, 2), integers(1, 2, 3, 2), 0.01),
        (integers(3, 2, 2, 4), integers(4, 2, 3, 4), 0.1),
        (integers(1, 1, 3, 2), integers(3, 1, 2, 2), 2.0),
    ],
    hints=[
        "L2 is a sum of squares. Only the activity depends on how many samples come at once.",
        "l2 * sum(w ** 2) and l2 * sum(y ** 2) / N",
        "`l2 * np.sum(kernel**2), l2 * np.sum(y**2) / ...`",
    ],
    wrong=[
        Wrong(m.batch_not_divided, m.batch_not_divided),
        Wrong(m.mean_of_squares, m.mean_of_squares),
        Wrong(m.half_of_the_squares, m.half_of_the_squares),
        Wrong(m.sum_of_magnitudes, m.sum_of_magnitudes),
    ],
    explanation="Both are sums of squares times l2. The activity's is the mean over the samples, "
    "so that it does not grow with the batch.",
)

limit_norms = Exercise(
    "The largest norm of a filter",
    solutions.limit_norms,
    [
        (np.reshape([3.0, 0.3, 4, 0.4], (2, 1, 1, 2)), 1.0),
        (np.reshape([1.0, 2, 2, 0, 0, 3], (1, 3, 1, 2)), 3.0),
        (integers(2, 3, 2, 4) + 0.5, 5.0),
        (integers(3, 2, 4, 3) + 0.5, 2.0),
        (integers(2, 2, 1, 2) / 10 + 0.05, 2.0),
    ],
    hints=[
        "A filter is all numbers with the same last index. Take one norm for each of them.",
        "norms = sqrt(sum of squares over the axes 0, 1, 2); factor = min(1, max_value / norm)",
        "`norms = np.sqrt(np.sum(kernel**2, axis=(0, 1, 2)))`",
    ],
    wrong=[
        Wrong(m.norm_along_axis_0, m.norm_along_axis_0),
        Wrong(m.norm_of_the_kernel, m.norm_of_the_kernel),
        Wrong(m.every_norm_changed, m.every_norm_changed),
        Wrong(m.weights_clipped, m.weights_clipped),
    ],
    explanation="Four filters have four norms, so all axes but the last are summed over, and the "
    "factors broadcast along the last.",
)

grouped_conv2d = Exercise(
    "Conv2D in groups",
    solutions.grouped_conv2d,
    [
        (np.arange(2.0).reshape(1, 1, 1, 2), np.array([[[[1.0, 10, 100, 1000]]]])),
        (integers(1, 2, 2, 4), integers(1, 1, 2, 2)),
        (integers(2, 4, 5, 4), integers(3, 2, 2, 6)),
        (integers(2, 3, 4, 3), integers(2, 2, 3, 2)),
        (integers(1, 4, 3, 6), integers(2, 1, 2, 6)),
    ],
    hints=[
        "The kernel's third size says how many channels a filter reads. Which is its first?",
        "groups = C / kernel.shape[2]; filter f is in group f // (F / groups).",
        "`first = f // share * depth`",
    ],
    wrong=[
        Wrong(m.first_group_for_all, m.first_group_for_all),
        Wrong(m.groups_dealt_in_turn, m.groups_dealt_in_turn),
        Wrong(m.kernel_flipped, lambda x, k: solutions.grouped_conv2d(x, m.kernel_flipped(k))),
    ],
    explanation="Channels and filters are shared out in order: the first F / G filters read the "
    "first C / G channels, and so on.",
)
