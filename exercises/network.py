"""Exercises on a whole network."""

import convlib
from exercises import misconceptions as m
from exercises.engine import Exercise, Wrong
from exercises.solutions import network as solutions

BUDGET = 50_000


def _on_budget(answer):
    if not isinstance(answer, (list, tuple)) or not all(isinstance(d, dict) for d in answer):
        return "Write a list of dicts, one for each layer."
    layers = []
    for index, arguments in enumerate(answer):
        name = arguments.get("layer")
        if name == "Input":
            return "Leave Input out: pictures of the shape (32, 32, 3) come in."
        layer = getattr(convlib, str(name), None)
        if not (isinstance(layer, type) and issubclass(layer, convlib.Layer)):
            return f"{name!r}, at index {index}, is no layer of convlib."
        layers.append(layer(**{k: v for k, v in arguments.items() if k != "layer"}))
    model = convlib.Sequential([convlib.Input((32, 32, 3)), *layers])
    convolutions = sum("Conv" in type(layer).__name__ for layer in layers)
    if model.output_shape[-1] == 10 and len(model.output_shape) > 2:
        return (
            f"Your network's output has the shape {model.output_shape}: ten numbers for each "
            "place, not for each picture."
        )
    if model.output_shape != (None, 10):
        return f"Your network's output has the shape {model.output_shape}, not (None, 10)."
    if convolutions < 2:
        return f"At least two convolutions were asked for; your network has {convolutions}."
    if model.count_params() > BUDGET:
        largest = max(model.layers, key=lambda layer: layer.count_params())
        return (
            f"Your network has {model.count_params():,} parameters, {BUDGET:,} are allowed. "
            f"The most, {largest.count_params():,}, are in {type(largest).__name__} at index "
            f"{model.layers.index(largest)}."
        )
    return None


flatten_size = Exercise(
    "What Flatten makes",
    solutions.flatten_size,
    hints=[
        "Follow height and width through the four layers before; the channels come last.",
        "A convolution takes 2 off each, a pool halves each and rounds down.",
        "48 -> 46 -> 23 -> 21 -> 10, and then the width",
    ],
    wrong=[
        Wrong(m.flattened_with_same, m.flattened_with_same((48, 40), 64)),
        Wrong(m.flattened_rounded_up, m.flattened_rounded_up((48, 40), 64)),
        Wrong(m.flattened_one_channel, m.flattened_one_channel((48, 40), 64)),
    ],
    explanation="48 becomes 46, 23, 21, 10 and 40 becomes 38, 19, 17, 8, so it is 10 * 8 * 64.",
)

layer_parameters = Exercise(
    "The parameters, layer by layer",
    solutions.layer_parameters,
    hints=[
        "Pools and Flatten have none. The others have weights for each filter or unit, and a bias.",
        "Conv2D: (k * k * channels + 1) * filters. Dense: (inputs + 1) * units.",
        "`layer_parameters = ((3 * 3 * 3 + 1) * 32, 0, ...)`",
    ],
    wrong=[
        Wrong(m.network_without_biases, m.network_without_biases(5120)),
        Wrong(m.network_without_depth, m.network_without_depth(5120)),
    ],
    explanation="The second convolution reads 32 channels, the first Dense layer all 5120 numbers "
    "of Flatten: 99 of 100 parameters are there.",
)

total_parameters = Exercise(
    "The parameters of any such network",
    solutions.total_parameters,
    [
        ([{"layer": "Conv2D", "filters": 2, "kernel_size": 3}], (4, 5, 3)),
        ([{"layer": "Flatten"}, {"layer": "Dense", "units": 3}], (2, 3, 4)),
        (
            [
                {"layer": "Conv2D", "filters": 4, "kernel_size": 2},
                {"layer": "Conv2D", "filters": 3, "kernel_size": 3},
            ],
            (9, 8, 2),
        ),
        (
            [
                {"layer": "Conv2D", "filters": 5, "kernel_size": 3},
                {"layer": "MaxPooling2D", "pool_size": 3},
                {"layer": "Conv2D", "filters": 6, "kernel_size": 2},
                {"layer": "MaxPooling2D", "pool_size": 2},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 7},
                {"layer": "Dense", "units": 4},
            ],
            (22, 19, 1),
        ),
        (
            [
                {"layer": "MaxPooling2D", "pool_size": 2},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 2},
            ],
            (5, 7, 3),
        ),
        (
            [
                {"layer": "Conv2D", "filters": 2, "kernel_size": 2},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 3},
            ],
            (4, 6, 3),
        ),
        (
            [
                {"layer": "MaxPooling2D", "pool_size": 3},
                {"layer": "Conv2D", "filters": 2, "kernel_size": 2},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 1},
            ],
            (13, 8, 5),
        ),
        (
            [
                {"layer": "Dense", "units": 4},
                {"layer": "Dense", "units": 3},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 2},
            ],
            (2, 3, 5),
        ),
        (
            [
                {"layer": "MaxPooling2D", "pool_size": 3},
                {"layer": "MaxPooling2D", "pool_size": 1},
                {"layer": "Conv2D", "filters": 2, "kernel_size": 1},
                {"layer": "Flatten"},
                {"layer": "Dense", "units": 2},
            ],
            (3, 8, 2),
        ),
    ],
    hints=[
        "Walk through the layers with the shape in hand: each changes it for the next.",
        "Conv2D: (k * k * C + 1) * filters, and C becomes filters. Dense: (last + 1) * units.",
        "`total += (shape[-1] + 1) * layer['units']`",
    ],
    wrong=[
        Wrong(m.total_without_biases, m.total_without_biases),
        Wrong(m.pools_passed_over, m.pools_passed_over),
        Wrong(m.depth_of_the_picture, m.depth_of_the_picture),
        Wrong(m.dense_flattens, m.dense_flattens),
    ],
    explanation="Only convolutions and Dense layers add to the total, but every layer may change "
    "the shape that the next one reads.",
)

small_network = Exercise(
    "A network on a budget",
    solutions.small_network,
    judge=_on_budget,
    hints=[
        "Most parameters are in the first Dense layer. What decides how many inputs it has?",
        "Dense(10) has 10 * (inputs + 1) parameters; after GlobalAveragePooling2D: channels only.",
        '`[{"layer": "Conv2D", ...}, {"layer": "Conv2D", ...}, '
        '{"layer": "GlobalAveragePooling2D"}, ...]`',
    ],
    wrong=[
        Wrong(m.large_maps_flattened, m.large_maps_flattened()),
        Wrong(m.dense_on_maps, m.dense_on_maps()),
    ],
    explanation="448 and 4,640 parameters of the convolutions, and 330 of the Dense layer, because "
    "the global pool leaves it 32 inputs: 5,418.",
)
