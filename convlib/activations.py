"""Keras' activation functions, and how each passes a gradient back.

An activation is a function of one array. `backward(activation, dy, x, y)` returns the gradient with
respect to x for y = activation(x). Definitions: https://keras.io/api/layers/activations/
"""

import math

import numpy as np

from convlib.arguments import lookup

_pullbacks = {}
_erf = np.vectorize(math.erf, otypes=[np.float64])


def get(identifier):
    """Return the activation with that name; None gives `linear`, a function itself.

    >>> get("relu")(np.array([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    table = {function.__name__: function for function in _pullbacks}
    return lookup(identifier or "linear", table, "activation")


def backward(activation, dy, x, y):
    """Return dx for y = activation(x), all arrays of one shape.

    >>> x, dy = np.array([-1.0, 2.0]), np.array([10.0, 10.0])
    >>> backward(relu, dy, x, relu(x)).tolist()
    [0.0, 10.0]
    """
    if activation not in _pullbacks:
        name = getattr(activation, "__name__", repr(activation))
        raise ValueError(
            f"`activation` must be one of convlib's own to have a gradient. Received: "
            f"activation={name}"
        )
    return _pullbacks[activation](dy, x, y)


def _elementwise(slope):
    """Register an activation whose derivative is slope(x, y)."""
    return _with_pullback(lambda dy, x, y: dy * slope(x, y))


def _with_pullback(pullback):
    def register(function):
        _pullbacks[function] = pullback
        return function

    return register


def _between(x, low, high):
    return ((x > low) & (x < high)).astype(x.dtype)


@_with_pullback(lambda dy, x, y: dy)
def linear(x):
    """x

    >>> linear(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-2.0, 0.0, 1.0]
    """
    return x


@_elementwise(lambda x, y: (x > 0).astype(x.dtype))
def relu(x):
    """max(x, 0)

    >>> relu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.maximum(x, 0)


@_elementwise(lambda x, y: _between(x, 0, 6))
def relu6(x):
    """min(max(x, 0), 6)

    >>> relu6(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.0, 0.0, 1.0]
    """
    return np.clip(x, 0, 6)


@_elementwise(lambda x, y: np.where(x > 0, 1, 0.2).astype(x.dtype))
def leaky_relu(x):
    """x where x > 0, else 0.2 x

    >>> leaky_relu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.4, 0.0, 1.0]
    """
    return np.where(x > 0, x, x * 0.2)


@_elementwise(lambda x, y: np.where(x > 0, 1, y + 1))
def elu(x):
    """x where x > 0, else exp(x) - 1

    >>> elu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.8647, 0.0, 1.0]
    """
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@_elementwise(lambda x, y: np.where(x > 0, 1, y + 1))
def celu(x):
    """max(x, 0) + min(exp(x) - 1, 0), which is elu at Keras' default alpha of 1

    >>> celu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.8647, 0.0, 1.0]
    """
    return elu(x)


_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


@_elementwise(lambda x, y: np.where(x > 0, _SELU_SCALE, y + _SELU_SCALE * _SELU_ALPHA))
def selu(x):
    """1.0507 x where x > 0, else 1.0507 * 1.6733 (exp(x) - 1)

    >>> selu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-1.5202, 0.0, 1.0507]
    """
    return np.where(x > 0, _SELU_SCALE * x, _SELU_SCALE * _SELU_ALPHA * np.expm1(np.minimum(x, 0)))


@_elementwise(lambda x, y: y * (1 - y))
def sigmoid(x):
    """1 / (1 + exp(-x))

    >>> sigmoid(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.1192, 0.5, 0.7311]
    """
    small = np.exp(-np.abs(x))  # never overflows
    return np.where(x >= 0, 1, small) / (1 + small)


@_elementwise(lambda x, y: sigmoid(-x))
def log_sigmoid(x):
    """log(sigmoid(x))

    >>> log_sigmoid(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-2.1269, -0.6931, -0.3133]
    """
    return -softplus(-x)


@_elementwise(lambda x, y: _between(x, -3, 3) / 6)
def hard_sigmoid(x):
    """relu6(x + 3) / 6

    >>> hard_sigmoid(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.1667, 0.5, 0.6667]
    """
    return np.clip(x + 3, 0, 6) / 6


@_elementwise(lambda x, y: sigmoid(x) * (1 + x - y))
def silu(x):
    """x * sigmoid(x)

    >>> silu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.2384, 0.0, 0.7311]
    """
    return x * sigmoid(x)


@_elementwise(lambda x, y: sigmoid(x) * (1 + x - y))
def swish(x):
    """silu by its other name

    >>> swish(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.2384, 0.0, 0.7311]
    """
    return silu(x)


@_elementwise(lambda x, y: hard_sigmoid(x) + x * _between(x, -3, 3) / 6)
def hard_silu(x):
    """x * hard_sigmoid(x)

    >>> hard_silu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.3333, 0.0, 0.6667]
    """
    return x * hard_sigmoid(x)


@_elementwise(lambda x, y: hard_sigmoid(x) + x * _between(x, -3, 3) / 6)
def hard_swish(x):
    """hard_silu by its other name

    >>> hard_swish(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.3333, 0.0, 0.6667]
    """
    return hard_silu(x)


@_elementwise(lambda x, y: 1 - y * y)
def tanh(x):
    """tanh(x)

    >>> tanh(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.964, 0.0, 0.7616]
    """
    return np.tanh(x)


@_elementwise(lambda x, y: _between(x, -1, 1))
def hard_tanh(x):
    """min(max(x, -1), 1)

    >>> hard_tanh(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-1.0, 0.0, 1.0]
    """
    return np.clip(x, -1, 1)


@_elementwise(lambda x, y: np.tanh(x) ** 2)
def tanh_shrink(x):
    """x - tanh(x)

    >>> tanh_shrink(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-1.036, 0.0, 0.2384]
    """
    return x - np.tanh(x)


def _normal_cdf(x):
    return (0.5 * (1 + _erf(x * math.sqrt(0.5)))).astype(x.dtype)


@_elementwise(lambda x, y: _normal_cdf(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi))
def gelu(x):
    """x * Phi(x), with Phi the standard normal distribution (not the tanh approximation)

    >>> gelu(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.0455, 0.0, 0.8413]
    """
    return x * _normal_cdf(x)


@_elementwise(lambda x, y: sigmoid(x))
def softplus(x):
    """log(1 + exp(x))

    >>> softplus(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.1269, 0.6931, 1.3133]
    """
    return np.logaddexp(x, x.dtype.type(0))


@_elementwise(lambda x, y: (1 + x / np.sqrt(x * x + 4)) / 2)
def squareplus(x):
    """(x + sqrt(x^2 + 4)) / 2

    >>> squareplus(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.4142, 1.0, 1.618]
    """
    return (x + np.sqrt(x * x + 4)) / 2


@_elementwise(lambda x, y: 1 / (1 + np.abs(x)) ** 2)
def softsign(x):
    """`x / (1 + |x|)`

    >>> softsign(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.6667, 0.0, 0.5]
    """
    return x / (1 + np.abs(x))


@_elementwise(lambda x, y: np.tanh(softplus(x)) + x * sigmoid(x) / np.cosh(softplus(x)) ** 2)
def mish(x):
    """x * tanh(softplus(x))

    >>> mish(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-0.2525, 0.0, 0.8651]
    """
    return x * np.tanh(softplus(x))


@_elementwise(lambda x, y: y)
def exponential(x):
    """exp(x)

    >>> exponential(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.1353, 1.0, 2.7183]
    """
    return np.exp(x)


@_with_pullback(lambda dy, x, y: y * (dy - (dy * y).sum(-1, keepdims=True)))
def softmax(x):
    """exp(x) / sum(exp(x)) along the last axis

    >>> softmax(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [0.0351, 0.2595, 0.7054]
    """
    shifted = np.exp(x - x.max(-1, keepdims=True))
    return shifted / shifted.sum(-1, keepdims=True)


@_with_pullback(lambda dy, x, y: dy - np.exp(y) * dy.sum(-1, keepdims=True))
def log_softmax(x):
    """log(softmax(x))

    >>> log_softmax(np.array([-2.0, 0.0, 1.0])).round(4).tolist()
    [-3.349, -1.349, -0.349]
    """
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
