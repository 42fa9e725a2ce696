"""Models: tracing, Sequential, weights on disk, and the code that tutorials bring."""

import numpy as np
import pytest

import convlib
from convlib import constraints, initializers, layers, losses, optimizers, regularizers, utils
from convlib.layers import (
    Activation,
    Conv1D,
    Conv2D,
    Convolution1D,
    Dense,
    Flatten,
    Input,
    MaxPooling1D,
    MaxPooling2D,
)
from convlib.models import Model, Sequential


def small_model():
    return Sequential(
        [Input((6, 6, 1)), Conv2D(2, 3, activation="relu"), MaxPooling2D(), Flatten(), Dense(3)]
    )


def test_a_model_is_its_layers_one_after_the_other():
    model = small_model()
    x = np.random.default_rng(0).normal(size=(4, 6, 6, 1)).astype("float32")
    y = x
    for layer in model.layers:
        y = layer(y)
    np.testing.assert_array_equal(model(x), y)
    assert model.input_shape == (None, 6, 6, 1)
    assert model.output_shape == (None, 3)
    assert model.count_params() == 3 * 3 * 2 + 2 + (2 * 2 * 2) * 3 + 3
    np.testing.assert_allclose(model.predict(x, batch_size=3), y, rtol=1e-5, atol=1e-6)


def test_functional_and_sequential_agree():
    sequential = small_model()
    x = Input((6, 6, 1))
    y = x
    for layer in sequential.layers:
        y = layer(y)
    model = Model(inputs=x, outputs=y)
    data = np.random.default_rng(0).normal(size=(2, 6, 6, 1))
    np.testing.assert_array_equal(model(data), sequential(data))
    assert isinstance(model.layers[0], layers.InputLayer)
    assert model.get_layer(index=-1) is sequential.layers[-1]
    assert model.get_layer(sequential.layers[0].name) is sequential.layers[0]
    with pytest.raises(ValueError, match=r"`name` must be one of .* Received: name='nowhere'"):
        model.get_layer("nowhere")


def test_several_outputs_show_what_happens_inside():
    model = small_model()
    inside = Model(model.inputs, [layer.output for layer in model.layers])
    shapes = [y.shape for y in inside(np.ones((1, 6, 6, 1)))]
    assert shapes == [(1, 4, 4, 2), (1, 2, 2, 2), (1, 8), (1, 3)]
    assert inside.output_shape == [(None, *shape[1:]) for shape in shapes]
    assert [y.shape[0] for y in inside.predict(np.ones((5, 6, 6, 1)), batch_size=2)] == [5] * 4


def test_a_model_is_a_layer():
    encoder = Sequential([Input((8, 1)), Conv1D(2, 3)])
    model = Sequential([encoder, Sequential([Flatten(), Dense(1)])])
    y = model(np.ones((2, 8, 1)))
    assert y.shape == (2, 1)
    assert len(model.weights) == 4
    assert model.count_params() == 8 + 13
    again = Sequential.from_config(model.get_config())
    again.set_weights(model.get_weights())
    np.testing.assert_array_equal(again(np.ones((2, 8, 1))), y)


def test_sequential_without_input_is_built_by_its_first_array():
    model = Sequential([Conv1D(2, 3), Flatten()])
    model.add(Dense(4))
    assert model.weights == []
    assert model(np.ones((1, 5, 1))).shape == (1, 4)
    assert len(model.weights) == 4
    built = Sequential([Conv1D(2, 3)])
    built.build((None, 5, 1))
    assert built.output_shape == (None, 3, 2)


def test_a_layer_that_does_not_fit_leaves_the_model_as_it_was():
    model = Sequential([Input((5, 5, 1)), Conv2D(2, 3)])
    with pytest.raises(ValueError, match="`kernel_size` must fit into the input"):
        model.add(Conv2D(2, 4))
    assert len(model.layers) == 1
    assert model.output_shape == (None, 3, 3, 2)
    model.add(Conv2D(2, 3))
    assert model.output_shape == (None, 1, 1, 2)


def test_errors_of_models():
    x, other = Input((4,)), Input((4,))
    with pytest.raises(ValueError, match="`outputs` must come from `inputs`"):
        Model(other, Dense(1)(x))
    with pytest.raises(ValueError, match="`inputs` must be what Input or a layer"):
        Model(np.ones(3), Dense(1)(x))
    with pytest.raises(ValueError, match="`layer` must be a layer"):
        Sequential([3])
    with pytest.raises(ValueError, match="except as the first"):
        Sequential([Dense(1), Input((3,))])
    with pytest.raises(ValueError, match="a name of its own"):
        Sequential([Dense(1, name="same"), Dense(1, name="same")])
    with pytest.raises(ValueError, match=r"must have the shape \(None, 4\). Received.*\(2, 5\)"):
        Model(x, Dense(1)(x))(np.ones((2, 5)))


def test_input():
    assert Input((3, None)).shape == (None, 3, None)
    assert Input((3,), batch_size=2).shape == (2, 3)
    assert Input(batch_shape=(8, 3)).shape == (8, 3)
    assert Input((3,), dtype="float64").dtype == "float64"
    assert Input(name="the_input", shape=(1600, 200, 1)).name == "the_input"
    with pytest.raises(ValueError, match="`shape` or `batch_shape` must be given, and not both"):
        Input()
    with pytest.raises(ValueError, match="`shape` or `batch_shape` must be given, and not both"):
        Input((3,), batch_shape=(1, 3))
    with pytest.raises(ValueError, match="`shape` must hold integers"):
        Input((3.5,))
    with pytest.raises(ValueError, match=r"`shape` must be a tuple of sizes. Received: shape=3"):
        Input(3)


def test_input_of_a_tensor():
    data = np.arange(6.0, dtype="float32").reshape(3, 2)
    x = Input(tensor=data)
    assert x.shape == (3, 2)
    model = Model(x, Activation("relu")(x))
    np.testing.assert_array_equal(model.predict(), data)
    assert Input(tensor=x).shape == (3, 2)
    with pytest.raises(ValueError, match=r"`shape` must be that of `tensor`, \(2,\)"):
        Input((3,), tensor=data)
    plain = Input((2,))
    with pytest.raises(ValueError, match="`x` must be given"):
        Model(plain, Activation("relu")(plain)).predict()


class SparseMatrix:
    """What a model sees of a scipy.sparse matrix."""

    def toarray(self):
        return np.eye(3)


def test_sparse_inputs(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    x = Input((3,), sparse=True)
    np.testing.assert_array_equal(Model(x, Activation("linear")(x))(SparseMatrix()), np.eye(3))
    dense = Input((3,))
    with pytest.raises(ValueError, match=r"made with sparse=False. Received: SparseMatrix"):
        Model(dense, Activation("linear")(dense))(SparseMatrix())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="`sparse` must be False where SciPy"):
        Input((3,), sparse=True)


def test_weights_on_disk(tmp_path):
    model, other = small_model(), small_model()
    path = tmp_path / "weights.npz"
    model.save_weights(path)
    other.load_weights(path)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    different = Sequential([Input((6, 6, 1)), Conv2D(2, 3), Flatten(), Dense(3)])
    before = different.get_weights()
    wanted = r"'kernel' of layer 'dense\w*' the model has shape \(32, 3\), the file \(8, 3\)"
    with pytest.raises(ValueError, match=wanted):
        different.load_weights(path)
    for now, then in zip(different.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    with pytest.raises(ValueError, match=r"`path` must end in .npz"):
        model.save_weights(tmp_path / "weights.h5")
    fewer = Sequential([Input((6, 6, 1)), Conv2D(2, 3, activation="relu")])
    with pytest.raises(ValueError, match="the model has shape None"):
        fewer.load_weights(path)


def test_functional_config_round_trip():
    x = Input((8, 2), name="series")
    middle = Conv1D(3, 3, padding="causal", kernel_regularizer="l2")(x)
    model = Model(x, [middle, Flatten()(middle)])
    again = Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    data = np.random.default_rng(0).normal(size=(2, 8, 2))
    for ours, theirs in zip(model(data), again(data), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert again.get_config() == model.get_config()


def test_trainable_reaches_the_layers():
    model = small_model()
    model.layers[0].trainable = False
    assert [w.name for w in model.trainable_weights] == ["kernel", "bias"]
    assert len(model.non_trainable_weights) == 2
    model.trainable = False
    assert model.trainable_weights == []


# -- code from tutorials, with nothing changed but the imports


def test_tutorial_ones_kernel():
    v_input = np.ones((1, 5, 5, 1))
    model = Sequential()
    with pytest.warns(UserWarning, match="begin a Sequential model with Input"):
        model.add(
            Conv2D(
                1,
                kernel_size=(3, 3),
                activation="relu",
                padding="valid",
                strides=1,
                kernel_initializer=initializers.Ones(),
                input_shape=v_input.shape[1:],
            )
        )
    assert model.predict(v_input)[0, :, :, 0].tolist() == [[9.0] * 3] * 3


def test_tutorial_convolution1d():
    model = Sequential()
    with pytest.warns(UserWarning, match="Input"):
        model.add(Convolution1D(filters=64, kernel_size=3, input_shape=(10, 32), padding="same"))
    model.add(Convolution1D(filters=32, kernel_size=3, padding="same"))
    assert model.output_shape == (None, 10, 32)
    assert model.count_params() == 6208 + 6176


def test_tutorial_layer_on_an_array():
    image_pixel = (4, 28, 28, 3)
    cnn_feature = np.random.default_rng(0).normal(size=image_pixel)
    with pytest.warns(UserWarning, match="Input"):
        layer = Conv2D(2, 3, activation="relu", input_shape=image_pixel[1:])
    assert layer(cnn_feature).shape == (4, 26, 26, 2)


def test_tutorial_spectrogram():
    input_data = Input(name="the_input", shape=(1600, 200, 1))
    inner = Conv2D(64, (3, 3), padding="same", name="conv1", kernel_initializer="he_normal")(
        input_data
    )
    model = Model(inputs=input_data, outputs=inner)
    assert model.output_shape == (None, 1600, 200, 64)
    assert model.count_params() == 640


def test_tutorial_ten_classes():
    model = Sequential(
        [
            Input((32, 32, 3)),
            Conv2D(32, (3, 3), activation="relu"),
            MaxPooling2D((2, 2), strides=2),
            Conv2D(64, (3, 3), activation="relu"),
            MaxPooling2D((2, 2), strides=2),
            Flatten(),
            Dense(1024, activation="relu"),
            Dense(10, activation="softmax"),
        ]
    )
    assert model.count_params() == 2_389_962
    y = model.predict(np.ones((2, 32, 32, 3)))
    assert y.shape == (2, 10)
    np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-5)


def test_tutorial_max_pooling():
    layer = MaxPooling1D(pool_size=2, strides=None, padding="valid")
    assert layer(np.arange(5.0).reshape(1, 5, 1)).ravel().tolist() == [1.0, 3.0]


def test_tutorial_feature_maps():
    """A second model on the tensors of the first, by `input`, `output` and `get_layer`."""
    model = Sequential([Input((6, 6, 1))])
    model.add(Conv2D(4, (3, 3), kernel_regularizer=regularizers.l2(0.01), name="first"))
    model.add(Conv2D(2, 3, kernel_constraint=constraints.max_norm(2.0), name="second"))
    features = Model(inputs=model.input, outputs=model.get_layer("first").output)
    x = np.ones((1, 6, 6, 1), np.float32)
    np.testing.assert_array_equal(features.predict(x), model.layers[0](x))
    assert (model.input.shape, model.output.shape) == ((None, 6, 6, 1), (None, 2, 2, 2))
    both = Model(inputs=model.inputs, outputs=[layer.output for layer in model.layers])
    assert [y.shape for y in both.predict(x)] == [(1, 4, 4, 4), (1, 2, 2, 2)]
    assert both.output_shape == [(None, 4, 4, 4), (None, 2, 2, 2)]
    wrapped = Model(inputs=(z := Input((6, 6, 1))), outputs=model(z))  # a model as a layer
    assert model.output.shape == wrapped.output.shape
    assert model.output is not wrapped.output
    assert len(model.trainable_variables) == 4


def test_tensors_of_a_model_without_input():
    for name in ("input", "output", "input_shape", "output_shape"):
        with pytest.raises(ValueError, match=r"begin with Input\(shape\), or call the model"):
            getattr(Sequential([Conv2D(1, 3)]), name)


@pytest.mark.parametrize(
    "loss", ["categorical_crossentropy", "mean_squared_error", "binary_crossentropy"]
)
def test_tutorial_losses_given_as_functions(loss):
    model = Sequential([Input((2,)), Dense(3, activation="softmax")])
    function = getattr(losses, loss)
    model.compile(loss=function, optimizer=optimizers.SGD(learning_rate=0.1), metrics=["accuracy"])
    assert type(model.loss) is type(losses.get(loss))
    x, y = np.eye(2), np.eye(3)[:2]
    found = model.evaluate(x, y)[0]
    assert found == pytest.approx(function(y, model.predict(x)).mean())


def test_other_names_of_layers():
    assert layers.MaxPool2D is layers.MaxPooling2D
    assert layers.GlobalAvgPool1D is layers.GlobalAveragePooling1D
    assert convlib.Convolution2D is convlib.Conv2D


def test_to_categorical():
    assert utils.to_categorical([[1], [0]]).tolist() == [[0, 1], [1, 0]]
    with pytest.raises(ValueError, match="`num_classes` must be larger than every class number, 3"):
        utils.to_categorical([0, 3], 3)
    with pytest.raises(ValueError, match="`x` must hold integers"):
        utils.to_categorical([-1])


def test_random_seed_makes_weights_repeat():
    drawn = []
    for _ in range(2):
        utils.set_random_seed(3)
        layer = Dense(4)
        layer.build((None, 5))
        drawn.append(layer.kernel.numpy())
    np.testing.assert_array_equal(*drawn)
