"""The solutions of exercises, made from exercises/text/strides_dilation.md."""

import numpy as np

cells_seen = 19


cells_seen_other = 1 + (7 - 1) + (3 - 1) * 2 + (3 - 1) * 4


far_and_cheap = {"filters": 1, "kernel_size": 3, "dilation_rate": 4, "use_bias": False}


far_and_cheap_other = {"filters": 1, "kernel_size": 2, "dilation_rate": 8, "padding": "causal"}


def with_holes(kernel, dilation_rate):
    """Return the kernel, (k_h, k_w, C, F), with zeros between its weights.

    dilation_rate: (d_h, d_w);
    result: ((k_h - 1) * d_h + 1, (k_w - 1) * d_w + 1, C, F).
    """
    k_h, k_w, channels, filters = kernel.shape
    d_h, d_w = dilation_rate
    longer = np.zeros(((k_h - 1) * d_h + 1, (k_w - 1) * d_w + 1, channels, filters))
    longer[::d_h, ::d_w] = kernel
    return longer


def with_holes_other(kernel, dilation_rate):
    """Put the zeros in one axis at a time, before each weight but the first."""
    for axis, d in enumerate(dilation_rate):
        places = np.repeat(np.arange(1, kernel.shape[axis]), d - 1)
        kernel = np.insert(kernel, places, 0, axis=axis)
    return kernel


def strided_conv2d(x, kernel, strides, dilation_rate):
    """Return the output of Conv2D without a bias, padding="valid".

    x: (N, H, W, C); kernel: (k_h, k_w, C, F);
    strides: (s_h, s_w); dilation_rate: (d_h, d_w);
    result: (N, (H - span_h) // s_h + 1, (W - span_w) // s_w + 1, F).
    """
    k_h, k_w, _, filters = kernel.shape
    (s_h, s_w), (d_h, d_w) = strides, dilation_rate
    rows = (x.shape[1] - (k_h - 1) * d_h - 1) // s_h + 1
    columns = (x.shape[2] - (k_w - 1) * d_w - 1) // s_w + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            for t in range(k_h):
                for u in range(k_w):
                    y[:, i, j] += x[:, i * s_h + t * d_h, j * s_w + u * d_w] @ kernel[t, u]
    return y


def strided_conv2d_other(x, kernel, strides, dilation_rate):
    """Windows as long as the span, of which every d-th cell counts; every s-th of them is kept."""
    spans = [(k - 1) * d + 1 for k, d in zip(kernel.shape, dilation_rate, strict=False)]
    windows = np.lib.stride_tricks.sliding_window_view(x, spans, axis=(1, 2))
    (s_h, s_w), (d_h, d_w) = strides, dilation_rate
    kept = windows[:, ::s_h, ::s_w, :, ::d_h, ::d_w]
    return np.einsum("nijctu,tucf->nijf", kept, kernel)


def receptive_field(layers):
    """Return (r, q) of a list of layers.

    Each layer is (kernel_size, strides, dilation_rate).
    """
    field, jump = 1, 1
    for kernel_size, strides, dilation_rate in layers:
        field += (kernel_size - 1) * dilation_rate * jump
        jump *= strides
    return field, jump


def receptive_field_other(layers):
    """Walk back from two neighbouring outputs to the cells that they read."""
    ends = []
    for output in (0, 1):
        first = last = output
        for kernel_size, strides, dilation_rate in reversed(layers):
            first *= strides
            last = last * strides + (kernel_size - 1) * dilation_rate
        ends.append((first, last))
    (first, last), (next_first, _) = ends
    return last - first + 1, next_first - first


def unread_cells(length, kernel_size, strides, dilation_rate):
    """Return the list of the cells that no window reads."""
    out = (length - (kernel_size - 1) * dilation_rate - 1) // strides + 1
    read = {i * strides + t * dilation_rate for i in range(out) for t in range(kernel_size)}
    return [cell for cell in range(length) if cell not in read]


def unread_cells_other(length, kernel_size, strides, dilation_rate):
    """Mark what each window reads."""
    read = np.zeros(length, bool)
    span = (kernel_size - 1) * dilation_rate + 1
    for start in range(0, length - span + 1, strides):
        read[start : start + span : dilation_rate] = True
    return np.flatnonzero(~read)


def kept_outputs(y, kernel_size, strides):
    """Return the output of the layer with strides, out of that with stride 1.

    y: (steps,); result: (ceil(steps / strides),).
    """
    out = -(-len(y) // strides)
    before_one = (kernel_size - 1) // 2
    before = max((out - 1) * strides + kernel_size - len(y), 0) // 2
    return y[before_one - before :: strides][:out].copy()


def kept_outputs_other(y, kernel_size, strides):
    """Number i of stride 1 is the window around cell i: find that cell for each window."""
    steps, kept = len(y), []
    rest = steps % strides or strides
    before = (kernel_size - rest) // 2 if kernel_size > rest else 0
    for start in range(-before, steps - before, strides):
        kept.append(y[start + (kernel_size - 1) // 2])
    return np.array(kept)
