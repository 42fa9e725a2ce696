"""The picture lab: a 3x3 kernel of the reader's on a photograph."""

import anywidget
import matplotlib.cbook
import matplotlib.image
import numpy as np
import traitlets

from convlib.padding import output_length, pads
from convlib.visuals.widget import bundle, style


def photograph(shrink=4):
    """Return Grace Hopper in grey, `(150, 128)` for shrink 4, whole numbers from 0 to 255.

    The photograph comes with matplotlib; each value is the mean of a `shrink` x `shrink` square of
    its grey version (0.299 red + 0.587 green + 0.114 blue).
    """
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        colour = matplotlib.image.imread(file, format="jpg")
    grey = colour @ np.array([0.299, 0.587, 0.114])
    height, width = (n // shrink * shrink for n in grey.shape)
    squares = grey[:height, :width].reshape(height // shrink, shrink, width // shrink, shrink)
    return squares.mean((1, 3)).round().astype(np.uint8)


class PictureLab(anywidget.AnyWidget):
    """A photograph, a 3x3 kernel under the reader's hand, and their correlation.

    `picture` is a matrix of whole numbers from 0 to 255, Grace Hopper if none is given.

    >>> PictureLab(np.zeros((20, 30), np.uint8), padding="same").size
    [20, 30]
    """

    _esm = bundle("picture")
    _css = style()
    kernel = traitlets.List(traitlets.Float(), [-1, 0, 1, -2, 0, 2, -1, 0, 1]).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    strides = traitlets.Int(1, min=1, max=3).tag(sync=True)
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    pixels = traitlets.Bytes().tag(sync=True)
    _axes = traitlets.Dict().tag(sync=True)

    def __init__(self, picture=None, **settings):
        picture = np.asarray(photograph() if picture is None else picture)
        if picture.ndim != 2 or picture.dtype != np.uint8 or min(picture.shape) < 3:
            raise ValueError(
                f"`picture` must be a matrix of uint8 with at least 3 rows and columns. "
                f"Received: picture.shape={picture.shape}, picture.dtype={picture.dtype}"
            )
        axes = {
            f"{padding} {s}": [
                [output_length(n, 3, s, padding), *pads(n, 3, s, padding), s] for n in picture.shape
            ]
            for padding in ("valid", "same")
            for s in (1, 2, 3)
        }
        super().__init__(size=list(picture.shape), pixels=picture.tobytes(), _axes=axes, **settings)

    def __repr__(self):
        return "PictureLab()"
