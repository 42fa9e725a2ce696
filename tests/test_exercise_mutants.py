"""No mutant of a solution passes: not one changed line, and not one changed number of a value.

A mutant of a function that passes is compared with the solution on random arguments. If it differs
there, the exercise lacks a case; if not, it has to stand in EQUIVALENT, with the reason. Whether a
changed configuration is another right answer, an oracle says that knows nothing of convlib.
"""

import copy
import importlib
import inspect
import math

import numpy as np
import pytest
from exercise_inputs import DRAW
from mutants import mutants, variants

import exercises
from exercises.outcomes import PASSED
from exercises.values import difference, plain

ALL = exercises.all_exercises()
LEAST = 10  # mutants of each exercise
DRAWN = 200  # random arguments for each mutant that passes

VIEW = "The same numbers; check() only notes that they are a view of the input."
UNKNOWN = "NumPy takes any negative number for the size that it has to find out."
FILLED = "Every number of the array is replaced before it is read."
AXES = "A sum or a maximum over some axes asks for them in no order."
NO_REST = "The division has no rest, and 8.0 is as good as 8."
LENGTHS = "The three always have the same length."
HALF = "Half of 1, rounded down, is half of 0."
ONE_CELL = "This axis has the length 1."
PRODUCT = "A product has no order."

EQUIVALENT = {
    "tensors.to_channels_last": {"return np.moveaxis(x, 1, -1)": VIEW},
    "tensors.flatten": {
        "return x.reshape(len(x), -1)": VIEW,
        "return x.reshape(len(x), -2).copy()": UNKNOWN,
    },
    "conv1d_conv2d.conv1d": {"y = np.ones((len(x) - size + 1, filters))": FILLED},
    "conv1d_conv2d.conv2d": {"y = np.array(windows) @ kernel.reshape(-2, filters)": UNKNOWN},
    "conv2d_arguments.count_params": {
        "weights = int(np.prod(kernel_size)) * (channels / groups) * filters": NO_REST,
    },
    "conv2d_arguments.glorot_limit": {"fan_in = cells * channels / groups": NO_REST},
    "conv2d_arguments.limit_norms": {
        "norms = np.sqrt(np.sum(kernel ** 2, axis=(1, 0, 2)))": AXES,
        "norms = np.sqrt(np.sum(kernel ** 2, axis=(0, 2, 1)))": AXES,
    },
    "padding.padded_picture": {
        "for n, k, s in zip(x.shape[1:3], kernel_size, strides):": LENGTHS,
        "for n, k, s in zip(x.shape[1:3], kernel_size, strides, strict=False):": LENGTHS,
    },
    "padding.real_cells": dict.fromkeys(
        [
            "before = max((out - 1) * strides + kernel_size - length, 1) // 2",
            "before = max((out - 1) * strides + kernel_size - length, -1) // 2",
            "before = ((out - 1) * strides + kernel_size - length) // 2",
        ],
        "Where nothing is padded, each window covers kernel_size cells, moved by some or not.",
    ),
    "strides_dilation.receptive_field": {"jump, field = (1, 1)": "Both are 1."},
    "strides_dilation.unread_cells": {
        "return [cell for cell in range(1, length) if cell not in read]": "Cell 0 is always read.",
    },
    "strides_dilation.kept_outputs": {
        "return y[before_one - before::strides][:out]": VIEW,
        "before = max((out - 1) * strides + kernel_size - len(y), 1) // 2": HALF,
        "return y[before_one - before::strides][:].copy()": "There are never more than `out`.",
        "return y[before_one - before::strides][:out + 1].copy()": "There are never more than out.",
    },
    "pooling.average_pool": {
        "before = max((out - 1) * strides + pool_size - length, 1) // 2": HALF,
    },
    "pooling.max_pool": {
        "for n, k, s in zip(x.shape[1:3], pool_size, strides):": LENGTHS,
        "for n, k, s in zip(x.shape[1:3], pool_size, strides, strict=False):": LENGTHS,
        "before = max((out - 1) * s + k - n, 1) // 2": HALF,
        "y[:, i, j] = x[:, row, column].max(axis=(2, 1))": AXES,
    },
    "transposed.crop": {"before = max(kernel_size - strides, 1) // 2": HALF},
    "transposed.stuffed": {
        "y = np.ones((wide.shape[0] - k_h + 1, wide.shape[1] - k_w + 1))": FILLED,
    },
    "depthwise_separable.cheaper": {
        "return 'separable' if separable <= full else 'full'": "Here they are not equal.",
    },
    "depthwise_separable.depthwise": {
        "y = np.ones((x.shape[0], rows, columns, channels * depth_multiplier))": FILLED,
        "y[:, i, j, c * depth_multiplier + m] = products.sum(axis=(2, 1))": AXES,
    },
    "depthwise_separable.separable": {
        "return between @ pointwise_kernel[-1, 0] + bias": ONE_CELL,
        "return between @ pointwise_kernel[0, -1] + bias": ONE_CELL,
    },
    "network.total_parameters": dict.fromkeys(
        [
            "shape = [shape[1] - size + 1, shape[0] - size + 1, filters]",
            "shape = [shape[1] // size, shape[0] // size, shape[2]]",
        ],
        "Windows are square: a picture turned over has as many numbers everywhere.",
    ),
    "learning.l2_gradient": {"def l2_gradient(factor, kernel):": PRODUCT},
    "fast.winograd_products": {
        "def winograd_products(columns, rows, channels, filters, tile):": PRODUCT,
        "def winograd_products(rows, columns, filters, channels, tile):": PRODUCT,
    },
    "fast.winograd_row": {
        "for i in range(0, len(y) - 1, 2):": "The length is even: the last start is len(y) - 2.",
        "y = np.ones(len(x) - 2)": FILLED,
    },
    "fast.by_matrix": {
        "matrix = np.ones((rows * columns, k_h * k_w * channels))": FILLED,
        "weights = kernel.reshape(-2, filters)": UNKNOWN,
    },
}


def quiet(name):
    """An exercise that judges as ever, and neither records nor looks for the misconception."""
    exercise = copy.copy(ALL[name])
    exercise.name, exercise.wrong = None, ()
    return exercise


def solution_of(name, suffix=""):
    chapter, short = name.split(".")
    return getattr(importlib.import_module(f"exercises.solutions.{chapter}"), short + suffix)


def function_of(source):
    space = {"np": np}
    exec(compile(source, "<mutant>", "exec"), space)
    return list(space.values())[-1]


def where_it_differs(mutant, solution, draw):
    """Random arguments for which a mutant gives something else, or None."""
    rng = np.random.default_rng(0)
    for _ in range(DRAWN):
        case = draw(rng)
        expected = solution(*copy.deepcopy(case))
        try:
            found = mutant(*copy.deepcopy(case))
        except Exception:
            return case
        if difference(plain(found), expected):
            return case
    return None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", DRAW)
def test_mutants_of_a_function(name):
    exercise, solution = quiet(name), solution_of(name)
    made = list(mutants(inspect.getsource(solution)))
    assert len(made) >= LEAST
    passed, surviving = [], []
    for line, source in made:
        mutant = function_of(source)
        if exercise.check(mutant).outcome == PASSED:
            passed.append(line)
            if case := where_it_differs(mutant, solution, DRAW[name]):
                surviving.append(f"{line}  differs on {case}")
    assert not surviving
    assert sorted(passed) == sorted(EQUIVALENT.get(name, {}))


@pytest.mark.parametrize("name", [name for name, e in ALL.items() if e.value is not None])
def test_changed_values(name):
    exercise, value = quiet(name), solution_of(name)
    changed = [other for other in variants(value) if other != value]
    assert len(changed) >= LEAST
    assert [other for other in changed if exercise.check(other).outcome == PASSED] == []


# -- configurations, and who is right about them


def whole(value, axes):
    """One positive whole number for each axis; ValueError if the value is no such thing."""
    numbers = [value] * axes if type(value) is int else value
    if type(numbers) not in (list, tuple) or len(numbers) != axes:
        raise ValueError(value)
    if any(type(n) is not int or n < 1 for n in numbers):
        raise ValueError(value)
    return numbers


def windows(length, kernel_size, strides, padding="valid", dilation_rate=1):
    """How many windows there are, counted by where they start."""
    last = (kernel_size - 1) * dilation_rate if padding == "valid" else 0
    return len(range(0, length - last, strides))


def ten_by_ten(filters, kernel_size, strides=1, padding="valid"):
    pairs = zip(whole(kernel_size, 2), whole(strides, 2), strict=True)
    sides = [windows(28, k, s, padding) for k, s in pairs]
    return padding in ("valid", "same") and (*sides, filters) == (10, 10, 4)


def looks_back(filters, kernel_size, dilation_rate=1, padding="valid"):
    (k,), (d,) = whole(kernel_size, 1), whole(dilation_rate, 1)
    before = {"valid": 0, "same": (k - 1) * d // 2, "causal": (k - 1) * d}[padding]
    read = {9 - before + t * d for t in range(k)} & set(range(12))
    long = windows(12, k, 1, padding, d)
    return (long, filters) == (12, 3) and (min(read), max(read)) == (3, 9)


def far_and_cheap(filters, kernel_size, dilation_rate=1, padding="valid", use_bias=True):
    (k,), (d,), (f,) = (whole(v, 1) for v in (kernel_size, dilation_rate, filters))
    cells = range(0, k * d, d)
    known = padding in ("valid", "same", "causal")
    return known and cells[-1] - cells[0] + 1 == 9 and f * (k + use_bias) == 3


def doubling(filters, kernel_size, strides=1, padding="valid"):
    pairs = zip(whole(kernel_size, 2), whole(strides, 2), strict=True)
    sides = [{"same": 7 * s, "valid": 6 * s + max(k, s)}[padding] for k, s in pairs]
    return (*sides, filters) == (14, 14, 8)


def convolution(shape, weights, filters, kernel_size, strides, activation):
    """What comes out, and the parameters; `weights` are for one cell of the window."""
    if activation not in (None, "relu"):
        raise ValueError(activation)
    height, width, channels = shape
    (k_h, k_w), (s_h, s_w), (f,) = whole(kernel_size, 2), whole(strides, 2), whole(filters, 1)
    sides = whole([windows(height, k_h, s_h), windows(width, k_w, s_w)], 2)
    return [*sides, f], weights(k_h * k_w, channels, f) + f


def full(shape, filters, kernel_size, strides=1, activation=None):
    return convolution(shape, lambda k, c, f: k * c * f, filters, kernel_size, strides, activation)


def separable(shape, filters, kernel_size, strides=1):
    return convolution(shape, lambda k, c, f: k * c + c * f, filters, kernel_size, strides, None)


def pool(shape, pool_size=2):
    height, width, channels = shape
    p_h, p_w = whole(pool_size, 2)
    return [*whole([height // p_h, width // p_w], 2), channels], 0


def global_pool(shape):
    _, _, channels = shape
    return [channels], 0


def dense(shape, units):
    (units,) = whole(units, 1)
    return [*shape[:-1], units], (shape[-1] + 1) * units


LAYERS = {
    "Conv2D": full,
    "SeparableConv2D": separable,
    "MaxPooling2D": pool,
    "GlobalAveragePooling2D": global_pool,
    "Flatten": lambda shape: ([math.prod(shape)], 0),
    "Dense": dense,
}


def small_network(*layers):
    shape, total = [32, 32, 3], 0
    for layer in layers:
        arguments = {key: value for key, value in layer.items() if key != "layer"}
        shape, parameters = LAYERS[layer["layer"]](shape, **arguments)
        total += parameters
    convolutions = sum("Conv" in layer["layer"] for layer in layers)
    return shape == [10] and total <= 50_000 and convolutions >= 2


ORACLES = {
    "conv2d_arguments.ten_by_ten": ten_by_ten,
    "padding.looks_back": looks_back,
    "strides_dilation.far_and_cheap": far_and_cheap,
    "transposed.doubling": doubling,
    "network.small_network": small_network,
}


def is_right(oracle, answer):
    try:
        return oracle(**answer) if isinstance(answer, dict) else oracle(*answer)
    except (KeyError, TypeError, ValueError):  # no such argument, or not such a one
        return False


@pytest.mark.parametrize("name", ORACLES)
def test_changed_configurations(name):
    exercise, oracle = quiet(name), ORACLES[name]
    right, wrong = 0, 0
    for answer in (solution_of(name), solution_of(name, "_other")):
        assert is_right(oracle, answer)
        for changed in variants(answer):
            expected = is_right(oracle, changed)
            assert (exercise.check(changed).outcome == PASSED) == expected, changed
            right, wrong = right + expected, wrong + (not expected)
    assert wrong >= LEAST
    assert right >= 1  # each of them asks for no single answer


def test_every_exercise_has_its_kind():
    functions = {name for name in ALL if callable(solution_of(name))}
    configurations = {name for name, exercise in ALL.items() if exercise.judge}
    assert functions == DRAW.keys() >= EQUIVALENT.keys()
    assert configurations == ORACLES.keys()
