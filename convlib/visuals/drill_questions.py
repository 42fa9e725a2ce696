"""The questions of the drills: drawn at random for each chapter, answered by convlib.

Each topic is a function that draws its numbers and returns a `Question`, with the answers that
misconceptions lead to. A misconception whose answer is right here is left out by `asked`.
"""

import math
from collections import namedtuple
from itertools import pairwise
from random import Random

import numpy as np

from convlib import layers, models
from convlib.padding import pads, span
from convlib.visuals import drill_cases as of
from convlib.visuals.drill_cases import Case

CHAPTERS = {
    "tensors": "Tensors and layers",
    "conv1d_conv2d": "Conv1D and Conv2D",
    "conv2d_arguments": "Conv2D, argument by argument",
    "padding": "Padding",
    "strides_dilation": "Strides and dilation",
    "pooling": "Pooling",
    "transposed": "Transposed convolution",
    "depthwise_separable": "Depthwise and separable convolution",
    "network": "A whole network",
    "learning": "Learning",
    "fast": "How libraries make it fast",
}

# kind: "shape", "pair" or "number"; mistakes: ((name, what the reader is told, answer), ...);
# facts: what the question is about, for those who want to answer it another way.
Question = namedtuple("Question", "text kind answer rule mistakes topic facts")


def asked(topic, text, kind, answer, rule, mistakes, **facts):
    """A question whose mistakes have answers unlike the right one and unlike each other.

    `mistakes` are (name, what the reader is told, answer).
    """
    kept = {}
    for name, told, wrong in mistakes:
        unlike = wrong not in (None, answer)
        if unlike and (kind != "shape" or all(n is None or n > 0 for n in wrong)):
            kept.setdefault(wrong, (name, told, wrong))
    return Question(text, kind, answer, rule, tuple(kept.values()), topic, facts)


def _of_case(case, functions):
    """The mistakes of a case: those functions that can be applied to it."""
    for function in functions:
        try:
            yield function.__name__.replace("_", " "), function.__doc__, function(case)
        except (AttributeError, ValueError, KeyError):
            continue  # such a layer has no such argument, or the mistake has no answer


def shape_of(case, *functions):
    text = f"`x` has the shape `{(None, *case.shape)}`. What is the shape of `{case}(x)`?"
    mistakes = _of_case(case, functions)
    return asked("shape", text, "shape", case.output, of.shape_rule(case), mistakes, case=case)


def count_of(case, *functions):
    text = f"How many parameters has `{case}` on input of the shape `{(None, *case.shape)}`?"
    mistakes = _of_case(case, functions)
    return asked(
        "parameters", text, "number", case.parameters, of.count_rule(case), mistakes, case=case
    )


# -- tensors

_MATTER = {"grey pictures": 1, "colour pictures": 3}


def size(r):
    shape = tuple(r.randint(2, 9) for _ in range(r.choice((3, 4))))
    total = math.prod(shape)
    product = "·".join(map(str, shape))
    mistakes = [
        ("sum for product", "Multiply the sizes: each axis repeats all the others.", sum(shape)),
        ("batch forgotten", "The batch is an axis too: it counts.", math.prod(shape[1:])),
        ("axes for values", "That is the number of axes.", len(shape)),
    ]
    text = f"How many values does an array of shape `{shape}` hold?"
    return asked("size", text, "number", total, f"{product} = {total}.", mistakes, shape=shape)


def batch_of_pictures(r):
    kind, channels = r.choice(list(_MATTER.items()))
    n, height, width = r.choice((8, 16, 32)), r.randint(20, 64), r.randint(65, 99)
    answer = (n, height, width, channels)
    mistakes = [
        (
            "width first",
            "Height comes before width: rows, then columns.",
            (n, width, height, channels),
        ),
        ("channels first", "Keras' default is channels last.", (n, channels, height, width)),
        ("channel axis forgotten", "The channels have an axis, even if there is one.", answer[:3]),
        ("batch last", "The batch is the first axis.", (height, width, channels, n)),
    ]
    text = (
        f"A batch of {n} {kind}, {width} wide and {height} high, as Keras expects it: which shape?"
    )
    rule = f"(batch, height, width, channels) = {answer}."
    return asked("batch", text, "shape", answer, rule, mistakes, n=n, h=height, w=width, c=channels)


def channels_first(r):
    n, height, width, channels = (
        r.choice((2, 8)),
        r.randint(5, 12),
        r.randint(13, 20),
        r.choice((3, 4)),
    )
    shape = (n, height, width, channels)
    answer = (n, channels, height, width)
    mistakes = [
        ("all axes reversed", "Height still comes before width.", (n, channels, width, height)),
        ("channels before the batch", "The batch stays first.", (channels, n, height, width)),
        ("last axes swapped", "Only the channels move.", (n, height, channels, width)),
        ("nothing moved", "The channels move from the last axis to the second.", shape),
    ]
    text = f"`x` has the channels-last shape `{shape}`. Which shape is it in channels first?"
    rule = f"(batch, channels, height, width) = {answer}."
    return asked("channels first", text, "shape", answer, rule, mistakes, shape=shape)


def flattened(r):
    shape = (r.randint(3, 7), r.randint(3, 7), r.randint(2, 8))
    total = math.prod(shape)
    mistakes = [
        (
            "channels kept",
            "Flatten joins the channels too.",
            (None, math.prod(shape[:2]), shape[2]),
        ),
        ("sizes added", "Multiply the sizes.", (None, sum(shape))),
        ("channels forgotten", "Flatten joins the channels too.", (None, math.prod(shape[:2]))),
    ]
    text = f"`x` has the shape `{(None, *shape)}`. What is the shape of `Flatten()(x)`?"
    answer = layers.Flatten(name="flatten").compute_output_shape((None, *shape))
    rule = f"All axes but the batch become one: {'·'.join(map(str, shape))} = {total}."
    return asked("flatten", text, "shape", answer, rule, mistakes, shape=shape)


def place_in_memory(r):
    shape = (r.randint(2, 4), r.randint(3, 5), r.randint(3, 5))
    at = tuple(r.randrange(n) for n in shape)
    place = int(np.ravel_multi_index(at, shape))
    (_, rows, columns), (i, j, k) = shape, at
    mistakes = [
        ("first axis fastest", "The last index counts fastest (C order).",
         int(np.ravel_multi_index(at, shape, order="F"))),
        ("counted from one", "The first value is number 0.", place + 1),
        ("wrong size as factor", "A step along an axis skips the sizes of the axes after it.",
         (i * shape[0] + j) * rows + k),
    ]  # fmt: skip
    text = (
        f"The values of an array of shape `{shape}` lie in memory in C order, the first is number "
        f"0. Which number has `x[{i}, {j}, {k}]`?"
    )
    rule = f"({i}·{rows} + {j})·{columns} + {k} = {place}."
    return asked("place", text, "number", place, rule, mistakes, shape=shape, at=at)


# -- convolution


def _conv(r, rank=2, **arguments):
    name = f"Conv{rank}D"
    filters = r.choice((4, 6, 8, 16, 32))
    shape = (*(r.randint(10, 32) for _ in range(rank)), r.choice((1, 2, 3, 5, 12)))
    arguments = {"filters": filters, "kernel_size": r.choice((2, 3, 5)), **arguments}
    return Case(getattr(layers, name), shape, arguments)


_COUNT_MISTAKES = (
    of.forgotten_bias,
    of.one_bias,
    of.forgotten_channels,
    of.forgotten_filters,
    of.weights_for_each_place,
)
_CHANNEL_MISTAKES = (of.channels_kept, of.filters_for_each_channel)


def conv_shape(r):
    return shape_of(
        _conv(r, r.choice((1, 2))), of.forgotten_plus_one, of.other_padding, *_CHANNEL_MISTAKES
    )


def conv_count(r):
    return count_of(_conv(r, r.choice((1, 2))), *_COUNT_MISTAKES)


def _correlate(x, kernel, **arguments):
    """What a Conv1D layer without bias makes of x, as a list."""
    layer = layers.Conv1D(
        1, len(kernel), use_bias=False, dtype="float64", name="layer", **arguments
    )
    layer.build((None, len(x), 1))
    layer.set_weights([np.reshape(kernel, (-1, 1, 1))])
    return layer(np.reshape(x, (1, -1, 1))).ravel().round(9).tolist()


def _number(value):
    return int(value) if value == int(value) else value


def conv_value(r):
    return _value(r)


def edge_value(r):
    return _value(r, r.choice(({"padding": "same"}, {"padding": "causal"})))


def strided_value(r):
    return _value(r, r.choice(({"strides": 2}, {"strides": 3}, {"dilation_rate": 2})))


def _value(r, arguments=None):
    """One output of a Conv1D layer on a few numbers."""
    arguments = arguments or {}
    x = [r.randint(1, 9) for _ in range(r.randint(6, 8))]
    kernel = r.sample(range(-2, 4), 3)
    y = _correlate(x, kernel, **arguments)
    o = r.choice((0, len(y) - 1)) if "padding" in arguments else r.randrange(len(y))
    s, d = arguments.get("strides", 1), arguments.get("dilation_rate", 1)
    before = pads(len(x), 3, s, arguments.get("padding", "valid"), d)[0]
    cells = [o * s + t * d - before for t in range(3)]
    read = [x[cell] if 0 <= cell < len(x) else 0 for cell in cells]
    plain = _correlate(x, kernel)

    def other(**changed):
        found = _correlate(x, kernel, **{**arguments, **changed})
        return _number(found[o]) if o < len(found) else None

    edge = min(cells) >= 0 and max(cells) < len(x)
    mistakes = [
        ("kernel flipped", "Keras does not flip the kernel: its first weight meets the first cell.",
         _number(_correlate(x, kernel[::-1], **arguments)[o])),
        ("forgotten stride", "Window o begins at cell o·strides.", other(strides=1)),
        ("forgotten dilation", "The taps lie `dilation_rate` cells apart.", other(dilation_rate=1)),
        ("padding forgotten", "Windows at the ends read zeros that are not in the input.",
         _number(plain[min(o, len(plain) - 1)])),
        ("edge repeated", "Padding is zeros, not copies of the edge cell.",
         sum(w * x[min(max(c, 0), len(x) - 1)] for c, w in zip(cells, kernel, strict=True))),
        ("wrapped around", "Padding is zeros, not the cells of the other end.",
         sum(w * x[c % len(x)] for c, w in zip(cells, kernel, strict=True))),
        ("one cell late", "The window begins one cell earlier.",
         _number(plain[o + 1]) if edge and not arguments and o + 1 < len(plain) else None),
    ]  # fmt: skip
    given = "".join(f", {name}={value!r}" for name, value in arguments.items())
    answer = _number(y[o])
    text = (
        f"`Conv1D(1, 3{given})` with the kernel `{kernel}` and no bias reads `{x}`. "
        f"What is output number {o}, counted from 0?"
    )
    products = " + ".join(f"{a}·({w})" for a, w in zip(read, kernel, strict=True))
    rule = f"{products} = {answer}."
    return asked(
        "value", text, "number", answer, rule, mistakes,
        x=x, kernel=kernel, s=s, d=d, o=o, padding=arguments.get("padding", "valid"),
    )  # fmt: skip


# -- arguments of Conv2D


def grouped_shape(r):
    groups = r.choice((2, 3, 4))
    case = _conv(r, 2, filters=groups * r.choice((2, 4, 6)), groups=groups)
    case = case.but((*case.shape[:2], groups * r.choice((1, 2, 3))))
    return shape_of(
        case, of.filters_of_each_group, of.filters_shared_among_groups, *_CHANNEL_MISTAKES
    )


def grouped_count(r):
    groups = r.choice((2, 3, 4))
    case = _conv(r, 2, filters=groups * r.choice((2, 4, 6)), groups=groups)
    case = case.but((*case.shape[:2], groups * r.choice((1, 2, 3))))
    return count_of(case, of.forgotten_groups, of.groups_halve_twice, of.forgotten_bias)


def oblong_shape(r):
    arguments = {"kernel_size": (r.choice((1, 2, 3)), r.choice((4, 5, 7)))}
    if r.random() < 0.5:
        arguments["strides"] = (r.choice((1, 2)), 3)
    return shape_of(
        _conv(r, **arguments),
        of.height_and_width_swapped,
        of.pairs_swapped,
        of.forgotten_stride,
        of.forgotten_plus_one,
        of.channels_kept,
    )


def oblong_count(r):
    kernel_size = (r.choice((1, 2, 3)), r.choice((4, 5, 7)))
    off = r.random() < 0.5
    case = _conv(r, kernel_size=kernel_size, **({"use_bias": False} if off else {}))
    bias = (of.bias_although_off,) if off else (of.forgotten_bias, of.one_bias)
    return count_of(case, *bias, of.forgotten_channels, of.weights_for_each_place)


# -- padding


def _axis(r, words=("same",)):
    padding = r.choice(words)
    s, d = r.choice(((1, 1), (1, 2), (1, 3), (2, 1), (3, 1)))
    return r.randint(6, 16), r.choice((2, 3, 4, 5)), s, d, padding


def zeros(r):
    n, k, s, d, padding = _axis(r, ("same", "same", "same", "causal"))
    answer = pads(n, k, s, padding, d)
    cells, total = span(k, d), sum(answer)
    half = (cells - 1) // 2
    of_same = [
        ("symmetric same", "Half of span − 1 on each side is no rule of Keras.", (half, half)),
        ("odd zero before", "The odd zero goes after, not before.", answer[::-1]),
        ("stride forgotten", "Cells that the stride leaves over save zeros.",
         pads(n, k, 1, padding, d)),
        ("all zeros after", "Same splits the zeros, the odd one after.", (0, total)),
    ]  # fmt: skip
    of_causal = [
        ("causal like same", "Causal puts all zeros before.", pads(n, k, s, "same", d)),
        ("causal the other way", "Causal puts all zeros before, none after.", answer[::-1]),
    ]
    mistakes = [
        *{"same": of_same, "causal": of_causal}[padding],
        ("dilation forgotten", "The span counts, not the kernel size.", pads(n, k, s, padding, 1)),
        ("total on each side", "That many zeros in all, not on each side.", (total, total)),
    ]
    text = (
        f"Conv1D with kernel {k}, stride {s}, dilation {d} and padding '{padding}' reads {n} "
        "steps. How many zeros go before and after?"
    )
    out = -(-n // s)
    rules = {
        "same": f"{of.span_rule(k, d)}total = max(({out} − 1)·{s} + {cells} − {n}, 0) = {total}; "
        f"half, rounded down, before: {answer[0]}, the rest after: {answer[1]}.",
        "causal": f"All before: ({k} − 1)·{d} = {answer[0]}.",
    }
    return asked(
        "pads", text, "pair", answer, rules[padding], mistakes, n=n, k=k, s=s, d=d, padding=padding
    )


def padded_shape(r):
    n, k, s, d, padding = _axis(r, ("valid", "same", "causal"))
    arguments = {"kernel_size": k, "padding": padding}
    arguments |= {"strides": s} if s > 1 else {}
    arguments |= {"dilation_rate": d} if d > 1 else {}
    return shape_of(
        _conv(r, 1, **arguments).but((n, 3)),
        of.floor_for_ceil,
        of.ceil_for_floor,
        of.forgotten_stride,
        of.kernel_taken_off,
        of.forgotten_dilation,
        of.other_padding,
        of.channels_kept,
    )


# -- strides and dilation


def strided_shape(r):
    padding = r.choice(("valid", "valid", "same"))
    moves = (
        {"strides": r.choice((2, 3, 4))}
        if r.random() < 0.6
        else {"dilation_rate": r.choice((2, 3))}
    )
    return shape_of(
        _conv(r, r.choice((1, 2)), padding=padding, **moves),
        of.ceil_for_floor,
        of.floor_for_ceil,
        of.forgotten_stride,
        of.forgotten_dilation,
        of.span_as_product,
        of.forgotten_plus_one,
        of.other_padding,
        of.channels_kept,
    )


def spanned(r):
    k, d = r.randint(2, 9), r.randint(2, 8)
    answer = span(k, d)
    mistakes = [
        ("span as product", "After the last tap there is no gap.", k * d),
        ("dilation forgotten", "The gaps between the taps count too.", k),
        ("gaps as dilation", "Dilation d leaves d − 1 empty cells between taps, not d.",
         k + (k - 1) * d),
        ("last tap forgotten", "The last tap covers a cell as well.", (k - 1) * d),
    ]  # fmt: skip
    text = f"How many cells does a kernel of {k} with `dilation_rate={d}` span?"
    return asked(
        "span", text, "number", answer, f"({k} − 1)·{d} + 1 = {answer}.", mistakes, k=k, d=d
    )


def receptive(r):
    steps = [(r.choice((2, 3, 5)), r.choice((1, 1, 2, 3))) for _ in range(r.choice((2, 3)))]
    field, jump, parts = 1, 1, []
    for k, s in steps:
        parts.append(f"({k} − 1)·{jump}")
        field += (k - 1) * jump
        jump *= s
    mistakes = [
        ("strides forgotten", "A step of a later layer is worth all strides before it.",
         1 + sum(k - 1 for k, _ in steps)),
        ("kernels added", "Neighbouring windows overlap: each layer adds k − 1 steps.",
         sum(k for k, _ in steps)),
        ("kernels multiplied", "Neighbouring windows overlap: each layer adds k − 1 steps.",
         math.prod(k for k, _ in steps)),
        ("own stride counted", "A layer's stride counts for the layers after it, not for itself.",
         1 + sum((k - 1) * math.prod(s for _, s in steps[: i + 1])
                 for i, (k, _) in enumerate(steps))),
    ]  # fmt: skip
    listed = ", then ".join(f"kernel {k} with stride {s}" for k, s in steps)
    text = f"Conv1D layers in a row: {listed}. How many input cells does one output cell see?"
    rule = f"1 + {' + '.join(parts)} = {field}."
    return asked("receptive", text, "number", field, rule, mistakes, steps=steps)


# -- pooling


def _pool(r):
    rank = r.choice((1, 2, 2))
    name = r.choice(("MaxPooling", "AveragePooling")) + f"{rank}D"
    arguments = {"pool_size": r.choice((2, 3, 4))}
    if r.random() < 0.4:
        arguments["strides"] = r.choice((1, 2, 3))
    arguments |= {"padding": "same"} if r.random() < 0.4 else {}
    shape = (*(r.randint(9, 20) for _ in range(rank)), r.choice((3, 8, 16)))
    return Case(getattr(layers, name), shape, arguments)


def pooled_shape(r):
    case = _pool(r)
    given = "strides" in case.arguments
    return shape_of(
        case,
        of.ceil_for_floor,
        of.floor_for_ceil,
        of.forgotten_stride if given else of.stride_of_the_pool_taken_as_one,
        of.other_padding,
        of.channels_merged,
        of.forgotten_plus_one,
    )


def global_shape(r):
    name = r.choice(("GlobalMaxPooling", "GlobalAveragePooling")) + r.choice(("1D", "2D"))
    rank = int(name[-2])
    shape = (*(r.randint(4, 12) for _ in range(rank)), r.choice((8, 16, 32)))
    case = Case(getattr(layers, name), shape)
    mistakes = [
        *_of_case(case, [of.axes_kept]),
        ("flattened", "That is Flatten: a global pool keeps one value for each channel.",
         (None, math.prod(shape))),
        ("channels pooled", "The channels stay: the other axes are pooled.", (None, *shape[:-1])),
    ]  # fmt: skip
    text = f"`x` has the shape `{(None, *shape)}`. What is the shape of `{case}(x)`?"
    return asked("shape", text, "shape", case.output, of.shape_rule(case), mistakes, case=case)


def pooled_value(r):
    name = r.choice(("MaxPooling1D", "AveragePooling1D", "AveragePooling1D"))
    k, s = r.choice(((2, 2), (3, 1), (3, 2), (4, 2)))
    x = [2 * r.randint(-6, 6) for _ in range(r.randint(5, 7))]
    layer = getattr(layers, name)(k, strides=s, padding="same", dtype="float64", name="layer")
    y = layer(np.reshape(x, (1, -1, 1))).ravel().tolist()
    o = r.choice((0, len(y) - 1))
    first = o * s - pads(len(x), k, s, "same")[0]
    read = [x[c] for c in range(first, first + k) if 0 <= c < len(x)]
    inside = range(max(first, 0), max(first, 0) + k)
    answer = _number(round(y[o], 3))
    maximum = name.startswith("Max")
    mistakes = [
        ("padding counted in the mean", "Padding is not counted: divide by the real cells only.",
         answer if maximum else _number(round(sum(read) / k, 3))),
        ("padding wins the maximum", "Padding never wins a maximum, not even over negative cells.",
         max([*read, 0]) if maximum and len(read) < k else answer),
        ("mean for maximum", "A max pool takes the largest value.",
         _number(round(sum(read) / len(read), 3)) if maximum else answer),
        ("maximum for mean", "An average pool takes the mean.", answer if maximum else max(read)),
        ("sum for mean", "Divide by the number of cells.", answer if maximum else sum(read)),
        ("valid window", "Under same padding windows reach beyond the input at its ends.",
         _number(round(_reduced(maximum, [x[c % len(x)] for c in inside]), 3))),
    ]  # fmt: skip
    text = (
        f"`{name}({k}, strides={s}, padding='same')` reads `{x}`. "
        f"What is output number {o}, counted from 0?"
    )
    listed = ", ".join(map(str, read))
    rule = f"max({listed}) = {answer}." if maximum else f"mean of {listed} = {answer}."
    return asked(
        "pooled", text, "number", answer, rule, mistakes, x=x, k=k, s=s, o=o, maximum=maximum
    )


def _reduced(maximum, cells):
    return max(cells) if maximum else sum(cells) / len(cells)


def pooled_count(r):
    case = _pool(r)
    return count_of(case, of.weights_of_a_pool)


# -- transposed convolution


def _transposed(r, **arguments):
    rank = r.choice((1, 2))
    arguments = {
        "filters": r.choice((4, 6, 8)),
        "kernel_size": r.choice((2, 3, 4, 5)),
        "strides": r.choice((2, 3, 4)),
        **arguments,
    }
    shape = (*(r.randint(4, 12) for _ in range(rank)), r.choice((3, 5, 16)))
    return Case(getattr(layers, f"Conv{rank}DTranspose"), shape, arguments)


def transposed_shape(r):
    kind = r.choice(("valid", "valid", "same", "extended", "dilated"))
    arguments = {
        "valid": {"kernel_size": r.choice((2, 3, 5)), "strides": r.choice((3, 4))},
        "same": {"padding": "same"},
        "extended": {"strides": 3, "output_padding": r.choice((0, 1, 2))},
        "dilated": {"strides": 1, "dilation_rate": r.choice((2, 3))},
    }[kind]
    mistakes = {
        "valid": (of.kernel_for_maximum, of.stretched_input),
        "same": (of.stamps_under_same,),
        "extended": (of.output_padding_left_out, of.forgotten_output_padding),
        "dilated": (of.undilated_stamps, of.stretched_input),
    }[kind]
    return shape_of(_transposed(r, **arguments), *mistakes, of.forward_length, of.channels_kept)


def transposed_count(r):
    return count_of(_transposed(r), *_COUNT_MISTAKES[:4])


def transposed_value(r):
    x = [r.randint(1, 5) for _ in range(3)]
    kernel = r.sample(range(1, 7), r.choice((2, 3)))
    s = r.choice((1, 2))
    layer = layers.Conv1DTranspose(
        1, len(kernel), strides=s, use_bias=False, dtype="float64", name="layer"
    )
    layer.build((None, 3, 1))
    layer.set_weights([np.reshape(kernel, (-1, 1, 1))])
    y = layer(np.reshape(x, (1, -1, 1))).ravel().tolist()
    o = r.randrange(len(y))
    stamps = [(i, o - i * s) for i in range(3) if 0 <= o - i * s < len(kernel)]
    values = [x[i] * kernel[t] for i, t in stamps]
    answer = int(y[o])
    mistakes = [
        ("last stamp wins", "Where stamps overlap they are added.", values[-1]),
        ("kernel flipped", "The kernel is stamped as it is, not flipped.",
         sum(x[i] * kernel[::-1][t] for i, t in stamps)),
        ("weights not scaled", "Each stamp is scaled by its input value.",
         sum(kernel[t] for _, t in stamps)),
        ("mean of the stamps", "Stamps are added, not averaged.",
         _number(sum(values) / len(values))),
    ]  # fmt: skip
    text = (
        f"`Conv1DTranspose(1, {len(kernel)}, strides={s})` with the kernel `{kernel}` and no bias "
        f"reads `{x}`. What is output number {o}, counted from 0?"
    )
    products = " + ".join(f"{x[i]}·{kernel[t]}" for i, t in stamps)
    return asked(
        "stamped", text, "number", answer, f"{products} = {answer}.", mistakes,
        x=x, kernel=kernel, s=s, o=o,
    )  # fmt: skip


# -- depthwise and separable


def _deep(r, kind, **arguments):
    rank = r.choice((1, 2))
    if kind.startswith("Sep"):
        arguments["filters"] = r.choice((10, 16, 32))
    arguments |= {"kernel_size": r.choice((2, 3, 5)), "depth_multiplier": r.choice((2, 3, 4))}
    shape = (*(r.randint(10, 24) for _ in range(rank)), r.choice((3, 5, 6, 8)))
    return Case(getattr(layers, f"{kind}{rank}D"), shape, arguments)


def depthwise_shape(r):
    moves = r.choice(({}, {"strides": 2}, {"padding": "same"}, {"strides": 2, "dilation_rate": 2}))
    return shape_of(
        _deep(r, "DepthwiseConv", **moves),
        of.forgotten_multiplier,
        of.multiplier_for_channels,
        of.forgotten_stride,
        of.forgotten_dilation,
        of.other_padding,
    )


def separable_shape(r):
    moves = r.choice(({}, {"strides": 2}, {"padding": "same"}))
    return shape_of(
        _deep(r, "SeparableConv", **moves),
        of.multiplied_filters,
        of.channels_kept,
        of.forgotten_stride,
        of.other_padding,
    )


def depthwise_count(r):
    return count_of(
        _deep(r, "DepthwiseConv"),
        of.full_convolution,
        of.parameters_without_multiplier,
        of.forgotten_bias,
    )


def separable_count(r):
    return count_of(
        _deep(r, "SeparableConv"),
        of.full_convolution,
        of.bias_in_both_halves,
        of.forgotten_pointwise,
        of.parameters_without_multiplier,
        of.forgotten_bias,
    )


# -- a network


def _stack(r):
    """An input shape and layers as (class name, arguments): convolutions, pools, a classifier."""
    shape = (r.randint(16, 33), r.randint(16, 33), r.choice((1, 3)))
    filters = r.choice((4, 8, 16))
    stack = [("Conv2D", {"filters": filters, "kernel_size": r.choice((3, 5))})]
    if r.random() < 0.4:
        stack[0][1]["padding"] = "same"
    stack.append((r.choice(("MaxPooling2D", "AveragePooling2D")), {"pool_size": r.choice((2, 3))}))
    if r.random() < 0.5:
        stack.append(("Conv2D", {"filters": 2 * filters, "kernel_size": 3}))
    return shape, stack


def _model(shape, stack):
    """The output shape and the parameters of a stack."""
    model = models.Sequential([models.Input(shape)], name="model")
    for i, (name, arguments) in enumerate(stack):
        model.add(getattr(layers, name)(**arguments, name=f"layer_{i}"))
    return model.output_shape, model.count_params()


def _written(stack):
    return ", ".join(
        f"{name}({', '.join(f'{k}={v!r}' for k, v in arguments.items())})"
        for name, arguments in stack
    )


def _changed(stack, wanted, **changed):
    return [(name, {**a, **changed} if wanted in name else a) for name, a in stack]


def _ended(shape, stack, rule=True):
    """What each layer of a stack gives, as text."""
    shapes = [_model(shape, stack[: i + 1])[0] for i in range(len(stack))]
    return " → ".join(map(str, [(None, *shape), *shapes]))


def network_shape(r):
    shape, stack = _stack(r)
    if r.random() < 0.6:
        stack.append(("Flatten", {}))
    answer, _ = _model(shape, stack)
    flat = len(answer) == 2
    last = [a["filters"] for name, a in stack if name == "Conv2D"][-1]
    other = {"same": "valid", "valid": "same"}[stack[0][1].get("padding", "valid")]
    first = [(stack[0][0], {**stack[0][1], "padding": other}), *stack[1:]]
    mistakes = [
        ("other padding", "Look at the first layer's `padding`: valid is the default.",
         _model(shape, first)[0]),
        ("stride of the pool taken as 1", "A pool without `strides` moves by its own size.",
         _model(shape, _changed(stack, "Pooling", strides=1))[0]),
        ("ceil for floor", "A pool that does not fit any more is dropped: round down.",
         _model(shape, _changed(stack, "Pooling", padding="same"))[0]),
        ("channels forgotten", "Flatten joins the channels too.",
         (None, answer[1] // last) if flat else answer),
        ("channels kept", "The last convolution gives one channel for each filter.",
         answer if flat else (*answer[:3], shape[2])),
    ]  # fmt: skip
    text = f"`Input({shape})`, then `{_written(stack)}`. What is the output shape?"
    return asked(
        "network shape", text, "shape", answer, f"{_ended(shape, stack)}.", mistakes,
        shape=shape, stack=stack,
    )  # fmt: skip


def network_count(r):
    shape, stack = _stack(r)
    units = r.choice((10, 20))
    stack += [("Flatten", {}), ("Dense", {"units": units})]
    _, answer = _model(shape, stack)
    flat = _model(shape, stack[:-1])[0][1]
    biases = sum(a.get("filters", a.get("units", 0)) for _, a in stack)
    last = [a["filters"] for name, a in stack if name == "Conv2D"][-1]
    pooled = _changed(stack, "Pooling", strides=1)
    dense = flat * units + units
    mistakes = [
        ("bias forgotten", "Every convolution and Dense has a bias.", answer - biases),
        ("classifier forgotten", "Dense has parameters too, mostly the most.", answer - dense),
        ("channels forgotten", "Flatten joins the channels too: Dense reads them all.",
         answer - (flat - flat // last) * units),
        ("stride of the pool taken as 1", "A pool without `strides` moves by its own size.",
         _model(shape, pooled)[1]),
        ("ceil for floor", "A pool that does not fit any more is dropped: round down.",
         _model(shape, _changed(stack, "Pooling", padding="same"))[1]),
        ("only the classifier", "The convolutions have parameters too.", dense),
    ]  # fmt: skip
    counts = [_model(shape, stack[: i + 1])[1] for i in range(len(stack))]
    own = [after - before for before, after in pairwise([0, *counts])]
    rule = f"{' + '.join(f'{n:,}' for n in own)} = {answer:,}; Dense reads {flat:,} values."
    text = f"`Input({shape})`, then `{_written(stack)}`. How many parameters in all?"
    return asked("network count", text, "number", answer, rule, mistakes, shape=shape, stack=stack)


# -- learning


def gradient_shape(r):
    case = _conv(r, 2, kernel_size=(r.choice((2, 3)), r.choice((4, 5))))
    n, filters, c = r.choice((4, 8)), case.arguments["filters"], case.channels
    layer = case.made
    layer.build((None, *case.shape))
    x, kernel, y = (n, *case.shape), layer.kernel.shape, (n, *case.output[1:])
    wanted = r.choice(("kernel", "bias", "input"))
    answer = {"kernel": kernel, "bias": (filters,), "input": x}[wanted]
    mistakes = [
        ("shape of the output", "A gradient has the shape of what it is the gradient of.", y),
        ("batch kept", "The gradients of all pictures are added: no batch axis.", (n, *answer)),
        ("filters first", "Keras' kernels are (height, width, input channels, filters).",
         (filters, c, *kernel[:2]) if wanted == "kernel" else answer),
        ("channels and filters swapped", "Input channels come before filters.",
         (*kernel[:2], filters, c) if wanted == "kernel" else answer),
        ("bias of the input", "There is one bias for each filter.",
         (c,) if wanted == "bias" else answer),
        ("kernel for input", "A gradient has the shape of what it is the gradient of.", kernel),
    ]  # fmt: skip
    if wanted == "input":
        mistakes.pop(1)
    what = {"kernel": "the kernel", "bias": "the bias", "input": "`x`"}[wanted]
    text = (
        f"`{case}` reads `x` of shape `{x}`. Which shape has the gradient with respect to {what}?"
    )
    rule = f"It has the shape of what it is the gradient of: {answer}."
    return asked("gradient", text, "shape", answer, rule, mistakes, case=case, n=n, wanted=wanted)


def terms(r):
    case = _conv(r, 2, **r.choice(({}, {"strides": 2}, {"padding": "same"})))
    n = r.choice((1, 4, 8))
    answer = n * case.cells
    height, width = case.output[1:3]
    wanted = r.choice(("bias", "kernel weight"))
    valid = case.but(padding="valid")
    mistakes = [
        ("batch forgotten", "Every picture of the batch adds its terms.", case.cells),
        ("input cells counted", "The sum runs over the output cells.",
         n * math.prod(case.shape[:2])),
        ("only the batch", "A weight is used at every output cell, not once a picture.", n),
        ("all filters", "Each filter has its own weights and bias.",
         answer * case.arguments["filters"]),
        ("padding ignored", "Same padding keeps the size.", n * valid.cells),
    ]  # fmt: skip
    text = (
        f"`{case}` reads a batch of {n} of shape `{case.shape}`. Over how many output cells does "
        f"the gradient of one {wanted} sum?"
    )
    rule = f"batch · output height · output width = {n}·{height}·{width} = {answer:,}."
    return asked("terms", text, "number", answer, rule, mistakes, case=case, n=n)


def trainable(r):
    channels = r.choice((4, 8, 12, 16, 24, 32, 48, 64))
    wanted = r.choice(("trainable", "not trainable", "all"))
    layer = layers.BatchNormalization(name="layer")
    layer.build((None, 5, 5, channels))
    counts = {
        "all": layer.count_params(),
        "trainable": sum(math.prod(v.shape) for v in layer.trainable_weights),
    }
    answer = counts.get(wanted, counts["all"] - counts["trainable"])
    mistakes = [
        ("moving statistics trained", "Moving mean and variance are kept, not trained.",
         counts["all"]),
        ("moving statistics forgotten", "Moving mean and variance are weights too.",
         counts["trainable"]),
        ("one of two", "There are two vectors: gamma and beta, or mean and variance.", channels),
        ("one for the layer", "Each channel has its own.", answer // channels),
    ]  # fmt: skip
    which = {"all": "weights in all", "trainable": "trainable weights"}
    text = (
        f"How many {which.get(wanted, 'weights that are not trainable')} has "
        f"`BatchNormalization()` on {channels} channels?"
    )
    vectors = {"all": "gamma, beta, moving mean, moving variance", "trainable": "gamma and beta"}
    named = vectors.get(wanted, "moving mean and moving variance")
    rule = f"{named}, {channels} values each: {answer}."
    return asked("trainable", text, "number", answer, rule, mistakes, c=channels, wanted=wanted)


def updates(r):
    n, batch, epochs = r.randint(100, 2000), r.choice((16, 32, 64)), r.choice((1, 2, 5))
    answer = -(-n // batch) * epochs
    mistakes = [
        (
            "last batch dropped",
            "The last, smaller batch is used too: round up.",
            n // batch * epochs,
        ),
        ("one update an epoch", "Every batch gives one update.", epochs),
        ("one update a picture", "The pictures of a batch share one update.", n * epochs),
        ("one epoch", "Every epoch goes through all batches again.", -(-n // batch)),
    ]
    text = f"{n} pictures, `batch_size={batch}`, `epochs={epochs}`: how many updates makes `fit`?"
    rule = f"⌈{n} / {batch}⌉·{epochs} = {answer}."
    return asked("updates", text, "number", answer, rule, mistakes, n=n, batch=batch, epochs=epochs)


# -- fast


def multiply_adds(r):
    more = r.choice(({}, {"strides": 2}, {"padding": "same"}, {"groups": 2}))
    case = _conv(r, 2, **more)
    case = case.but((r.randint(8, 14), r.randint(15, 20), r.choice((2, 4, 6))))
    made = case.made
    text = (
        f"`{case}` reads one picture of shape `{case.shape}`. How many multiply-adds, "
        "padding zeros counted and bias not?"
    )
    height, width = case.output[1:3]
    kernel = "·".join(map(str, made.kernel_size))
    depth = f"({case.channels} / {made.groups})" if made.groups > 1 else case.channels
    rule = f"{height}·{width} cells, {kernel}·{depth}·{made.filters} each: {case.products:,}."
    functions = (
        of.products_without_channels,
        of.products_without_filters,
        of.products_at_every_input_cell,
        of.products_without_groups,
        of.parameters_for_products,
    )
    mistakes = [
        *_of_case(case, functions),
        ("bias counted", "The bias is an addition, no multiply-add.",
         case.products + case.cells * made.filters),
    ]  # fmt: skip
    return asked("products", text, "number", case.products, rule, mistakes, case=case)


def column_matrix(r):
    case = _conv(r, 2, **r.choice(({}, {"strides": 2}, {"padding": "same"})))
    n, c = r.choice((1, 4, 8)), case.channels
    rows, columns = n * case.cells, case.taps * c
    mistakes = [
        ("batch forgotten", "Every picture of the batch adds its rows.", (case.cells, columns)),
        ("channels forgotten", "A window reaches through all channels.", (rows, case.taps)),
        ("transposed", "A row for each window, a column for each cell of it.", (columns, rows)),
        ("row for each input cell", "There is a row for each output cell.",
         (n * math.prod(case.shape[:2]), columns)),
        ("filters as columns", "The filters are the columns of the other matrix.",
         (rows, case.arguments["filters"])),
    ]  # fmt: skip
    text = (
        f"im2col for `{case}` on a batch of {n} of shape `{case.shape}`: a row for each window. "
        "Which shape has the matrix?"
    )
    height, width = case.output[1:3]
    taps = "·".join(map(str, case.per_axis("kernel_size")))
    rule = f"{n}·{height}·{width} = {rows} windows, {taps}·{c} = {columns} cells each."
    return asked("im2col", text, "shape", (rows, columns), rule, mistakes, case=case, n=n)


def memory(r):
    case = _conv(r, 2, **r.choice(({}, {"strides": 2}, {"padding": "same"})))
    n, dtype = r.choice((1, 8, 32)), r.choice(("float32", "float32", "float64"))
    width = np.dtype(dtype).itemsize
    values = n * math.prod(case.output[1:])
    answer = values * width
    mistakes = [
        ("values for bytes", f"A {dtype} takes {width} bytes.", values),
        ("bits for bytes", "A byte has 8 bits.", 8 * answer),
        ("other precision", f"A {dtype} takes {width} bytes.", values * (12 - width)),
        ("batch forgotten", "Every picture of the batch has its output.", answer // n),
        ("input for output", "Asked was the output.", n * math.prod(case.shape) * width),
        ("filters forgotten", "Each filter gives a channel.", n * case.cells * width),
    ]
    text = (
        f"`{case}` reads a batch of {n} of shape `{case.shape}`. How many bytes is its {dtype} "
        "output?"
    )
    sizes = "·".join(map(str, (n, *case.output[1:])))
    rule = f"{sizes} values of {width} bytes: {answer:,}."
    return asked("bytes", text, "number", answer, rule, mistakes, case=case, n=n, width=width)


TOPICS = {
    "tensors": (size, batch_of_pictures, channels_first, flattened, place_in_memory),
    "conv1d_conv2d": (conv_shape, conv_count, conv_value),
    "conv2d_arguments": (grouped_shape, grouped_count, oblong_shape, oblong_count),
    "padding": (zeros, padded_shape, edge_value, zeros),
    "strides_dilation": (strided_shape, spanned, receptive, strided_value),
    "pooling": (pooled_shape, pooled_value, pooled_shape, pooled_value, global_shape, pooled_count),
    "transposed": (transposed_shape, transposed_value, transposed_shape, transposed_count),
    "depthwise_separable": (depthwise_shape, depthwise_count, separable_shape, separable_count),
    "network": (network_shape, network_count),
    "learning": (gradient_shape, terms, trainable, updates),
    "fast": (multiply_adds, column_matrix, memory),
}


def pool(chapter, seed=0, size=40):
    """Return `size` questions of a chapter, no two alike, the same for the same seed.

    >>> len({question.text for question in pool("padding")})
    40
    """
    r, found = Random(f"{chapter} {seed}"), {}
    while len(found) < size:
        topic = TOPICS[chapter][len(found) % len(TOPICS[chapter])]
        question = topic(r)
        if question.mistakes:  # else it tells no right idea from a wrong one
            found.setdefault(question.text, question)
    return list(found.values())
