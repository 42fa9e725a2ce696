"""What every layer has: a name, a dtype, weights, and Keras' way of being built and called."""

import collections
import math
import re
import sys
import warnings

import numpy as np

from convlib import activations, constraints, initializers, regularizers
from convlib.arguments import (
    Configured,
    argument_names,
    choice,
    data_format,
    integer,
    integers,
)

_names = collections.Counter()

# What constructors' arguments must be, by their names.
_COUNTS = ("filters", "groups", "depth_multiplier", "units")
_PER_AXIS = ("kernel_size", "strides", "dilation_rate", "pool_size", "size")
_LOOKUPS = {
    "activation": activations.get,
    "initializer": initializers.get,
    "regularizer": regularizers.get,
    "constraint": constraints.get,
}

# Arguments of Keras 1 and 2 that old tutorials still use, and what they are called today.
_RENAMED = {
    "nb_filter": "filters",
    "nb_row": "kernel_size",
    "nb_col": "kernel_size",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "dim_ordering": "data_format",
    "atrous_rate": "dilation_rate",
    "pool_length": "pool_size",
    "init": "kernel_initializer",
    "bias": "use_bias",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "output_dim": "units",
    "input_dim": "input_shape",
    "input_length": "input_shape",
    "batch_input_shape": "input_shape",
}


class Variable:
    """A named array that a layer owns; `np.asarray(variable)` and `.numpy()` give the array."""

    def __init__(self, name, value, trainable=True, regularizer=None, constraint=None):
        self.name, self.value, self.trainable = name, value, trainable
        self.regularizer, self.constraint = regularizer, constraint

    @property
    def shape(self):
        return self.value.shape

    @property
    def dtype(self):
        return self.value.dtype.name

    def numpy(self):
        """Return a copy of the array."""
        return self.value.copy()

    def assign(self, value):
        """Replace the array's values; shape and dtype stay."""
        value = np.asarray(value)
        if value.shape != self.shape:
            raise ValueError(
                f"`value` must have the shape {self.shape} of the weight {self.name!r}. "
                f"Received: value.shape={value.shape}"
            )
        self.value = value.astype(self.value.dtype)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.value, dtype, copy=copy)

    def __repr__(self):
        return f"<Variable name={self.name}, shape={self.shape}, dtype={self.dtype}>"


class KerasTensor:
    """A tensor without values, to trace a model's shapes: what `Input` or a layer called on one
    gives.

    `shape` has None for sizes not known yet; `layer` made the tensor, out of `source`.
    """

    def __init__(self, shape, dtype="float32", *, layer=None, source=None, name=None, sparse=False):
        self.shape, self.dtype, self.sparse = tuple(shape), dtype, sparse
        self.layer, self.source = layer, source
        self.name = name or auto_name("keras_tensor")

    def __repr__(self):
        return f"<KerasTensor shape={self.shape}, dtype={self.dtype}, name={self.name}>"


class Layer(Configured):
    """The base of all layers.

    Arguments: `name` (numbered after the class by default, as in Keras: conv2d, conv2d_1, …),
    `dtype` ("float32" or "float64"), `trainable`, `activity_regularizer` (a penalty on the output,
    divided by the batch size).

    A layer is built, its weights made, by `build(input_shape)` or by its first call. A subclass
    defines `_build(input_shape)`, `call(x, training)`, `backward(dy)` and `compute_output_shape`.
    """

    ndim = None  # the number of axes an input must have, if that is fixed
    min_ndim = 0  # or at least

    def __init__(
        self,
        *,
        name=None,
        dtype=None,
        trainable=True,
        activity_regularizer=None,
        input_shape=None,
        **unknown,
    ):
        if unknown:
            raise ValueError(_unknown_arguments(type(self), unknown))
        if input_shape is not None:
            warnings.warn(
                "`input_shape` of a layer is from Keras 2: begin a Sequential model with "
                "Input(shape) instead.",
                stacklevel=_outside(),
            )
        self.batch_input_shape = None if input_shape is None else (None, *input_shape)
        if name is not None and (not isinstance(name, str) or "/" in name):
            raise ValueError(f"`name` must be a string without a slash. Received: name={name!r}")
        self.name = name or auto_name(type(self).__name__)
        self.dtype = choice(dtype or "float32", ("float32", "float64"), "dtype")
        self.trainable = bool(trainable)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self.built = False
        self.variables = []
        self.gradients = []
        self._build_channels = None
        self._active = None  # the latest output, if its activity is regularized

    def build(self, input_shape):
        """Make the weights for inputs of `input_shape`, the batch axis first, None where unknown.

        A `ValueError` says what is wrong if such inputs cannot be.
        """
        if self.built:
            return
        self.compute_output_shape(input_shape)
        self._build(tuple(input_shape))
        self.built = True

    def _build(self, input_shape):
        pass

    def __call__(self, inputs, training=False):
        """Return the output for `inputs`, an array or nested lists, in the layer's dtype.

        For a symbolic tensor the layer is built and a symbolic tensor returned.
        """
        if isinstance(inputs, KerasTensor):
            self.build(inputs.shape)
            shape = self.compute_output_shape(inputs.shape)
            output = KerasTensor(shape, self.dtype, layer=self, source=inputs)
            self._remember(inputs, output)
            return output
        x = np.asarray(inputs, self.dtype)
        if self.built:
            self.compute_output_shape(x.shape)  # raises if such inputs cannot be
        self.build(x.shape)
        y = self.call(x, training)
        if self.activity_regularizer:
            self._active = y
        return y

    def _remember(self, inputs, outputs):
        """Keep the symbolic tensors of the latest symbolic call, from which models are traced."""
        self.input, self.output = inputs, outputs

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        raise NotImplementedError

    def backward(self, dy):
        """Return dx of the latest call, given dy, and leave the weights' gradients in `gradients`.

        `gradients` is in the order of `trainable_weights` and does not contain regularizers.
        """
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        """Return the output's shape as a tuple, None where unknown, for such an input shape."""
        raise NotImplementedError

    # -- weights

    @property
    def weights(self):
        """All variables, in the order they were made."""
        return self.variables

    @property
    def trainable_weights(self):
        return [v for v in self.variables if v.trainable and self.trainable]

    @property
    def trainable_variables(self):
        """Keras' other name for `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_weights(self):
        trainable = self.trainable_weights
        return [v for v in self.weights if not any(v is t for t in trainable)]

    @property
    def losses(self):
        """The penalties: of the latest output, then of each trainable weight with a regularizer."""
        activity = []
        if self._active is not None:
            activity = [self.activity_regularizer(self._active) / len(self._active)]
        penalized = [v for v in self.trainable_weights if v.regularizer]
        return activity + [v.regularizer(v.value) for v in penalized]

    def activity_gradient(self):
        """Return the gradient of the activity's penalty with respect to the latest output, or 0."""
        if self._active is None:
            return 0
        return self.activity_regularizer.gradient(self._active) / len(self._active)

    def get_weights(self):
        """Return copies of all weights' arrays, in the order of `weights`."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights):
        """Replace all weights' arrays, in the order of `weights`; all fit or none is changed."""
        if len(weights) != len(self.weights):
            hint = "" if self.built else " It is not built yet: call `build(input_shape)` first."
            raise ValueError(
                f"`weights` must hold {len(self.weights)} arrays, the weights of layer "
                f"{self.name!r}.{hint} Received: {len(weights)} arrays"
            )
        weights = [np.asarray(w) for w in weights]
        for variable, value in zip(self.weights, weights, strict=True):
            if variable.shape != value.shape:
                raise ValueError(
                    f"`weights` must fit: {variable.name!r} of layer {self.name!r} has shape "
                    f"{variable.shape}. Received: an array of shape {value.shape}"
                )
        for variable, value in zip(self.weights, weights, strict=True):
            variable.assign(value)

    def count_params(self):
        """Return the number of values in all weights."""
        if not self.built:
            raise ValueError(
                f"`count_params` needs a built layer, and {self.name!r} is not. Call "
                f"`build(input_shape)` or the layer first. Received: built=False"
            )
        return sum(math.prod(v.shape) for v in self.variables)

    def _keep(self, arguments):
        """Check the arguments of a constructor, its `locals()`, and keep each under its name."""
        for name, value in arguments.items():
            if name not in ("self", "name", "kwargs", "__class__"):
                setattr(self, name, self._checked(name, value))

    def _checked(self, name, value):
        kind = name.rpartition("_")[2]
        if kind in _LOOKUPS:
            return _LOOKUPS[kind](value)
        if name in _COUNTS:
            return integer(value, name)
        return value

    def _add(self, name, shape, *, options=None, initializer=None, trainable=True):
        """Make the variable `name` with the layer's `name_initializer`, regularizer, constraint.

        Where they are called otherwise, `options` stands for the name.
        """
        prefix = options or name
        initializer = initializer or getattr(self, f"{prefix}_initializer")
        initializer = initializer or initializers.GlorotUniform()  # what None means in Keras
        value = np.asarray(initializer(shape, self.dtype), self.dtype)
        if value.shape != shape:
            raise ValueError(
                f"`{prefix}_initializer` must return an array of the shape {shape} it is called "
                f"with. Received: an array of shape {value.shape}"
            )
        regularizer = getattr(self, f"{prefix}_regularizer", None)
        constraint = getattr(self, f"{prefix}_constraint", None)
        variable = Variable(name, value, trainable, regularizer, constraint)
        self.variables.append(variable)
        setattr(self, name, variable)

    def _leave(self, gradients):
        """Leave {name: gradient} in `gradients`, in the order of `trainable_weights`."""
        self.gradients = [gradients[v.name] for v in self.trainable_weights]

    # -- shapes

    def _check(self, shape):
        """Raise if inputs of `shape` have the wrong number of axes or of channels."""
        if self.ndim is not None and len(shape) != self.ndim:
            raise ValueError(
                f"`inputs` of layer {self.name!r} must have {self.ndim} axes, "
                f"{self._layout()}. Received: inputs.shape={tuple(shape)}"
            )
        if len(shape) < self.min_ndim:
            raise ValueError(
                f"`inputs` of layer {self.name!r} must have at least {self.min_ndim} axes, the "
                f"batch first. Received: inputs.shape={tuple(shape)}"
            )
        if self._build_channels is not None:
            axis, channels = self._build_channels
            if not -len(shape) <= axis < len(shape) or shape[axis] not in (channels, None):
                raise ValueError(
                    f"`inputs` of layer {self.name!r} must have {channels} channels on axis "
                    f"{axis}, as when it was built. Received: inputs.shape={tuple(shape)}"
                )

    def _layout(self):
        return "the batch first"

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values, as `from_config` takes."""
        own = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        return own | super().get_config()

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


class SpatialLayer(Layer):
    """A layer over `rank` spatial axes, which keeps batch and channels apart from them.

    A subclass defines `_output_size(sizes)`, `_forward(x)` and `_backward(dy)` with arrays that
    are channels last: `data_format` is dealt with here and nowhere else.
    """

    rank = None
    data_format = "channels_last"

    def _checked(self, name, value):
        if name in _PER_AXIS:
            return integers(value, self.rank, name)
        if name == "output_padding" and value is not None:
            return integers(value, self.rank, name, minimum=0)
        if name == "data_format":
            return data_format(value)
        return super()._checked(name, value)

    @property
    def ndim(self):
        """The number of axes an input must have: batch, spatial axes, channels."""
        return self.rank + 2

    @property
    def _channel_axis(self):
        return -1 if self.data_format == "channels_last" else 1

    def compute_output_shape(self, input_shape):
        """Return the output's shape as a tuple, None where unknown, for such an input shape."""
        self._check(input_shape)
        batch, sizes, channels = self._split(input_shape)
        return self._join(batch, self._output_size(sizes), self._output_channels(channels))

    def _output_channels(self, channels):
        return channels

    def call(self, x, training=False):
        """Return the output for x, an array of the layer's dtype."""
        return self._restore(self._forward(self._channels_last(x)))

    def backward(self, dy):
        """Return dx of the latest call for dy; leave the weights' gradients in `gradients`."""
        return self._restore(self._backward(self._channels_last(dy)))

    def _channels_last(self, x):
        return x if self._channel_axis == -1 else np.moveaxis(x, 1, -1)

    def _restore(self, y):
        return y if self._channel_axis == -1 else np.moveaxis(y, -1, 1)

    def _split(self, shape):
        batch, *rest = shape
        channels = rest.pop(-1 if self._channel_axis == -1 else 0)
        return batch, tuple(rest), channels

    def _join(self, batch, sizes, channels):
        if self._channel_axis == -1:
            return (batch, *sizes, channels)
        return (batch, channels, *sizes)

    @property
    def _axes(self):
        return {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}[self.rank]

    def _layout(self):
        return "(" + ", ".join(self._join("batch", self._axes, "channels")) + ")"


def _outside():
    """The stacklevel, seen from the caller, of the first frame that is not of this package."""
    frame, level = sys._getframe(1), 1
    while frame and frame.f_globals.get("__name__", "").startswith("convlib."):
        frame, level = frame.f_back, level + 1
    return level


def reset_names():
    """Forget all numbers given to layer names: the next Conv2D is "conv2d" again."""
    _names.clear()


def auto_name(class_name):
    """Return the class name in snake case, numbered from the second one on, as Keras does."""
    snake = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    snake = re.sub("([a-z])([A-Z])", r"\1_\2", snake).lower()
    count = _names[snake]
    _names[snake] += 1
    return f"{snake}_{count}" if count else snake


def _unknown_arguments(cls, unknown):
    known = [*argument_names(cls), "name", "dtype", "trainable"]
    today = {
        name: _RENAMED[name] for name in unknown if _RENAMED.get(name) in (*known, "input_shape")
    }
    hint = "".join(f" `{old}` is `{new}` today." for old, new in today.items())
    given = ", ".join(f"{name}={value!r}" for name, value in unknown.items())
    return (
        f"`{next(iter(unknown))}` is no argument of {cls.__name__}, which takes "
        f"{', '.join(known)}.{hint} Received: {given}"
    )
