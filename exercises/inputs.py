"""Arrays to try answers on."""

import numpy as np


def integers(*shape):
    """Return small whole numbers, as floats, of both signs and in no order."""
    return (np.arange(float(np.prod(shape))) * 7 % 11 - 5).reshape(shape)
