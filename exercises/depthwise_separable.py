"""Exercises on depthwise and separable convolutions."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import depthwise_separable as solutions

_KERNEL, _CHANNELS, _FILTERS = 3, 32, 64

separable_parameters = Exercise(
    "The parameters of a separable layer",
    solutions.separable_parameters,
    hints=[
        "There are two kernels, one for each step, and one bias.",
        "k * k * C weights for the depthwise step, C * F for the 1 by 1 step, F biases.",
        "`separable_parameters = 3 * 3 * 32 + 32 * 64 + ...`",
    ],
    wrong=[
        Wrong(m.bias_after_both_steps, m.bias_after_both_steps(_KERNEL, _CHANNELS, _FILTERS)),
        Wrong(m.separable_without_bias, m.separable_without_bias(_KERNEL, _CHANNELS, _FILTERS)),
        Wrong(
            m.separable_counted_as_full,
            m.separable_counted_as_full(_KERNEL, _CHANNELS, _FILTERS),
        ),
    ],
    explanation="288 weights of 32 small kernels, 2048 of the 1 by 1 step, 64 biases. A full layer "
    "has 18,496 parameters.",
)

weight_ratio = Exercise(
    "Which part of the weights",
    solutions.weight_ratio,
    [((3, 3), 4, 8), ((3, 3), 16, 64), ((1, 1), 5, 3), ((5, 2), 3, 7), ((1, 7), 64, 2)],
    hints=[
        "Count the weights of both layers, then divide.",
        "Separable k_h k_w C + C F, full k_h k_w C F. What cancels?",
        "`(taps * channels + channels * filters) / (taps * channels * filters)`",
    ],
    wrong=[
        Wrong(m.pointwise_overlooked, m.pointwise_overlooked),
        Wrong(m.ratio_of_channels, m.ratio_of_channels),
        Wrong(m.ratio_upside_down, m.ratio_upside_down),
    ],
    explanation="The channels cancel, and 1 / F + 1 / (k_h k_w) is left. It can be larger than 1.",
)

channel_order = Exercise(
    "Whose output is it",
    solutions.channel_order,
    [(2, 3), (3, 2), (1, 4), (4, 1), (5, 3)],
    hints=[
        "Do the outputs of one channel stand together, or M places apart?",
        "Output o comes from channel o // M.",
        "`np.arange(channels * depth_multiplier) // ...`",
    ],
    wrong=[
        Wrong(m.multipliers_first, m.multipliers_first),
        Wrong(m.kernels_numbered, m.kernels_numbered),
    ],
    explanation="Keras flattens the axes (C, M) of the kernel in this order, and M counts fastest.",
)

cheaper = Exercise(
    "Separable or full",
    solutions.cheaper,
    [
        ((3, 3), 8, 16, 1),
        ((1, 1), 8, 16, 1),
        ((3, 3), 4, 1, 1),
        ((2, 2), 5, 2, 1),
        ((2, 1), 3, 2, 1),
        ((3, 3), 8, 16, 6),
        ((3, 1), 2, 6, 2),
        ((3, 3), 4, 8, 9),
    ],
    hints=[
        "Count the products of one window, for both.",
        "Separable: k_h k_w C M, then C M F. Full: k_h k_w C F.",
        "`separable = taps * channels * depth_multiplier + channels * depth_multiplier * filters`",
    ],
    wrong=[
        Wrong(m.always_separable, m.always_separable),
        Wrong(m.multiplier_overlooked, m.multiplier_overlooked),
        Wrong(m.only_depthwise_compared, m.only_depthwise_compared),
    ],
    explanation="Divided by the channels, it is M (k_h k_w + F) against k_h k_w F.",
)

depthwise = Exercise(
    "The depthwise convolution",
    solutions.depthwise,
    [
        (integers(1, 2, 3, 1), integers(1, 2, 1, 1), (1, 1)),
        (integers(1, 3, 4, 2), integers(2, 3, 2, 1), (1, 1)),
        (integers(2, 5, 4, 3), integers(2, 2, 3, 2), (1, 2)),
        (integers(2, 6, 7, 2), integers(3, 2, 2, 3), (2, 3)),
        (integers(1, 7, 5, 4), integers(2, 3, 4, 2), (3, 1)),
    ],
    hints=[
        "Take one input channel and one of its kernels: that is a convolution with one channel.",
        "y[n, i, j, c * M + m] = sum over a, b of x[n, i s_h + a, j s_w + b, c] kernel[a, b, c, m]",
        "`y[..., c * depth_multiplier + m]` for the sum of `window[..., c] * kernel[..., c, m]`",
    ],
    wrong=[
        Wrong(m.channels_summed, m.channels_summed),
        Wrong(
            m.outputs_mixed,
            lambda x, k, s: m.outputs_mixed(solutions.depthwise(x, k, s), x.shape[-1]),
        ),
        Wrong(m.kernel_flipped, lambda x, k, s: solutions.depthwise(x, k[::-1, ::-1], s)),
        Wrong(m.pair_exchanged, lambda x, k, s: solutions.depthwise(x, k, m.pair_exchanged(s))),
    ],
    explanation="The sum runs over the window only; every pair of a channel and one of its kernels "
    "makes an output channel.",
)

separable = Exercise(
    "The separable convolution, in two steps",
    solutions.separable,
    [
        (integers(1, 2, 3, 1), integers(1, 2, 1, 1), integers(1, 1, 1, 2), np.array([1.0, 2])),
        (integers(1, 3, 4, 2), integers(2, 3, 2, 1), integers(1, 1, 2, 3), np.arange(3.0)),
        (integers(2, 5, 4, 3), integers(3, 2, 3, 2), integers(1, 1, 6, 4), np.arange(4.0)),
        (integers(2, 4, 6, 2), integers(2, 2, 2, 3), integers(1, 1, 6, 1), np.array([-3.0])),
    ],
    hints=[
        "Use your depthwise convolution, then mix the channels of each place.",
        "A convolution with a kernel of one cell is a matrix product along the last axis.",
        "`between @ pointwise_kernel[0, 0] + bias`",
    ],
    wrong=[
        Wrong(
            m.relu_between,
            lambda x, d, p, b: m.relu_between(solutions.depthwise(x, d, (1, 1))) @ p[0, 0] + b,
        ),
        Wrong(
            m.outputs_mixed,
            lambda x, d, p, b: (
                m.outputs_mixed(solutions.depthwise(x, d, (1, 1)), x.shape[-1]) @ p[0, 0] + b
            ),
        ),
        Wrong(
            m.separable_bias_left_out,
            lambda x, d, p, b: solutions.separable(x, d, p, m.separable_bias_left_out(b)),
        ),
    ],
    explanation="Two steps with nothing between them, so that their kernels could be multiplied "
    "into one.",
)
