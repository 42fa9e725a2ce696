"""Figures of the chapter on tensors and layers."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.visuals.figures import LARGE
from convlib.visuals.palette import LIGHT


def layouts(height=2, width=3):
    """Draw one sample of two channels, and the order of its numbers in memory in both formats."""
    places = height * width
    sample = np.stack([np.arange(places), 10 + np.arange(places)], axis=-1)
    sample = sample.reshape(height, width, 2)
    fig, ax = plt.subplots(figsize=(5.6, 4.7))
    fig.subplots_adjust(0, 0, 1, 1)
    for channel, x in ((0, 1.2), (1, 7.3)):
        ax.text(x, 0.75, f"channel {channel}", size=LARGE)
        for (row, column), value in np.ndenumerate(sample[..., channel]):
            _cell(ax, x + column, 1 + row, value)
    _strip(
        ax,
        4.9,
        f"channels_last ({height}, {width}, 2)",
        sample.ravel(),
        [(2 * i, 2, f"pixel {i}") for i in range(places)],
    )
    _strip(
        ax,
        8.4,
        f"channels_first (2, {height}, {width})",
        np.moveaxis(sample, -1, 0).ravel(),
        [(places * c, places, f"channel {c}") for c in range(2)],
    )
    ax.set_xlim(-0.25, 2 * places + 0.25)
    ax.set_ylim(10.6, 0.1)
    ax.set_aspect("equal")
    ax.axis("off")
    return fig


def life(states):
    """Draw the states of a layer's life below each other, with the call that leads to the next.

    `states` is a list of (name, what the layer holds then, the call that leads there or None).
    """
    fig, ax = plt.subplots(figsize=(5.6, 1.15 * len(states) + 0.1))
    fig.subplots_adjust(0, 0, 1, 1)
    for number, (name, holds, call) in enumerate(states):
        y = 1.5 * number
        role = ("input", "kernel", "output")[number]
        edge = LIGHT[f"{role}-strong"]
        ax.add_patch(Rectangle((0, y), 10, 0.95, facecolor=LIGHT[role], edgecolor=edge, lw=1.4))
        ax.text(0.2, y + 0.48, name, weight="bold", va="center", size=LARGE)
        ax.text(1.9, y + 0.48, holds, va="center", size=LARGE)
        if call:
            arrow = {"arrowstyle": "-|>", "color": LIGHT["muted"], "linewidth": 1.6}
            ax.annotate("", (1, y - 0.02), (1, y - 0.55), arrowprops=arrow)
            ax.text(1.3, y - 0.28, call, va="center", size=LARGE, family="monospace")
    ax.set_xlim(-0.1, 10.1)
    ax.set_ylim(1.5 * len(states) - 0.45, -0.1)
    ax.axis("off")
    return fig


def _strip(ax, y, title, values, groups):
    ax.text(0, y - 0.3, title, weight="bold", size=LARGE)
    for position, value in enumerate(values):
        _cell(ax, position, y, value)
    for start, length, name in groups:
        low = y + 1.15
        left, right = start + 0.12, start + length - 0.12
        ax.plot([left, left, right, right], [low, low + 0.2, low + 0.2, low], color=LIGHT["muted"])
        ax.text(start + length / 2, low + 0.3, name, ha="center", va="top")


def _cell(ax, x, y, value):
    """A number in a cell, light for channel 0 and dark for channel 1, whose numbers are from 10."""
    second = value >= 10
    face = LIGHT["input-strong" if second else "input"]
    ax.add_patch(Rectangle((x, y), 1, 1, facecolor=face, edgecolor=LIGHT["line"], linewidth=0.8))
    colour = LIGHT["paper" if second else "ink"]
    ax.text(x + 0.5, y + 0.5, str(value), ha="center", va="center", color=colour, size=LARGE)
