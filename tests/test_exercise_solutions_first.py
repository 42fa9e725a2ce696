"""The exercises' solutions, from tensors to strides and dilation, against convlib and the loops."""

import math

import naive
import numpy as np
import pytest

import exercises.conv2d_arguments
import exercises.padding
import exercises.strides_dilation
from convlib import Conv1D, Conv2D, DepthwiseConv1D, Flatten, Input, constraints, regularizers
from convlib import padding as rules
from convlib.initializers import GlorotUniform
from exercises.outcomes import FAILED, PASSED
from exercises.solutions import conv1d_conv2d, conv2d_arguments, padding, strides_dilation, tensors

CASES = 30
random_cases = pytest.mark.parametrize("seed", range(CASES))


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVOLUTION_EXACTLY", str(tmp_path))


@pytest.fixture
def rng(seed):
    return np.random.default_rng(seed)


def weighted(layer, x, *weights):
    """What a layer gives for one batch with these weights."""
    layer.build(x.shape)
    layer.set_weights(list(weights))
    return layer(x)


def close(yours, expected):
    np.testing.assert_allclose(yours, expected, rtol=1e-6, atol=1e-9)


def sizes(rng, rank, low=1, high=8):
    return tuple(int(n) for n in rng.integers(low, high, rank))


# -- tensors


def test_shapes_that_are_asked_for():
    assert Conv2D(8, 5)(Input(shape=(None, 64, 3))).shape == tensors.open_shape
    picture = Conv2D(16, (5, 3)).compute_output_shape((None, 20, 30, 4))
    assert picture == conv1d_conv2d.picture_shape
    same = Conv2D(8, 3, strides=2, padding="same").compute_output_shape((None, 7, 10, 3))
    assert same == padding.padded_shape


@random_cases
def test_layouts(rng):
    x = rng.normal(size=sizes(rng, rng.integers(3, 6)))
    last = tensors.to_channels_last(x)
    assert tensors.count_channels(x.shape, "channels_first") == x.shape[1] == last.shape[-1]
    assert tensors.count_channels(last.shape, "channels_last") == x.shape[1]
    close(last, np.transpose(x, [0, *range(2, x.ndim), 1]))
    for layout, array in (("channels_first", x), ("channels_last", last)):
        layer = Flatten(data_format=layout, dtype="float64")
        close(tensors.flatten(array, layout), layer(array))


@random_cases
def test_place_in_memory(rng):
    shape = sizes(rng, 4)
    n, i, j, c = (int(rng.integers(size)) for size in shape)
    x = np.zeros(shape)
    x[n, i, j, c] = 1
    place = tensors.place_in_memory(n, i, j, c, shape, "channels_last")
    assert x.ravel()[place] == 1
    place = tensors.place_in_memory(n, i, j, c, shape, "channels_first")
    assert np.moveaxis(x, -1, 1).ravel()[place] == 1


# -- Conv1D and Conv2D


def test_series_parameters():
    layer = Conv1D(64, 3)
    layer.build((None, 10, 32))
    assert layer.count_params() == conv1d_conv2d.series_parameters


@random_cases
def test_conv1d(rng):
    k, channels, filters = sizes(rng, 3, 1, 5)
    x = rng.normal(size=(int(rng.integers(k, k + 6)), channels))
    kernel, bias = rng.normal(size=(k, channels, filters)), rng.normal(size=filters)
    expected = weighted(Conv1D(filters, k, dtype="float64"), x[None], kernel, bias)[0]
    close(conv1d_conv2d.conv1d(x, kernel, bias), expected)


@random_cases
def test_sliding_mean(rng):
    size = int(rng.integers(1, 6))
    x = rng.normal(size=int(rng.integers(size, size + 6)))
    layer = Conv1D(1, size, use_bias=False, dtype="float64")
    expected = weighted(layer, x[None, :, None], np.full((size, 1, 1), 1 / size))[0, :, 0]
    close(conv1d_conv2d.sliding_mean(x, size), expected)


@random_cases
def test_conv2d_its_window_matrix_and_its_products(rng):
    kernel = rng.normal(size=sizes(rng, 4, 1, 5))
    k_h, k_w, channels, filters = kernel.shape
    height, width = (int(rng.integers(k, k + 5)) for k in (k_h, k_w))
    x = rng.normal(size=(2, height, width, channels))
    layer = Conv2D(filters, (k_h, k_w), use_bias=False, dtype="float64")
    expected = weighted(layer, x, kernel)
    close(conv1d_conv2d.conv2d(x, kernel), expected)
    close(naive.convolve(x, kernel, (1, 1), [(0, 0)] * 2, (1, 1)), expected)
    matrix = conv1d_conv2d.window_matrix(x[1], (k_h, k_w))
    close(matrix @ kernel.reshape(-1, filters), expected[1].reshape(-1, filters))
    products = conv1d_conv2d.multiply_adds((height, width, channels), (k_h, k_w), filters)
    assert products == matrix.size * filters


# -- the arguments of Conv2D


def grouped_layer(rng):
    groups, depth, share = sizes(rng, 3, 1, 4)
    return Conv2D(
        groups * share, sizes(rng, 2, 1, 4), groups=groups, use_bias=bool(rng.integers(2))
    ), groups * depth


def test_grouped_kernel():
    layer = Conv2D(12, (5, 3), groups=3)
    layer.build((None, 9, 9, 6))
    assert layer.kernel.shape == conv2d_arguments.grouped_kernel


@random_cases
def test_count_params_and_glorot_limit(rng):
    layer, channels = grouped_layer(rng)
    layer.build((None, 9, 9, channels))
    where = layer.kernel_size, channels, layer.filters, layer.groups
    assert conv2d_arguments.count_params(*where, layer.use_bias) == layer.count_params()
    limit = conv2d_arguments.glorot_limit(*where)
    drawn = np.abs(GlorotUniform(seed=1)((*layer.kernel.shape[:2], 400, 400)))
    fans = layer.kernel.shape[2] + layer.filters  # the same distribution, drawn more often
    assert math.isclose(limit * math.sqrt(fans / 800), drawn.max(), rel_tol=1e-3)
    assert np.abs(layer.kernel.numpy()).max() <= limit * (1 + 1e-6)


@random_cases
def test_penalties(rng):
    l2 = regularizers.L2(float(rng.uniform(0, 2)))
    layer = Conv2D(2, 2, kernel_regularizer=l2, activity_regularizer=l2, dtype="float64")
    y = layer(rng.normal(size=(*sizes(rng, 1), 3, 4, 3)))
    found = conv2d_arguments.penalties(layer.kernel.numpy(), y, l2.l2)
    close(found[::-1], layer.losses)


@random_cases
def test_limit_norms(rng):
    kernel = rng.normal(size=sizes(rng, 4, 1, 5))
    limit = float(rng.uniform(0.5, 3))
    constraint = constraints.MaxNorm(limit, axis=[0, 1, 2])
    found = conv2d_arguments.limit_norms(kernel, limit)
    np.testing.assert_allclose(found, constraint(kernel), rtol=1e-4)  # Keras adds 1e-7 to norms


@random_cases
def test_grouped_conv2d(rng):
    layer, channels = grouped_layer(rng)
    x = rng.normal(size=(2, 4, 5, channels))
    layer = Conv2D.from_config(layer.get_config() | {"use_bias": False, "dtype": "float64"})
    expected = layer(x)
    close(conv2d_arguments.grouped_conv2d(x, layer.kernel.numpy()), expected)


@pytest.mark.parametrize(
    "answer",
    [
        {"filters": 4, "kernel_size": 19, "activation": "relu"},
        {"filters": 4, "kernel_size": 1, "strides": 3},
        {"filters": 4, "kernel_size": 7, "strides": 3, "padding": "SAME"},
        {"filters": 4, "kernel_size": 10, "dilation_rate": 2},
    ],
)
def test_many_layers_map_to_ten_by_ten(answer):
    assert exercises.conv2d_arguments.ten_by_ten.check(answer).outcome == PASSED


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"filters": 4, "kernel_size": 3}, "maps (28, 28, 1) to (26, 26, 4)"),
        ({"filters": 4, "kernel_size": 30}, "`kernel_size` must fit into the input"),
        ({"filters": 4}, "kernel_size"),
        ({"filter": 4, "kernel_size": 19}, "convlib does not take this"),
        (19, "Give a dict"),
    ],
)
def test_what_a_wrong_layer_does_is_said(answer, message):
    outcome = exercises.conv2d_arguments.ten_by_ten.check(answer)
    assert outcome.outcome == FAILED
    assert message in repr(outcome)


# -- padding


def axis_case(rng, longest=20):
    """A length, kernel size, strides and dilation rate; the window fits."""
    k, s, d = sizes(rng, 3, 1, 6)
    return int(rng.integers(rules.span(k, d), longest + rules.span(k, d))), k, s, d


@random_cases
def test_lengths_and_pads(rng):
    n, k, s, d = axis_case(rng)
    for word in ("valid", "same", "causal"):
        assert padding.output_length(n, k, s, word, d) == rules.output_length(n, k, s, word, d)
    assert padding.same_pads(n, k, s, d) == rules.pads(n, k, s, "same", d)
    assert padding.same_pads(n, k, s, d) == naive.same_pads(n, k, s, d)


@random_cases
def test_padded_picture(rng):
    x, k, s = rng.normal(size=(2, *sizes(rng, 2, 1, 9), 3)), sizes(rng, 2), sizes(rng, 2, 1, 4)
    kernel = rng.normal(size=(*k, 3, 2))
    padded = padding.padded_picture(x, k, s)
    valid = Conv2D(2, k, strides=s, use_bias=False, dtype="float64")
    same = Conv2D(2, k, strides=s, padding="same", use_bias=False, dtype="float64")
    close(weighted(valid, padded, kernel), weighted(same, x, kernel))


@random_cases
def test_causal_conv1d(rng):
    k, channels, filters, d = sizes(rng, 4, 1, 5)
    x, kernel = (
        rng.normal(size=(*sizes(rng, 1, 1, 12), channels)),
        rng.normal(size=(k, channels, filters)),
    )
    layer = Conv1D(filters, k, padding="causal", dilation_rate=d, use_bias=False, dtype="float64")
    close(padding.causal_conv1d(x, kernel, d), weighted(layer, x[None], kernel)[0])


@random_cases
def test_real_cells(rng):
    n, k, s, _ = axis_case(rng)
    layer = Conv1D(1, k, strides=s, padding="same", kernel_initializer="ones")
    assert padding.real_cells(n, k, s).tolist() == layer(np.ones((1, n, 1)))[0, :, 0].tolist()


@pytest.mark.parametrize(
    ("answer", "outcome", "message"),
    [
        ({"filters": 3, "kernel_size": 4, "dilation_rate": 2, "padding": "causal"}, PASSED, ""),
        ({"filters": 3, "kernel_size": 2, "dilation_rate": 6, "padding": "causal"}, PASSED, ""),
        ({"filters": 3, "kernel_size": 7}, FAILED, "maps (12, 2) to (6, 3)"),
        ({"filters": 3, "kernel_size": 13, "padding": "same"}, FAILED, "from step 3 to step 11"),
        ("causal", FAILED, "Give a dict"),
    ],
)
def test_layers_that_look_back(answer, outcome, message):
    found = exercises.padding.looks_back.check(answer)
    assert found.outcome == outcome
    assert message in repr(found)


# -- strides and dilation


@random_cases
def test_strided_and_dilated_conv2d(rng):
    kernel = rng.normal(size=sizes(rng, 4, 1, 4))
    k_h, k_w, channels, filters = kernel.shape
    strides, dilation = sizes(rng, 2, 1, 4), sizes(rng, 2, 1, 4)
    spans = [rules.span(k, d) for k, d in zip((k_h, k_w), dilation, strict=True)]
    x = rng.normal(size=(2, *(int(rng.integers(n, n + 5)) for n in spans), channels))
    y = strides_dilation.strided_conv2d(x, kernel, strides, dilation)
    close(y, naive.convolve(x, kernel, strides, [(0, 0)] * 2, dilation))
    plain = {"use_bias": False, "dtype": "float64"}
    dilated = Conv2D(filters, (k_h, k_w), dilation_rate=dilation, **plain)
    close(y, weighted(dilated, x, kernel)[:, :: strides[0], :: strides[1]])
    holes = strides_dilation.with_holes(kernel, dilation)
    close(y, weighted(Conv2D(filters, holes.shape[:2], strides=strides, **plain), x, holes))


def read_by(layers, output, n=160):
    """The input steps that one output of a stack depends on."""
    stack = []
    y = np.zeros((1, n, 1))
    for k, s, d in layers:
        stack.append(DepthwiseConv1D(k, s, dilation_rate=d, depthwise_initializer="ones"))
        y = stack[-1](y)
    dy = np.zeros(y.shape)
    dy[0, output] = 1
    for layer in reversed(stack):
        dy = layer.backward(dy)
    return np.flatnonzero(dy)


def check_receptive_field(layers):
    field, jump = strides_dilation.receptive_field(layers)
    first, second = read_by(layers, 0), read_by(layers, 1)
    assert first[-1] - first[0] + 1 == field
    assert second[0] - first[0] == jump
    return field


@random_cases
def test_receptive_field(rng):
    check_receptive_field([sizes(rng, 3, 1, 4) for _ in range(rng.integers(1, 4))])


def test_cells_seen():
    stack = [(7, 2, 1), (3, 2, 1), (3, 1, 1)]
    assert check_receptive_field(stack) == strides_dilation.cells_seen


@random_cases
def test_unread_cells(rng):
    n, k, s, d = axis_case(rng, 8)
    layer = DepthwiseConv1D(k, s, dilation_rate=d, depthwise_initializer="ones")
    answers = layer(np.eye(n)[:, :, None]).any(axis=(1, 2))  # one sample for each cell
    assert strides_dilation.unread_cells(n, k, s, d) == np.flatnonzero(~answers).tolist()


@random_cases
def test_kept_outputs(rng):
    n, k, s, _ = axis_case(rng)
    x, kernel = rng.normal(size=(1, n, 1)), rng.normal(size=(k, 1, 1))
    plain = {"padding": "same", "use_bias": False, "dtype": "float64"}
    full = weighted(Conv1D(1, k, **plain), x, kernel)[0, :, 0]
    expected = weighted(Conv1D(1, k, strides=s, **plain), x, kernel)[0, :, 0]
    close(strides_dilation.kept_outputs(full, k, s), expected)


@pytest.mark.parametrize(
    ("answer", "outcome", "message"),
    [
        ({"filters": 1, "kernel_size": 3, "dilation_rate": 4, "use_bias": False}, PASSED, ""),
        ({"filters": 1, "kernel_size": 2, "dilation_rate": 8}, PASSED, ""),
        ({"filters": 1, "kernel_size": 9}, FAILED, "has 10 parameters, not 3"),
        (
            {"filters": 3, "kernel_size": 1, "use_bias": False},
            FAILED,
            "receptive field is 1, not 9",
        ),
        ([1, 3], FAILED, "Give a dict"),
    ],
)
def test_nine_cells_for_three_parameters(answer, outcome, message):
    found = exercises.strides_dilation.far_and_cheap.check(answer)
    assert found.outcome == outcome
    assert message in repr(found)
