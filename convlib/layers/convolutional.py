"""The convolution layers: full, transposed, depthwise and separable, each written once for all
ranks.

Common to all: kernels and biases are laid out as in Keras; the bias is added, then the activation
is applied, once and last (with channels_first also along the last axis, as Keras applies softmax).
"""

import math

import numpy as np

from convlib import activations
from convlib.correlation import correlate, correlate_input_grad, correlate_kernel_grad
from convlib.layers.base import SpatialLayer
from convlib.padding import (
    output_length,
    padding_name,
    pads,
    transposed_length,
    transposed_pads,
)


class Convolution(SpatialLayer):
    """What the four kinds of convolution share: windows, bias, activation."""

    allows_causal = False
    mixes_strides_and_dilation = False

    def _keep(self, arguments):
        super()._keep(arguments)
        self.padding = padding_name(self.padding, causal=self.allows_causal)
        if max(self.strides) > 1 < max(self.dilation_rate) and not self.mixes_strides_and_dilation:
            raise ValueError(
                f"`strides` and `dilation_rate` must not both be greater than 1 in "
                f"{type(self).__name__}, on whichever axes. Received: strides={self.strides}, "
                f"dilation_rate={self.dilation_rate}"
            )

    def _build(self, input_shape):
        channels = input_shape[self._channel_axis]
        if channels is None:
            raise ValueError(
                f"`input_shape` must give the number of channels, on axis {self._channel_axis}, "
                f"to build layer {self.name!r}. Received: input_shape={input_shape}"
            )
        self._build_kernels(channels)
        if self.use_bias:
            self._add("bias", (self._output_channels(channels),))
        self._build_channels = self._channel_axis, channels

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        self._x = self._channels_last(x)
        z = self._forward(self._x)
        if self.use_bias:
            z += self.bias.value
        self._z = self._restore(z)
        self._y = self.activation(self._z)
        return self._y

    def backward(self, dy):
        """Return dx of the latest call for dy; leave the weights' gradients in `gradients`."""
        dz = activations.backward(self.activation, np.asarray(dy, self.dtype), self._z, self._y)
        dz = self._channels_last(dz)
        dx, gradients = self._backward(dz)
        if self.use_bias:
            gradients["bias"] = dz.reshape(-1, dz.shape[-1]).sum(0)
        self._leave(gradients)
        return self._restore(dx)

    def _output_size(self, sizes):
        return tuple(
            output_length(n, k, s, self.padding, d, axis=axis)
            for n, k, s, d, axis in zip(
                sizes, self.kernel_size, self.strides, self.dilation_rate, self._axes, strict=True
            )
        )

    def _windows(self, x):
        """The keyword arguments that tell `correlate` and its gradients where the windows lie."""
        per_axis = zip(
            x.shape[1:-1], self.kernel_size, self.strides, self.dilation_rate, strict=True
        )
        return {
            "strides": self.strides,
            "pads": [pads(n, k, s, self.padding, d) for n, k, s, d in per_axis],
            "dilation_rate": self.dilation_rate,
        }


class Conv(Convolution):
    """Convolution over `rank` axes with one kernel for each output channel.

    Input `(N, *spatial, C)`, kernel `(*kernel_size, C / groups, filters)`, bias `(filters,)`,
    output `(N, *output, filters)`, channels after the batch with channels_first::

        y[n, *o, f] = activation(bias[f] + sum over t, c of
                                 x[n, *(o * strides + t * dilation_rate), c] * kernel[*t, c, f])

    with zeros around x as `convlib.padding` says. The kernel is not flipped: Keras' convolution is
    a cross-correlation. Parameters: `prod(kernel_size) * C / groups * filters + filters`. A
    `ValueError` tells of arguments and inputs that cannot be.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())
        if self.filters % self.groups:
            raise ValueError(
                f"`filters` must be divisible by `groups`. "
                f"Received: filters={filters}, groups={groups}"
            )

    def _output_channels(self, channels):
        return self.filters

    def _build_kernels(self, channels):
        if channels % self.groups:
            raise ValueError(
                f"`groups` must divide the number of input channels. "
                f"Received: groups={self.groups}, input channels={channels}"
            )
        self._add("kernel", (*self.kernel_size, channels // self.groups, self.filters))

    def _forward(self, x):
        return correlate(x, self.kernel.value, groups=self.groups, **self._windows(x))

    def _backward(self, dz):
        where = {"groups": self.groups, **self._windows(self._x)}
        dx = correlate_input_grad(dz, self.kernel.value, input_size=self._x.shape[1:-1], **where)
        dkernel = correlate_kernel_grad(dz, self._x, kernel_size=self.kernel_size, **where)
        return dx, {"kernel": dkernel}


class Conv1D(Conv):
    """Convolution over steps: `(N, steps, C)` to `(N, new_steps, filters)`.

    `padding` may also be "causal": zeros only before, so that no output sees a later step. Formula
    and errors: `Conv`. Keras' page: https://keras.io/api/layers/convolution_layers/convolution1d/

    >>> layer = Conv1D(64, 3, padding="same")
    >>> layer(np.ones((1, 10, 32))).shape, layer.count_params()
    ((1, 10, 64), 6208)
    """

    rank = 1
    allows_causal = True


class Conv2D(Conv):
    """Convolution over height and width: `(N, height, width, C)` to `(N, ..., filters)`.

    Formula and errors: `Conv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/convolution2d/

    >>> layer = Conv2D(1, 3, strides=3, padding="same", kernel_initializer="ones")
    >>> layer(np.ones((1, 5, 5, 1)))[0, :, :, 0].tolist()
    [[9.0, 6.0], [6.0, 4.0]]
    """

    rank = 2


class Conv3D(Conv):
    """Convolution over depth, height and width.

    `(N, depth, height, width, C)` to `(N, ..., filters)`.

    Formula and errors: `Conv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/convolution3d/

    >>> Conv3D(2, (1, 2, 3)).compute_output_shape((None, 4, 5, 6, 1))
    (None, 4, 4, 4, 2)
    """

    rank = 3


class ConvTranspose(Convolution):
    """Transposed convolution over `rank` axes: the input gradient of a convolution, as a layer.

    Input `(N, *spatial, C)`, kernel `(*kernel_size, filters, C)`, bias `(filters,)`, output
    `(N, *output, filters)`. Every input cell stamps the kernel, scaled by its value::

        z[n, *(i * strides + t * dilation_rate), f] += x[n, *i, c] * kernel[*t, f, c]

    and `padding` and `output_padding` say which part of z is the output
    (`convlib.padding.transposed_pads`); cells that no stamp reaches hold the bias. Dumoulin and
    Visin 2016, section 4, https://arxiv.org/abs/1603.07285.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        output_padding=None,
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())
        if any(p >= s for p, s in zip(self.output_padding or (), self.strides, strict=False)):
            raise ValueError(
                f"`output_padding` must be smaller than `strides` on every axis. Received: "
                f"output_padding={self.output_padding}, strides={self.strides}"
            )

    def _output_channels(self, channels):
        return self.filters

    def _build_kernels(self, channels):
        self._add("kernel", (*self.kernel_size, self.filters, channels))

    def _per_axis(self, rule, sizes):
        output_padding = self.output_padding or (None,) * self.rank
        per_axis = zip(
            sizes, self.kernel_size, self.strides, self.dilation_rate, output_padding, strict=True
        )
        return tuple(rule(n, k, s, self.padding, d, p) for n, k, s, d, p in per_axis)

    def _output_size(self, sizes):
        return self._per_axis(transposed_length, sizes)

    def _windows(self, x):
        return {
            "strides": self.strides,
            "pads": self._per_axis(transposed_pads, x.shape[1:-1]),
            "dilation_rate": self.dilation_rate,
        }

    def _forward(self, x):
        size = self._output_size(x.shape[1:-1])
        return correlate_input_grad(x, self.kernel.value, input_size=size, **self._windows(x))

    def _backward(self, dz):
        where = self._windows(self._x)
        dx = correlate(dz, self.kernel.value, **where)
        dkernel = correlate_kernel_grad(self._x, dz, kernel_size=self.kernel_size, **where)
        return dx, {"kernel": dkernel}


class DepthwiseConv(Convolution):
    """Convolution of each channel by itself, with `depth_multiplier` kernels for each.

    Input `(N, *spatial, C)`, kernel `(*kernel_size, C, depth_multiplier)`, output
    `(N, *output, C * depth_multiplier)`, where channel `c * depth_multiplier + m` comes from input
    channel c. It is a convolution in C groups. Strides and dilation may be mixed, as in Keras.
    """

    mixes_strides_and_dilation = True

    def __init__(
        self,
        kernel_size,
        strides=1,
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())

    def _output_channels(self, channels):
        return None if channels is None else channels * self.depth_multiplier

    def _build_kernels(self, channels):
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self._add("kernel", shape, options="depthwise")

    def _forward(self, x):
        return _depthwise(x, self.kernel.value, self._windows(x))

    def _backward(self, dz):
        dx, dkernel = _depthwise_grads(dz, self._x, self.kernel.value, self._windows(self._x))
        return dx, {"kernel": dkernel}


class SeparableConv(Convolution):
    """A depthwise convolution, then a 1x1 convolution that mixes the channels.

    Input `(N, *spatial, C)`, depthwise kernel `(*kernel_size, C, depth_multiplier)`, pointwise
    kernel `(1, ..., C * depth_multiplier, filters)`, output `(N, *output, filters)`. Strides,
    dilation and padding act in the depthwise half; bias and activation once, after the pointwise
    half. Chollet 2017, https://arxiv.org/abs/1610.02357. Strides and dilation may be mixed, as in
    Keras.
    """

    mixes_strides_and_dilation = True

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._keep(locals())

    def _output_channels(self, channels):
        return self.filters

    def _build_kernels(self, channels):
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self._add("depthwise_kernel", shape, options="depthwise")
        shape = (*(1,) * self.rank, channels * self.depth_multiplier, self.filters)
        self._add("pointwise_kernel", shape, options="pointwise")

    @property
    def _pointwise(self):
        ones = (1,) * self.rank
        return {"strides": ones, "pads": [(0, 0)] * self.rank, "dilation_rate": ones}

    def _forward(self, x):
        self._deep = _depthwise(x, self.depthwise_kernel.value, self._windows(x))
        return correlate(self._deep, self.pointwise_kernel.value, **self._pointwise)

    def _backward(self, dz):
        ddeep = correlate_input_grad(
            dz, self.pointwise_kernel.value, input_size=dz.shape[1:-1], **self._pointwise
        )
        dpointwise = correlate_kernel_grad(
            dz, self._deep, kernel_size=(1,) * self.rank, **self._pointwise
        )
        dx, ddepthwise = _depthwise_grads(
            ddeep, self._x, self.depthwise_kernel.value, self._windows(self._x)
        )
        return dx, {"depthwise_kernel": ddepthwise, "pointwise_kernel": dpointwise}


def _depthwise(x, kernel, where):
    """Correlate each channel with its kernels: (*K, C, M) is (*K, 1, C·M) in C groups."""
    return correlate(x, _as_grouped(kernel), groups=x.shape[-1], **where)


def _depthwise_grads(dy, x, kernel, where):
    """Return dx and dkernel of `_depthwise`."""
    where = {"groups": x.shape[-1], **where}
    size, kernel_size = x.shape[1:-1], kernel.shape[:-2]
    dx = correlate_input_grad(dy, _as_grouped(kernel), input_size=size, **where)
    dkernel = correlate_kernel_grad(dy, x, kernel_size=kernel_size, **where)
    return dx, dkernel.reshape(kernel.shape)


def _as_grouped(kernel):
    return kernel.reshape(*kernel.shape[:-2], 1, math.prod(kernel.shape[-2:]))


class Conv1DTranspose(ConvTranspose):
    """Transposed convolution over steps: `(N, steps, C)` to `(N, new_steps, filters)`.

    Formula: `ConvTranspose`. Keras' page:
    https://keras.io/api/layers/convolution_layers/convolution1d_transpose/

    >>> layer = Conv1DTranspose(1, 2, strides=3, kernel_initializer="ones")
    >>> layer(np.ones((1, 2, 1)))[0, :, 0].tolist()
    [1.0, 1.0, 0.0, 1.0, 1.0, 0.0]
    """

    rank = 1


class Conv2DTranspose(ConvTranspose):
    """Transposed convolution over height and width.

    Formula: `ConvTranspose`. Keras' page:
    https://keras.io/api/layers/convolution_layers/convolution2d_transpose/

    >>> Conv2DTranspose(1, 3, strides=2).compute_output_shape((1, 5, 5, 1))
    (1, 11, 11, 1)
    """

    rank = 2


class Conv3DTranspose(ConvTranspose):
    """Transposed convolution over depth, height and width.

    Formula: `ConvTranspose`. Keras' page:
    https://keras.io/api/layers/convolution_layers/convolution3d_transpose/

    >>> Conv3DTranspose(1, 3, strides=2, padding="same").compute_output_shape((1, 2, 3, 4, 1))
    (1, 4, 6, 8, 1)
    """

    rank = 3

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,  # before output_padding, as in Keras, for this rank only
        output_padding=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        arguments = {k: v for k, v in locals().items() if k not in ("self", "kwargs", "__class__")}
        super().__init__(**arguments, **kwargs)


class DepthwiseConv1D(DepthwiseConv):
    """Depthwise convolution over steps: `(N, steps, C)` to `(N, new_steps, C * depth_multiplier)`.

    Formula: `DepthwiseConv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/

    >>> layer = DepthwiseConv1D(
    ...     3, strides=2, dilation_rate=2, padding="same", depthwise_initializer="ones"
    ... )
    >>> layer(np.arange(1.0, 9).reshape(1, 8, 1))[0, :, 0].tolist()
    [6.0, 12.0, 18.0, 14.0]
    """

    rank = 1


class DepthwiseConv2D(DepthwiseConv):
    """Depthwise convolution over height and width.

    Formula: `DepthwiseConv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/

    >>> layer = DepthwiseConv2D(3, depth_multiplier=2)
    >>> layer(np.ones((1, 5, 5, 3))).shape, layer.count_params()
    ((1, 3, 3, 6), 60)
    """

    rank = 2


class SeparableConv1D(SeparableConv):
    """Separable convolution over steps: `(N, steps, C)` to `(N, new_steps, filters)`.

    Formula: `SeparableConv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/separable_convolution1d/

    >>> layer = SeparableConv1D(4, 3)
    >>> layer(np.ones((1, 10, 2))).shape, layer.count_params()
    ((1, 8, 4), 18)
    """

    rank = 1


class SeparableConv2D(SeparableConv):
    """Separable convolution over height and width.

    Formula: `SeparableConv`. Keras' page:
    https://keras.io/api/layers/convolution_layers/separable_convolution2d/

    >>> layer = SeparableConv2D(4, 3)
    >>> layer(np.ones((1, 64, 64, 3))).shape, layer.count_params()
    ((1, 62, 62, 4), 43)
    """

    rank = 2
