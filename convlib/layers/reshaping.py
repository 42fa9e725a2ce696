"""UpSampling, ZeroPadding and Cropping, each written once for all ranks."""

import numpy as np

from convlib.arguments import choice, integer, integers
from convlib.layers.base import SpatialLayer


class UpSampling(SpatialLayer):
    """Every spatial axis `size` times as long: `(N, *spatial, C)` to `(N, *(spatial * size), C)`.

    "nearest" repeats each cell; "bilinear" interpolates between cell centres, an output centre at
    `(i + 0.5) / size - 0.5` cells, beyond the edge centres the edge itself.
    """

    interpolation = "nearest"

    @property
    def _sizes(self):
        return self.size

    def _output_size(self, sizes):
        return tuple(None if n is None else n * s for n, s in zip(sizes, self._sizes, strict=True))

    def _forward(self, x):
        self._lengths = x.shape[1:-1]
        if self.interpolation == "nearest":
            for axis, size in enumerate(self._sizes, 1):
                x = np.repeat(x, size, axis)
            return x
        for axis, matrix in enumerate(self._matrices(x.dtype), 1):
            x = _along(axis, matrix, x)
        return x

    def _backward(self, dy):
        if self.interpolation == "nearest":
            split = [n for pair in zip(self._lengths, self._sizes, strict=True) for n in pair]
            copies = tuple(range(2, 2 * self.rank + 1, 2))
            return dy.reshape(len(dy), *split, dy.shape[-1]).sum(copies)
        for axis, matrix in enumerate(self._matrices(dy.dtype), 1):
            dy = _along(axis, matrix.T, dy)
        return dy

    def _matrices(self, dtype):
        return [_bilinear(n, s, dtype) for n, s in zip(self._lengths, self._sizes, strict=True)]


class UpSampling1D(UpSampling):
    """Every step repeated `size` times.

    Keras' page: https://keras.io/api/layers/reshaping_layers/up_sampling1d/

    >>> UpSampling1D(2)(np.array([[[1.0], [2.0]]])).ravel().tolist()
    [1.0, 1.0, 2.0, 2.0]
    """

    rank = 1

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = integer(size, "size")

    @property
    def _sizes(self):
        return (self.size,)


class UpSampling2D(UpSampling):
    """Height and width times `size`, by "nearest" or "bilinear" interpolation.

    Keras' page: https://keras.io/api/layers/reshaping_layers/up_sampling2d/

    >>> x = np.array([[[[0.0], [4.0]]]])
    >>> UpSampling2D((1, 2), interpolation="bilinear")(x).ravel().tolist()
    [0.0, 1.0, 3.0, 4.0]
    """

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())
        self.interpolation = choice(interpolation, ("nearest", "bilinear"), "interpolation")


def _bilinear(length, size, dtype):
    """(length * size, length): what each output cell takes of each input cell."""
    centres = np.clip((np.arange(length * size) + 0.5) / size - 0.5, 0, length - 1)
    distances = np.abs(centres[:, np.newaxis] - np.arange(length))
    return np.maximum(1 - distances, 0).astype(dtype)


def _along(axis, matrix, x):
    """x with one axis multiplied by a matrix (out, in)."""
    return np.moveaxis(np.moveaxis(x, axis, -1) @ matrix.T, -1, axis)


class _Margins(SpatialLayer):
    """What ZeroPadding and Cropping share: (before, after) cells for each axis."""

    def _pairs(self, value, name):
        """What Keras takes, as ((before, after), ...): one number, one per axis, or the pairs.

        With one axis, two numbers are its pair.
        """
        rank = self.rank
        if rank == 1:
            return (integers(value, 2, name, minimum=0),)
        per_axis = value if isinstance(value, (tuple, list)) else (value,) * rank
        if len(per_axis) != rank:
            raise ValueError(
                f"`{name}` must be an integer, {rank} integers or {rank} pairs of integers. "
                f"Received: {name}={value!r}"
            )
        return tuple(integers(pair, 2, name, minimum=0) for pair in per_axis)

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values."""
        config = super().get_config()
        if self.rank == 1:
            config[self._name] = config[self._name][0]
        return config

    def _pad(self, x):
        return np.pad(x, [(0, 0), *self._margins, (0, 0)])

    def _crop(self, x):
        inner = (
            slice(before, n - after)
            for n, (before, after) in zip(x.shape[1:-1], self._margins, strict=True)
        )
        return x[(slice(None), *inner)]


class ZeroPadding(_Margins):
    """Zeros around the spatial axes, as the pairs `padding` say."""

    _name = "padding"

    def _output_size(self, sizes):
        return tuple(
            None if n is None else before + n + after
            for n, (before, after) in zip(sizes, self._margins, strict=True)
        )

    @property
    def _margins(self):
        return self.padding

    def _forward(self, x):
        return self._pad(x)

    def _backward(self, dy):
        return self._crop(dy)


class Cropping(_Margins):
    """The cells that the pairs `cropping` do not cut off; at least one has to be left per axis."""

    _name = "cropping"

    def _output_size(self, sizes):
        for n, pair, axis in zip(sizes, self.cropping, self._axes, strict=True):
            if n is not None and sum(pair) >= n:
                raise ValueError(
                    f"`cropping` must leave at least one cell of the {axis}. "
                    f"Received: cropping={self.cropping}, {axis}={n}"
                )
        return tuple(
            None if n is None else n - sum(pair)
            for n, pair in zip(sizes, self.cropping, strict=True)
        )

    @property
    def _margins(self):
        return self.cropping

    def _forward(self, x):
        return self._crop(x)

    def _backward(self, dy):
        return self._pad(dy)


class ZeroPadding1D(ZeroPadding):
    """Zeros before and after the steps; `padding` is one number or (before, after).

    Keras' page: https://keras.io/api/layers/reshaping_layers/zero_padding1d/

    >>> ZeroPadding1D((1, 2)).compute_output_shape((None, 5, 3))
    (None, 8, 3)
    """

    rank = 1

    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())
        self.padding = self._pairs(padding, "padding")


class ZeroPadding2D(ZeroPadding):
    """Zeros around height and width; one number, (height, width) or ((top, bottom), (left, right)).

    Keras' page: https://keras.io/api/layers/reshaping_layers/zero_padding2d/

    >>> ZeroPadding2D(((1, 0), (2, 2))).compute_output_shape((None, 5, 5, 3))
    (None, 6, 9, 3)
    """

    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())
        self.padding = self._pairs(padding, "padding")


class Cropping1D(Cropping):
    """Steps cut off at both ends; `cropping` is one number or (before, after).

    Keras' page: https://keras.io/api/layers/reshaping_layers/cropping1d/

    >>> Cropping1D((1, 2))(np.arange(5.0).reshape(1, 5, 1)).ravel().tolist()
    [1.0, 2.0]
    """

    rank = 1

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())
        self.cropping = self._pairs(cropping, "cropping")


class Cropping2D(Cropping):
    """Rows and columns cut off; one number, (height, width) or ((top, bottom), (left, right)).

    Keras' page: https://keras.io/api/layers/reshaping_layers/cropping2d/

    >>> Cropping2D(((1, 0), (0, 2))).compute_output_shape((None, 5, 5, 3))
    (None, 4, 3, 3)
    """

    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())
        self.cropping = self._pairs(cropping, "cropping")
