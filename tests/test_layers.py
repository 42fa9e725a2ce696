"""What all layers promise: naming, building, weights, configs, both data formats, errors."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import convlib
from convlib import layers
from convlib.layers.base import reset_names

CONVOLUTIONS = [
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.Conv1DTranspose,
    layers.Conv2DTranspose,
    layers.Conv3DTranspose,
    layers.SeparableConv1D,
    layers.SeparableConv2D,
    layers.DepthwiseConv1D,
    layers.DepthwiseConv2D,
]
POOLS = [
    getattr(layers, f"{kind}Pooling{rank}D") for kind in ("Max", "Average") for rank in (1, 2, 3)
]
GLOBAL = [
    getattr(layers, f"Global{kind}Pooling{rank}D")
    for kind in ("Max", "Average")
    for rank in (1, 2, 3)
]


def make(cls, **kwargs):
    """A layer with sizes that tell axes, channels and filters apart."""
    if cls in CONVOLUTIONS:
        kwargs = {"kernel_size": (2, 3, 1)[: cls.rank], "padding": "same", **kwargs}
        if not cls.__name__.startswith("Depthwise"):
            kwargs = {"filters": 4, **kwargs}
    elif cls in POOLS:
        kwargs = {"pool_size": (2, 3, 1)[: cls.rank], "strides": 2, "padding": "same", **kwargs}
    return cls(**kwargs)


def inputs(cls, channels=3):
    sizes = (5, 6, 4)[: cls.rank]
    return np.random.default_rng(0).normal(size=(2, *sizes, channels)).astype(np.float32)


every_layer = pytest.mark.parametrize("cls", CONVOLUTIONS + POOLS + GLOBAL)


@every_layer
def test_channels_first_is_channels_last_moved(cls):
    first, last = make(cls, data_format="channels_first"), make(cls)
    x = inputs(cls)
    y = last(x)
    first.build(np.moveaxis(x, -1, 1).shape)
    first.set_weights(last.get_weights())
    moved = first(np.moveaxis(x, -1, 1))
    assert first.compute_output_shape(np.moveaxis(x, -1, 1).shape) == moved.shape
    np.testing.assert_allclose(moved, np.moveaxis(y, -1, 1), rtol=1e-6)
    dy = np.random.default_rng(1).normal(size=y.shape).astype(np.float32)
    dx = first.backward(np.moveaxis(dy, -1, 1))
    np.testing.assert_allclose(dx, np.moveaxis(last.backward(dy), -1, 1), rtol=1e-5, atol=1e-6)


@every_layer
def test_dot_test(cls):
    """A layer linear in x has <dy, y(x)> = <dx, x>; a maximum is so too, around each x."""
    layer = make(cls, dtype="float64")
    x = inputs(cls).astype(np.float64)
    y = layer(x)
    dy = np.random.default_rng(1).normal(size=y.shape)
    np.testing.assert_allclose((layer.backward(dy) * x).sum(), (dy * y).sum(), rtol=1e-10)


@every_layer
def test_config_round_trip_and_shape(cls):
    layer = make(cls, name="mine", dtype="float64")
    again = cls.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.name == "mine"
    y = again(inputs(cls))
    assert y.dtype == np.float64
    assert again.compute_output_shape((None, *inputs(cls).shape[1:])) == (None, *y.shape[1:])


@every_layer
def test_wrong_number_of_axes(cls):
    with pytest.raises(ValueError, match=r"must have \d axes, \(batch, .*Received: inputs.shape"):
        make(cls)(np.ones((2, 3)))


def test_names_are_numbered_as_in_keras():
    reset_names()
    assert [layers.Conv2D(1, 1).name for _ in range(3)] == ["conv2d", "conv2d_1", "conv2d_2"]
    assert layers.Conv2DTranspose(1, 1).name == "conv2d_transpose"
    assert layers.GlobalMaxPooling1D().name == "global_max_pooling1d"
    assert layers.SeparableConv1D(1, 1, name="mine").name == "mine"
    assert layers.DepthwiseConv2D(1).name == "depthwise_conv2d"


def test_weights_are_made_by_build_and_can_be_replaced():
    layer = layers.Conv2D(4, (2, 3), groups=2)
    assert layer.weights == []
    layer.build((None, 8, 8, 6))
    assert [w.shape for w in layer.weights] == [(2, 3, 3, 4), (4,)]
    assert layer.count_params() == 2 * 3 * 3 * 4 + 4
    assert layer.kernel.numpy().shape == (2, 3, 3, 4)
    kernel, bias = layer.get_weights()
    layer.set_weights([kernel * 2, bias + 1])
    np.testing.assert_array_equal(layer.kernel.numpy(), kernel * 2)
    np.testing.assert_array_equal(np.asarray(layer.bias), np.ones(4))
    kernel[:] = 0  # a copy: the layer does not see it
    assert layer.kernel.numpy().any()


def test_set_weights_changes_nothing_when_one_does_not_fit():
    layer = layers.Conv1D(2, 3)
    layer.build((None, 5, 1))
    before = layer.get_weights()
    with pytest.raises(ValueError, match=r"'bias' of layer .* has shape \(2,\)\. Received.*\(3,\)"):
        layer.set_weights([np.zeros((3, 1, 2)), np.zeros(3)])
    with pytest.raises(ValueError, match=r"must hold 2 arrays.*Received: 1 arrays"):
        layer.set_weights([np.zeros((3, 1, 2))])
    for now, then in zip(layer.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_trainable():
    layer = layers.Conv1D(2, 3, trainable=False)
    layer.build((None, 5, 1))
    assert layer.trainable_weights == []
    assert len(layer.non_trainable_weights) == len(layer.weights) == 2
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_errors_a_learner_can_act_on():
    with pytest.raises(
        ValueError, match=r"along the width the window spans 4 cells, .* has 3"
    ) as e:
        layers.Conv2D(1, 4)(np.ones((1, 8, 3, 1)))
    assert "padding='same'" in str(e.value)
    with pytest.raises(ValueError, match=r"`strides` and `dilation_rate` must not both"):
        layers.Conv2D(1, 3, strides=(2, 1), dilation_rate=(1, 2))
    with pytest.raises(ValueError, match=r"`filters` must be divisible by `groups`"):
        layers.Conv2D(3, 3, groups=2)
    with pytest.raises(ValueError, match=r"`groups` must divide the number of input channels"):
        layers.Conv2D(4, 3, groups=2).build((None, 8, 8, 3))
    with pytest.raises(ValueError, match=r"must give the number of channels, on axis -1"):
        layers.Conv2D(4, 3).build((None, 8, 8, None))
    layer = layers.Conv2D(4, 3)
    layer.build((None, 8, 8, 3))
    with pytest.raises(ValueError, match=r"must have 3 channels on axis -1, as when it was built"):
        layer(np.ones((1, 8, 8, 4)))
    with pytest.raises(ValueError, match=r"`output_padding` must be smaller than `strides`"):
        layers.Conv2DTranspose(1, 3, strides=2, output_padding=(1, 2))
    with pytest.raises(ValueError, match="`pool_size` must fit into the input"):
        layers.MaxPooling2D(6)(np.ones((1, 5, 5, 1)))
    with pytest.raises(
        ValueError, match=r"must be one of 'valid', 'same'. Received: padding='SAME'"
    ):
        layers.MaxPooling2D(2, padding="SAME")
    with pytest.raises(ValueError, match=r"`size` must be a positive integer. Received: size="):
        layers.UpSampling1D((2,))
    with pytest.raises(
        ValueError, match=r"`name` must be a string without a slash. Received: name="
    ):
        layers.Conv2D(1, 3, name="block/conv")
    with pytest.raises(ValueError, match=r"`axis` must be an integer. Received: axis="):
        layers.BatchNormalization(axis=(1, 2))


def test_a_size_that_was_not_known_is_checked_when_it_is():
    layer, pool = layers.SeparableConv1D(6, 3), layers.AveragePooling2D(3)
    layer.build((None, None, 2))
    pool.build((None, None, None, 2))
    with pytest.raises(ValueError, match=r"`kernel_size` must fit .* Received: .*steps=1"):
        layer(np.ones((3, 1, 2)))
    with pytest.raises(ValueError, match=r"`pool_size` must fit .* Received: .*width=2"):
        pool(np.ones((3, 4, 2, 2)))


def test_no_initializer_means_glorot_uniform():
    """As in Keras; so a bias is drawn too."""
    layer = layers.Conv2D(8, 3, kernel_initializer=None, bias_initializer=None)
    layer.build((None, 5, 5, 4))
    kernel, bias = layer.get_weights()
    for weights, fans in ((kernel, 36 + 72), (bias, 8 + 8)):
        limit = (6 / fans) ** 0.5
        assert 0.5 * limit < np.abs(weights).max() <= limit
    assert layer.get_config()["kernel_initializer"] is None


def test_nearest_copies_whatever_there_is():
    layer = layers.UpSampling2D((1, 2))
    y = layer(np.array([[[[np.inf], [1.0]], [[np.nan], [2.0]]]]))
    np.testing.assert_array_equal(y[0, :, :, 0], [[np.inf, np.inf, 1, 1], [np.nan, np.nan, 2, 2]])


@pytest.mark.parametrize(
    ("cls", "argument", "today"),
    [
        (layers.Conv2D, "nb_filter", "filters"),
        (layers.Conv1D, "border_mode", "padding"),
        (layers.MaxPooling2D, "dim_ordering", "data_format"),
        (layers.Conv2D, "subsample", "strides"),
        (layers.MaxPooling1D, "pool_length", "pool_size"),
    ],
)
def test_arguments_of_old_tutorials(cls, argument, today):
    required = {"filters": 1, "kernel_size": 2} if cls in CONVOLUTIONS else {}
    with pytest.raises(ValueError, match=f"`{argument}` is `{today}` today"):
        cls(**required, **{argument: 1})


def test_an_unknown_argument_is_never_ignored():
    with pytest.raises(ValueError, match=r"`activation` is no argument of MaxPooling2D"):
        layers.MaxPooling2D(2, activation="relu")


def test_inputs_are_cast_to_the_layer():
    layer = layers.Conv1D(1, 2)
    assert layer([[[1], [2], [3]]]).dtype == np.float32
    assert layers.MaxPooling1D(2, dtype="float64")(np.ones((1, 2, 1), int)).dtype == np.float64


def test_an_initializer_must_keep_the_shape():
    layer = layers.Conv1D(1, 2, kernel_initializer=lambda shape, dtype: np.zeros(3))
    with pytest.raises(ValueError, match=r"`kernel_initializer` must return an array of the shape"):
        layer.build((None, 4, 1))


def test_activity_regularizer_is_divided_by_the_batch():
    layer = layers.Conv1D(
        1, 1, activity_regularizer=convlib.regularizers.L1(0.5), kernel_initializer="ones"
    )
    layer(np.ones((4, 3, 1)))
    assert layer.losses == [0.5 * 12 / 4]


@pytest.mark.parametrize("cls", POOLS)
@given(data=st.data())
def test_pools_against_loops(cls, data):
    rank = cls.rank
    per_axis = st.tuples(*[st.integers(1, 4)] * rank)
    pool_size, strides = data.draw(per_axis), data.draw(per_axis)
    padding = data.draw(st.sampled_from(["valid", "same"]))
    sizes = [k + data.draw(st.integers(0, 4)) for k in pool_size]
    x = np.random.default_rng(0).normal(size=(2, *sizes, 2))
    pads = [(0, 0)] * rank
    if padding == "same":
        pads = [
            naive.same_pads(n, k, s, 1) for n, k, s in zip(sizes, pool_size, strides, strict=True)
        ]
    reduce = max if cls.__name__.startswith("Max") else np.mean
    y = cls(pool_size, strides, padding, dtype="float64")(x)
    np.testing.assert_allclose(y, naive.pool(x, pool_size, strides, pads, reduce), atol=1e-12)


def test_max_pooling_sends_the_gradient_to_the_first_of_equals():
    layer = layers.MaxPooling2D(2)
    layer(np.ones((1, 2, 2, 1)))
    assert layer.backward(np.full((1, 1, 1, 1), 3.0)).ravel().tolist() == [3.0, 0.0, 0.0, 0.0]


def test_a_transposed_layer_may_have_no_output():
    """The one case that TensorFlow refuses: same, an even kernel, output_padding 0, one step."""
    layer = layers.Conv1DTranspose(1, 2, padding="same", output_padding=0)
    assert layer(np.ones((1, 1, 1))).shape == (1, 0, 1)
    assert layer.backward(np.ones((1, 0, 1))).shape == (1, 1, 1)
