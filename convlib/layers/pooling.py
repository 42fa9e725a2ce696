"""The pooling layers, each written once for all ranks.

A maximum or a sum over a box is one over each axis in turn, so pools go axis by axis. Padding is
never part of a pool: it does not win a maximum and is not counted in a mean.
"""

import numpy as np

from convlib.layers.base import SpatialLayer
from convlib.padding import output_length, padding_name, pads


class Pooling(SpatialLayer):
    """One value for each window: `(N, *spatial, C)` to `(N, *output, C)`, without weights.

    `strides=None` means `pool_size`. Output lengths are those of a convolution
    (`convlib.padding.output_length`). A `ValueError` tells of arguments and inputs that cannot be.
    """

    def __init__(
        self, pool_size, strides=None, padding="valid", data_format=None, name=None, **kwargs
    ):
        super().__init__(name=name, **kwargs)
        strides = pool_size if strides is None else strides
        self._keep(locals())
        self.padding = padding_name(padding, any_case=False)

    def _output_size(self, sizes):
        per_axis = zip(sizes, self.pool_size, self.strides, self._axes, strict=True)
        return tuple(
            output_length(n, k, s, self.padding, axis=axis, window="pool_size")
            for n, k, s, axis in per_axis
        )

    def _forward(self, x):
        self._steps = []
        for axis in reversed(range(1, self.rank + 1)):  # last first: ties go to the first cell
            window = _Window(
                axis, x.shape, self.pool_size[axis - 1], self.strides[axis - 1], self.padding
            )
            self._steps.append((window, *self._reduce(window, x)))
            x = self._steps[-1][1]
        return x

    def _backward(self, dy):
        for window, _, kept in reversed(self._steps):
            dy = self._spread(window, dy, kept)
        return dy


class _Window:
    """The windows along one axis: for each tap, which input cells meet which output cells."""

    def __init__(self, axis, shape, size, stride, padding):
        self.axis, self.shape, self.size = axis, shape, size
        length = shape[axis]
        self.output = output_length(length, size, stride, padding)
        before, _ = pads(length, size, stride, padding)
        # Tap t of window o reads cell o * stride + t - before; keep the o for which it exists.
        self.taps = []
        for tap in range(size):
            first = max(-((tap - before) // stride), 0)
            last = min((length - 1 - tap + before) // stride, self.output - 1)
            if first <= last:
                start = first * stride + tap - before
                cells = slice(start, start + (last - first) * stride + 1, stride)
                self.taps.append((self.at(cells), self.at(slice(first, last + 1))))

    def at(self, cells):
        return (slice(None),) * self.axis + (cells,)

    def full(self, value, dtype):
        shape = list(self.shape)
        shape[self.axis] = self.output
        return np.full(shape, value, dtype)

    def counts(self, dtype):
        """How many cells of the input each window holds, shaped to divide its output"""
        counts = np.zeros(self.output, dtype)
        for _, outputs in self.taps:
            counts[outputs[self.axis]] += 1
        return counts.reshape(-1, *(1,) * (len(self.shape) - self.axis - 1))


class MaxPooling(Pooling):
    """The largest value of each window, `max over t of x[o * strides + t]`; padding never wins."""

    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format=None, name=None, **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

    def _reduce(self, window, x):
        y = window.full(-np.inf, x.dtype)
        for cells, outputs in window.taps:
            np.maximum(y[outputs], x[cells], out=y[outputs])
        return y, x

    def _spread(self, window, dy, x):
        """The gradient goes to the first of the largest cells, as in PyTorch.

        So it does in TensorFlow with one and two axes; with three each of them gets all of it.
        """
        dx, open_windows = np.zeros_like(x), np.ones(dy.shape, bool)
        y = self._reduce(window, x)[0]
        for cells, outputs in window.taps:
            wins = open_windows[outputs] & (x[cells] == y[outputs])
            dx[cells] += wins * dy[outputs]
            open_windows[outputs] &= ~wins
        return dx


class AveragePooling(Pooling):
    """The mean of each window over its cells inside the input: padding is not counted.

    TensorFlow and JAX agree; PyTorch's backend of Keras averages copies of the edge cell where
    `same` pads unevenly.
    """

    def _reduce(self, window, x):
        y = window.full(0, x.dtype)
        for cells, outputs in window.taps:
            y[outputs] += x[cells]
        y /= window.counts(x.dtype)
        return y, None

    def _spread(self, window, dy, _):
        dy = dy / window.counts(dy.dtype)
        dx = np.zeros(window.shape, dy.dtype)
        for cells, outputs in window.taps:
            dx[cells] += dy[outputs]
        return dx


class GlobalPooling(SpatialLayer):
    """One value for each channel: `(N, *spatial, C)` to `(N, C)`, or to `(N, 1, ..., C)`."""

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())

    def _output_size(self, sizes):
        return (1,) * self.rank

    def compute_output_shape(self, input_shape):
        """Return the output's shape as a tuple, None where unknown, for such an input shape."""
        shape = super().compute_output_shape(input_shape)
        if self.keepdims:
            return shape
        return (shape[0], shape[self._channel_axis])

    @property
    def _spatial(self):
        first = 1 if self._channel_axis == -1 else 2
        return tuple(range(first, first + self.rank))

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._x = x
        self._y = self._reduce(x, self._spatial)
        return self._y if self.keepdims else self._y.squeeze(self._spatial)

    def backward(self, dy):
        """Return dx of the latest call, given dy."""
        self.gradients = []
        return self._spread(np.reshape(dy, self._y.shape))


class GlobalMaxPooling(GlobalPooling):
    """The largest value of each channel."""

    def _reduce(self, x, axes):
        return x.max(axes, keepdims=True)

    def _spread(self, dy):
        """Cells that share the maximum share the gradient, as in TensorFlow's reduce_max."""
        wins = self._x == self._y
        return wins * (dy / wins.sum(self._spatial, keepdims=True)).astype(dy.dtype)


class GlobalAveragePooling(GlobalPooling):
    """The mean of each channel."""

    def _reduce(self, x, axes):
        return x.mean(axes, keepdims=True)

    def _spread(self, dy):
        cells = self._x[0].size // self._y[0].size
        return np.broadcast_to(dy / dy.dtype.type(cells), self._x.shape).copy()


class MaxPooling1D(MaxPooling):
    """Max pooling over steps. Keras' page:
    https://keras.io/api/layers/pooling_layers/max_pooling1d/

    >>> MaxPooling1D(2)(np.array([[[1.0], [3.0], [2.0], [0.0], [9.0]]])).ravel().tolist()
    [3.0, 2.0]
    """

    rank = 1


class MaxPooling2D(MaxPooling):
    """Max pooling over height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/max_pooling2d/

    >>> MaxPooling2D(3, strides=2, padding="same").compute_output_shape((None, 5, 8, 3))
    (None, 3, 4, 3)
    """

    rank = 2


class MaxPooling3D(MaxPooling):
    """Max pooling over depth, height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/max_pooling3d/

    >>> MaxPooling3D().compute_output_shape((None, 4, 5, 6, 3))
    (None, 2, 2, 3, 3)
    """

    rank = 3


class AveragePooling1D(AveragePooling):
    """Average pooling over steps.

    Keras' page: https://keras.io/api/layers/pooling_layers/average_pooling1d/

    >>> x = np.arange(1.0, 6).reshape(1, 5, 1)
    >>> AveragePooling1D(3, strides=1, padding="same")(x).ravel().tolist()
    [1.5, 2.0, 3.0, 4.0, 4.5]
    """

    rank = 1


class AveragePooling2D(AveragePooling):
    """Average pooling over height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/average_pooling2d/

    >>> AveragePooling2D((2, 3))(np.ones((1, 4, 6, 1))).shape
    (1, 2, 2, 1)
    """

    rank = 2


class AveragePooling3D(AveragePooling):
    """Average pooling over depth, height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/average_pooling3d/

    >>> AveragePooling3D(2, strides=1).compute_output_shape((None, 4, 5, 6, 3))
    (None, 3, 4, 5, 3)
    """

    rank = 3


class GlobalMaxPooling1D(GlobalMaxPooling):
    """The largest value of each channel over all steps.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_max_pooling1d/

    >>> GlobalMaxPooling1D()(np.array([[[1.0, 5.0], [3.0, 2.0]]])).tolist()
    [[3.0, 5.0]]
    """

    rank = 1


class GlobalMaxPooling2D(GlobalMaxPooling):
    """The largest value of each channel over height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_max_pooling2d/

    >>> GlobalMaxPooling2D(keepdims=True).compute_output_shape((None, 4, 5, 3))
    (None, 1, 1, 3)
    """

    rank = 2


class GlobalMaxPooling3D(GlobalMaxPooling):
    """The largest value of each channel over depth, height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_max_pooling3d/

    >>> GlobalMaxPooling3D().compute_output_shape((None, 4, 5, 6, 3))
    (None, 3)
    """

    rank = 3


class GlobalAveragePooling1D(GlobalAveragePooling):
    """The mean of each channel over all steps.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_average_pooling1d/

    >>> GlobalAveragePooling1D()(np.array([[[1.0, 5.0], [3.0, 2.0]]])).tolist()
    [[2.0, 3.5]]
    """

    rank = 1


class GlobalAveragePooling2D(GlobalAveragePooling):
    """The mean of each channel over height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_average_pooling2d/

    >>> GlobalAveragePooling2D("channels_first").compute_output_shape((None, 3, 4, 5))
    (None, 3)
    """

    rank = 2


class GlobalAveragePooling3D(GlobalAveragePooling):
    """The mean of each channel over depth, height and width.

    Keras' page: https://keras.io/api/layers/pooling_layers/global_average_pooling3d/

    >>> GlobalAveragePooling3D().compute_output_shape((None, 4, 5, 6, 3))
    (None, 3)
    """

    rank = 3
