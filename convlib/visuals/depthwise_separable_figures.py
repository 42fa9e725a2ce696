"""Figures of the chapter on depthwise and separable convolution."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.visuals.figures import MEDIUM
from convlib.visuals.palette import LIGHT

SHEET = 0.8  # the side of a sheet in the diagram of the two stages


def two_stages(channels=3, depth_multiplier=2, filters=4):
    """Draw which channel goes where: each slides by itself, then all are mixed."""
    deep = channels * depth_multiplier
    fig, ax = plt.subplots(figsize=(5.6, 0.72 * deep + 0.8))
    fig.subplots_adjust(0, 0, 1, 1)
    left, kernel, middle, right = 0.6, 2.3, 4.0, 6.9
    inputs = (np.arange(channels) + 0.5) * depth_multiplier - 0.5
    outputs = np.linspace(0, deep - 1, filters + 2)[1:-1]
    for c, y in enumerate(inputs):
        for m in range(depth_multiplier):
            row = c * depth_multiplier + m
            _line(ax, (left + SHEET, y), (kernel, row), "kernel-strong")
            _line(ax, (kernel + 0.55, row), (middle, row), "kernel-strong")
            _sheet(ax, kernel, row, "kernel", f"{c},{m}", 0.55)
    for row in range(deep):
        for y in outputs:
            _line(ax, (middle + SHEET, row), (right, y), "muted", width=0.7)
        _sheet(ax, middle, row, "card", row)
    for c, y in enumerate(inputs):
        _sheet(ax, left, y, "input", c)
    for f, y in enumerate(outputs):
        _sheet(ax, right, y, "output", f)
    for x, text in (
        (left + SHEET / 2, "input"),
        (kernel + 0.28, "slide"),
        (middle + SHEET / 2, "c · M + m"),
        ((middle + SHEET + right) / 2, "mix"),
        (right + SHEET / 2, "output"),
    ):
        ax.text(x, -1, text, ha="center", va="center", weight="bold", size=MEDIUM)
    _canvas(ax, (0, 8.2), (deep - 0.35, -1.4))
    return fig


def spectrum(channels=8, filters=8, groups=(1, 2, 4, 8)):
    """Draw which input channels (columns) each filter (row) reads, for each number of groups."""
    fig, axes = plt.subplots(2, 2, figsize=(5.6, 5.7), layout="constrained")
    for ax, g in zip(axes.flat, groups, strict=True):
        reads = np.kron(np.eye(g), np.ones((filters // g, channels // g)))
        for (row, column), on in np.ndenumerate(reads):
            ax.add_patch(
                Rectangle(
                    (column, row),
                    1,
                    1,
                    facecolor=LIGHT["kernel" if on else "card"],
                    edgecolor=LIGHT["line"],
                    hatch="//" if on else None,
                    linewidth=0.7,
                )
            )
        name = {1: ", full", channels: ", depthwise"}.get(g, "")
        ax.set_title(f"groups={g}{name}", weight="bold", size=MEDIUM)
        ax.text(channels / 2, filters + 0.7, f"{int(reads.sum())} pairs", ha="center", size=MEDIUM)
        _canvas(ax, (-0.2, channels + 0.2), (filters + 1.1, -0.1))
    return fig


def two_kinds():
    """Draw the two products that are called separable, of space and of space with channels."""
    fig, (top, bottom) = plt.subplots(
        2, 1, figsize=(5.6, 4.4), height_ratios=[4.4, 5.9], layout="constrained"
    )
    column, row = np.array([[1], [2], [1]]), np.array([[-1, 0, 1]])
    _product(
        top,
        "Separable in space: column × row",
        [(0, 0, column, "card"), (2.2, 1, row, "card"), (6.6, 0, column @ row, "kernel")],
        signs=((1.6, 1.5, "×"), (5.9, 1.5, "=")),
    )
    pattern = np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])
    panels = [(0, 0.5, pattern, "card"), (4.2, 1, np.array([[1], [2]]), "card")]
    panels += [(6.6, 0.5, pattern, "kernel"), (10.2, 0.5, 2 * pattern, "kernel")]
    _product(
        bottom,
        "Depthwise separable: one pattern × a weight for each filter",
        panels,
        signs=((3.6, 2, "×"), (5.9, 2, "=")),
        notes=((1.5, 4.2, "any pattern"), (8.1, 4.2, "filter 0"), (11.7, 4.2, "filter 1")),
    )
    return fig


def responses(columns):
    """Draw grey pictures in columns, {title: {row's name: values}}, 0 as mid grey, one scale."""
    names = list(next(iter(columns.values())))
    most = max(np.abs(values).max() for rows in columns.values() for values in rows.values())
    height, width = next(iter(columns[next(iter(columns))].values())).shape
    size = 5.6, 5.6 / len(columns) * height / width * len(names) + 0.5
    fig, axes = plt.subplots(
        len(names), len(columns), figsize=size, dpi=100, layout="constrained", squeeze=False
    )
    for column, (title, rows) in enumerate(columns.items()):
        for ax, name in zip(axes[:, column], names, strict=True):
            ax.imshow(rows[name], "gray", vmin=-most / 2, vmax=most / 2, interpolation="nearest")
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set_visible(False)
            if column == 0:
                ax.set_ylabel(name, size=MEDIUM, color=LIGHT["ink"])
        axes[0, column].set_title(title, weight="bold", size=MEDIUM)
    return fig


def _product(ax, title, panels, signs, notes=()):
    for x, y, values, role in panels:
        for (row, column), value in np.ndenumerate(values):
            ax.add_patch(
                Rectangle(
                    (x + column, y + row), 1, 1, facecolor=LIGHT[role], edgecolor=LIGHT["line"]
                )
            )
            ax.text(x + column + 0.5, y + row + 0.5, value, ha="center", va="center", size=MEDIUM)
    for x, y, sign in signs:
        ax.text(x, y, sign, ha="center", va="center", size=15)
    for x, y, text in notes:
        ax.text(x, y, text, ha="center", va="center", size=MEDIUM)
    ax.text(0, -0.7, title, weight="bold", size=MEDIUM)
    _canvas(ax, (-0.3, 13.5), (4.7 if notes else 3.2, -1.2))


def _sheet(ax, x, y, role, text, side=SHEET):
    edge = LIGHT[f"{role}-strong"] if f"{role}-strong" in LIGHT else LIGHT["line"]
    ax.add_patch(
        Rectangle((x, y - side / 2), side, side, facecolor=LIGHT[role], edgecolor=edge, zorder=3)
    )
    ax.text(x + side / 2, y, text, ha="center", va="center", size=MEDIUM if side == SHEET else 9)
    ax.texts[-1].set_zorder(4)


def _line(ax, start, stop, role, width=1.4):
    ax.plot(*zip(start, stop, strict=True), color=LIGHT[role], linewidth=width, zorder=1)


def _canvas(ax, xlim, ylim):
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    ax.set_aspect("equal")
    ax.axis("off")
