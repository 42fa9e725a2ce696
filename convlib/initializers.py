"""Keras' initializers: what fills a new weight. Definitions:
https://keras.io/api/layers/initializers/

An initializer is called with a shape and a dtype. A random one draws from its seed, so that the
same object called twice gives the same numbers, as in Keras; without a seed it picks one when it
is made. The numbers drawn are NumPy's, not TensorFlow's: the distribution is Keras', the stream is
not.
"""

import math
import random

import numpy as np

from convlib.arguments import Configured, choice, lookup


def get(identifier):
    """Return the initializer for a name, a class, a dict or an initializer.

    >>> get("ones")((2,), "float32").tolist()
    [1.0, 1.0]
    """
    if identifier == "constant":
        raise ValueError(
            "`initializer` must say which constant. Use initializers.Constant(value). "
            "Received: initializer='constant'"
        )
    return lookup(identifier, _BY_NAME, "initializer")


def compute_fans(shape):
    """Return (fan_in, fan_out) of a weight as Keras computes them.

    For a kernel `(*kernel_size, in, out)` they are `in` and `out` times the number of taps; for a
    depthwise kernel `(*kernel_size, C, depth_multiplier)` that makes fan_in C times the taps.

    >>> compute_fans((3, 3, 8, 16)), compute_fans((5, 7)), compute_fans((4,))
    ((72, 144), (5, 7), (4, 4))
    """
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    taps = math.prod(shape[:-2])
    return taps * shape[-2], taps * shape[-1]


def seed_or_draw(seed):
    """Return the seed, or one drawn from Python's `random` where it is None.

    >>> seed_or_draw(7)
    7
    """
    return random.randrange(1 << 31) if seed is None else seed


class Zeros(Configured):
    """All zeros.

    >>> Zeros()((2,)).tolist()
    [0.0, 0.0]
    """

    def __init__(self):
        pass

    def __call__(self, shape, dtype="float32"):
        return np.zeros(shape, dtype)


class Ones(Configured):
    """All ones.

    >>> Ones()((2,)).tolist()
    [1.0, 1.0]
    """

    def __init__(self):
        pass

    def __call__(self, shape, dtype="float32"):
        return np.ones(shape, dtype)


class Constant(Configured):
    """`value` everywhere; an array broadcasts.

    >>> Constant(2.5)((2,)).tolist()
    [2.5, 2.5]
    """

    def __init__(self, value=0.0):
        self.value = value

    def __call__(self, shape, dtype="float32"):
        return np.full(shape, self.value, dtype)


class Identity(Configured):
    """The identity matrix times `gain`, for weights with two axes.

    >>> Identity(2.0)((2, 2)).tolist()
    [[2.0, 0.0], [0.0, 2.0]]
    """

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype="float32"):
        if len(shape) != 2:
            raise ValueError(f"`shape` must have 2 axes for Identity. Received: shape={shape}")
        return self.gain * np.eye(*shape, dtype=dtype)


class _Random(Configured):
    """Draws from a fresh generator at every call, seeded alike."""

    def _seeded(self, seed):
        self.seed = seed
        self._stream = seed_or_draw(seed)

    def __call__(self, shape, dtype="float32"):
        return self._draw(np.random.default_rng(self._stream), tuple(shape)).astype(dtype)


class RandomNormal(_Random):
    """Normal with `mean` and `stddev`.

    >>> w = RandomNormal(mean=1.0, stddev=0.1, seed=0)((1000,))
    >>> bool(abs(w.mean() - 1) < 0.02), bool(abs(w.std() - 0.1) < 0.01)
    (True, True)
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev = mean, stddev
        self._seeded(seed)

    def _draw(self, rng, shape):
        return rng.normal(self.mean, self.stddev, shape)


class TruncatedNormal(RandomNormal):
    """Normal, with draws further than two `stddev` from `mean` drawn again.

    >>> bool(abs(TruncatedNormal(stddev=0.5, seed=0)((1000,))).max() <= 1)
    True
    """

    def _draw(self, rng, shape):
        return self.mean + self.stddev * _truncated_normal(rng, shape)


class RandomUniform(_Random):
    """Uniform from `minval` to `maxval`.

    >>> w = RandomUniform(0.0, 2.0, seed=0)((1000,))
    >>> bool(0 <= w.min() <= w.max() < 2)
    True
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval = minval, maxval
        self._seeded(seed)

    def _draw(self, rng, shape):
        return rng.uniform(self.minval, self.maxval, shape)


class Orthogonal(_Random):
    """`gain` times orthonormal rows or columns, the fewer, of shape (prod(rest), last).

    >>> q = Orthogonal(seed=0)((4, 2), "float64")
    >>> np.allclose(q.T @ q, np.eye(2))
    True
    """

    def __init__(self, gain=1.0, seed=None):
        self.gain = gain
        self._seeded(seed)

    def _draw(self, rng, shape):
        if len(shape) < 2:
            raise ValueError(
                f"`shape` must have at least 2 axes for Orthogonal. Received: shape={shape}"
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        q *= np.sign(np.diag(r))  # makes the draw uniform over the orthogonal matrices
        return self.gain * (q if rows >= columns else q.T).reshape(shape)


class VarianceScaling(_Random):
    """Variance `scale / fan`, with fan chosen by `mode`.

    `distribution` "uniform" draws within sqrt(3 * scale / fan); "untruncated_normal" has that
    variance; "truncated_normal" is cut at two standard deviations and widened by 1 / 0.8796 before,
    so that the variance after the cut is right.

    >>> w = VarianceScaling(2.0, "fan_in", "uniform", seed=0)((3, 3, 4, 8))  # fan_in 36
    >>> bool(abs(w).max() <= (3 * 2.0 / 36) ** 0.5)
    True
    """

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        if not scale > 0:
            raise ValueError(f"`scale` must be positive. Received: scale={scale}")
        self.scale = scale
        self.mode = choice(mode, ("fan_in", "fan_out", "fan_avg"), "mode")
        self.distribution = choice(
            distribution, ("truncated_normal", "untruncated_normal", "uniform"), "distribution"
        )
        self._seeded(seed)

    def _draw(self, rng, shape):
        fan_in, fan_out = compute_fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev = math.sqrt(self.scale / max(1.0, fan))
        if self.distribution == "uniform":
            limit = math.sqrt(3) * stddev
            return rng.uniform(-limit, limit, shape)
        if self.distribution == "untruncated_normal":
            return rng.normal(0, stddev, shape)
        return stddev / 0.87962566103423978 * _truncated_normal(rng, shape)


class GlorotUniform(VarianceScaling):
    """Uniform within sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010.

    >>> kernel = GlorotUniform(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= (6 / (36 + 72)) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "uniform", seed)


class GlorotNormal(VarianceScaling):
    """Truncated normal of variance 2 / (fan_in + fan_out): Glorot and Bengio 2010.

    >>> kernel = GlorotNormal(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= 2 / 0.8796 * (2 / (36 + 72)) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)


class HeUniform(VarianceScaling):
    """Uniform within sqrt(6 / fan_in): He et al. 2015.

    >>> kernel = HeUniform(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= (6 / 36) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "uniform", seed)


class HeNormal(VarianceScaling):
    """Truncated normal of variance 2 / fan_in: He et al. 2015.

    >>> kernel = HeNormal(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= 2 / 0.8796 * (2 / 36) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(2.0, "fan_in", "truncated_normal", seed)


class LecunUniform(VarianceScaling):
    """Uniform within sqrt(3 / fan_in): LeCun et al. 1998.

    >>> kernel = LecunUniform(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= (3 / 36) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_in", "uniform", seed)


class LecunNormal(VarianceScaling):
    """Truncated normal of variance 1 / fan_in: LeCun et al. 1998.

    >>> kernel = LecunNormal(seed=0)((3, 3, 4, 8))
    >>> bool(abs(kernel).max() <= 2 / 0.8796 * (1 / 36) ** 0.5)
    True
    """

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_in", "truncated_normal", seed)


def _truncated_normal(rng, shape):
    z = rng.normal(size=shape)
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.normal(size=outside.sum())
    return z


_BY_NAME = {
    "zeros": Zeros,
    "ones": Ones,
    "constant": Constant,
    "identity": Identity,
    "random_normal": RandomNormal,
    "random_uniform": RandomUniform,
    "truncated_normal": TruncatedNormal,
    "orthogonal": Orthogonal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
}
_BY_NAME |= {cls.__name__: cls for cls in _BY_NAME.values()}
_BY_NAME |= {"zero": Zeros, "one": Ones, "normal": RandomNormal, "uniform": RandomUniform}

# Keras' other names for the same classes, which tutorials use.
zeros, ones, constant, identity, orthogonal = Zeros, Ones, Constant, Identity, Orthogonal
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
he_uniform, he_normal = HeUniform, HeNormal
lecun_uniform, lecun_normal = LecunUniform, LecunNormal
variance_scaling = VarianceScaling
