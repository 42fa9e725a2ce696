"""Exercises on tensors and layers."""

import numpy as np

from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.solutions import tensors as solutions


def _counting(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape)


open_shape = Exercise(
    "A shape with None",
    solutions.open_shape,
    hints=[
        "`shape` of Input leaves the batch out. What is open before a layer is open behind it.",
        "The batch comes first, then a length n becomes n - k + 1, then come the filters.",
        "`open_shape = (None, None, 64 - 5 + 1, ...)`",
    ],
    wrong=[
        Wrong(m.none_for_the_batch, m.none_for_the_batch((None, 64, 3), 8, 5)),
        Wrong(m.channels_kept, m.channels_kept((None, None, 64, 3), 8, 5)),
        Wrong(m.size_kept, m.size_kept((None, None, 64, 3), 8, 5)),
    ],
    explanation="The batch and the height stay open. A window of 5 has 64 - 5 + 1 = 60 places "
    "along the width, and each of the 8 filters makes one channel.",
)

count_channels = Exercise(
    "How many channels",
    solutions.count_channels,
    [
        ((2, 7, 5, 3), "channels_last"),
        ((2, 7, 5, 3), "channels_first"),
        ((4, 6, 9), "channels_first"),
        ((4, 6, 9), "channels_last"),
        ((2, 3, 8, 5, 4), "channels_first"),
        ((None, 28, 30, 1), "channels_last"),
    ],
    hints=[
        "Both layouts begin with the batch. Which axis comes right after it?",
        "Axis 1 with channels_first, axis -1 with channels_last.",
        '`shape[1] if data_format == "channels_first" else ...`',
    ],
    wrong=[
        Wrong(m.channels_always_last, m.channels_always_last),
        Wrong(m.channels_before_the_batch, m.channels_before_the_batch),
        Wrong(m.layouts_exchanged, m.layouts_exchanged),
    ],
    explanation="The batch is first in both layouts, so channels_first means axis 1.",
)

to_channels_last = Exercise(
    "From one layout to the other",
    solutions.to_channels_last,
    [
        (_counting(1, 2, 3),),
        (_counting(1, 2, 2, 3),),
        (_counting(2, 3, 4, 5),),
        (_counting(2, 3, 4, 4),),
        (_counting(2, 3, 2, 4, 5),),
    ],
    hints=[
        "The channels move to the end; all other axes keep their order.",
        "(N, C, H, W) becomes (N, H, W, C): axis 1 goes to the end.",
        "`np.moveaxis(x, 1, ...)`",
    ],
    wrong=[
        Wrong(m.axes_swapped, m.axes_swapped),
        Wrong(m.reshape_for_move, m.reshape_for_move),
    ],
    explanation="np.moveaxis takes one axis out and puts it elsewhere; the others close up.",
)

place_in_memory = Exercise(
    "The place in memory",
    solutions.place_in_memory,
    [
        (0, 0, 1, 1, (1, 2, 3, 2), "channels_last"),
        (0, 0, 1, 1, (1, 2, 3, 2), "channels_first"),
        (0, 1, 2, 0, (1, 2, 3, 2), "channels_last"),
        (1, 0, 2, 1, (2, 4, 4, 3), "channels_last"),
        (1, 0, 2, 1, (2, 4, 4, 3), "channels_first"),
        (2, 4, 3, 1, (3, 5, 7, 2), "channels_last"),
        (2, 4, 3, 1, (3, 5, 7, 2), "channels_first"),
    ],
    hints=[
        "Count how many numbers are stored before the one you want.",
        "A step along an axis jumps over as many numbers as the axes after it hold together.",
        "`((n * height + i) * width + j) * channels + c`, for channels last",
    ],
    wrong=[
        Wrong(m.layout_ignored, m.layout_ignored),
        Wrong(m.column_by_column, m.column_by_column),
        Wrong(m.sizes_read_in_order, m.sizes_read_in_order),
    ],
    explanation="Each axis multiplies what came before by its own size and adds its index: "
    "batch, row, column, channel, or batch, channel, row, column.",
)

flatten = Exercise(
    "Flatten in both layouts",
    solutions.flatten,
    [
        (_counting(1, 2, 3), "channels_last"),
        (_counting(1, 2, 3), "channels_first"),
        (_counting(2, 3, 4, 5), "channels_last"),
        (_counting(2, 3, 4, 5), "channels_first"),
        (_counting(2, 2, 3, 4, 2), "channels_first"),
    ],
    hints=[
        "With channels_first, move the channels to the end before you make one row of them.",
        "(N, C, H, W) becomes (N, H, W, C) and then (N, H * W * C).",
        "`x.reshape(len(x), -1)`",
    ],
    wrong=[
        Wrong(m.flattened_as_stored, m.flattened_as_stored),
        Wrong(m.batch_flattened, m.batch_flattened),
    ],
    explanation="With the channels last, both layouts hold the same numbers in the same order.",
)
