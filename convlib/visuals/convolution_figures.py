"""Figures of the chapter on Conv1D and Conv2D."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.patches import Polygon, Rectangle

from convlib.visuals.figures import LARGE, grid
from convlib.visuals.palette import LIGHT

DEPTH = np.array([0.55, -0.55])  # how far one channel lies behind the other, in cells


def kernels():
    """Draw a Conv1D and a Conv2D kernel on their inputs, with what slides and what does not."""
    fig, (left, right) = plt.subplots(
        1, 2, figsize=(6.2, 3.7), width_ratios=[9.6, 14.4], layout="constrained"
    )
    _conv1d_kernel(left)
    _conv2d_kernel(right)
    for ax, width in ((left, 9.6), (right, 14.4)):
        ax.set_xlim(-1.6, width - 1.6)
        ax.set_ylim(11.8, -2.1)
        ax.set_aspect("equal")
        ax.axis("off")
    return fig


def _conv1d_kernel(ax, steps=8, channels=4, start=1, k=3):
    ax.text(-1.5, -1.5, "Conv1D(1, 3)", weight="bold", size=LARGE)
    _plane(ax, (0, 0), steps, channels, "input")
    _plane(ax, (0, start), k, channels, "kernel")
    _outline(ax, (0, start), k, channels)
    _plane(ax, (6, 0), steps - k + 1, 1, "output")
    _outline(ax, (6, start), 1, 1, role="output")
    _arrow(ax, (channels + 0.15, start + k / 2), (5.9, start + 0.5), LIGHT["muted"])
    _arrow(ax, (-0.5, start), (-0.5, steps), LIGHT["kernel-strong"])
    ax.text(
        -1.1,
        steps / 2 + 0.6,
        "slides over steps",
        rotation=90,
        ha="center",
        va="center",
        size=LARGE,
    )
    ax.text(channels / 2, -0.35, "C channels", ha="center", size=LARGE)
    _shapes(ax, (0, steps + 1), f"({steps}, C)", f"({k}, C)", f"({steps - k + 1}, 1)")


def _conv2d_kernel(ax, size=6, channels=3, k=3, row=1, column=1):
    ax.text(-1.5, -1.5, "Conv2D(1, 3)", weight="bold", size=LARGE)
    front, window = np.array([0, 1.6]), np.array([column, row])
    for channel in reversed(range(channels)):
        corner = front + channel * DEPTH
        _plane(ax, corner, size, size, "input")
        _plane(ax, corner + window, k, k, "kernel")
    _block(ax, front + window, k, channels - 1)
    out = size - k + 1
    _plane(ax, (8.6, 1.6), out, out, "output")
    _outline(ax, (8.6 + column, 1.6 + row), 1, 1, role="output")
    start = (column + k + 0.15, 1.6 + row + k / 2)
    _arrow(ax, start, (8.5 + column, 1.6 + row + 0.5), LIGHT["muted"])
    _arrow(ax, (-0.5, 2.6), (-0.5, 7.6), LIGHT["kernel-strong"])
    _arrow(ax, (1, 8.2), (size, 8.2), LIGHT["kernel-strong"])
    ax.text(-1.1, 4.9, "slides over height", rotation=90, ha="center", va="center", size=LARGE)
    ax.text(size / 2 + 0.1, 9.0, "and over width", ha="center", size=LARGE)
    ax.text(size + 1.25, 0.4, "C channels", va="center", size=LARGE)
    shapes = f"({size}, {size}, C)", f"({k}, {k}, C)", f"({out}, {out}, 1)"
    _shapes(ax, (6.7, 9), *shapes)


def flip():
    """Draw what Keras and what mathematics do with the kernel [1, 2, 3] on a single 1."""
    fig, axes = plt.subplots(3, 2, figsize=(5.6, 2.6), layout="constrained")
    x, kernel = np.array([0, 0, 1, 0, 0]), np.array([1, 2, 3])
    panels = (
        ("Keras:\nthe kernel as it is", kernel, np.correlate(x, kernel, "valid")),
        ("Mathematics:\nthe kernel flipped", kernel[::-1], np.convolve(x, kernel, "valid")),
    )
    for column, (title, taps, y) in enumerate(panels):
        rows = (("input", x, 0), ("kernel", taps, 0), ("output", y, 1))
        for ax, (role, values, shift) in zip(axes[:, column], rows, strict=True):
            grid(ax, values, role)
            ax.set_xlim(-2.2 - shift, 5.2 - shift)
            ax.text(-0.3 - shift, 0.5, role, ha="right", va="center", size=LARGE)
        axes[0, column].set_title(title, weight="bold", size=LARGE)
    return fig


def full_width_kernel(words, dim=4, k=3):
    """Draw a Conv2D kernel (k, dim) on the matrix (words, dim), under valid and under same."""
    steps = len(words)
    before, after = (dim - 1) // 2, dim // 2
    fig, axes = plt.subplots(
        2, 2, figsize=(5.6, 5.9), width_ratios=[3, 2], height_ratios=[6, 8], layout="constrained"
    )
    blank = {"fmt": ""}
    matrix = np.zeros((steps, dim))

    grid(axes[0, 0], matrix, window=((1, k), (0, dim)), **blank)
    grid(axes[0, 1], np.zeros((steps - k + 1, 1)), "output", **blank)
    _outline(axes[0, 1], (0, 1), 1, 1, role="output")

    pads = ((1, 1), (before, after))
    grid(axes[1, 0], matrix, pads=pads, window=((2, k), (dim - 1, dim)), **blank)
    grid(axes[1, 1], np.zeros((steps, dim)), "output", **blank)
    _outline(axes[1, 1], (dim - 1, 2), 1, 1, role="output")
    axes[1, 1].add_patch(
        Rectangle((before, 0), 1, steps, fill=False, hatch="///", edgecolor=LIGHT["output-strong"])
    )

    for (left, right), (top, side), title, shape in (
        (axes[0], (0, 0), 'padding="valid"', (steps - k + 1, 1)),
        (axes[1], (1, before), 'padding="same"', (steps, dim)),
    ):
        for row, word in enumerate(words):
            left.text(-0.3, row + top + 0.5, word, ha="right", va="center", size=LARGE)
        left.set_xlim(-2.2, side + dim + after + 0.2)
        left.set_title(f"{title}\nkernel ({k}, {dim}) on ({steps}, {dim}, 1)", size=LARGE)
        right.set_xlim(-0.6, dim + 0.6)
        right.set_ylim(left.get_ylim()[0] - top, -0.1 - top)
        right.set_title(f"one filter\noutput {shape}", size=LARGE)
    return fig


def series(dates, price, filtered):
    """Plot a series with its moving average, and below it the first and second difference.

    `filtered` `(len(dates), 3)` holds the three filters' outputs, aligned with the dates.
    """
    fig, axes = plt.subplots(
        3, 1, figsize=(5.8, 5), sharex=True, height_ratios=[2, 1, 1], layout="constrained"
    )
    axes[0].plot(dates, price, color=LIGHT["input-strong"], linewidth=1, label="closing price")
    axes[0].plot(
        dates, filtered[:, 0], "--", color=LIGHT["output-strong"], label="filter 0: moving average"
    )
    axes[0].set_ylabel("dollars")
    axes[0].legend(frameon=False, fontsize=LARGE)
    for ax, values, label in (
        (axes[1], filtered[:, 1], "filter 1: difference"),
        (axes[2], filtered[:, 2], "filter 2: second difference"),
    ):
        ax.axhline(0, color=LIGHT["line"], linewidth=0.8)
        ax.vlines(dates, 0, values, color=LIGHT["output-strong"], linewidth=1.4)
        ax.set_ylabel("dollars")
        ax.set_title(label, loc="left", size=LARGE)
    locator = AutoDateLocator()
    axes[2].xaxis.set_major_locator(locator)
    axes[2].xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return fig


def pictures(titled):
    """Show pictures in two columns, each under its title; a matrix is shown with 0 as mid grey."""
    rows = -(-len(titled) // 2)
    height, width = np.shape(next(iter(titled.values())))[:2]
    fig, axes = plt.subplots(
        rows,
        2,
        figsize=(7, rows * (3.4 * height / width + 0.35)),
        dpi=100,  # a photograph makes a large file
        layout="constrained",
    )
    for ax, (title, picture) in zip(axes.flat, titled.items(), strict=True):
        limit = np.abs(picture).max()
        if picture.ndim == 2:
            ax.imshow(picture, cmap="gray", vmin=-limit, vmax=limit)
        else:
            ax.imshow(picture.clip(0, 1))
        ax.set_title(title, size=LARGE)
        ax.axis("off")
    return fig


def _shapes(ax, corner, *shapes):
    x, y = corner
    for line, (role, shape) in enumerate(zip(("input", "kernel", "output"), shapes, strict=True)):
        colour = LIGHT[f"{role}-strong"]
        ax.text(x, y + 1.2 * line, f"{role} {shape}", color=colour, weight="bold", size=LARGE)


def _plane(ax, corner, rows, columns, role):
    x, y = corner
    for row in range(rows):
        for column in range(columns):
            ax.add_patch(
                Rectangle(
                    (x + column, y + row),
                    1,
                    1,
                    facecolor=LIGHT[role],
                    edgecolor=LIGHT["line"],
                    linewidth=0.6,
                )
            )


def _outline(ax, corner, rows, columns, role="kernel"):
    colour = LIGHT[f"{role}-strong"]
    ax.add_patch(Rectangle(corner, columns, rows, fill=False, edgecolor=colour, linewidth=2.2))


def _block(ax, corner, k, layers):
    """Outline a block of k x k cells and its top and right sides, `layers` channels deep."""
    back, right, down = layers * DEPTH, np.array([k, 0]), np.array([0, k])
    top = [corner, corner + right, corner + right + back, corner + back]
    side = [corner + right, corner + right + down, corner + right + down + back, top[2]]
    for points in (top, side):
        ax.add_patch(
            Polygon(
                points,
                facecolor=LIGHT["kernel"],
                edgecolor=LIGHT["kernel-strong"],
                linewidth=2.2,
                joinstyle="round",
            )
        )
    _outline(ax, corner, k, k)


def _arrow(ax, start, end, colour):
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
