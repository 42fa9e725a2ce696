"""Real data, small enough to carry."""

from pathlib import Path

import numpy as np


def load_digits():
    """Return (images, labels): 1,797 handwritten digits, `(1797, 8, 8)` and `(1797,)`, as uint8.

    A pixel is the number of dark points, 0 to 16, in a 4x4 square of a 32x32 bitmap. Source and
    licence: `README.md` beside the data.

    >>> images, labels = load_digits()
    >>> images.shape, labels[:10].tolist()
    ((1797, 8, 8), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    with np.load(Path(__file__).parent / "digits.npz") as file:
        return file["images"], file["labels"]
