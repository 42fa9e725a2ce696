"""Figures of the chapter on a whole network."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.visuals.figures import MEDIUM
from convlib.visuals.palette import LIGHT


def architecture(steps):
    """Draw a network's arrays, from the input on, as blocks with their shapes.

    `steps` are pairs (what makes the array, its shape without the batch). A block is as high as its
    array, and wider the more channels that has; a vector is a thin bar.
    """
    fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
    x = 0
    for index, (name, shape) in enumerate(steps):
        flat = len(shape) == 1
        height = 4 * np.log2(shape[0]) - 4 if flat else shape[0]
        width = 2 if flat else 1.6 * np.log2(shape[-1]) + 0.5
        if index == 0:
            role = "input"
        else:
            role = "kernel" if name.startswith(("Conv", "Dense")) else "output"
        ax.add_patch(
            Rectangle(
                (x, -height / 2),
                width,
                height,
                facecolor=LIGHT[role],
                edgecolor=LIGHT[f"{role}-strong"],
                linewidth=1.6,
            )
        )
        middle = x + width / 2
        ax.text(
            middle,
            height / 2 + 1.2,
            str(shape).replace(",)", ")"),
            rotation=90,
            size=MEDIUM,
            ha="center",
            va="bottom",
        )
        ax.text(
            middle,
            -height / 2 - 1.2,
            name,
            rotation=90,
            size=MEDIUM,
            ha="center",
            va="top",
            color=LIGHT[f"{role}-strong"],
            weight="bold",
        )
        x += width + 4.2
    ax.set_xlim(-2, x - 2.2)
    ax.set_ylim(-39, 36)
    ax.axis("off")
    return fig


def shares(names, columns):
    """Draw for each layer its share of several totals as bars, with its number at the end.

    `columns` maps a title to one number for each layer.
    """
    fig, axes = plt.subplots(
        len(columns), 1, figsize=(6.2, 2.05 * len(columns)), layout="constrained"
    )
    rows = np.arange(len(names))
    for ax, (title, numbers) in zip(axes, columns.items(), strict=True):
        total = sum(numbers)
        share = [100 * number / total for number in numbers]
        strong = [LIGHT["kernel-strong" if s == max(share) else "line"] for s in share]
        ax.barh(rows, share, color=strong)
        for row, (percent, number) in enumerate(zip(share, numbers, strict=True)):
            label = f"{number:,} = {percent:.1f} %" if number else "0"
            ax.text(percent + 1, row, label, va="center", size=10)
        ax.set_yticks(rows, names, size=10)
        ax.invert_yaxis()
        ax.set_xlim(0, 135)
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
        ax.tick_params(left=False)
        ax.set_title(f"{title}: {total:,}", loc="left", weight="bold", size=MEDIUM)
    return fig


def feature_maps(picture, rows):
    """Show a picture, and below it for each (title, `(height, width, maps)`) its first 6 maps."""
    count = 6
    fig = plt.figure(figsize=(7, 2.6 + 1.5 * len(rows)), dpi=100, layout="constrained")
    top, *below = fig.subfigures(len(rows) + 1, 1, height_ratios=[2.3, *[1.5] * len(rows)])
    ax = top.subplots()
    ax.imshow(picture, interpolation="nearest")
    ax.axis("off")
    ax.set_title(f"input {picture.shape}", size=MEDIUM)
    for part, (title, maps) in zip(below, rows, strict=True):
        part.suptitle(title, size=MEDIUM)
        for index, ax in enumerate(part.subplots(1, count)):
            ax.imshow(maps[..., index], cmap="gray", vmin=0, interpolation="nearest")
            ax.axis("off")
    return fig
