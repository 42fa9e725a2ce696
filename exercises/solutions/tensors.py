"""The solutions of exercises, made from exercises/text/tensors.md."""

import numpy as np

open_shape = (None, None, 60, 8)


open_shape_other = [None, None, 64 - 5 + 1, 8]


def count_channels(shape, data_format):
    """Return the number of channels of a tensor; its shape includes the batch.

    data_format: "channels_last" for (batch, ..., channels)
        or "channels_first" for (batch, channels, ...).
    """
    return shape[1] if data_format == "channels_first" else shape[-1]


def count_channels_other(shape, data_format):
    """Look the axis up."""
    axis = {"channels_last": len(shape) - 1, "channels_first": 1}[data_format]
    return list(shape)[axis]


def to_channels_last(x):
    """Return x (N, C, *spatial) as (N, *spatial, C)."""
    return np.moveaxis(x, 1, -1).copy()


def to_channels_last_other(x):
    """Take the channels apart and stack them along a new last axis."""
    return np.stack([x[:, c] for c in range(x.shape[1])], axis=-1)


def place_in_memory(n, i, j, c, sizes, data_format):
    """Return the place of sample n, row i, column j, channel c.

    sizes: (N, H, W, C) in either layout.
    """
    _, height, width, channels = sizes
    if data_format == "channels_first":
        return ((n * channels + c) * height + i) * width + j
    return ((n * height + i) * width + j) * channels + c


def place_in_memory_other(n, i, j, c, sizes, data_format):
    """Number the cells, and look at the one that is asked for."""
    numbers = np.arange(np.prod(sizes))
    if data_format == "channels_first":
        batch, height, width, channels = sizes
        return int(numbers.reshape(batch, channels, height, width)[n, c, i, j])
    return int(numbers.reshape(sizes)[n, i, j, c])


def flatten(x, data_format):
    """Return x as (N, size).

    x: (N, *spatial, C), or with "channels_first" (N, C, *spatial).
    """
    if data_format == "channels_first":
        x = np.moveaxis(x, 1, -1)
    return x.reshape(len(x), -1).copy()


def flatten_other(x, data_format):
    """Write the numbers one by one, pixel by pixel."""
    rows = []
    for sample in x:
        row = []
        if data_format == "channels_first":
            for pixel in np.ndindex(sample.shape[1:]):
                row += [sample[(c, *pixel)] for c in range(sample.shape[0])]
        else:
            for pixel in np.ndindex(sample.shape[:-1]):
                row += [sample[(*pixel, c)] for c in range(sample.shape[-1])]
        rows.append(row)
    return np.array(rows)
