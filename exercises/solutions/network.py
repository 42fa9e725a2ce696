"""The solutions of exercises, made from exercises/text/network.md."""

import numpy as np

flatten_size = 5120


flatten_size_other = np.prod([((48 - 2) // 2 - 2) // 2, ((40 - 2) // 2 - 2) // 2, 64])


layer_parameters = (896, 0, 18496, 0, 0, 5243904, 10250)


layer_parameters_other = [
    (3 * 3 * 3 + 1) * 32,
    0,
    (3 * 3 * 32 + 1) * 64,
    0,
    0,
    (10 * 8 * 64 + 1) * 1024,
    (1024 + 1) * 10,
]


def total_parameters(layers, shape):
    """Return the number of parameters of all layers, for pictures of shape (H, W, C)."""
    total, shape = 0, list(shape)
    for layer in layers:
        if layer["layer"] == "Conv2D":
            size, filters = layer["kernel_size"], layer["filters"]
            total += (size * size * shape[2] + 1) * filters
            shape = [shape[0] - size + 1, shape[1] - size + 1, filters]
        elif layer["layer"] == "MaxPooling2D":
            size = layer["pool_size"]
            shape = [shape[0] // size, shape[1] // size, shape[2]]
        elif layer["layer"] == "Flatten":
            shape = [int(np.prod(shape))]
        elif layer["layer"] == "Dense":
            total += (shape[-1] + 1) * layer["units"]
            shape[-1] = layer["units"]
    return total


def total_parameters_other(layers, shape):
    """Make all the weights, and count them."""
    x, weights = np.zeros(shape), []
    for layer in layers:
        kind = layer["layer"]
        if kind == "Conv2D":
            k, f = layer["kernel_size"], layer["filters"]
            weights += [np.zeros((k, k, x.shape[2], f)), np.zeros(f)]
            x = np.zeros((len(x[k - 1 :]), len(x[0, k - 1 :]), f))
        if kind == "MaxPooling2D":
            p = layer["pool_size"]
            x = x[p - 1 :: p, p - 1 :: p]
        if kind == "Flatten":
            x = x.ravel()
        if kind == "Dense":
            weights += [np.zeros((x.shape[-1], layer["units"])), np.zeros(layer["units"])]
            x = np.zeros((*x.shape[:-1], layer["units"]))
    return sum(w.size for w in weights)


small_network = (
    # a list of dicts, one for each layer
    [
        {"layer": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
        {"layer": "MaxPooling2D", "pool_size": 2},
        {"layer": "Conv2D", "filters": 32, "kernel_size": 3, "activation": "relu"},
        {"layer": "GlobalAveragePooling2D"},
        {"layer": "Dense", "units": 10},
    ]
)


small_network_other = [
    {"layer": "SeparableConv2D", "filters": 24, "kernel_size": 5, "strides": 2},
    {"layer": "SeparableConv2D", "filters": 32, "kernel_size": 3, "strides": 2},
    {"layer": "Flatten"},
    {"layer": "Dense", "units": 10},
]
