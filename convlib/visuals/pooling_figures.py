"""Figures of the chapter on pooling."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.padding import output_length, pads
from convlib.visuals.figures import LARGE, grid
from convlib.visuals.palette import LIGHT

STYLES = {  # a colour, a marker and a dash for each pool, so that none is told by colour alone
    "no pool": ("ink", "o", "-"),
    "max 2": ("kernel-strong", "^", "-"),
    "max 4": ("kernel-strong", "s", "--"),
    "max 8": ("kernel-strong", "D", ":"),
    "mean 8": ("output-strong", "v", "-"),
    "global mean": ("input-strong", "P", "--"),
}


def panels(*matrices, pool=2):
    """Draw matrices (title, values, role) in a row; "input" ones with their windows outlined."""
    widths = [len(values[0]) + 0.4 for _, values, _ in matrices]
    fig, axes = plt.subplots(
        1, len(matrices), figsize=(5.8, 2.2), width_ratios=widths, layout="constrained"
    )
    tallest = max(len(values) for _, values, _ in matrices)
    for ax, (title, values, role) in zip(axes, matrices, strict=True):
        grid(ax, values, role, title=title)
        ax.title.set_size(LARGE)
        rows, columns = np.shape(values)
        if role == "input":
            for r in range(0, rows, pool):
                for c in range(0, columns, pool):
                    _outline(ax, c, r, pool, pool)
        margin = (tallest - rows) / 2
        ax.set_ylim(rows + margin + 0.1, -margin - 0.1)
    return fig


def means(values, pool_size, strides=1):
    """Draw one axis under `same`: the windows, the cells they count and the means."""
    n = len(values)
    before, after = pads(n, pool_size, strides, "same")
    out = output_length(n, pool_size, strides, "same")
    row = 0.7
    right = n + after + 4.6
    fig, ax = plt.subplots(figsize=((before + right) * 0.5, (1.4 + row * out) * 0.5))
    fig.subplots_adjust(0, 0, 1, 1)
    for cell in range(-before, n + after):
        inside = 0 <= cell < n
        ax.add_patch(
            Rectangle(
                (cell, 0),
                1,
                1,
                facecolor=LIGHT["input" if inside else "padding"],
                edgecolor=LIGHT["line"],
                linestyle="-" if inside else (0, (2, 2)),
                lw=0.8,
            )
        )
        if inside:
            ax.text(cell + 0.5, 0.5, f"{values[cell]:g}", ha="center", va="center", size=LARGE)
    for i in range(out):
        top = 1.2 + row * i
        cells = [i * strides + t - before for t in range(pool_size)]
        counted = [values[cell] for cell in cells if 0 <= cell < n]
        for cell in cells:
            inside = 0 <= cell < n
            ax.add_patch(
                Rectangle(
                    (cell + 0.04, top),
                    0.92,
                    0.5,
                    facecolor=LIGHT["kernel"] if inside else "none",
                    edgecolor=LIGHT["kernel-strong"],
                    linestyle="-" if inside else (0, (2, 2)),
                    lw=1,
                )
            )
        total = f"{sum(counted):g} / {len(counted)} ="
        ax.text(right - 2.0, top + 0.25, total, ha="right", va="center", size=LARGE)
        ax.add_patch(
            Rectangle(
                (right - 1.8, top - 0.04),
                1.4,
                0.58,
                facecolor=LIGHT["output"],
                edgecolor=LIGHT["output-strong"],
            )
        )
        mean = f"{sum(counted) / len(counted):g}"
        ax.text(right - 1.1, top + 0.25, mean, ha="center", va="center", size=LARGE)
    ax.set_xlim(-before - 0.2, right)
    ax.set_ylim(1.2 + row * out, -0.2)
    ax.set_aspect("equal")
    ax.axis("off")
    return fig


def pictures(*panels):
    """Draw grey pictures (title, values from 0 to 1) in two columns."""
    rows = -(-len(panels) // 2)
    fig, axes = plt.subplots(rows, 2, figsize=(5, 3.1 * rows), dpi=100, layout="constrained")
    for ax, (title, values) in zip(axes.flat, panels, strict=True):
        ax.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(title, size=LARGE)
        ax.axis("off")
    return fig


def moved(*rows):
    """Draw for each (title, picture, the picture moved) both of them and how much they differ."""
    fig, axes = plt.subplots(len(rows), 3, figsize=(6.2, 5.2), dpi=110, layout="constrained")
    for line, (title, still, later) in zip(axes, rows, strict=True):
        for ax, values in zip(line, (still, later, np.abs(later - still)), strict=True):
            ax.imshow(values, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set_visible(False)
        line[0].set_ylabel(title, size=LARGE, color=LIGHT["ink"])
    for ax, title in zip(axes[0], ("still", "moved", "change"), strict=True):
        ax.set_title(title, size=LARGE)
    return fig


def shifts(changes):
    """Plot {name: changes of the output for shifts by 0, 1, 2, ... pixels}."""
    fig, ax = plt.subplots(figsize=(6.4, 3.8), dpi=110, layout="constrained")
    for name, values in changes.items():
        colour, marker, line = STYLES[name]
        ax.plot(values, line, marker=marker, markersize=5, color=LIGHT[colour], label=name)
    ax.set_xlim(0, None)
    ax.set_ylim(0, None)
    ax.set_xticks(range(len(values)))
    ax.set_xlabel("shift in pixels", size=LARGE)
    ax.set_ylabel("mean change, grey levels", size=LARGE)
    fig.legend(loc="outside right center", frameon=False, fontsize=LARGE)
    return fig


def interpolations(values, size, nearest, bilinear):
    """Plot what UpSampling makes of a vector: each output at its centre among the input cells."""
    fig, axes = plt.subplots(1, 2, figsize=(6.6, 2.6), sharey=True, layout="constrained")
    centres = (np.arange(len(values) * size) + 0.5) / size - 0.5
    for ax, (title, y) in zip(axes, (("nearest", nearest), ("bilinear", bilinear)), strict=True):
        for cell, value in enumerate(values):
            ax.axvspan(cell - 0.5, cell + 0.5, color=LIGHT["input"], alpha=1 - cell % 2, lw=0)
            ax.plot(cell, value, "s", color=LIGHT["input-strong"], markersize=9)
        style = "steps-mid" if title == "nearest" else "default"
        colour = LIGHT["output-strong"]
        ax.plot(centres, y, "o-", drawstyle=style, color=colour, markersize=5, lw=1.2)
        ax.set_title(title, size=LARGE)
        ax.set_xticks(range(len(values)))
        ax.set_xlabel("input cell", size=LARGE)
    return fig


def _outline(ax, x, y, width, height):
    edge = LIGHT["kernel-strong"]
    ax.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=edge, lw=2.2, zorder=3))
