"""Keras' convolution and pooling layers in NumPy, exact to the cell.

Every layer takes Keras' arguments and gives Keras' shapes, values and parameter counts:

>>> import convlib
>>> layer = convlib.Conv2D(64, 3, padding="same")
>>> layer.compute_output_shape((None, 256, 256, 3))
(None, 256, 256, 64)
"""

from convlib import (
    activations,
    constraints,
    datasets,
    initializers,
    layers,
    losses,
    models,
    optimizers,
    padding,
    regularizers,
    utils,
)
from convlib.layers import *  # noqa: F403
from convlib.models import Model, Sequential

__version__ = "0.1.0"
__all__ = ["Model", "Sequential", "activations", "constraints", "datasets", "initializers"]
__all__ += [
    "layers",
    "losses",
    "models",
    "optimizers",
    "padding",
    "regularizers",
    "utils",
    *layers.__all__,
]
