"""The solutions of the exercises, from pooling on, give what convlib gives."""

import naive
import numpy as np
import pytest

import convlib
from convlib import losses, optimizers, padding, regularizers
from convlib.layers.base import Variable
from exercises.solutions import (
    depthwise_separable,
    fast,
    learning,
    network,
    pooling,
    transposed,
)

many = pytest.mark.parametrize("seed", range(24))


@pytest.fixture
def rng(seed):
    return np.random.default_rng(seed)


def integers(rng, *shape):
    return rng.integers(-9, 10, shape).astype(float)


def loaded(layer, shape, weights):
    """The layer, built for inputs of this shape, with these weights."""
    layer.build((None, *shape[1:]))
    layer.set_weights(weights)
    return layer


def agree(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


# -- pooling


@many
def test_average_pool(rng, seed):
    size, stride = rng.integers(1, 6, 2).tolist()
    x = integers(rng, 2, rng.integers(1, 12), 3)
    layer = convlib.AveragePooling1D(size, stride, "same", dtype="float64")
    agree(pooling.average_pool(x, size, stride), layer(x))


@many
@pytest.mark.parametrize("rule", ["valid", "same"])
def test_max_pool(rng, seed, rule):
    size, strides = tuple(rng.integers(1, 5, 2).tolist()), tuple(rng.integers(1, 5, 2).tolist())
    x = integers(rng, 2, *rng.integers(4, 10, 2), 3)
    layer = convlib.MaxPooling2D(size, strides, rule, dtype="float64")
    y = pooling.max_pool(x, size, strides, rule)
    agree(y, layer(x))
    sizes = zip(x.shape[1:3], size, strides, strict=True)
    pads = [naive.same_pads(n, k, s, 1) if rule == "same" else (0, 0) for n, k, s in sizes]
    agree(y, naive.pool(x, size, strides, pads, max))


@many
def test_max_pool_gradient(rng, seed):
    size, stride = rng.integers(1, 5, 2).tolist()
    x = rng.integers(-2, 3, rng.integers(5, 15)).astype(float)  # few values, so that they tie
    layer = convlib.MaxPooling1D(size, stride, dtype="float64")
    dy = integers(rng, layer(x[None, :, None]).size)
    expected = layer.backward(dy[None, :, None])[0, :, 0]
    agree(pooling.max_pool_gradient(x, dy, size, stride), expected)


@many
def test_global_average(rng, seed):
    rank = seed % 3 + 1
    x = integers(rng, 2, *rng.integers(1, 5, rank), 3)
    layer = getattr(convlib, f"GlobalAveragePooling{rank}D")(dtype="float64")
    agree(pooling.global_average(x), layer(x))


def test_values_of_pooling():
    layer = convlib.MaxPooling2D(3, padding="same")
    assert layer.compute_output_shape((None, 28, 16, 8)) == pooling.pooled_shape
    pools = [convlib.MaxPooling2D(2), convlib.MaxPooling2D(4), convlib.MaxPooling2D(3, strides=1)]
    outputs = []
    for shift in range(pooling.whole_shift + 1):
        y = np.zeros((1, 64, 64, 1))
        y[0, 24:28, 24 + shift : 29 + shift] = np.random.default_rng(0).random((4, 5, 1))
        for pool in pools:
            y = pool(y)
        outputs.append(y)
    agree(outputs[-1][:, :, 1:], outputs[0][:, :, :-1])
    assert not np.array_equal(outputs[-2][:, :, 1:], outputs[0][:, :, :-1])


# -- transposed convolutions


@many
@pytest.mark.parametrize("rule", ["valid", "same"])
def test_transposed_length(rng, seed, rule):
    n, k, s = rng.integers(1, 8, 3).tolist()
    for p in [None, *range(s)]:
        expected = padding.transposed_length(n, k, s, rule, output_padding=p)
        assert transposed.transposed_length(n, k, s, rule, p) == expected


@many
def test_scatter(rng, seed):
    k, s = rng.integers(1, 6, 2).tolist()
    x, kernel = integers(rng, 2, rng.integers(1, 7), 3), integers(rng, k, 2, 3)
    y = transposed.scatter(x, kernel, s)
    agree(y, naive.scatter(x, kernel, (s,), (1,)))
    layer = convlib.Conv1DTranspose(2, k, s, use_bias=False, dtype="float64")
    z = loaded(layer, x.shape, [kernel])(x)
    agree(z[:, : y.shape[1]], y)
    assert not z[:, y.shape[1] :].any()


@many
def test_crop_of_a_scatter_is_same(rng, seed):
    n, k, s = rng.integers(1, 7, 3).tolist()
    x, kernel = integers(rng, 2, n, 3), integers(rng, k, 2, 3)
    y = transposed.scatter(x, kernel, s)
    before, after = transposed.crop(k, s)
    y = np.pad(y, [(0, 0), (0, max(-after, 0)), (0, 0)])
    layer = convlib.Conv1DTranspose(2, k, s, "same", use_bias=False, dtype="float64")
    agree(loaded(layer, x.shape, [kernel])(x), y[:, before : y.shape[1] - max(after, 0)])


@many
def test_overlaps(rng, seed):
    n, k, s = rng.integers(1, 8, 3).tolist()
    expected = transposed.scatter(np.ones((1, n, 1)), np.ones((k, 1, 1)), s)
    agree(transposed.overlaps(n, k, s), expected[0, :, 0])


@many
def test_stuffed(rng, seed):
    size, strides = tuple(rng.integers(1, 5, 2).tolist()), tuple(rng.integers(1, 5, 2).tolist())
    x, kernel = integers(rng, *rng.integers(1, 6, 2)), integers(rng, *size)
    expected = naive.scatter(x[None, :, :, None], kernel[:, :, None, None], strides, (1, 1))
    agree(transposed.stuffed(x, kernel, strides), expected[0, :, :, 0])


@many
def test_convolution_matrix(rng, seed):
    k, s = rng.integers(1, 5, 2).tolist()
    n = k + int(rng.integers(0, 8))
    x, kernel = integers(rng, n), integers(rng, k)
    matrix = transposed.convolution_matrix(kernel, n, s)
    layer = convlib.Conv1D(1, k, s, use_bias=False, dtype="float64")
    layer = loaded(layer, (1, n, 1), [kernel[:, None, None]])
    y = layer(x[None, :, None])
    agree(matrix @ x, y[0, :, 0])
    agree(matrix.T @ y[0, :, 0], layer.backward(y)[0, :, 0])


def test_values_of_transposed():
    layer = convlib.Conv1DTranspose(6, 2, 5)
    assert layer.compute_output_shape((None, 4, 3)) == (None, transposed.short_kernel, 6)
    for answer in (transposed.doubling, transposed.doubling_other):
        layer = convlib.Conv2DTranspose(**answer)
        assert layer.compute_output_shape((None, 7, 7, 16)) == (None, 14, 14, 8)


# -- depthwise and separable convolutions


@many
def test_depthwise(rng, seed):
    size = tuple(rng.integers(1, 4, 2).tolist())
    channels, multiplier, stride = rng.integers(1, 4, 3).tolist()
    x = integers(rng, 2, *rng.integers(4, 8, 2), channels)
    kernel = integers(rng, *size, channels, multiplier)
    y = depthwise_separable.depthwise(x, kernel, (stride, stride))
    layer = convlib.DepthwiseConv2D(
        size, stride, depth_multiplier=multiplier, use_bias=False, dtype="float64"
    )
    agree(y, loaded(layer, x.shape, [kernel])(x))
    order = depthwise_separable.channel_order(channels, multiplier)
    for output, channel in enumerate(order):
        alone = np.zeros_like(x)
        alone[..., channel] = x[..., channel]
        agree(layer(alone)[..., output], y[..., output])


@many
def test_separable(rng, seed):
    size = tuple(rng.integers(1, 4, 2).tolist())
    channels, multiplier, filters = rng.integers(1, 4, 3).tolist()
    x = integers(rng, 2, *rng.integers(4, 8, 2), channels)
    weights = [
        integers(rng, *size, channels, multiplier),
        integers(rng, 1, 1, channels * multiplier, filters),
        integers(rng, filters),
    ]
    layer = convlib.SeparableConv2D(filters, size, depth_multiplier=multiplier, dtype="float64")
    expected = loaded(layer, x.shape, weights)(x)
    agree(depthwise_separable.separable(x, *weights), expected)


@many
def test_counts_of_separable_and_full(rng, seed):
    k_h, k_w, channels, filters, multiplier = rng.integers(1, 6, 5).tolist()
    size = (k_h, k_w)
    arguments = {"filters": filters, "kernel_size": size, "use_bias": False}
    layers = [
        convlib.SeparableConv2D(**arguments),
        convlib.SeparableConv2D(**arguments, depth_multiplier=multiplier),
        convlib.Conv2D(**arguments),
    ]
    for layer in layers:
        layer.build((None, 6, 6, channels))
    simple, deep, full = [layer.count_params() for layer in layers]
    ratio = depthwise_separable.weight_ratio(size, channels, filters)
    assert ratio == pytest.approx(simple / full)
    # Every weight meets one number at each place, so that weights count the multiply-adds.
    word = "equal" if deep == full else "separable" if deep < full else "full"
    assert depthwise_separable.cheaper(size, channels, filters, multiplier) == word


def test_value_of_separable_parameters():
    layer = convlib.SeparableConv2D(64, 3)
    layer.build((None, 9, 9, 32))
    assert layer.count_params() == depthwise_separable.separable_parameters


# -- a whole network


def built(layers, shape):
    made = [
        getattr(convlib, d["layer"])(**{k: v for k, v in d.items() if k != "layer"}) for d in layers
    ]
    return convlib.Sequential([convlib.Input(shape), *made])


@many
def test_total_parameters(rng, seed):
    layers = []
    for _ in range(rng.integers(1, 4)):
        filters, size = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        layers.append({"layer": "Conv2D", "filters": filters, "kernel_size": size})
        if rng.random() < 0.5:
            layers.append({"layer": "MaxPooling2D", "pool_size": int(rng.integers(1, 4))})
    layers += [{"layer": "Flatten"}] * (rng.random() < 0.7) + [{"layer": "Dense", "units": 5}]
    shape = (60, 47, 2)
    assert network.total_parameters(layers, shape) == built(layers, shape).count_params()


def test_values_of_network():
    model = built(
        [
            {"layer": "Conv2D", "filters": 32, "kernel_size": 3},
            {"layer": "MaxPooling2D", "pool_size": 2},
            {"layer": "Conv2D", "filters": 64, "kernel_size": 3},
            {"layer": "MaxPooling2D", "pool_size": 2},
            {"layer": "Flatten"},
            {"layer": "Dense", "units": 1024},
            {"layer": "Dense", "units": 10},
        ],
        (48, 40, 3),
    )
    assert model.layers[4].output.shape == (None, network.flatten_size)
    assert tuple(layer.count_params() for layer in model.layers) == network.layer_parameters
    assert built(network.small_network, (32, 32, 3)).count_params() == 5418


# -- learning


@many
def test_relu_backward(rng, seed):
    x, dy = integers(rng, 2, 5, 3), integers(rng, 2, 5, 3)
    layer = convlib.Activation("relu", dtype="float64")
    layer(x)
    agree(learning.relu_backward(dy, x), layer.backward(dy))


@many
def test_softmax_gradient(rng, seed):
    logits, labels = integers(rng, 5, 4), rng.integers(0, 4, 5)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    agree(learning.softmax_gradient(logits, labels), loss.gradient(labels, logits))


@many
def test_momentum_steps(rng, seed):
    w, gradients = integers(rng, 3), integers(rng, rng.integers(1, 6), 3)
    rate, momentum = rng.uniform(0.1, 0.9, 2).tolist()
    variable, sgd = Variable("w", w.copy()), optimizers.SGD(rate, momentum)
    for gradient in gradients:
        sgd.apply([gradient], [variable])
    agree(learning.momentum_steps(w, gradients, rate, momentum), variable.value)


@many
def test_gradients_of_a_convolution(rng, seed):
    k, s = rng.integers(1, 5, 2).tolist()
    x, kernel = integers(rng, 2, k + rng.integers(0, 8), 3), integers(rng, k, 3, 2)
    layer = convlib.Conv1D(2, k, s, use_bias=False, dtype="float64")
    dy = integers(rng, *loaded(layer, x.shape, [kernel])(x).shape)
    agree(learning.input_gradient(dy, kernel, x.shape[1], s), layer.backward(dy))
    agree(learning.kernel_gradient(x, dy, k, s), layer.gradients[0])


@many
def test_l2_gradient(rng, seed):
    kernel, factor = integers(rng, 3, 2, 4), rng.uniform(0.01, 1)
    expected = regularizers.L2(factor).gradient(kernel)
    agree(learning.l2_gradient(kernel, factor), expected)


def test_value_of_one_step():
    variable = Variable("w", np.array([3.0]))
    optimizers.SGD(0.1).apply([2 * (variable.value - 1)], [variable])
    agree(learning.one_step, variable.value[0])


# -- how libraries make it fast


@many
def test_convolutions(rng, seed):
    size = tuple(rng.integers(1, 5, 2).tolist())
    x, kernel = integers(rng, 2, *rng.integers(5, 9, 2), 3), integers(rng, *size, 3, 2)
    layer = convlib.Conv2D(2, size, use_bias=False, dtype="float64")
    expected = loaded(layer, x.shape, [kernel])(x)
    agree(fast.shift_and_add(x, kernel), expected)
    agree(fast.by_matrix(x[0], kernel), expected[0])
    single = naive.convolve(x[:, :, :, :1], kernel[:, :, :1, :1], (1, 1), [(0, 0)] * 2, (1, 1))
    agree(fast.by_fourier(x[0, :, :, 0], kernel[:, :, 0, 0]), single[0, :, :, 0])


@many
def test_winograd_row(rng, seed):
    x, kernel = integers(rng, 2 * rng.integers(2, 9)), integers(rng, 3)
    layer = convlib.Conv1D(1, 3, use_bias=False, dtype="float64")
    layer = loaded(layer, (1, len(x), 1), [kernel[:, None, None]])
    agree(fast.winograd_row(x, kernel), layer(x[None, :, None])[0, :, 0])


@many
def test_winograd_products(rng, seed):
    rows, columns, channels, filters = rng.integers(1, 9, 4).tolist()
    direct = rows * columns * 9 * channels * filters
    assert fast.winograd_products(rows, columns, channels, filters, 1) == direct
    for tile in (2, 4, 6):
        grown = -(-rows // tile) * tile, -(-columns // tile) * tile
        whole = fast.winograd_products(*grown, channels, filters, tile)
        assert fast.winograd_products(rows, columns, channels, filters, tile) == whole


def test_value_of_matrix_bytes():
    windows = np.lib.stride_tricks.sliding_window_view(
        np.zeros((8, 58, 50, 32), "float32"), (3, 3), (1, 2)
    )
    assert windows.nbytes == fast.matrix_bytes
