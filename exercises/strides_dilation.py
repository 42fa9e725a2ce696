"""Exercises on strides and dilation."""

import numpy as np

from convlib import Conv1D
from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import strides_dilation as solutions
from exercises.values import single

_STACK = [(7, 2, 1), (3, 2, 1), (3, 1, 1)]


cells_seen = Exercise(
    "How far a stack sees",
    solutions.cells_seen,
    hints=[
        "One output of the pooling sees three outputs of the convolution. How far apart are these?",
        "r grows by (k - 1) * q, then q is multiplied by the stride; both begin at 1.",
        "`1 + (7 - 1) * 1 + (3 - 1) * 2 + ...`",
    ],
    wrong=[
        Wrong(m.sizes_added, m.sizes_added(_STACK)[0]),
        Wrong(m.jump_forgotten, m.jump_forgotten(_STACK)[0]),
        Wrong(m.own_stride_first, m.own_stride_first(_STACK)[0]),
    ],
    explanation="7 cells with jump 2, then 2 * 2 more with jump 4, then 2 * 4 more: 7 + 4 + 8.",
)


def _far_and_cheap(arguments):
    """What is not as it was asked of a Conv1D on one channel, or None."""
    if not isinstance(arguments, dict):
        return "Give a dict of Conv1D's arguments, such as {'filters': 1, 'kernel_size': 3}."
    layer = Conv1D(**arguments)
    layer.build((None, 40, 1))
    if layer.count_params() != 3:
        return f"Your layer has {layer.count_params()} parameters, not 3."
    span = (layer.kernel_size[0] - 1) * layer.dilation_rate[0] + 1
    if span != 9:
        return f"Your layer's receptive field is {span}, not 9."
    return None


far_and_cheap = Exercise(
    "Nine cells for three parameters",
    solutions.far_and_cheap,
    judge=_far_and_cheap,
    hints=[
        "A dilation makes the window longer and adds no weight.",
        "(kernel_size - 1) * dilation_rate + 1 = 9, and the bias is a parameter too.",
        '`{"filters": 1, "kernel_size": 3, "dilation_rate": ..., "use_bias": ...}`',
    ],
    wrong=[
        Wrong(
            m.dilation_times_kernel,
            {"filters": 1, "kernel_size": 3, "dilation_rate": 3, "use_bias": False},
        ),
        Wrong(
            m.bias_uncounted,
            m.bias_uncounted(),
            lambda answer: (
                single(answer["kernel_size"]) == 3
                and single(answer["filters"]) == 1
                and answer.get("use_bias", True)
            ),
        ),
        Wrong(
            m.size_for_span,
            {"filters": 1, "kernel_size": 9},
            lambda answer: single(answer["kernel_size"]) == 9,
        ),
    ],
    explanation="Three weights have two gaps: 2 * 4 + 1 = 9. Two weights and a bias do it too, "
    "with a dilation of 8.",
)

with_holes = Exercise(
    "A kernel with holes",
    solutions.with_holes,
    [
        (np.arange(1.0, 3).reshape(1, 2, 1, 1), (1, 2)),
        (np.arange(1.0, 5).reshape(2, 2, 1, 1), (3, 2)),
        (integers(2, 3, 2, 4), (3, 2)),
        (integers(3, 3, 1, 2), (1, 4)),
        (integers(3, 1, 2, 1), (2, 5)),
    ],
    hints=[
        "k weights have k - 1 gaps. No zeros stand before the first or after the last weight.",
        "(k - 1) * d + 1 cells per axis; weight t stands at t * d.",
        "`longer[::d_h, ::d_w] = kernel`",
    ],
    wrong=[
        Wrong(m.zeros_after_the_last, m.zeros_after_the_last),
        Wrong(m.weights_repeated, m.weights_repeated),
        Wrong(
            m.dilations_exchanged, lambda k, d: solutions.with_holes(k, m.dilations_exchanged(d))
        ),
    ],
    explanation="A slice with a step reaches just the places t * d.",
)

strided_conv2d = Exercise(
    "Conv2D with strides and dilation",
    solutions.strided_conv2d,
    [
        (
            np.arange(1.0, 13).reshape(1, 3, 4, 1),
            np.arange(1.0, 3).reshape(1, 2, 1, 1),
            (2, 1),
            (1, 2),
        ),
        (
            np.arange(1.0, 21).reshape(1, 4, 5, 1),
            np.arange(1.0, 5).reshape(2, 2, 1, 1),
            (1, 1),
            (1, 3),
        ),
        (integers(2, 7, 8, 3), integers(3, 2, 3, 4), (2, 3), (1, 1)),
        (integers(1, 7, 8, 2), integers(3, 2, 2, 3), (1, 1), (2, 3)),
        (integers(2, 8, 9, 2), integers(2, 3, 2, 1), (3, 2), (2, 3)),
    ],
    hints=[
        "The stride says where a window begins, the dilation how far apart its cells are.",
        "y[i, j] = sum over t, u of x[i * s_h + t * d_h, j * s_w + u * d_w] @ kernel[t, u]",
        "`rows = (x.shape[1] - (k_h - 1) * d_h - 1) // s_h + 1`",
    ],
    wrong=[
        Wrong(
            m.dilation_ignored,
            lambda x, k, s, d: solutions.strided_conv2d(x, k, s, m.dilation_ignored(d)),
        ),
        Wrong(
            m.stride_ignored,
            lambda x, k, s, d: solutions.strided_conv2d(x, k, m.stride_ignored(s), d),
        ),
        Wrong(
            m.strides_exchanged,
            lambda x, k, s, d: solutions.strided_conv2d(x, k, m.strides_exchanged(s), d),
        ),
        Wrong(
            m.kernel_flipped,
            lambda x, k, s, d: solutions.strided_conv2d(x, m.kernel_flipped(k), s, d),
        ),
    ],
    explanation="The stride goes with the number of the output, the dilation with the number of "
    "the weight.",
)

receptive_field = Exercise(
    "The receptive field of a stack",
    solutions.receptive_field,
    [
        ([(3, 2, 1)],),
        ([(3, 1, 1), (3, 1, 1)],),
        ([(3, 2, 1), (3, 1, 1)],),
        ([(3, 1, 1), (3, 1, 2), (3, 1, 4)],),
        ([(2, 3, 1), (3, 1, 2), (2, 2, 1)],),
        ([(7, 2, 1), (3, 2, 1), (3, 1, 1), (1, 1, 1)],),
    ],
    hints=[
        "Neighbouring outputs of the layer below are q input cells apart.",
        "r += (k - 1) * d * q, and then q *= s",
        "`for kernel_size, strides, dilation_rate in layers:`",
    ],
    wrong=[
        Wrong(m.sizes_added, m.sizes_added),
        Wrong(m.jump_forgotten, m.jump_forgotten),
        Wrong(m.own_stride_first, m.own_stride_first),
        Wrong(
            m.forgotten_dilation,
            lambda layers: solutions.receptive_field([(k, s, 1) for k, s, d in layers]),
        ),
        Wrong(
            m.dilation_times_kernel,
            lambda layers: solutions.receptive_field(
                [(m.dilation_times_kernel(k, d), s, 1) for k, s, d in layers]
            ),
        ),
    ],
    explanation="A layer sees span outputs of the layer below. The first brings r cells, each "
    "further one q more.",
)

unread_cells = Exercise(
    "Cells that nobody reads",
    solutions.unread_cells,
    [
        (6, 2, 3, 1),
        (8, 3, 2, 1),
        (7, 3, 1, 2),
        (9, 3, 2, 2),
        (11, 2, 4, 2),
        (10, 1, 3, 1),
        (4, 2, 1, 3),
    ],
    hints=[
        "Collect the cells that are read, over all windows, and take the others.",
        "There are (length - span) // strides + 1 windows; window i reads the cells "
        "i * strides + t * dilation_rate, 0 <= t < kernel_size.",
        "`{i * strides + t * dilation_rate for i in range(out) for t in range(kernel_size)}`",
    ],
    wrong=[
        Wrong(m.holes_taken_for_read, m.holes_taken_for_read),
        Wrong(m.rest_only, m.rest_only),
        Wrong(m.rest_forgotten, m.rest_forgotten),
    ],
    explanation="All windows read cells with the same remainder modulo the common divisor of "
    "stride and dilation, and the last window need not reach the end.",
)

kept_outputs = Exercise(
    "Which outputs a stride keeps",
    solutions.kept_outputs,
    [
        (np.array([3.0, 6, 9, 7]), 3, 2),
        (np.array([3.0, 6, 9, 12, 9]), 3, 2),
        (np.arange(1.0, 9), 7, 4),
        (np.arange(1.0, 9), 5, 3),
        (np.arange(1.0, 10), 4, 4),
        (np.arange(1.0, 9), 2, 3),
        (np.arange(1.0, 10), 7, 3),
        (np.arange(1.0, 6), 3, 8),
    ],
    hints=[
        "Window 0 begins `before` cells ahead of the input. How many are they with stride 1, and "
        "how many with the stride?",
        "y[before_one - before_s :: strides]",
        "`before_s = max((out - 1) * strides + kernel_size - len(y), 0) // 2`",
    ],
    wrong=[
        Wrong(m.kept_from_the_first, lambda y, k, s: m.kept_from_the_first(y, s)),
        Wrong(m.kept_from_the_stride, lambda y, k, s: m.kept_from_the_stride(y, s)),
        Wrong(m.offset_of_the_kernel, m.offset_of_the_kernel),
    ],
    explanation="Both layers have the same windows but for where the first one begins, and that "
    "is where their zeros differ.",
)
