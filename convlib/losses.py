"""Keras' losses: a number for predictions against targets, and its gradient.

A loss is the mean over all samples (and over all axes but the last). Definitions:
https://keras.io/api/losses/
"""

import numpy as np

from convlib.activations import sigmoid, softmax
from convlib.arguments import Configured, lookup

_EPSILON = 1e-7  # Keras' backend.epsilon(): probabilities are kept this far from 0 and 1


def get(identifier):
    """Return the loss for a name, a class, one of the functions below, a dict or a loss.

    >>> get("mse")(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]]))
    2.0
    """
    name = getattr(identifier, "__name__", identifier)
    known = isinstance(name, str) and name in _BY_NAME
    return lookup(name if known else identifier, _BY_NAME, "loss")


class Loss(Configured):
    """What the losses share. A subclass gives one value per sample, and their gradients."""

    def __call__(self, y_true, y_pred):
        """Return the mean loss as a float."""
        return float(np.mean(self.per_sample(y_true, y_pred)))

    def per_sample(self, y_true, y_pred):
        """Return an array with the loss of each sample."""
        return self._values(*self._fit(y_true, y_pred))

    def gradient(self, y_true, y_pred):
        """Return the gradient of the mean loss with respect to y_pred, of its shape."""
        y_true, y_pred = self._fit(y_true, y_pred)
        samples = max(y_pred[..., 0].size, 1)
        return self._gradients(y_true, y_pred) / y_pred.dtype.type(samples)

    def _fit(self, y_true, y_pred):
        y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
        if y_true.ndim == y_pred.ndim - 1 and y_pred.shape[-1] == 1:
            y_true = y_true[..., np.newaxis]
        if y_true.shape != y_pred.shape:
            raise ValueError(
                f"`y_true` must have the shape of the predictions, {y_pred.shape}. "
                f"Received: y_true.shape={y_true.shape}"
            )
        return y_true.astype(y_pred.dtype), y_pred


class MeanSquaredError(Loss):
    """The mean of `(y_true - y_pred)^2` along the last axis.

    >>> MeanSquaredError()(np.array([[0.0, 1.0]]), np.array([[2.0, 1.0]]))
    2.0
    """

    def __init__(self):
        pass

    def _values(self, y_true, y_pred):
        return np.square(y_pred - y_true).mean(-1)

    def _gradients(self, y_true, y_pred):
        return 2 * (y_pred - y_true) / y_pred.dtype.type(y_pred.shape[-1])


class BinaryCrossentropy(Loss):
    """The mean of `-(t log p + (1 - t) log(1 - p))` along the last axis; p = sigmoid(logits).

    >>> round(BinaryCrossentropy()(np.array([[1.0]]), np.array([[0.5]])), 4)  # log 2
    0.6931
    """

    def __init__(self, from_logits=False):
        self.from_logits = bool(from_logits)

    def _values(self, y_true, y_pred):
        if self.from_logits:
            return (np.logaddexp(0, y_pred) - y_true * y_pred).mean(-1)
        p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
        return -(y_true * np.log(p) + (1 - y_true) * np.log1p(-p)).mean(-1)

    def _gradients(self, y_true, y_pred):
        if self.from_logits:
            d = sigmoid(y_pred) - y_true
        else:
            p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
            d = (p - y_true) / (p * (1 - p)) * (p == y_pred)
        return d / y_pred.dtype.type(y_pred.shape[-1])


class CategoricalCrossentropy(Loss):
    """`-sum(t log p)` for one-hot t; p is y_pred divided by its sum, or softmax(logits).

    >>> round(CategoricalCrossentropy()(np.eye(4), np.full((4, 4), 0.25)), 4)  # log 4
    1.3863
    """

    def __init__(self, from_logits=False):
        self.from_logits = bool(from_logits)

    def _values(self, y_true, y_pred):
        if self.from_logits:
            top = y_pred.max(-1, keepdims=True)
            log_p = y_pred - top - np.log(np.exp(y_pred - top).sum(-1, keepdims=True))
        else:
            log_p = np.log(self._clipped(y_pred))
        return -(y_true * log_p).sum(-1)

    def _gradients(self, y_true, y_pred):
        if self.from_logits:
            return softmax(y_pred) * y_true.sum(-1, keepdims=True) - y_true
        total = y_pred.sum(-1, keepdims=True)
        clipped = self._clipped(y_pred)
        dp = np.where(clipped == y_pred / total, -y_true / clipped, 0)
        return (dp - (dp * y_pred / total).sum(-1, keepdims=True)) / total

    def _clipped(self, y_pred):
        return np.clip(y_pred / y_pred.sum(-1, keepdims=True), _EPSILON, 1 - _EPSILON)


class SparseCategoricalCrossentropy(CategoricalCrossentropy):
    """CategoricalCrossentropy for targets given as class numbers, `(N, ...)` or `(N, ..., 1)`.

    >>> loss = SparseCategoricalCrossentropy(from_logits=True)
    >>> round(loss(np.array([2]), np.zeros((1, 4))), 4)  # log 4
    1.3863
    """

    def _fit(self, y_true, y_pred):
        y_pred = np.asarray(y_pred)
        labels = np.asarray(y_true)
        if labels.shape == (*y_pred.shape[:-1], 1):
            labels = labels[..., 0]
        classes = y_pred.shape[-1]
        whole = labels.astype(np.int64)
        if labels.shape != y_pred.shape[:-1] or (whole != labels).any():
            raise ValueError(
                f"`y_true` must hold one class number for each prediction, with the shape "
                f"{y_pred.shape[:-1]}. Received: y_true.shape={np.shape(y_true)}"
            )
        if labels.size and not 0 <= whole.min() <= whole.max() < classes:
            raise ValueError(
                f"`y_true` must hold class numbers from 0 to {classes - 1}. "
                f"Received: {whole.min()} to {whole.max()}"
            )
        return np.eye(classes, dtype=y_pred.dtype)[whole], y_pred


def mean_squared_error(y_true, y_pred):
    """Return `MeanSquaredError` for each sample.

    >>> mean_squared_error([[1.0, 2.0]], [[1.0, 4.0]]).tolist()
    [2.0]
    """
    return MeanSquaredError().per_sample(y_true, y_pred)


def binary_crossentropy(y_true, y_pred, from_logits=False):
    """Return `BinaryCrossentropy` for each sample.

    >>> binary_crossentropy([[1.0]], [[0.5]]).round(4).tolist()
    [0.6931]
    """
    return BinaryCrossentropy(from_logits).per_sample(y_true, y_pred)


def categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Return `CategoricalCrossentropy` for each sample.

    >>> categorical_crossentropy([[1.0, 0.0]], [[0.5, 0.5]]).round(4).tolist()
    [0.6931]
    """
    return CategoricalCrossentropy(from_logits).per_sample(y_true, y_pred)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False):
    """Return `SparseCategoricalCrossentropy` for each sample.

    >>> sparse_categorical_crossentropy([1, 0], [[0.5, 0.5], [1.0, 0.0]]).round(4).tolist()
    [0.6931, 0.0]
    """
    return SparseCategoricalCrossentropy(from_logits).per_sample(y_true, y_pred)


_BY_NAME = {
    "mean_squared_error": MeanSquaredError,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
}
_BY_NAME |= {cls.__name__: cls for cls in _BY_NAME.values()}
_BY_NAME |= {"mse": MeanSquaredError, "MSE": MeanSquaredError}
