"""Every rule of sizes and pads of Keras' layers, one spatial axis at a time.

The names `length`, `kernel_size`, `strides` and `dilation_rate` are those of one axis, all in
cells. A length may be None (not known yet): the result then is None too. The rules for `same` are
those of the recorded outputs in `tests/golden`; the notation follows Dumoulin and Visin, "A guide
to convolution arithmetic for deep learning" (https://arxiv.org/abs/1603.07285), and the relations
quoted below are numbered as there.

This is the only module that compares the words "valid", "same" and "causal".
"""

from convlib.arguments import choice


def padding_name(value, *, causal=False, any_case=True):
    """Return `value` in lower case if it is "valid", "same" or, where allowed, "causal".

    With `any_case`, as in Keras' convolutions but not in its pools, "SAME" is as good as "same".

    >>> padding_name("SAME")
    'same'
    >>> padding_name("causal")
    Traceback (most recent call last):
    ValueError: `padding` must be one of 'valid', 'same'. Received: padding='causal'
    """
    options = ("valid", "same", "causal") if causal else ("valid", "same")
    return choice(value, options, "padding", any_case=any_case)


def span(kernel_size, dilation_rate=1):
    """Return how many cells a dilated kernel covers: `(kernel_size - 1) * dilation_rate + 1`.

    >>> span(3), span(3, 2)
    (3, 5)
    """
    return (kernel_size - 1) * dilation_rate + 1


def output_length(
    length,
    kernel_size,
    strides=1,
    padding="valid",
    dilation_rate=1,
    *,
    axis="axis",
    window="kernel_size",
):
    """Return how many windows fit along one axis, the output length of a convolution or a pool.

    `valid` gives `floor((length - span) / strides) + 1` (relation 6 of arXiv 1603.07285, without
    its padding, and with its relation 15 for the dilated span); `same` and `causal` give
    `ceil(length / strides)`. A window wider than the input has no place under `valid`: the
    `ValueError` names the axis by `axis` and the argument by `window`.

    >>> output_length(7, 3), output_length(7, 3, 2), output_length(7, 3, 2, "same")
    (5, 3, 4)
    >>> output_length(5, 3, dilation_rate=3, axis="width")
    Traceback (most recent call last):
    ValueError: `kernel_size` must fit into the input under padding='valid': along the width the \
window spans (3 - 1) * 3 + 1 = 7 cells, the input has 5. Use a smaller `kernel_size` or \
`dilation_rate`, a longer input, or padding='same'. Received: kernel_size=3, width=5
    """
    if length is None:
        return None
    if padding != "valid":
        return -(-length // strides)
    cells = span(kernel_size, dilation_rate)
    if cells > length:
        spans = f"spans {cells} cells"
        smaller = f"a smaller `{window}`"
        if dilation_rate > 1:
            spans = f"spans ({kernel_size} - 1) * {dilation_rate} + 1 = {cells} cells"
            smaller += " or `dilation_rate`"
        raise ValueError(
            f"`{window}` must fit into the input under padding='valid': along the {axis} the "
            f"window {spans}, the input has {length}. Use {smaller}, a longer input, or "
            f"padding='same'. Received: {window}={kernel_size}, {axis}={length}"
        )
    return (length - cells) // strides + 1


def pads(length, kernel_size, strides=1, padding="valid", dilation_rate=1):
    """Return how many zeros go (before, after) the input along one axis.

    `same` adds just what the last of its `ceil(length / strides)` windows lacks, half of it,
    rounded down, before; `causal` adds `(kernel_size - 1) * dilation_rate` before, so that no
    output sees a later input; `valid` adds nothing.

    >>> pads(5, 3, 1, "same"), pads(4, 3, 2, "same"), pads(5, 2, 1, "same")
    ((1, 1), (0, 1), (0, 1))
    >>> pads(5, 3, 1, "causal", 2)
    (4, 0)
    """
    cells = span(kernel_size, dilation_rate)
    if padding == "causal":
        return cells - 1, 0
    if padding == "same":
        return _split(length, output_length(length, kernel_size, strides, "same"), strides, cells)
    return 0, 0


def transposed_length(
    length, kernel_size, strides=1, padding="valid", dilation_rate=1, output_padding=None
):
    """Return the output length of a transposed convolution along one axis.

    With `valid` that is `(length - 1) * strides + max(span, strides)`, or with `output_padding=p`
    `(length - 1) * strides + span + p`. With `same` it is `length * strides`, or with
    `output_padding=p` `(length - 1) * strides + span % 2 + p`.

    The valid rule with `p` is relation 14 of arXiv 1603.07285, without its padding. With `same`, an
    even span and `p = 0` the rule gives `(length - 1) * strides` cells; TensorFlow refuses that
    one.

    >>> transposed_length(5, 3, 2), transposed_length(5, 2, 3), transposed_length(5, 3, 2, "same")
    (11, 15, 10)
    >>> transposed_length(5, 3, 2, "same", output_padding=0)
    9
    """
    if length is None:
        return None
    cells = span(kernel_size, dilation_rate)
    if padding == "same":
        last = strides if output_padding is None else cells % 2 + output_padding
    else:
        last = max(cells, strides) if output_padding is None else cells + output_padding
    return (length - 1) * strides + last


def transposed_pads(
    length, kernel_size, strides=1, padding="valid", dilation_rate=1, output_padding=None
):
    """Return how many cells of the full scatter lie (before, after) the output along one axis.

    The scatter, every input cell stamping the kernel, has `(length - 1) * strides + span` cells.
    The output drops half of what is too much, rounded down, at its start and takes the next
    `transposed_length(...)` cells, with zeros where the scatter has ended. This is the rule of
    `pads` read backwards: it names the padding of the convolution whose input gradient this layer
    computes.

    >>> transposed_pads(5, 3, 1, "same"), transposed_pads(5, 3, 2, "same"), transposed_pads(5, 2, 3)
    ((1, 1), (0, 1), (0, 0))
    """
    out = transposed_length(length, kernel_size, strides, padding, dilation_rate, output_padding)
    return _split(out, length, strides, span(kernel_size, dilation_rate))


def _split(large, small, strides, cells):
    """The pads (before, after) of the side with `large` cells; the odd one goes after."""
    total = max((small - 1) * strides + cells - large, 0)
    return total // 2, total - total // 2
