"""Exercises on padding."""

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.solutions import padding as solutions

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
    ],
    hints=[
        "`same` promises a number of windows. Find out how many, and where the last one ends.",
        "total = max((out - 1) * strides + span - length, 0), and the odd zero goes after.",
        "out = -(-length // strides)",
    ],
    wrong=[
        Wrong(m.symmetric_same, m.symmetric_same),
        Wrong(m.odd_zero_before, m.odd_zero_before),
        Wrong(m.forgotten_dilation, m.forgotten_dilation),
        Wrong(m.negative_padding, m.negative_padding),
    ],
)
