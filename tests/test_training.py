"""Gradients by finite differences, losses, optimizers, and learning to read digits."""

import numpy as np
import pytest

from convlib import datasets, layers, losses, optimizers
from convlib.activations import _pullbacks
from convlib.layers import (
    Activation,
    BatchNormalization,
    Conv1D,
    Conv2D,
    Conv3D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    MaxPooling2D,
)
from convlib.models import Model, Sequential
from convlib.regularizers import L1L2, OrthogonalRegularizer

CASES = {
    "Conv1D": (Conv1D(3, 2, padding="causal", dilation_rate=2, activation="tanh"), (5, 2)),
    "Conv2D": (Conv2D(4, (2, 3), strides=(2, 1), padding="same", groups=2), (4, 5, 2)),
    "Conv3D": (Conv3D(2, 2, padding="same", activation="sigmoid"), (2, 3, 2, 2)),
    "Conv1DTranspose": (layers.Conv1DTranspose(2, 3, strides=2, padding="same"), (4, 3)),
    "Conv2DTranspose": (
        layers.Conv2DTranspose(2, (2, 3), strides=(3, 2), output_padding=1),
        (3, 2, 2),
    ),
    "Conv3DTranspose": (layers.Conv3DTranspose(2, 2, strides=2), (2, 2, 1, 2)),
    "DepthwiseConv1D": (
        layers.DepthwiseConv1D(3, 2, "same", dilation_rate=2, depth_multiplier=2),
        (6, 2),
    ),
    "DepthwiseConv2D": (layers.DepthwiseConv2D((2, 3), depth_multiplier=2), (3, 4, 3)),
    "SeparableConv1D": (layers.SeparableConv1D(4, 3, depth_multiplier=2, activation="elu"), (5, 2)),
    "SeparableConv2D": (layers.SeparableConv2D(2, (3, 2), padding="same"), (3, 4, 3)),
    "Dense": (Dense(3, activation="softmax"), (4,)),
    "Dense LoRA": (Dense(3, lora_rank=2, lora_alpha=3), (4,)),
    "BatchNormalization": (BatchNormalization(), (3, 2)),
    "BatchNormalization training": (BatchNormalization(), (3, 2)),
    "BatchNormalization axis 1": (BatchNormalization(axis=1), (3, 2)),
    "Flatten": (Flatten("channels_first"), (3, 2)),
    "UpSampling1D": (layers.UpSampling1D(3), (3, 2)),
    "UpSampling2D": (layers.UpSampling2D((2, 3), interpolation="bilinear"), (3, 4, 2)),
    "ZeroPadding1D": (layers.ZeroPadding1D((1, 2)), (3, 2)),
    "ZeroPadding2D": (layers.ZeroPadding2D(((1, 0), (2, 1))), (3, 2, 2)),
    "Cropping1D": (layers.Cropping1D((1, 2)), (6, 2)),
    "Cropping2D": (layers.Cropping2D(((1, 0), (0, 2))), (3, 4, 2)),
    "MaxPooling2D": (MaxPooling2D((2, 3), strides=(1, 2), padding="same"), (4, 5, 2)),
    "AveragePooling3D": (layers.AveragePooling3D(2, strides=1, padding="same"), (3, 2, 3, 2)),
    "GlobalMaxPooling1D": (layers.GlobalMaxPooling1D(), (5, 2)),
    "GlobalAveragePooling2D": (GlobalAveragePooling2D(keepdims=True), (3, 4, 2)),
}  # fmt: skip


def difference(function, array):
    """The gradient of function() with respect to array, by central differences, in place."""
    gradient = np.zeros_like(array)
    step = 1e-6
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + step
        above = function()
        array[index] = kept - step
        below = function()
        array[index] = kept
        gradient[index] = (above - below) / (2 * step)
    return gradient


@pytest.mark.parametrize("name", CASES)
def test_backward_against_finite_differences(name):
    made, shape = CASES[name]
    layer = type(made).from_config({**made.get_config(), "dtype": "float64"})
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, *shape))
    training = name.endswith("training")
    layer.build(x.shape)
    layer.set_weights([np.abs(rng.normal(size=w.shape)) for w in layer.weights])
    r = rng.normal(size=layer.compute_output_shape(x.shape))
    stored = layer.get_weights()

    def loss():
        found = (layer(x, training=training) * r).sum()
        if training:  # the moving statistics are not part of the function
            for variable, value in zip(layer.weights[2:], stored[2:], strict=True):
                variable.assign(value)
        return found

    loss()
    dx = layer.backward(r)
    gradients = list(layer.gradients)
    np.testing.assert_allclose(dx, difference(loss, x), rtol=1e-6, atol=1e-7)
    assert len(gradients) == len(layer.trainable_weights)
    for variable, gradient in zip(layer.trainable_weights, gradients, strict=True):
        wanted = difference(loss, variable.value)
        np.testing.assert_allclose(gradient, wanted, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("activation", [f.__name__ for f in _pullbacks])
def test_activations_against_finite_differences(activation):
    layer = Activation(activation, dtype="float64")
    rng = np.random.default_rng(1)
    x, r = rng.normal(size=(4, 5)) * 3, rng.normal(size=(4, 5))
    layer(x)
    dx = layer.backward(r)
    np.testing.assert_allclose(
        dx, difference(lambda: (layer(x) * r).sum(), x), rtol=1e-5, atol=1e-7
    )


def test_an_activation_of_ones_own_has_no_gradient():
    layer = Activation(lambda x: x**2)
    assert layer([[3.0]]).tolist() == [[9.0]]
    with pytest.raises(ValueError, match="must be one of convlib's own to have a gradient"):
        layer.backward(np.ones((1, 1)))


LOSSES = {
    "mse": (losses.MeanSquaredError(), "real"),
    "bce": (losses.BinaryCrossentropy(), "binary"),
    "bce logits": (losses.BinaryCrossentropy(from_logits=True), "binary logits"),
    "cce": (losses.CategoricalCrossentropy(), "onehot"),
    "cce logits": (losses.CategoricalCrossentropy(from_logits=True), "onehot logits"),
    "scce": (losses.SparseCategoricalCrossentropy(), "classes"),
    "scce logits": (losses.SparseCategoricalCrossentropy(from_logits=True), "classes logits"),
}


@pytest.mark.parametrize("name", LOSSES)
def test_losses_by_hand_and_by_finite_differences(name):
    loss, kind = LOSSES[name]
    rng = np.random.default_rng(0)
    y_pred = rng.normal(size=(4, 3))
    classes = np.array([0, 2, 1, 2])
    onehot = np.eye(3)[classes]
    binary = rng.integers(0, 2, (4, 3)).astype(float)
    sigmoid = 1 / (1 + np.exp(-y_pred))
    softmax = np.exp(y_pred) / np.exp(y_pred).sum(-1, keepdims=True)
    if kind == "real":
        y_true, wanted = onehot, ((onehot - y_pred) ** 2).mean()
    elif kind.startswith("binary"):
        y_true = binary
        wanted = -np.log(np.where(binary == 1, sigmoid, 1 - sigmoid)).mean()
        y_pred = y_pred if loss.from_logits else sigmoid
    else:
        y_true = onehot if kind.startswith("onehot") else classes
        wanted = -np.log(softmax[range(4), classes]).mean()
        y_pred = y_pred if loss.from_logits else softmax
    np.testing.assert_allclose(loss(y_true, y_pred), wanted, rtol=1e-6)
    gradient = loss.gradient(y_true, y_pred)
    slope = difference(lambda: loss(y_true, y_pred), y_pred)
    np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-8)


def test_losses_refuse_targets_that_do_not_fit():
    with pytest.raises(
        ValueError, match=r"`y_true` must have the shape of the predictions, \(2, 3\)"
    ):
        losses.MeanSquaredError()(np.ones((2, 2)), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"class numbers from 0 to 2. Received: 0 to 3"):
        losses.SparseCategoricalCrossentropy()(np.array([0, 3]), np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"`loss` must be .*Did you mean 'mse'"):
        losses.get("msee")


def minimize(optimizer, steps):
    """The path of w, from 1, on w^2."""
    layer = Dense(1, use_bias=False, kernel_initializer="ones", dtype="float64")
    layer.build((None, 1))
    path = []
    for _ in range(steps):
        optimizer.apply([2 * layer.kernel.value], [layer.kernel])
        path.append(layer.kernel.value.item())
    return path


def test_optimizers_by_hand():
    np.testing.assert_allclose(minimize(optimizers.SGD(0.1), 2), [0.8, 0.64])
    # v = -.2, w = .8; v = .5 * -.2 - .16 = -.26, w = .54
    np.testing.assert_allclose(minimize(optimizers.SGD(0.1, momentum=0.5), 2), [0.8, 0.54])
    # v = -.2, w = 1 - .1 - .2 = .7; v = -.1 - .14 = -.24, w = .7 - .12 - .14 = .44
    nesterov = optimizers.SGD(0.1, momentum=0.5, nesterov=True)
    np.testing.assert_allclose(minimize(nesterov, 2), [0.7, 0.44])
    # s = .1 * 4 = .4, step .1 * 2 / sqrt(.4)
    np.testing.assert_allclose(
        minimize(optimizers.RMSprop(0.1), 1), [1 - 0.2 / 0.4**0.5], rtol=1e-6
    )
    # the first step of Adam is the learning rate, whatever the gradient
    np.testing.assert_allclose(minimize(optimizers.Adam(0.1), 1), [0.9], rtol=1e-6)
    for optimizer in (
        optimizers.RMSprop(0.01, momentum=0.5, centered=True),
        optimizers.Adam(0.05, amsgrad=True),
        optimizers.get("sgd"),
    ):
        assert abs(minimize(optimizer, 300)[-1]) < 0.05
    with pytest.raises(ValueError, match="`learning_rate` must be a number of at least 0"):
        optimizers.SGD(-1)


def regularized_model():
    return Sequential(
        [
            Input((4, 5, 1), dtype="float64"),
            Conv2D(
                2,
                (2, 3),
                activation="tanh",
                kernel_regularizer=L1L2(0.01, 0.02),
                activity_regularizer=L1L2(0.03, 0.05),
                dtype="float64",
            ),
            BatchNormalization(dtype="float64", gamma_regularizer="l2"),
            Flatten(dtype="float64"),
            Dense(3, kernel_regularizer=OrthogonalRegularizer(0.2), dtype="float64"),
        ]
    )


def test_gradients_of_a_whole_model_with_regularizers():
    rng = np.random.default_rng(0)
    model = regularized_model()
    model.set_weights([np.abs(rng.normal(size=w.shape)) + 0.1 for w in model.weights])
    x, y = rng.normal(size=(3, 4, 5, 1)), np.array([0, 2, 1])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)

    def total():
        return loss(y, model(x)) + sum(model.losses)

    total()
    assert len(model.losses) == 4
    model.backward(loss.gradient(y, model(x)))
    gradients = [
        g + (v.regularizer.gradient(v.value) if v.regularizer else 0)
        for g, v in zip(model.gradients, model.trainable_weights, strict=True)
    ]
    for variable, gradient in zip(model.trainable_weights, gradients, strict=True):
        wanted = difference(total, variable.value)
        np.testing.assert_allclose(gradient, wanted, rtol=1e-5, atol=1e-8)


def test_backward_needs_each_layer_once():
    x = Input((4,))
    dense = Dense(4)
    model = Model(x, dense(dense(x)))
    model(np.ones((1, 4)))
    with pytest.raises(ValueError, match="needs a model in which each layer is called once"):
        model.backward(np.ones((1, 4)))


def line():
    x = np.linspace(-1, 1, 64).reshape(-1, 1)
    return x, 3 * x + 1


def test_fit_learns_a_line_and_tells_how():
    x, y = line()
    model = Sequential([Input((1,)), Dense(1)])
    model.compile(optimizers.SGD(0.1), "mse")
    history = model.fit(x, y, epochs=60, batch_size=8, verbose=0, seed=0, validation_split=0.25)
    assert history.epoch == list(range(60))
    assert set(history.history) == {"loss", "val_loss"}
    np.testing.assert_allclose(model.get_weights()[0], [[3]], atol=0.1)
    assert model.evaluate(x, y, verbose=0) < 0.01
    assert set(model.evaluate(x, y, verbose=0, return_dict=True)) == {"loss"}


def test_fit_is_repeatable():
    x, y = line()
    found = []
    for _ in range(2):
        model = Sequential([Input((1,)), Dense(1, kernel_initializer="zeros")])
        model.compile(optimizers.Adam(0.1), "mse")
        model.fit(x, y, epochs=3, verbose=0, seed=5)
        found.append(model.get_weights())
    np.testing.assert_array_equal(found[0][0], found[1][0])


def test_fit_stops_before_the_weights_are_spoilt():
    x, y = line()
    model = Sequential([Input((1,)), Dense(1)])
    model.compile(optimizers.SGD(1e30), "mse")
    with (
        np.errstate(all="ignore"),
        pytest.warns(RuntimeWarning, match="`loss` became .*training stops"),
    ):
        history = model.fit(x, y, epochs=20, verbose=0, seed=0)
    assert len(history.epoch) < 20
    assert np.isfinite(model.get_weights()[0]).all()


def test_constraints_hold_after_every_update():
    x, y = line()
    model = Sequential(
        [Input((1,)), Dense(1, kernel_constraint="non_neg", bias_constraint="unit_norm")]
    )
    model.compile(optimizers.SGD(0.5), "mse")
    model.fit(x, -y, epochs=2, verbose=0, seed=0)
    kernel, bias = model.get_weights()
    assert kernel >= 0
    np.testing.assert_allclose(np.abs(bias), 1, rtol=1e-5)


def test_frozen_layers_stay_as_they_are():
    x, y = line()
    model = Sequential([Input((1,)), Dense(4), Dense(1)])
    model.layers[0].trainable = False
    before = model.get_weights()
    model.compile("adam", "mse")
    model.fit(x, y, epochs=1, verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(after[0], before[0])
    assert (after[2] != before[2]).any()


def test_verbose(capsys):
    x, y = line()
    model = Sequential([Input((1,)), Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x, y, epochs=2, verbose=2)
    assert "Epoch 2/2 - loss: " in capsys.readouterr().out
    model.fit(x, y, verbose=1)
    assert "Epoch 1/1" in capsys.readouterr().err


def test_what_training_refuses():
    x, y = line()
    model = Sequential([Input((1,)), Dense(1)])
    with pytest.raises(ValueError, match=r"call `compile\(optimizer=..., loss=...\)`"):
        model.fit(x, y)
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="as many samples, at least one"):
        model.fit(x, y[1:])
    with pytest.raises(ValueError, match="`metrics` must be one of 'accuracy'"):
        model.compile("sgd", "mse", metrics=["f1"])
    with pytest.raises(ValueError, match="`validation_split` must be at least 0"):
        model.fit(x, y, validation_split=1)


def test_dropout():
    layer = Dropout(0.25, seed=0)
    x = np.ones((100, 100))
    np.testing.assert_array_equal(layer(x), x)
    y = layer(x, training=True)
    assert set(np.unique(y).tolist()) == {0.0, np.float32(1 / 0.75).item()}
    assert abs((y == 0).mean() - 0.25) < 0.02
    np.testing.assert_array_equal(layer.backward(x), y)
    rows = Dropout(0.5, noise_shape=(None, 1), seed=0)(x, training=True)
    assert (rows == rows[:, :1]).all()
    assert (Dropout(1.0)(x, training=True) == 0).all()
    with pytest.raises(ValueError, match="`rate` must be a number from 0 to 1"):
        Dropout(1.5)


def test_a_small_network_reads_digits():
    """At least 98 in 100 test digits, as a convolutional network should."""
    images, labels = datasets.load_digits()
    x = images[..., np.newaxis] / 16
    model = Sequential(
        [
            Input((8, 8, 1)),
            Conv2D(16, 3, padding="same", activation="relu", kernel_initializer=seeded(1)),
            Conv2D(32, 3, padding="same", activation="relu", kernel_initializer=seeded(2)),
            MaxPooling2D(),
            Dropout(0.25, seed=3),
            Flatten(),
            Dense(64, activation="relu", kernel_initializer=seeded(4)),
            Dense(10, activation="softmax", kernel_initializer=seeded(5)),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[:1437], order[1437:]
    model.fit(x[train], labels[train], epochs=15, verbose=0, seed=0)
    assert model.evaluate(x[test], labels[test], verbose=0)[1] >= 0.98


def seeded(seed):
    return {"class_name": "GlorotUniform", "config": {"seed": seed}}
