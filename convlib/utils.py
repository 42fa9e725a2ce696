"""Keras' `keras.utils`, as far as its tutorials need it."""

import random

import numpy as np

from convlib.arguments import integer
from convlib.layers.base import reset_names


def to_categorical(x, num_classes=None):
    """Return class numbers, any shape, as one-hot float32 vectors along a new last axis.

    A last axis of size 1 is dropped before, as in Keras.

    >>> to_categorical([0, 2], 3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    labels = np.asarray(x)
    if labels.ndim > 1 and labels.shape[-1] == 1:
        labels = labels[..., 0]
    if labels.dtype.kind not in "iu" or (labels.size and labels.min() < 0):
        raise ValueError(
            f"`x` must hold integers that are not negative. Received: x.dtype={labels.dtype}"
        )
    most = int(labels.max()) + 1 if labels.size else 1
    classes = most if num_classes is None else integer(num_classes, "num_classes")
    if most > classes:
        raise ValueError(
            f"`num_classes` must be larger than every class number, {most - 1}. "
            f"Received: num_classes={num_classes}"
        )
    return np.eye(classes, dtype=np.float32)[labels]


def set_random_seed(seed):
    """Seed Python's and NumPy's global generators, and so what is made without a seed after.

    >>> from convlib.initializers import HeNormal
    >>> set_random_seed(1)
    >>> first = HeNormal()((3,))
    >>> set_random_seed(1)
    >>> bool((HeNormal()((3,)) == first).all())
    True
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002, Keras seeds it too


def clear_session():
    """Forget the numbers given to layer names: the next Conv2D is "conv2d" again.

    >>> from convlib.layers import Conv2D
    >>> clear_session()
    >>> Conv2D(1, 3).name, Conv2D(1, 3).name
    ('conv2d', 'conv2d_1')
    """
    reset_names()
