"""Where a model begins: a shape instead of an array."""

import numpy as np

from convlib.layers.base import KerasTensor, Layer


class InputLayer(Layer):
    """The layer behind `Input`; it passes on what it is given, if its shape is right.

    >>> InputLayer((4,))(np.ones((2, 4))).shape
    (2, 4)
    """

    def __init__(
        self,
        shape=None,
        batch_size=None,
        dtype=None,
        sparse=None,
        batch_shape=None,
        input_tensor=None,
        name=None,
    ):
        for argument, given in (("shape", shape), ("batch_shape", batch_shape)):
            if given is not None and not isinstance(given, (tuple, list)):
                raise ValueError(
                    f"`{argument}` must be a tuple of sizes. Received: {argument}={given!r}"
                )
        if input_tensor is not None:
            known = tuple(input_tensor.shape)
            dtype = dtype or str(getattr(input_tensor, "dtype", "float32"))
        elif (shape is None) == (batch_shape is None):
            raise ValueError(
                f"`shape` or `batch_shape` must be given, and not both. "
                f"Received: shape={shape}, batch_shape={batch_shape}"
            )
        else:
            known = (batch_size, *shape) if batch_shape is None else tuple(batch_shape)
        super().__init__(name=name, dtype=dtype)
        self.batch_shape = tuple(_size(n, known) for n in known)
        for argument, given, has in (
            ("shape", shape, self.batch_shape[1:]),
            ("batch_shape", batch_shape, self.batch_shape),
        ):
            if given is not None and tuple(given) != has:
                raise ValueError(
                    f"`{argument}` must be that of `tensor`, {has}. Received: {argument}={given}"
                )
        if batch_size is not None and batch_size != self.batch_shape[0]:
            raise ValueError(
                f"`batch_size` must not be given with `batch_shape` or a `tensor` of another. "
                f"Received: batch_size={batch_size}"
            )
        self.sparse = bool(sparse)
        self.tensor = None if isinstance(input_tensor, KerasTensor) else input_tensor
        self.built = True
        self.output = KerasTensor(
            self.batch_shape, self.dtype, layer=self, name=self.name, sparse=self.sparse
        )

    def __call__(self, inputs, training=False):
        """Return `inputs` as an array of the input's dtype, if its shape is the input's."""
        if hasattr(inputs, "toarray"):
            if not self.sparse:
                raise ValueError(
                    f"`inputs` of {self.name!r} must be an array, because it was made with "
                    f"sparse=False. Received: {type(inputs).__name__}"
                )
            inputs = inputs.toarray()
        x = np.asarray(inputs, self.dtype)
        if len(x.shape) != len(self.batch_shape) or any(
            n not in (m, None) for m, n in zip(x.shape, self.batch_shape, strict=True)
        ):
            raise ValueError(
                f"`inputs` of {self.name!r} must have the shape {self.batch_shape}. "
                f"Received: inputs.shape={x.shape}"
            )
        return x

    def compute_output_shape(self, input_shape):
        """Return `input_shape`."""
        return tuple(input_shape)

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self.dtype,
            "sparse": self.sparse,
            "name": self.name,
        }


def Input(
    shape=None,
    batch_size=None,
    dtype=None,
    sparse=None,
    batch_shape=None,
    name=None,
    tensor=None,
):
    """Return a symbolic tensor, which has a shape and no values, to build a model on.

    `shape` is without the batch axis, `batch_shape` with it; None stands for a size not known yet.
    `tensor` may be an array, whose shape and dtype are taken and which `Model.predict()` reads when
    it is given nothing else, or another symbolic tensor. With `sparse=True` a model takes
    scipy.sparse matrices too and makes them dense. Keras' page:
    https://keras.io/api/layers/core_layers/input/

    >>> Input(shape=(1600, 200, 1), name="the_input").shape
    (None, 1600, 200, 1)
    >>> Input(batch_shape=(8, None, 3)).shape
    (8, None, 3)
    """
    if sparse:
        _require_scipy()
    return InputLayer(shape, batch_size, dtype, sparse, batch_shape, tensor, name).output


def _require_scipy():
    from importlib.util import find_spec

    if find_spec("scipy") is None:
        raise ValueError(
            "`sparse` must be False where SciPy, which has the sparse matrices, is not installed. "
            "Received: sparse=True"
        )


def _size(n, shape):
    if n is not None and (isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 0):
        raise ValueError(
            f"`shape` must hold integers that are not negative, or None. Received: shape={shape}"
        )
    return None if n is None else int(n)
