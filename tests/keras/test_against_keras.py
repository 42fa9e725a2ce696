"""Random layers of convlib against Keras' own, output, gradients, shapes and parameter counts.

`make test-keras` runs this in an environment of its own; `make test` does not.

TensorFlow's plain CPU kernels lack some operations and are wrong in one: there the layer is
compiled with XLA, which has them. The exceptions made below are those of tests/golden/README.md.
"""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import tensorflow as tf

import convlib

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
ACTIVATIONS = [None, "relu", "tanh", "gelu", "softmax", "silu", "elu"]
checked = {}


@st.composite
def axes(draw, rank, low, high):
    """One number, or one for each axis."""
    if draw(st.booleans()):
        return draw(st.integers(low, high))
    return draw(st.tuples(*[st.integers(low, high)] * rank))


def each(value, rank):
    return (value,) * rank if isinstance(value, int) else value


@st.composite
def convolution(draw, rank, kind):
    """The configuration of a convolution, and an input shape that it takes."""
    config = {
        "kernel_size": draw(axes(rank, 1, 4 if rank < 3 else 3)),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "use_bias": draw(st.booleans()),
        "activation": draw(st.sampled_from(ACTIVATIONS)),
    }
    if kind == "Conv" and rank == 1 and draw(st.booleans()):
        config["padding"] = "causal"
    channels = draw(st.integers(1, 4))
    if kind == "Conv":
        groups = draw(st.sampled_from([1, 1, 2, 3]))
        channels *= groups
        config |= {"groups": groups, "filters": groups * draw(st.integers(1, 3))}
    elif kind != "Depthwise":
        config["filters"] = draw(st.integers(1, 5))
    if kind in ("Depthwise", "Separable"):
        config["depth_multiplier"] = draw(st.integers(1, 3))
    strides, dilation = draw(axes(rank, 1, 3)), draw(axes(rank, 1, 3))
    which = draw(st.sampled_from(["strides", "dilation_rate"]))
    config[which] = strides if which == "strides" else dilation
    if kind in ("Depthwise", "Separable") and draw(st.booleans()):
        config |= {"strides": strides, "dilation_rate": dilation}
    if kind == "Transpose" and draw(st.booleans()):
        numbers = each(config.get("strides", 1), rank)
        config["output_padding"] = tuple(draw(st.integers(0, s - 1)) for s in numbers)
    kernel, dilations = (
        each(config["kernel_size"], rank),
        each(config.get("dilation_rate", 1), rank),
    )
    least = 1 if kind == "Transpose" or config["padding"] != "valid" else None
    sizes = [
        (least or (k - 1) * d + 1) + draw(st.integers(0, 6 if rank < 3 else 3))
        for k, d in zip(kernel, dilations, strict=True)
    ]
    return arranged(draw, config, sizes, channels)


@st.composite
def pooling(draw, rank):
    config = {
        "pool_size": draw(axes(rank, 1, 4)),
        "strides": draw(st.one_of(st.none(), axes(rank, 1, 4))),
        "padding": draw(st.sampled_from(["valid", "same"])),
    }
    sizes = [k + draw(st.integers(0, 5)) for k in each(config["pool_size"], rank)]
    return arranged(draw, config, sizes, draw(st.integers(1, 3)))


@st.composite
def global_pooling(draw, rank):
    sizes = draw(st.tuples(*[st.integers(1, 6)] * rank))
    return arranged(draw, {"keepdims": draw(st.booleans())}, sizes, draw(st.integers(1, 3)))


def arranged(draw, config, sizes, channels):
    """Choose the data format; return (config, input shape)."""
    if draw(st.integers(0, 3)) == 0:
        config["data_format"] = "channels_first"
        if "use_bias" in config:  # TensorFlow's bias may go along the wrong axis
            config["use_bias"] = False
        return config, (draw(st.integers(1, 3)), channels, *sizes)
    return config, (draw(st.integers(1, 3)), *sizes, channels)


pairs = st.tuples(st.integers(0, 2), st.integers(0, 2))
OTHERS = {
    "Dense": lambda draw: (
        {
            "units": draw(st.integers(1, 5)),
            "activation": draw(st.sampled_from(ACTIVATIONS)),
            "use_bias": draw(st.booleans()),
        },
        draw(st.sampled_from([(2, 3), (1, 4, 3), (2, 1, 2, 3)])),
    ),
    "BatchNormalization": lambda draw: (
        {"axis": draw(st.sampled_from([-1, 1, 2])), "scale": draw(st.booleans())},
        (3, 4, 5),
    ),
    "UpSampling1D": lambda draw: ({"size": draw(st.integers(1, 4))}, (2, 3, 2)),
    "UpSampling2D": lambda draw: (
        {
            "size": draw(axes(2, 1, 4)),
            "interpolation": draw(st.sampled_from(["nearest", "bilinear"])),
        },
        (2, 3, 4, 2),
    ),
    "ZeroPadding1D": lambda draw: ({"padding": draw(pairs)}, (2, 4, 2)),
    "ZeroPadding2D": lambda draw: ({"padding": draw(st.tuples(pairs, pairs))}, (2, 4, 3, 2)),
    "Cropping1D": lambda draw: ({"cropping": draw(pairs)}, (2, 6, 2)),
    "Cropping2D": lambda draw: ({"cropping": draw(st.tuples(pairs, pairs))}, (2, 6, 5, 2)),
    "Flatten": lambda draw: (
        {"data_format": draw(st.sampled_from(["channels_first", "channels_last"]))},
        draw(st.sampled_from([(2, 3, 4), (1, 2, 3, 4), (3,)])),
    ),
}

STRATEGIES = {name: st.composite(draw)() for name, draw in OTHERS.items()}
for _rank in (1, 2, 3):
    STRATEGIES[f"Conv{_rank}D"] = convolution(_rank, "Conv")
    STRATEGIES[f"Conv{_rank}DTranspose"] = convolution(_rank, "Transpose")
    for _kind in ("Max", "Average"):
        STRATEGIES[f"{_kind}Pooling{_rank}D"] = pooling(_rank)
        STRATEGIES[f"Global{_kind}Pooling{_rank}D"] = global_pooling(_rank)
for _rank in (1, 2):
    STRATEGIES[f"DepthwiseConv{_rank}D"] = convolution(_rank, "Depthwise")
    STRATEGIES[f"SeparableConv{_rank}D"] = convolution(_rank, "Separable")


def keras_result(layer, x, r, compiled):
    """Keras' output and the gradients of sum(y * r) with respect to x and the weights."""

    @tf.function(jit_compile=compiled)
    def run(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
            total = tf.reduce_sum(y * r)
        return y, tape.gradient(total, [x, *layer.trainable_variables])

    y, gradients = run(tf.constant(x))
    return y.numpy(), [None if g is None else tf.convert_to_tensor(g).numpy() for g in gradients]


def refused_by_tensorflow(name, config, rank):
    """Transposed, same, even span, output_padding 0: no case, TensorFlow refuses."""
    if not name.endswith("Transpose") or config["padding"] != "same":
        return False
    spans = [
        (k - 1) * d + 1
        for k, d in zip(
            each(config["kernel_size"], rank),
            each(config.get("dilation_rate", 1), rank),
            strict=True,
        )
    ]
    paddings = each(config.get("output_padding") or (None,) * rank, rank)
    return any(p is not None and span % 2 + p < 1 for span, p in zip(spans, paddings, strict=True))


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_layer(name):
    rank = next((int(character) for character in name if character.isdigit()), 0)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STRATEGIES[name], st.integers(0, 999))
    def check(case, seed):
        config, shape = case
        if refused_by_tensorflow(name, config, rank):
            return
        rng = np.random.default_rng(seed)
        x = rng.normal(size=shape).astype(np.float32)
        theirs, ours = getattr(keras.layers, name)(**config), getattr(convlib, name)(**config)
        theirs.build(shape)
        ours.build(shape)
        assert [w.name for w in ours.weights] == [w.name for w in theirs.weights]
        weights = [rng.normal(size=w.shape).astype(np.float32) for w in theirs.weights]
        weights = [
            np.abs(w) + 0.5 if v.name == "moving_variance" else w
            for w, v in zip(weights, theirs.weights, strict=True)
        ]
        first = config.get("data_format") == "channels_first"
        theirs.set_weights(weights)
        ours.set_weights(weights)
        shape_of_y = tuple(theirs.compute_output_shape(shape))
        assert tuple(ours.compute_output_shape(shape)) == shape_of_y
        assert ours.count_params() == theirs.count_params()
        r = rng.normal(size=shape_of_y).astype(np.float32)
        needs_xla = rank == 3 or first or config.get("groups", 1) > 1
        needs_xla |= name.endswith("Transpose") or name.startswith(("Depthwise", "Separable"))
        wanted, gradients = keras_result(theirs, x, r, compiled=needs_xla)
        y = ours(x)
        np.testing.assert_allclose(y, wanted, rtol=1e-4, atol=1e-4)
        dx = ours.backward(r)
        found = [dx, *ours.gradients]
        assert len(found) == len(gradients)
        for ours_, theirs_ in zip(found, gradients, strict=True):
            if theirs_ is not None:
                scale = max(np.abs(theirs_).max(), 1) if theirs_.size else 1
                np.testing.assert_allclose(ours_ / scale, theirs_ / scale, rtol=1e-3, atol=1e-4)
        checked[name] = checked.get(name, 0) + 1

    check()
    print(f"{name}: {checked[name]} configurations")


def test_enough_was_compared():
    if len(checked) == len(STRATEGIES):
        print(sum(checked.values()), "configurations in all")
        assert sum(checked.values()) >= 20 * len(STRATEGIES)
