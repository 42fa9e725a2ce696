"""The picture lab: a 3x3 kernel of the reader's on a photograph."""

import os

import anywidget
import matplotlib.cbook
import matplotlib.image
import numpy as np
import traitlets

from convlib.layers import Conv2D
from convlib.padding import output_length, pads
from convlib.visuals.widget import bundle, style

LUMINANCE = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue are
LONGEST = 256  # the most rows and columns that the lab shows


def photograph(shrink=4):
    """Return Grace Hopper in grey, `(150, 128)` for shrink 4, whole numbers from 0 to 255.

    The photograph comes with matplotlib; each value is the mean of a `shrink` x `shrink` square of
    its grey version (0.299 red + 0.587 green + 0.114 blue).
    """
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        colour = matplotlib.image.imread(file, format="jpg")
    return _shrunk(colour @ LUMINANCE, shrink)


def small_grey(picture):
    """Return a picture as a grey one of at most 256 rows and columns, whole numbers 0 to 255.

    `picture` is an array `(height, width)`, `(height, width, 3)` or, with an alpha that is not
    used, `(height, width, 4)`, of uint8 or of floats from 0 to 1, or the path of a file that
    matplotlib reads. Grey is 0.299 red + 0.587 green + 0.114 blue. A larger picture is shrunk by
    the smallest whole number s that makes it fit: each value is the mean of an s x s square, and
    rows and columns at the end that fill no square are left out.

    >>> small_grey(np.ones((600, 900, 3))).shape
    (150, 225)
    """
    if isinstance(picture, (str, os.PathLike)):
        picture = matplotlib.image.imread(picture)
    given = picture = np.asarray(picture)
    if picture.ndim == 3 and picture.shape[2] in (3, 4):
        picture = picture[..., :3] @ LUMINANCE
    shrink = -(-max(picture.shape, default=0) // LONGEST)
    if picture.ndim != 2 or min(picture.shape) < 3 * shrink:
        raise ValueError(
            "`picture` must have the shape (height, width) or (height, width, 3), with at least 3 "
            f"rows and columns once it is shrunk. Received: picture.shape={given.shape}"
        )
    if given.dtype.kind == "f" and given.min() >= 0 and given.max() <= 1:
        picture = picture * 255
    elif given.dtype != np.uint8:
        raise ValueError(
            "`picture` must hold numbers of type uint8, or floats from 0 to 1. "
            f"Received: picture.dtype={given.dtype}, from {given.min()} to {given.max()}"
        )
    return _shrunk(picture, shrink)


def _shrunk(grey, shrink):
    height, width = (n // shrink * shrink for n in grey.shape)
    squares = grey[:height, :width].reshape(height // shrink, shrink, width // shrink, shrink)
    return squares.mean((1, 3)).round().astype(np.uint8)


class PictureLab(anywidget.AnyWidget):
    """A picture, a 3x3 kernel under the reader's hand, and their correlation.

    `picture` is whatever `small_grey` takes, an array or a path; Grace Hopper if none is given.
    `kernel` has the nine weights row by row, `padding` is "valid" or "same", `strides` 1 to 3; all
    three can be read and set while the widget is shown. `picture` and `output` are arrays: the
    small grey picture, and what convlib makes of it.

    >>> lab = PictureLab(np.zeros((20, 30), np.uint8), padding="same", strides=2)
    >>> lab.picture.shape, lab.output.shape
    ((20, 30), (10, 15))
    """

    _esm = bundle("picture")
    _css = style()
    kernel = traitlets.List(
        traitlets.Float(), [-1, 0, 1, -2, 0, 2, -1, 0, 1], minlen=9, maxlen=9
    ).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    strides = traitlets.Int(1, min=1, max=3).tag(sync=True)
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    pixels = traitlets.Bytes().tag(sync=True)
    _axes = traitlets.Dict().tag(sync=True)

    def __init__(self, picture=None, **settings):
        self.picture = photograph() if picture is None else small_grey(picture)
        size = self.picture.shape
        axes = {
            f"{padding} {s}": [
                [output_length(n, 3, s, padding), *pads(n, 3, s, padding), s] for n in size
            ]
            for padding in ("valid", "same")
            for s in (1, 2, 3)
        }
        super().__init__(size=list(size), pixels=self.picture.tobytes(), _axes=axes, **settings)

    @property
    def output(self):
        """What Conv2D makes of the picture with the present settings, `(height, width)`."""
        layer = Conv2D(
            1, 3, self.strides, self.padding, use_bias=False, dtype="float64", name="picture_lab"
        )
        x = self.picture[np.newaxis, ..., np.newaxis]
        layer.build(x.shape)
        layer.set_weights([np.reshape(self.kernel, (3, 3, 1, 1))])
        return layer(x)[0, ..., 0]

    def __repr__(self):
        return "PictureLab()"
