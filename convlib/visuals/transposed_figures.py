"""Figures of the chapter on transposed convolution."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib import padding as rules
from convlib.layers import Conv2DTranspose
from convlib.visuals.figures import MEDIUM
from convlib.visuals.palette import LIGHT

INCHES = 0.42  # the side of a cell in the figures with one axis


def matrices(matrix):
    """Draw a convolution's matrix and its transpose, each with the shapes it maps between."""
    out, n = matrix.shape
    fig, axes = plt.subplots(
        1, 2, figsize=(5.6, 2.7), width_ratios=[n + 1, n + 1], layout="constrained"
    )
    for ax, values, title in (
        (axes[0], matrix, f"A: {n} cells to {out}"),
        (axes[1], matrix.T, f"A transposed: {out} cells to {n}"),
    ):
        for (row, column), value in np.ndenumerate(values):
            _cell(ax, column, row, value, "kernel" if value else "padding")
        margin = (n + 1 - values.shape[1]) / 2
        _canvas(ax, (-margin, values.shape[1] + margin), (n + 0.1, -0.1))
        ax.set_title(title, weight="bold", size=MEDIUM)
    return fig


def two_views(x, kernel, strides, place):
    """Draw one axis twice: stamps added up, and the flipped kernel on the stuffed input.

    `place` is the output cell that the second view shows the window of.
    """
    n, k = len(x), len(kernel)
    full = np.zeros((n - 1) * strides + k, int)
    stuffed = np.zeros((n - 1) * strides + 1 + 2 * (k - 1), int)
    stuffed[k - 1 : k - 1 + n * strides : strides] = x
    shift = k - 1  # the padded input sticks out by this much at each side
    height = n + 8
    fig, ax = plt.subplots(figsize=((len(stuffed) + 3.4) * INCHES, height * INCHES))
    fig.subplots_adjust(0, 0, 1, 1)

    _title(ax, -0.6, "Scatter: every cell stamps the kernel")
    for i, value in enumerate(x):
        _label(ax, i + 0.5, f"{value} × kernel")
        for t, weight in enumerate(kernel):
            _cell(ax, shift + i * strides + t, i, value * weight, "kernel")
            full[i * strides + t] += value * weight
    _label(ax, n + 0.7, "sum")
    for m, value in enumerate(full):
        _cell(ax, shift + m, n + 0.2, value, "output")

    y = n + 3.1
    _title(ax, y - 0.6, "Zero-stuffing: the flipped kernel slides")
    _label(ax, y + 0.5, "stuffed")
    for cell, value in enumerate(stuffed):
        real = cell >= shift and (cell - shift) % strides == 0 and cell < len(stuffed) - shift
        _cell(ax, cell, y, value, "input" if real else "padding")
    _label(ax, y + 1.75, "flipped")
    for t, weight in enumerate(kernel[::-1]):
        _cell(ax, place + t, y + 1.25, weight, "kernel")
    _label(ax, y + 3.05, "output")
    for m, value in enumerate(full):
        _cell(ax, shift / 2 + m, y + 2.55, value, "output")
    centre = shift / 2 + place
    ax.add_patch(_frame(centre, y + 2.55, "output-strong"))
    ax.plot([place + k / 2, centre + 0.5], [y + 2.28, y + 2.52], color=LIGHT["muted"])
    _canvas(ax, (-3.2, len(stuffed) + 0.2), (height - 1.1, -1.1))
    return fig


def crops(*cases):
    """Draw for each (title, settings) which cells of the scatter are the output.

    The settings are those of `convlib.padding.transposed_length`. A cell that is dropped is crossed
    out, a cell beyond the scatter is a dashed zero.
    """
    widest = 0
    fig, ax = plt.subplots(figsize=(5.6, 0.86 * len(cases)))
    fig.subplots_adjust(0, 0, 1, 1)
    for row, (title, settings) in enumerate(cases):
        y = 1.9 * row
        n, k, s = (settings[name] for name in ("length", "kernel_size", "strides"))
        out = rules.transposed_length(**settings)
        before, _ = rules.transposed_pads(**settings)
        scatter = np.convolve(np.eye(s)[0].tolist() * (n - 1) + [1], np.ones(k)).astype(int)
        ax.text(0, y - 0.28, title, weight="bold", size=MEDIUM, va="center")
        for m in range(max(before + out, len(scatter))):
            inside = before <= m < before + out
            beyond = m >= len(scatter)
            role = "padding" if beyond else "output" if inside else "card"
            _cell(ax, m, y, 0 if beyond else scatter[m], role, dashed=beyond)
            if not inside:
                _cross(ax, m, y)
        right = max(before + out, len(scatter))
        ax.text(right + 0.3, y + 0.5, f"{out} cells", va="center", size=MEDIUM)
        widest = max(widest, right)
    _canvas(ax, (-0.3, widest + 2.8), (1.9 * len(cases) - 0.6, -0.8))
    return fig


def overlaps(*cases, size=5):
    """Draw, for each (kernel_size, strides), how many stamps reach each cell of a square.

    The counts are what a kernel of ones gives for a picture of ones under `valid`; the part that
    `same` keeps is outlined.
    """
    fig, axes = plt.subplots(2, 2, figsize=(5.6, 6.0), dpi=120, layout="constrained")
    for ax, (k, s) in zip(axes.flat, cases, strict=True):
        layer = Conv2DTranspose(1, k, strides=s, use_bias=False, kernel_initializer="ones")
        counts = layer(np.ones((1, size, size, 1)))[0, :, :, 0].astype(int)
        _counts(ax, counts)
        before, _ = rules.transposed_pads(size, k, s, "same")
        kept = rules.transposed_length(size, k, s, "same")
        ax.add_patch(
            Rectangle(
                (before, before),
                kept,
                kept,
                fill=False,
                edgecolor=LIGHT["output-strong"],
                linewidth=2,
                linestyle=(0, (4, 2)),
                zorder=4,
            )
        )
        ax.set_title(f"kernel {k}, stride {s}", weight="bold", size=MEDIUM)
    return fig


def upsampled(pictures):
    """Draw grey pictures, {title: values from 0 to 1}, side by side, each cell a sharp square."""
    columns = 2
    rows = -(-len(pictures) // columns)
    tall = max(p.shape[0] / p.shape[1] for p in pictures.values())
    fig, axes = plt.subplots(
        rows, columns, figsize=(5.6, rows * (2.75 * tall + 0.3)), dpi=100, layout="constrained"
    )
    for ax, (title, values) in zip(axes.flat, pictures.items(), strict=True):
        ax.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title, weight="bold", size=MEDIUM)
        ax.axis("off")
    return fig


def _counts(ax, counts):
    """Cells with their counts; the more stamps, the deeper the colour."""
    levels = {0: "padding", 1: "card", 2: "output"}
    rows, columns = counts.shape
    for r in range(rows):
        for c in range(columns):
            n = counts[r, c]
            face = LIGHT[levels.get(n, "output-strong")]
            dark = n not in levels
            alpha = 1 if not dark else 0.45 if n < 9 else 0.85
            ax.add_patch(Rectangle((c, r), 1, 1, facecolor=face, alpha=alpha))
            ax.add_patch(Rectangle((c, r), 1, 1, fill=False, edgecolor=LIGHT["line"], lw=0.5))
            colour = LIGHT["paper" if dark and alpha > 0.8 else "ink"]
            ax.text(c + 0.5, r + 0.52, n, ha="center", va="center", size=10, color=colour)
    ax.set_xlim(-0.15, columns + 0.15)
    ax.set_ylim(rows + 0.15, -0.15)
    ax.set_aspect("equal")
    ax.axis("off")


def _title(ax, y, text):
    ax.text(-3.0, y, text, weight="bold", size=MEDIUM, va="center")


def _label(ax, y, text):
    ax.text(-0.2, y, text, ha="right", va="center", size=MEDIUM)


def _cell(ax, x, y, value, role, *, dashed=None):
    dashed = role == "padding" if dashed is None else dashed
    ax.add_patch(
        Rectangle(
            (x, y),
            1,
            1,
            facecolor=LIGHT[role],
            edgecolor=LIGHT["line"],
            linestyle=(0, (2, 2)) if dashed else "-",
            linewidth=0.8,
        )
    )
    colour = LIGHT["muted" if role in ("padding", "card") else "ink"]
    ax.text(x + 0.5, y + 0.5, f"{value:g}", ha="center", va="center", color=colour, size=MEDIUM)


def _cross(ax, x, y):
    for rows in ((0.1, 0.9), (0.9, 0.1)):
        ax.plot([x + 0.1, x + 0.9], [y + r for r in rows], color=LIGHT["warning"], linewidth=1.2)


def _frame(x, y, role):
    return Rectangle((x, y), 1, 1, fill=False, edgecolor=LIGHT[role], linewidth=2.4, zorder=3)


def _canvas(ax, xlim, ylim):
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    ax.set_aspect("equal")
    ax.axis("off")
