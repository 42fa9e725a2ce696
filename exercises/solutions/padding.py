"""The solutions of exercises/padding.ipynb, made from exercises/text/padding.md."""


def same_pads(length, kernel_size, strides, dilation_rate):
    """Return (before, after), the zeros that Keras adds along one axis under "same"."""
    span = (kernel_size - 1) * dilation_rate + 1
    out = -(-length // strides)
    total = max((out - 1) * strides + span - length, 0)
    return total // 2, total - total // 2


def same_pads_other(length, kernel_size, strides, dilation_rate):
    """Count: add zeros until enough windows start inside."""
    span, total = (kernel_size - 1) * dilation_rate + 1, 0
    while len(range(0, length + total - span + 1, strides)) * strides < length:
        total += 1
    return total // 2, total - total // 2
