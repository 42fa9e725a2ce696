"""Dense, Activation, Flatten, Dropout and BatchNormalization."""

import math

import numpy as np

from convlib import activations
from convlib.arguments import data_format as data_format_name
from convlib.arguments import fraction, integer
from convlib.initializers import Constant, HeUniform, Zeros, seed_or_draw
from convlib.layers.base import Layer


class Dense(Layer):
    """A matrix product along the last axis: `activation(x @ kernel + bias)`.

    Input `(N, ..., C)`, kernel `(C, units)`, bias `(units,)`, output `(N, ..., units)`. With
    `lora_rank=r` the kernel stays as it is and `lora_alpha / r * A @ B`, A `(C, r)` and
    B `(r, units)`, is learned on top of it (Hu et al. 2021, https://arxiv.org/abs/2106.09685).
    `quantization_config` must be None. Keras' page: https://keras.io/api/layers/core_layers/dense/

    >>> layer = Dense(10)
    >>> layer(np.ones((2, 1024))).shape, layer.count_params()
    ((2, 10), 10250)
    """

    min_ndim = 2

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        lora_rank=None,
        lora_alpha=None,
        quantization_config=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())
        if quantization_config is not None:
            raise ValueError(
                f"`quantization_config` must be None: convlib computes in float32 and float64. "
                f"Received: quantization_config={quantization_config!r}"
            )
        if lora_rank is not None:
            integer(lora_rank, "lora_rank")

    def _build(self, input_shape):
        channels = input_shape[-1]
        if channels is None:
            raise ValueError(
                f"`input_shape` must give the size of the last axis to build layer {self.name!r}. "
                f"Received: input_shape={input_shape}"
            )
        self._add("kernel", (channels, self.units))
        if self.use_bias:
            self._add("bias", (self.units,))
        if self.lora_rank:
            self.kernel.trainable = False
            self._add("lora_kernel_a", (channels, self.lora_rank), initializer=HeUniform())
            self._add("lora_kernel_b", (self.lora_rank, self.units), initializer=Zeros())
        self._build_channels = -1, channels

    @property
    def _matrix(self):
        if not self.lora_rank:
            return self.kernel.value
        return self.kernel.value + self._lora_scale * (
            self.lora_kernel_a.value @ self.lora_kernel_b.value
        )

    @property
    def _lora_scale(self):
        return (self.lora_alpha or self.lora_rank) / self.lora_rank

    def compute_output_shape(self, input_shape):
        """Return `input_shape` with `units` in place of the last size."""
        self._check(input_shape)
        return (*input_shape[:-1], self.units)

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._x = x
        self._z = x @ self._matrix
        if self.use_bias:
            self._z += self.bias.value
        self._y = self.activation(self._z)
        return self._y

    def backward(self, dy):
        """Return dx of the latest call for dy; leave the weights' gradients in `gradients`."""
        dz = activations.backward(self.activation, np.asarray(dy, self.dtype), self._z, self._y)
        x, rows = self._x.reshape(-1, self._x.shape[-1]), dz.reshape(-1, self.units)
        dkernel = x.T @ rows
        gradients = {"kernel": dkernel}
        if self.use_bias:
            gradients["bias"] = rows.sum(0)
        if self.lora_rank:
            gradients["lora_kernel_a"] = self._lora_scale * dkernel @ self.lora_kernel_b.value.T
            gradients["lora_kernel_b"] = self._lora_scale * self.lora_kernel_a.value.T @ dkernel
        self._leave(gradients)
        return dz @ self._matrix.T


class Activation(Layer):
    """An activation function as a layer.

    Keras' page: https://keras.io/api/layers/core_layers/activation/

    >>> Activation("relu")(np.array([[-1.0, 2.0]])).tolist()
    [[0.0, 2.0]]
    """

    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self._keep(locals())

    def compute_output_shape(self, input_shape):
        """Return `input_shape`."""
        return tuple(input_shape)

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._x, self._y = x, self.activation(x)
        return self._y

    def backward(self, dy):
        """Return dx of the latest call for dy."""
        return activations.backward(self.activation, np.asarray(dy, self.dtype), self._x, self._y)


class Flatten(Layer):
    """All axes but the batch as one: `(N, a, b, c)` to `(N, a * b * c)`.

    With channels_first the channels are moved last before, so that both formats flatten alike.
    Keras' page: https://keras.io/api/layers/reshaping_layers/flatten/

    >>> Flatten().compute_output_shape((None, 6, 6, 64))
    (None, 2304)
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = data_format_name(data_format)

    def compute_output_shape(self, input_shape):
        """Return (batch, the product of the other sizes), None where unknown."""
        batch, *sizes = input_shape
        return (batch, None if None in sizes else math.prod(sizes))

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        moves = self.data_format == "channels_first" and x.ndim > 2
        self._moved = np.moveaxis(x, 1, -1).shape if moves else x.shape
        return (np.moveaxis(x, 1, -1) if moves else x).reshape(len(x), math.prod(x.shape[1:]))

    def backward(self, dy):
        """Return dx of the latest call for dy."""
        dx = np.reshape(dy, self._moved)
        moves = self.data_format == "channels_first" and dx.ndim > 2
        return np.moveaxis(dx, -1, 1) if moves else dx


class Dropout(Layer):
    """In training, each value is 0 with probability `rate`, the others are divided by 1 - rate.

    `noise_shape` says which axes share one draw (1) and which do not (None or their size).
    Srivastava et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html. Keras' page:
    https://keras.io/api/layers/regularization_layers/dropout/

    >>> Dropout(0.5)(np.ones((1, 4))).tolist()  # not in training: nothing happens
    [[1.0, 1.0, 1.0, 1.0]]
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = fraction(rate, "rate")
        self.noise_shape, self.seed = noise_shape, seed
        self._random = np.random.default_rng(seed_or_draw(seed))
        self._mask = 1.0

    def compute_output_shape(self, input_shape):
        """Return `input_shape`."""
        return tuple(input_shape)

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._mask = x.dtype.type(1)
        if training and self.rate > 0:
            noise_shape = self.noise_shape or x.shape
            shape = [n if m is None else m for n, m in zip(x.shape, noise_shape, strict=True)]
            kept = self._random.random(shape) >= self.rate
            self._mask = (kept / max(1 - self.rate, 1e-7)).astype(x.dtype)
        return x * self._mask

    def backward(self, dy):
        """Return dx of the latest call for dy."""
        return dy * self._mask


class BatchNormalization(Layer):
    """Each channel shifted and scaled to mean 0 and variance 1, then by what is learned::

        y = gamma * (x - mean) / sqrt(variance + epsilon) + beta

    In training, mean and variance are those of the batch over all axes but `axis`, and the moving
    ones follow by `moving = momentum * moving + (1 - momentum) * batch`; otherwise they are the
    moving ones. With `renorm`, training replaces the normalized x by `r * x + d`, which would be
    the result of the moving statistics; `renorm_clipping` {"rmin", "rmax", "dmax"} bounds r and d
    (Ioffe 2017, https://arxiv.org/abs/1702.03275). In one process `synchronized` changes nothing.
    Weights, all `(C,)`: gamma (`scale`), beta (`center`), moving_mean, moving_variance, the latter
    two not trainable. Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167. Keras' page:
    https://keras.io/api/layers/normalization_layers/batch_normalization/

    >>> layer = BatchNormalization()
    >>> layer(np.ones((2, 4, 4, 5))).shape, layer.count_params(), len(layer.trainable_weights)
    ((2, 4, 4, 5), 20, 2)
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())
        self.axis = integer(axis, "axis", minimum=None)
        fraction(momentum, "momentum")
        fraction(renorm_momentum, "renorm_momentum")
        unknown = set(renorm_clipping or {}) - {"rmin", "rmax", "dmax"}
        if unknown:
            raise ValueError(
                f"`renorm_clipping` must be None or a dict with some of 'rmin', 'rmax', 'dmax'. "
                f"Received: renorm_clipping={renorm_clipping!r}"
            )

    def _build(self, input_shape):
        channels = input_shape[self.axis]
        if channels is None:
            raise ValueError(
                f"`input_shape` must give the size of axis {self.axis} to build layer "
                f"{self.name!r}. Received: input_shape={input_shape}"
            )
        for name, wanted, trainable in (
            ("gamma", self.scale, True),
            ("beta", self.center, True),
            ("moving_mean", True, False),
            ("moving_variance", True, False),
        ):
            if wanted:
                self._add(name, (channels,), trainable=trainable)
        if self.renorm:  # the standard deviations are kept themselves, as in the paper
            deviation = np.sqrt(self.moving_variance.value)
            for name, value in (
                ("moving_stddev", deviation),
                ("renorm_mean", self.moving_mean.value),
                ("renorm_stddev", deviation),
            ):
                self._add(name, (channels,), initializer=Constant(value), trainable=False)
        self._build_channels = self.axis, channels

    def compute_output_shape(self, input_shape):
        """Return `input_shape`."""
        self._check(input_shape)
        if not -len(input_shape) <= self.axis < len(input_shape):
            raise ValueError(
                f"`axis` must be one of the input's {len(input_shape)} axes. "
                f"Received: axis={self.axis}, input_shape={tuple(input_shape)}"
            )
        return tuple(input_shape)

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._of_batch = training and self.trainable
        self._axes = tuple(i for i in range(x.ndim) if i != self.axis % x.ndim)
        mean, variance = self.moving_mean.value, self.moving_variance.value
        if self._of_batch:
            mean, variance = x.mean(self._axes), x.var(self._axes)
        self._inverse = self._spread(1 / np.sqrt(variance + self.epsilon), x)
        self._normal = (x - self._spread(mean, x)) * self._inverse
        self._r, d = self._learn(mean, variance) if self._of_batch else (1, 0)
        y = self._corrected = self._normal * self._r + d
        if self.scale:
            y = y * self._spread(self.gamma.value, x)
        if self.center:
            y = y + self._spread(self.beta.value, x)
        return y

    def _learn(self, mean, variance):
        """Let the moving statistics follow those of a batch; return r and d, before they do."""
        if not self.renorm:
            _follow(self.moving_mean, mean, self.momentum)
            _follow(self.moving_variance, variance, self.momentum)
            return 1, 0
        deviation = np.sqrt(variance + self.epsilon)
        scale = np.maximum(self.renorm_stddev.value, self.epsilon**0.5)
        bounds = {"rmin": -np.inf, "rmax": np.inf, "dmax": np.inf, **(self.renorm_clipping or {})}
        r = np.clip(deviation / scale, bounds["rmin"], bounds["rmax"])
        d = np.clip((mean - self.renorm_mean.value) / scale, -bounds["dmax"], bounds["dmax"])
        _follow(self.renorm_mean, mean, self.renorm_momentum)
        _follow(self.renorm_stddev, deviation, self.renorm_momentum)
        _follow(self.moving_mean, mean, self.momentum)
        _follow(self.moving_stddev, deviation, self.momentum)
        square = np.square(self.moving_stddev.value)
        self.moving_variance.assign(np.maximum(square - self.epsilon, 0))
        return self._spread(r, self._normal), self._spread(d, self._normal)

    def backward(self, dy):
        """Return dx of the latest call for dy; leave the weights' gradients in `gradients`."""
        gradients = {}
        if self.scale:
            gradients["gamma"] = (dy * self._corrected).sum(self._axes)
        if self.center:
            gradients["beta"] = np.sum(dy, self._axes)
        self._leave(gradients)
        dnormal = dy * self._spread(self.gamma.value, dy) if self.scale else dy
        dnormal = dnormal * self._r  # r and d are taken as constants
        if self._of_batch:  # mean and variance depend on x too
            mean = dnormal.mean(self._axes, keepdims=True)
            along = (dnormal * self._normal).mean(self._axes, keepdims=True)
            dnormal = dnormal - mean - self._normal * along
        return dnormal * self._inverse

    def _spread(self, channels, x):
        """(C,) shaped to broadcast against x along `axis`."""
        shape = [1] * x.ndim
        shape[self.axis] = -1
        return channels.astype(x.dtype, copy=False).reshape(shape)


def _follow(moving, now, momentum):
    moving.assign(momentum * moving.value + (1 - momentum) * now)
