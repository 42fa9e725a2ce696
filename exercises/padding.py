"""Exercises on padding."""

import numpy as np

from convlib import Conv1D
from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.inputs import integers
from exercises.solutions import padding as solutions
from exercises.values import single

padded_shape = Exercise(
    "A shape under same",
    solutions.padded_shape,
    hints=[
        "Under `same` the window's size does not matter for the shape, but the stride does.",
        "A length n becomes ceil(n / s).",
        "`padded_shape = (None, -(-7 // 2), ...)`",
    ],
    wrong=[
        Wrong(m.same_keeps_the_size, m.same_keeps_the_size((None, 7, 10, 3), 8)),
        Wrong(m.floor_for_ceil, (None, m.floor_for_ceil(7, 2), m.floor_for_ceil(10, 2), 8)),
        Wrong(m.valid_for_same, (None, m.valid_for_same(7, 3, 2), m.valid_for_same(10, 3, 2), 8)),
        Wrong(m.channels_kept, (None, 4, 5, 3)),
    ],
    explanation="7 / 2 rounded up is 4, 10 / 2 is 5.",
)

output_length = Exercise(
    "How long the output is",
    solutions.output_length,
    [
        (7, 3, 2, "valid", 1),
        (7, 3, 2, "same", 1),
        (8, 3, 2, "valid", 2),
        (9, 3, 1, "valid", 3),
        (9, 3, 1, "causal", 3),
        (10, 2, 4, "causal", 1),
        (11, 4, 3, "same", 1),
        (11, 4, 3, "valid", 1),
        (8, 2, 2, "same", 1),
        (9, 2, 2, "same", 1),
    ],
    hints=[
        "`valid` wants whole windows inside the input; the other two promise a number of windows.",
        "floor((length - span) / strides) + 1, or ceil(length / strides)",
        "`(length - span) // strides + 1`",
    ],
    wrong=[
        Wrong(
            m.floor_for_ceil,
            lambda n, k, s, p, d: (
                solutions.output_length(n, k, s, p, d) if p == "valid" else m.floor_for_ceil(n, s)
            ),
        ),
        Wrong(
            m.ceil_for_floor,
            lambda n, k, s, p, d: _length(m.ceil_for_floor, n, k, s, p, d),
        ),
        Wrong(
            m.forgotten_first_window,
            lambda n, k, s, p, d: _length(m.forgotten_first_window, n, k, s, p, d),
        ),
        Wrong(m.forgotten_dilation, lambda n, k, s, p, d: solutions.output_length(n, k, s, p, 1)),
        Wrong(m.valid_for_same, lambda n, k, s, p, d: solutions.output_length(n, k, s, "valid", d)),
        Wrong(
            m.dilation_times_kernel,
            lambda n, k, s, p, d: solutions.output_length(
                n, m.dilation_times_kernel(k, d), s, p, 1
            ),
        ),
        Wrong(
            m.same_keeps_the_size,
            lambda n, k, s, p, d: solutions.output_length(n, k, s, p, d) if p == "valid" else n,
        ),
    ],
    explanation="Only valid asks for room; same and causal promise ceil(length / strides) windows "
    "and add the zeros that this takes.",
)


def _length(valid, n, k, s, padding, d):
    """The output length, by another rule for valid."""
    if padding == "valid":
        return valid(n, (k - 1) * d + 1, s)
    return solutions.output_length(n, k, s, padding, d)


same_pads = Exercise(
    "The zeros of same",
    solutions.same_pads,
    [
        (4, 3, 2, 1),
        (5, 2, 1, 1),
        (5, 3, 1, 1),
        (7, 1, 3, 1),
        (6, 1, 4, 1),
        (6, 4, 4, 1),
        (9, 3, 1, 3),
        (10, 5, 3, 2),
        (6, 4, 1, 1),
    ],
    hints=[
        "`same` promises a number of windows. Find out how many, and where the last one ends.",
        "total = max((out - 1) * strides + span - length, 0), and the odd zero goes after.",
        "`out = -(-length // strides)`",
    ],
    wrong=[
        Wrong(m.symmetric_same, m.symmetric_same),
        Wrong(m.odd_zero_before, m.odd_zero_before),
        Wrong(m.forgotten_dilation, m.forgotten_dilation),
        Wrong(m.negative_padding, m.negative_padding),
    ],
    explanation="The last window starts at (out - 1) * strides and covers span cells; what lies "
    "beyond the input is the total. Half of it, rounded down, goes before.",
)


def _padded(rule, x, kernel_size, strides):
    """A picture with the zeros that a rule for one axis says."""
    axes = zip(x.shape[1:3], kernel_size, strides, strict=True)
    return np.pad(x, [(0, 0), *(rule(n, k, s) for n, k, s in axes), (0, 0)])


padded_picture = Exercise(
    "A padded picture",
    solutions.padded_picture,
    [
        (np.arange(1.0, 5).reshape(1, 2, 2, 1), (2, 3), (1, 1)),
        (np.arange(1.0, 21).reshape(1, 4, 5, 1), (3, 2), (2, 1)),
        (integers(2, 5, 7, 3), (4, 3), (2, 3)),
        (integers(2, 6, 3, 2), (3, 5), (3, 1)),
        (integers(1, 8, 8, 1), (1, 7), (1, 2)),
        (integers(1, 6, 7, 2), (7, 1), (1, 5)),
    ],
    hints=[
        "Find (before, after) for the height and for the width, each with its own k and s.",
        "total = max((ceil(n / s) - 1) * s + k - n, 0), and the odd zero goes after.",
        "`np.pad(x, [(0, 0), (top, bottom), (left, right), (0, 0)])`",
    ],
    wrong=[
        Wrong(m.symmetric_same, lambda x, k, s: _padded(m.symmetric_same, x, k, s)),
        Wrong(m.odd_zero_before, lambda x, k, s: _padded(m.odd_zero_before, x, k, s)),
        Wrong(
            m.sides_exchanged, lambda x, k, s: m.sides_exchanged(solutions.padded_picture, x, k, s)
        ),
    ],
    explanation="The two axes are padded independently of each other; batch and channels get "
    "nothing.",
)

causal_conv1d = Exercise(
    "A causal Conv1D",
    solutions.causal_conv1d,
    [
        (np.array([[1.0], [2], [3]]), np.array([[[1.0]], [[10]]]), 1),
        (np.array([[1.0], [2], [3], [4]]), np.array([[[1.0]], [[10]], [[100]]]), 1),
        (integers(6, 2), integers(3, 2, 1), 1),
        (integers(7, 3), integers(3, 3, 2), 2),
        (integers(5, 2), integers(2, 2, 4), 3),
        (integers(4, 2), integers(4, 2, 3), 2),
    ],
    hints=[
        "All zeros go before the first step; behind that it is a Conv1D like any other.",
        "There are (k - 1) * dilation_rate of them; weight t meets step i - (k - 1 - t) * d.",
        "`np.pad(x, [((len(kernel) - 1) * dilation_rate, 0), (0, 0)])`",
    ],
    wrong=[
        Wrong(m.same_for_causal, m.same_for_causal),
        Wrong(m.zeros_after, m.zeros_after),
        Wrong(m.dilation_ignored, lambda x, k, d: solutions.causal_conv1d(x, k, 1)),
        Wrong(m.kernel_flipped, lambda x, k, d: solutions.causal_conv1d(x, m.kernel_flipped(k), d)),
    ],
    explanation="With (k - 1) * d zeros before, window i ends at step i, which the last weight "
    "meets.",
)


def _counts(rule, length, kernel_size, strides):
    """The real cells under each window, with the zeros that a rule says."""
    before, _ = rule(length, kernel_size, strides)
    starts = (i * strides - before for i in range(-(-length // strides)))
    cells = set(range(length))
    return [len(cells & set(range(start, start + kernel_size))) for start in starts]


real_cells = Exercise(
    "What ones show",
    solutions.real_cells,
    [
        (4, 3, 2),
        (5, 3, 2),
        (5, 2, 1),
        (6, 4, 1),
        (9, 4, 3),
        (7, 1, 3),
        (3, 7, 1),
    ],
    hints=[
        "Find out at which cell each window begins. The first one may begin before the input.",
        "Window i covers the cells from i * strides - before on; count those from 0 to length - 1.",
        "`first = np.arange(out) * strides - before`",
    ],
    wrong=[
        Wrong(m.symmetric_same, lambda n, k, s: _counts(m.symmetric_same, n, k, s)),
        Wrong(m.odd_zero_before, lambda n, k, s: _counts(m.odd_zero_before, n, k, s)),
        Wrong(m.zeros_counted, m.zeros_counted),
    ],
    explanation="A window loses at the start what lies before cell 0, and at the end what lies "
    "behind the last cell.",
)


def _look_back(arguments):
    """What a Conv1D does instead of looking back six steps, or None."""
    if not isinstance(arguments, dict):
        return "Give a dict of Conv1D's arguments, such as {'filters': 1, 'kernel_size': 3}."
    layer = Conv1D(**arguments | {"activation": None, "kernel_initializer": "ones"})
    y = layer(np.zeros((1, 12, 2)))
    if y.shape != (1, 12, 3):
        return f"Your layer maps (12, 2) to {y.shape[1:]}, not to (12, 3)."
    dy = np.zeros(y.shape)
    dy[0, 9] = 1
    read = np.flatnonzero(layer.backward(dy)[0].any(axis=1))
    if (read[0], read[-1]) == (3, 9):
        return None
    return f"Output step 9 reads from step {read[0]} to step {read[-1]}, not from 3 to 9."


looks_back = Exercise(
    "A layer that looks back",
    solutions.looks_back,
    judge=_look_back,
    hints=[
        "Which word for `padding` keeps a layer from reading later steps?",
        "The window must span 7 steps: (kernel_size - 1) * dilation_rate = 6.",
        '`{"filters": 3, "kernel_size": ..., "padding": "causal"}`',
    ],
    wrong=[
        Wrong(
            m.same_asked_for_causal,
            m.same_asked_for_causal(),
            lambda answer: answer["padding"] == "same",
        ),
        Wrong(
            m.own_step_forgotten,
            {"filters": 3, "kernel_size": 6, "padding": "causal"},
            lambda answer: (
                single(answer["kernel_size"]) == 6 and single(answer.get("dilation_rate", 1)) == 1
            ),
        ),
        Wrong(
            m.dilation_times_kernel,
            {"filters": 3, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"},
            lambda answer: (
                m.dilation_times_kernel(
                    single(answer["kernel_size"]), single(answer["dilation_rate"])
                )
                in (6, 7)
            ),
        ),
    ],
    explanation="Causal padding ends each window at its own step; (k - 1) * d = 6 steps lie before "
    "it. The kernels 7, 4, 3 and 2 do it, with the dilations 1, 2, 3 and 6.",
)
