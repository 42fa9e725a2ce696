"""Keras' constraints: where a weight is put back to after an update.

A norm is taken along `axis`: for a Dense kernel `(in, out)` axis 0 is one norm for each unit, for a
Conv2D kernel `(height, width, in, out)` axis (0, 1, 2) is one for each filter.
Definitions: https://keras.io/api/layers/constraints/
"""

import numpy as np

from convlib.arguments import Configured, lookup

_EPSILON = 1e-7  # Keras' backend.epsilon(): keeps a norm of 0 from dividing


def get(identifier):
    """Return the constraint for a name, a class, a dict or a constraint; None stays None.

    >>> get("non_neg")(np.array([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """
    return lookup(identifier, _BY_NAME, "constraint")


class NonNeg(Configured):
    """Negative values become 0.

    >>> NonNeg()(np.array([-1.0, 2.0])).tolist()
    [0.0, 2.0]
    """

    def __init__(self):
        pass

    def __call__(self, w):
        return np.maximum(w, 0)


class MaxNorm(Configured):
    """Norms above `max_value` are scaled down to it.

    >>> MaxNorm(1.0)(np.array([[3.0], [4.0]])).round(3).tolist()  # the norm was 5
    [[0.6], [0.8]]
    """

    def __init__(self, max_value=2, axis=0):
        self.max_value, self.axis = max_value, axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        return w * (np.clip(norms, 0, self.max_value) / (_EPSILON + norms))


class UnitNorm(Configured):
    """Every norm becomes 1.

    >>> UnitNorm()(np.array([[0.3], [0.4]])).round(3).tolist()
    [[0.6], [0.8]]
    """

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return w / (_EPSILON + _norms(w, self.axis))


class MinMaxNorm(Configured):
    """Norms go to within `min_value` and `max_value`, the part `rate` of the way.

    >>> MinMaxNorm(1.0, 2.0, rate=0.5)(np.array([4.0])).round(3).tolist()
    [3.0]
    """

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        desired = self.rate * np.clip(norms, self.min_value, self.max_value)
        return w * ((desired + (1 - self.rate) * norms) / (_EPSILON + norms))


def _norms(w, axis):
    return np.sqrt(np.square(w).sum(tuple(axis) if isinstance(axis, list) else axis, keepdims=True))


_BY_NAME = {
    "non_neg": NonNeg,
    "max_norm": MaxNorm,
    "unit_norm": UnitNorm,
    "min_max_norm": MinMaxNorm,
}
_BY_NAME |= {cls.__name__: cls for cls in _BY_NAME.values()}

# Keras' other names for the same classes, which tutorials use.
non_neg, max_norm, unit_norm, min_max_norm = NonNeg, MaxNorm, UnitNorm, MinMaxNorm
