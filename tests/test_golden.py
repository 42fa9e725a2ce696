"""Every recorded case of Keras, replayed: outputs, shapes, parameter counts, errors, gradients."""

import json
from pathlib import Path

import numpy as np
import pytest

import convlib

GOLDEN = Path(__file__).parent / "golden"


def load(name):
    return json.loads((GOLDEN / name).read_text())


CASES = load("cases.json")["cases"]
GRADIENTS = load("gradients.json")["cases"]
EXTRAS = load("extras.json")
ARRAYS = np.load(GOLDEN / "cases.npz")
GRADIENT_ARRAYS = np.load(GOLDEN / "gradients.npz")
EXTRA_ARRAYS = np.load(GOLDEN / "extras.npz")

# Accepted by Keras, refused by convlib with a message: True is no size.
REFUSED = {"bool_kernel_size", "bool_filters", "bool_pool_size"}


def replayed(cases, kind):
    return [pytest.param(case, id=case["id"]) for case in cases if case["kind"] == kind]


def assert_close(y, want):
    tolerance = {"rtol": 1e-5, "atol": 1e-5}
    if want.dtype == np.float64:
        tolerance = {"rtol": 1e-10, "atol": 1e-11}
    np.testing.assert_allclose(y, want, **tolerance)
    assert y.dtype == want.dtype


def make(case, arrays, build_shape):
    layer = getattr(convlib, case["layer"])(**case["config"])
    layer.build(build_shape)
    assert [w.name for w in layer.weights] == case["weight_names"]
    layer.set_weights([arrays[key] for key in case["weights"]])
    return layer


def test_the_recording_is_whole():
    kinds = [case["kind"] for case in CASES]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts == {"forward": 540, "sequential": 14, "shape": 36, "error": 211}
    assert len(GRADIENTS) == 85


@pytest.mark.parametrize("case", replayed(CASES, "forward"))
def test_forward(case):
    if REFUSED & set(case["tags"]):
        with pytest.raises(ValueError, match=r"Received: \w+=True"):
            getattr(convlib, case["layer"])(**case["config"])
        return
    layer = make(case, ARRAYS, (None, *case["input_shape"][1:]))
    assert_close(layer(ARRAYS[case["x"]]), ARRAYS[case["y"]])
    assert list(layer.compute_output_shape(tuple(case["input_shape"]))) == case["output_shape"]
    assert layer.count_params() == case["param_count"]
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("case", replayed(CASES, "sequential"))
def test_sequential(case):
    made = [getattr(convlib, entry["layer"])(**entry["config"]) for entry in case["layers"]]
    model = convlib.Sequential(made)
    y = model(ARRAYS[case["x"]])
    assert [[w.name for w in layer.weights] for layer in made] == case["weight_names"]
    model.set_weights([ARRAYS[key] for keys in case["weights"] for key in keys])
    y = model(ARRAYS[case["x"]])
    assert_close(y, ARRAYS[case["y"]])
    assert list(y.shape) == case["output_shape"]
    assert [list(layer.output.shape) for layer in made] == case["layer_output_shapes"]
    assert [layer.count_params() for layer in made] == case["layer_param_counts"]
    assert model.count_params() == case["param_count"]
    again = convlib.Sequential.from_config(model.get_config())
    again.set_weights(model.get_weights())
    assert_close(again(ARRAYS[case["x"]]), ARRAYS[case["y"]])


@pytest.mark.parametrize("recorded", load("models.json")["models"], ids=lambda m: m["name"])
def test_model(recorded):
    """Names, shapes, counts and the summary, of which the recording holds the first 80 columns."""
    convlib.utils.clear_session()
    made = [getattr(convlib, entry["layer"])(**entry["config"]) for entry in recorded["layers"]]
    model = convlib.Sequential(
        [convlib.Input(recorded["input_shape"][1:]), *made], name=recorded["name"]
    )
    rows = [
        {
            "name": layer.name,
            "class": type(layer).__name__,
            "output_shape": list(layer.output.shape),
            "params": layer.count_params(),
        }
        for layer in model.layers
    ]
    assert rows == recorded["rows"]
    assert model.count_params() == recorded["total_params"]
    assert sum(w.value.size for w in model.trainable_weights) == recorded["trainable_params"]
    printed = []
    model.summary(print_fn=printed.append)
    lines, wanted = printed[0].splitlines(), recorded["summary_text"].rstrip().splitlines()
    assert [line[:80] for line in lines] == wanted


@pytest.mark.parametrize("case", replayed(CASES, "shape"))
def test_shape(case):
    layer = getattr(convlib, case["layer"])(**case["config"])
    assert list(layer.compute_output_shape(case["input_shape"])) == case["output_shape"]
    layer.build(case["input_shape"])
    assert layer.count_params() == case["param_count"]


def replay(case):
    for name, *arguments in case["steps"][: case["raised_at"] + 1]:
        if name == "init":
            layer = getattr(convlib, case["layer"])(**case["config"])
        elif name == "call":
            layer(np.ones(arguments[0], np.float32))
        elif name == "set_weights":
            layer.set_weights([np.ones(shape) for shape in arguments[0]])
        else:
            getattr(layer, name)(*arguments)


@pytest.mark.parametrize("case", replayed(CASES, "error"))
def test_error(case):
    """As in Keras or in an earlier step, with a message that names an argument."""
    with pytest.raises((ValueError, TypeError), match=r"`\w+`|missing 1 required") as raised:
        replay(case)
    assert raised.type.__name__ in case["acceptable_types"]


@pytest.mark.parametrize("case", replayed(GRADIENTS, "gradient"))
def test_gradient(case):
    layer = make(case, GRADIENT_ARRAYS, case["input_shape"])
    assert_close(layer(GRADIENT_ARRAYS[case["x"]]), GRADIENT_ARRAYS[case["y"]])
    assert_close(layer.backward(GRADIENT_ARRAYS[case["r"]]), GRADIENT_ARRAYS[case["dx"]])
    assert len(layer.gradients) == len(case["dweights"])
    for gradient, key in zip(layer.gradients, case["dweights"], strict=True):
        assert_close(gradient, GRADIENT_ARRAYS[key])


@pytest.mark.parametrize(
    "demo", load("demos.json")["demos"], ids=lambda d: f"{d['config']}{d['x']}"
)
def test_demo(demo):
    x = np.ones((5, 5)) if demo["x"].startswith("ones") else np.arange(1, 26).reshape(5, 5)
    layer = getattr(convlib, demo["layer"])(**demo["config"], kernel_initializer="ones")
    y = layer(x.reshape(1, 5, 5, 1))
    assert list(y.shape) == demo["output_shape"]
    assert y[0, :, :, 0].tolist() == demo["y"]


@pytest.mark.parametrize("row", EXTRAS["activations"], ids=lambda row: row["name"])
def test_activation(row):
    function = convlib.activations.get(row["name"])
    assert_close(function(EXTRA_ARRAYS[row["x"]]), EXTRA_ARRAYS[row["y"]])


@pytest.mark.parametrize(
    "row", EXTRAS["initializers"], ids=lambda row: f"{row['name']}{row['shape']}"
)
def test_initializer(row):
    def draw(**seed):
        config = {**row.get("config", {}), **seed}
        made = convlib.initializers.get({"class_name": row["name"], "config": config})
        return made(tuple(row["shape"]), "float64")

    if "value" in row:
        np.testing.assert_array_equal(draw(), EXTRA_ARRAYS[row["value"]])
    elif "property" in row:
        matrix = draw(seed=1).reshape(-1, row["shape"][-1])
        gram = min(matrix @ matrix.T, matrix.T @ matrix, key=len)
        want = row["config"]["gain"] ** 2 * np.eye(len(gram))
        np.testing.assert_allclose(gram, want, atol=1e-12)
    else:
        # As many values as Keras drew: their spread and their largest tell a wrong scale or cut.
        draws = -(-row["drawn"]["n"] // np.prod(row["shape"]))
        values = np.array([draw(seed=seed) for seed in range(draws)])
        np.testing.assert_allclose(values.std(), row["std"], rtol=0.03)
        np.testing.assert_allclose(values.mean(), 0, atol=4 * row["std"] / values.size**0.5)
        if "limit" in row:
            np.testing.assert_allclose(np.abs(values).max(), row["limit"], rtol=0.01)
            assert np.abs(values).max() <= row["limit"] * (1 + 1e-12)
        if "fan_in" in row:
            fans = convlib.initializers.compute_fans(row["shape"])
            assert fans == (row["fan_in"], row["fan_out"])


@pytest.mark.parametrize("row", EXTRAS["regularizers"], ids=lambda row: row["id"])
def test_regularizer(row):
    regularizer = getattr(convlib.regularizers, row["name"])(**row["config"])
    np.testing.assert_allclose(regularizer(EXTRA_ARRAYS[row["w"]]), row["penalty"], rtol=1e-5)


@pytest.mark.parametrize("row", EXTRAS["constraints"], ids=lambda row: row["id"])
def test_constraint(row):
    constraint = getattr(convlib.constraints, row["name"])(**row["config"])
    assert_close(constraint(EXTRA_ARRAYS[row["w"]]), EXTRA_ARRAYS[row["projected"]])


@pytest.mark.parametrize("row", EXTRAS["layer_losses"], ids=lambda row: row["id"])
def test_losses(row):
    layer = getattr(convlib, row["layer"])(**row["config"])
    layer.build(row["input_shape"])
    layer.set_weights([EXTRA_ARRAYS[key] for key in row["weights"]])
    layer(EXTRA_ARRAYS[row["x"]])
    np.testing.assert_allclose(layer.losses, row["losses"], rtol=1e-5)


@pytest.mark.parametrize("kind", ["initializers", "regularizers", "constraints"])
def test_string_identifiers(kind):
    module = getattr(convlib, kind)
    for identifier, found in EXTRAS["string_identifiers"][kind].items():
        if isinstance(found, str) and found.endswith("Error"):
            with pytest.raises(ValueError, match="Received"):
                module.get(identifier)
            continue
        name, config = (found, {}) if isinstance(found, str) else found
        made = module.get(identifier)
        assert type(made).__name__ == name
        for argument, value in config.items():
            assert getattr(made, argument) == pytest.approx(value)


@pytest.mark.parametrize("name", sorted(EXTRAS["signatures"]))
def test_signature(name):
    """Keras' argument names; their defaults are the same once a layer has taken them."""
    recorded = EXTRAS["signatures"][name]
    cls = getattr(convlib, name)
    assert list(convlib.arguments.argument_names(cls)) == [argument for argument, _ in recorded]
    required = {argument: 2 for argument, default in recorded if default == "REQUIRED"}
    defaults = {argument: default for argument, default in recorded if default != "REQUIRED"}
    ours, keras = cls(**required).get_config(), cls(**required, **defaults).get_config()
    differing = {k for k in ours if ours[k] != keras[k]}
    assert differing <= {"name"}
