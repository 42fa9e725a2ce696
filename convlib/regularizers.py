"""Keras' regularizers: a penalty on an array, and its gradient.

Definitions: https://keras.io/api/layers/regularizers/
"""

import numpy as np

from convlib.arguments import Configured, choice, lookup


def get(identifier):
    """Return the regularizer for a name, a class, a dict or a regularizer; None stays None.

    >>> get("l2")(np.array([3.0, 4.0]))
    0.25
    """
    return lookup(identifier, _BY_NAME, "regularizer")


class Regularizer(Configured):
    """What the regularizers share: called with an array, returns the penalty as a float."""

    def __call__(self, x):
        """Return the penalty of x."""
        raise NotImplementedError

    def gradient(self, x):
        """Return the gradient of the penalty with respect to x, of the shape of x."""
        raise NotImplementedError


class L1L2(Regularizer):
    """`l1 * sum(|x|) + l2 * sum(x^2)`

    >>> L1L2(l1=0.5, l2=0.1)(np.array([-1.0, 2.0]))
    2.0
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = _weight(l1, "l1"), _weight(l2, "l2")

    def __call__(self, x):
        return float(self.l1 * np.abs(x).sum() + self.l2 * np.square(x).sum())

    def gradient(self, x):
        return self.l1 * np.sign(x) + 2 * self.l2 * x


class L1(L1L2):
    """`l1 * sum(|x|)`

    >>> L1(0.5)(np.array([-1.0, 3.0]))
    2.0
    """

    l2 = 0.0

    def __init__(self, l1=0.01):
        self.l1 = _weight(l1, "l1")


class L2(L1L2):
    """`l2 * sum(x^2)`

    >>> L2(0.5)(np.array([-1.0, 3.0])), L2(0.5).gradient(np.array([-1.0, 3.0])).tolist()
    (5.0, [-1.0, 3.0])
    """

    l1 = 0.0

    def __init__(self, l2=0.01):
        self.l2 = _weight(l2, "l2")


class OrthogonalRegularizer(Regularizer):
    """`factor` times the mean `|cosine|` between all pairs of rows, or of columns, of a matrix.

    >>> OrthogonalRegularizer(2.0)(np.array([[1.0, 0.0], [3.0, 4.0]]))  # one pair, cosine 3/5
    1.2
    """

    def __init__(self, factor=0.01, mode="rows"):
        self.factor = _weight(factor, "factor")
        self.mode = choice(mode, ("rows", "columns"), "mode")

    def __call__(self, x):
        _, _, cosines, pairs = self._cosines(x)
        return float(self.factor * np.abs(cosines).sum() / (2 * pairs))

    def gradient(self, x):
        units, norms, cosines, pairs = self._cosines(x)
        dunits = self.factor / pairs * np.sign(cosines) @ units
        dx = (dunits - units * (dunits * units).sum(1, keepdims=True)) / norms
        return dx if self.mode == "rows" else dx.T

    def _cosines(self, x):
        if x.ndim != 2:
            raise ValueError(
                f"`x` must have 2 axes for OrthogonalRegularizer. Received: x.shape={x.shape}"
            )
        rows = x if self.mode == "rows" else x.T
        norms = np.maximum(np.sqrt(np.square(rows).sum(1, keepdims=True)), 1e-12)
        units = rows / norms
        size = len(rows)
        cosines = (units @ units.T) * (1 - np.eye(size, dtype=x.dtype))
        return units, norms, cosines, max(size * (size - 1) / 2, 1)


def _weight(value, name):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < np.inf:
        raise ValueError(
            f"`{name}` must be a finite number that is not negative. Received: {name}={value!r}"
        )
    return value


_BY_NAME = {
    "l1": L1,
    "l2": L2,
    "l1l2": L1L2,
    "orthogonal_regularizer": OrthogonalRegularizer,
}
_BY_NAME |= {cls.__name__: cls for cls in _BY_NAME.values()}

# Keras' other names for the same classes, which tutorials use.
l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer
