"""Random arguments for every exercise that asks for a function: anything that its text allows."""


def integers(rng, *shape):
    """Small whole numbers, as floats."""
    return rng.integers(-9, 10, shape).astype(float)


def ints(rng, count, low=1, high=6):
    return tuple(rng.integers(low, high, count).tolist())


def size(rng, low=1, high=6):
    return int(rng.integers(low, high))


def span(kernel_size, dilation_rate):
    return (kernel_size - 1) * dilation_rate + 1


def layout(rng):
    return str(rng.choice(["channels_last", "channels_first"]))


def tensor(rng):
    return integers(rng, *ints(rng, size(rng, 3, 6)))


def place(rng):
    sizes = ints(rng, 4, 1, 7)
    return (*(size(rng, 0, n) for n in sizes), sizes, layout(rng))


def series(rng):
    k, channels, filters = ints(rng, 3, 1, 5)
    return integers(rng, k + size(rng, 0, 6), channels), integers(rng, k, channels, filters)


def picture(rng, low=0):
    """A batch of pictures, and a kernel that fits into them."""
    kernel = integers(rng, *ints(rng, 4, 1, 5))
    k_h, k_w, channels, _ = kernel.shape
    height, width = k_h + size(rng, 0, 5), k_w + size(rng, 0, 5)
    return integers(rng, size(rng, 1, 4), height, width, channels), kernel


def mean(rng):
    n = size(rng, 1, 12)
    return integers(rng, n), size(rng, 1, n + 1)


def matrix(rng):
    x, kernel = picture(rng)
    return x[0], kernel.shape[:2]


def products(rng):
    x, kernel = picture(rng)
    return x.shape[1:], kernel.shape[:2], size(rng)


def groups(rng, rank=2):
    """Kernel size, channels, filters and groups."""
    many = size(rng, 1, 5)
    return ints(rng, rank), many * size(rng), many * size(rng), many


def grouped(rng):
    kernel_size, channels, filters, many = groups(rng)
    sides = (k + size(rng, 0, 4) for k in kernel_size)
    kernel = integers(rng, *kernel_size, channels // many, filters)
    return integers(rng, 2, *sides, channels), kernel


def limited(rng):
    return rng.normal(size=ints(rng, 4)), float(rng.uniform(0.5, 4))


def axis(rng, longest=15):
    """Length, kernel size, strides and dilation rate; the window fits."""
    k, s, d = ints(rng, 3)
    return span(k, d) + size(rng, 0, longest), k, s, d


def lengths(rng):
    n, k, s, d = axis(rng)
    return n, k, s, str(rng.choice(["valid", "same", "causal"])), d


def same(rng):
    n, k, s, d = axis(rng)
    return (n, k, s, d) if rng.random() < 0.5 else (size(rng, 1, 15), k, s, d)


def padded(rng):
    return integers(rng, *ints(rng, 4, 1, 9)), ints(rng, 2, 1, 8), ints(rng, 2)


def causal(rng):
    k, channels, filters, d = ints(rng, 4)
    return integers(rng, size(rng, 1, 12), channels), integers(rng, k, channels, filters), d


def dilated(rng):
    kernel = integers(rng, *ints(rng, 4))
    strides, dilation = ints(rng, 2), ints(rng, 2)
    sides = (span(k, d) + size(rng, 0, 7) for k, d in zip(kernel.shape, dilation, strict=False))
    return integers(rng, 2, *sides, kernel.shape[2]), kernel, strides, dilation


def pooled(rng):
    padding = str(rng.choice(["valid", "same"]))
    pool, strides = ints(rng, 2), ints(rng, 2)
    sides = (k + size(rng, 0, 6) if padding == "valid" else size(rng, 1, 9) for k in pool)
    x = integers(rng, 2, *sides, 2) - 10 * size(rng, 0, 2)  # sometimes all below zero
    return x, pool, strides, padding


def winners(rng):
    k, s = ints(rng, 2)
    x = rng.integers(-2, 3, k + size(rng, 0, 10)).astype(float)  # few values, so that they tie
    return x, integers(rng, (len(x) - k) // s + 1), k, s


def transposed_length(rng):
    n, k, s = ints(rng, 3, 1, 8)
    return n, k, s, str(rng.choice(["valid", "same"])), [None, *range(s)][size(rng, 0, s + 1)]


def scatter(rng):
    n, k, channels, filters, s = ints(rng, 5)
    return integers(rng, 2, n, channels), integers(rng, k, filters, channels), s


def row_matrix(rng):
    k, s = ints(rng, 2)
    return integers(rng, k), k + size(rng, 0, 8), s


def depthwise(rng):
    x, kernel = picture(rng)
    return x, kernel, ints(rng, 2)


def separable(rng):
    x, kernel = picture(rng)
    between, filters = kernel.shape[2] * kernel.shape[3], size(rng)
    return x, kernel, integers(rng, 1, 1, between, filters), integers(rng, filters)


def network(rng):
    layers, sides, flat = [], list(ints(rng, 2, 1, 40)), False
    shape = (*sides, size(rng))
    for _ in range(size(rng, 0, 5)):
        kind, k = rng.choice(["Conv2D", "MaxPooling2D"]), size(rng, 1, min(*sides, 5) + 1)
        if kind == "Conv2D":
            layers.append({"layer": "Conv2D", "filters": size(rng), "kernel_size": k})
            sides = [n - k + 1 for n in sides]
        else:
            layers.append({"layer": "MaxPooling2D", "pool_size": k})
            sides = [n // k for n in sides]
    for _ in range(size(rng, 0, 4)):
        layers.append({"layer": "Dense", "units": size(rng)})
        if not flat and rng.random() < 0.6:
            layers.insert(-1, {"layer": "Flatten"})
            flat = True
    return layers, shape


def softmax(rng):
    n, classes = ints(rng, 2)
    logits = rng.choice([integers(rng, n, classes), 1000 * rng.normal(size=(n, classes))])
    return logits, rng.integers(0, classes, n)


def momentum(rng):
    steps, n = ints(rng, 2)
    rate, inertia = rng.uniform(0.1, 0.9, 2).tolist()
    return integers(rng, n), integers(rng, steps, n), rate, inertia


def series_gradient(rng):
    """x, dy, kernel and strides of a Conv1D."""
    n, channels, filters, k, s = ints(rng, 5)
    x = integers(rng, n, k + size(rng, 0, 9), channels)
    dy = integers(rng, n, (x.shape[1] - k) // s + 1, filters)
    return x, dy, integers(rng, k, channels, filters), s


def kernel_gradient(rng):
    x, dy, kernel, s = series_gradient(rng)
    return x, dy, len(kernel), s


def input_gradient(rng):
    x, dy, kernel, s = series_gradient(rng)
    return dy, kernel, x.shape[1], s


def single(rng):
    x, kernel = picture(rng)
    return x[0, :, :, 0], kernel[:, :, 0, 0]


DRAW = {
    "tensors.count_channels": lambda rng: (ints(rng, size(rng, 3, 6)), layout(rng)),
    "tensors.to_channels_last": lambda rng: (tensor(rng),),
    "tensors.place_in_memory": place,
    "tensors.flatten": lambda rng: (tensor(rng), layout(rng)),
    "conv1d_conv2d.conv1d": lambda rng: (*(two := series(rng)), integers(rng, two[1].shape[2])),
    "conv1d_conv2d.sliding_mean": mean,
    "conv1d_conv2d.window_matrix": matrix,
    "conv1d_conv2d.conv2d": picture,
    "conv1d_conv2d.multiply_adds": products,
    "conv2d_arguments.count_params": lambda rng: (
        *groups(rng, size(rng, 1, 4)), bool(rng.integers(2)),
    ),
    "conv2d_arguments.glorot_limit": groups,
    "conv2d_arguments.penalties": lambda rng: (
        integers(rng, *ints(rng, 4)), integers(rng, *ints(rng, 4)), float(rng.uniform(0, 2)),
    ),
    "conv2d_arguments.limit_norms": limited,
    "conv2d_arguments.grouped_conv2d": grouped,
    "padding.output_length": lengths,
    "padding.same_pads": same,
    "padding.padded_picture": padded,
    "padding.causal_conv1d": causal,
    "padding.real_cells": lambda rng: ints(rng, 3, 1, 12),
    "strides_dilation.with_holes": lambda rng: (integers(rng, *ints(rng, 4)), ints(rng, 2)),
    "strides_dilation.strided_conv2d": dilated,
    "strides_dilation.receptive_field": lambda rng: (
        [ints(rng, 3) for _ in range(size(rng, 0, 6))],
    ),
    "strides_dilation.unread_cells": axis,
    "strides_dilation.kept_outputs": lambda rng: (
        integers(rng, size(rng, 1, 15)), *ints(rng, 2, 1, 9),
    ),
    "pooling.global_average": lambda rng: (tensor(rng),),
    "pooling.average_pool": lambda rng: (integers(rng, *ints(rng, 3, 1, 12)), *ints(rng, 2, 1, 8)),
    "pooling.max_pool": pooled,
    "pooling.max_pool_gradient": winners,
    "transposed.transposed_length": transposed_length,
    "transposed.overlaps": lambda rng: ints(rng, 3, 1, 8),
    "transposed.scatter": scatter,
    "transposed.crop": lambda rng: ints(rng, 2, 1, 12),
    "transposed.stuffed": lambda rng: (
        integers(rng, *ints(rng, 2)), integers(rng, *ints(rng, 2)), ints(rng, 2),
    ),
    "transposed.convolution_matrix": row_matrix,
    "depthwise_separable.weight_ratio": lambda rng: (ints(rng, 2), *ints(rng, 2, 1, 70)),
    "depthwise_separable.channel_order": lambda rng: ints(rng, 2),
    "depthwise_separable.cheaper": lambda rng: (ints(rng, 2), *ints(rng, 3, 1, 9)),
    "depthwise_separable.depthwise": depthwise,
    "depthwise_separable.separable": separable,
    "network.total_parameters": network,
    "learning.l2_gradient": lambda rng: (tensor(rng), float(rng.uniform(0.01, 1))),
    "learning.relu_backward": lambda rng: (integers(rng, *(s := ints(rng, 3))), integers(rng, *s)),
    "learning.softmax_gradient": softmax,
    "learning.momentum_steps": momentum,
    "learning.kernel_gradient": kernel_gradient,
    "learning.input_gradient": input_gradient,
    "fast.winograd_products": lambda rng: ints(rng, 5, 1, 9),
    "fast.shift_and_add": picture,
    "fast.winograd_row": lambda rng: (integers(rng, 2 * size(rng, 2, 9)), integers(rng, 3)),
    "fast.by_fourier": single,
    "fast.by_matrix": lambda rng: (lambda x, kernel: (x[0], kernel))(*picture(rng)),
}  # fmt: skip
