"""Figures of the chapter on strides and dilation."""

from itertools import product

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from convlib.padding import span
from convlib.visuals.figures import LARGE
from convlib.visuals.palette import LIGHT


def aliases(*rows):
    """Draw, for each (title, picture, strided, averaged) of stripes, the three side by side."""
    fig, axes = plt.subplots(len(rows), 3, figsize=(6.4, 1.5 * len(rows)), layout="constrained")
    for row, (title, *pictures) in zip(axes, rows, strict=True):
        for ax, picture in zip(row, pictures, strict=True):
            _grey(ax, picture)
        row[0].set_ylabel(title, size=LARGE)
    _titles(axes[0])
    return fig


def strided_photograph(*pictures):
    """Draw a grey picture, its strided and its averaged version side by side."""
    fig, axes = plt.subplots(1, 3, figsize=(6.4, 3.2), dpi=100, layout="constrained")
    for ax, picture in zip(axes, pictures, strict=True):
        _grey(ax, picture)
    _titles(axes)
    return fig


def cones(*stacks):
    """Draw, for each (title, layers), the cells that one output of a stack depends on.

    `layers` are (kernel size, stride, dilation), from the input up; pads are not drawn. A unit
    stands above the middle of its own field.
    """
    widest = max(_reach(layers)[0][-1] for _, layers in stacks)
    levels = max(len(layers) for _, layers in stacks)
    height = 0.45 * (levels + 1) * len(stacks)
    fig, axes = plt.subplots(len(stacks), 1, figsize=(6, height), dpi=100, squeeze=False)
    fig.subplots_adjust(0, 0.01, 1, 0.99)
    for ax, (title, layers) in zip(axes[:, 0], stacks, strict=True):
        _cone(ax, layers, (widest - _reach(layers)[0][-1]) / 2)
        ax.text(-0.4, len(layers), title, ha="left", va="center", size=LARGE, weight="bold")
        ax.set_xlim(-0.6, widest + 0.6)
        ax.set_ylim(-0.4, levels + 0.4)
        ax.axis("off")
    return fig


def paths(*maps):
    """Draw matrices (title, counts): by how many paths each input cell reaches one output."""
    fig, axes = plt.subplots(1, len(maps), figsize=(6.4, 3.6), layout="constrained")
    colours = LinearSegmentedColormap.from_list("paths", [LIGHT["input"], LIGHT["input-strong"]])
    colours.set_bad(LIGHT["card"])
    size = max(len(counts) for _, counts in maps)
    for ax, (title, counts) in zip(axes, maps, strict=True):
        edge = (size - len(counts)) / 2
        seen = np.ma.masked_equal(counts, 0)
        ax.pcolormesh(seen, cmap=colours, edgecolor=LIGHT["hairline"], linewidth=0.5)
        for r, c in np.argwhere(counts == 0):
            ax.plot(c + 0.5, r + 0.5, "x", color=LIGHT["warning"], markersize=3.5)
        ax.set_xlim(-edge, len(counts) + edge)
        ax.set_ylim(-edge, len(counts) + edge)
        ax.set_aspect("equal")
        ax.axis("off")
        ax.set_title(title, size=LARGE)
    return fig


def prices(dates, price, average, changes):
    """Plot a price with its average, and below it changes over several lags.

    `average` is aligned with the last dates, and so is each of `changes`, {lag: values}.
    """
    fig, (top, bottom) = plt.subplots(
        2, 1, figsize=(5.8, 5), dpi=120, sharex=True, layout="constrained"
    )
    top.plot(dates, price, color=LIGHT["input-strong"], lw=0.9, label="closing price")
    top.plot(
        dates[-len(average) :],
        average,
        "--",
        color=LIGHT["output-strong"],
        label="six layers of two weights",
    )
    top.legend(frameon=False, fontsize=LARGE)
    bottom.axhline(0, color=LIGHT["line"], lw=0.8)
    styles = (("kernel-strong", "-", 0.7), ("input-strong", "-", 1.2), ("output-strong", "--", 1.8))
    for (lag, values), (role, line, width) in zip(changes.items(), styles, strict=True):
        label = f"dilation {lag}"
        bottom.plot(dates[-len(values) :], values, line, color=LIGHT[role], lw=width, label=label)
    bottom.set_ylim(top=420)
    bottom.legend(frameon=False, fontsize=LARGE, loc="upper center", ncols=3)
    bottom.set_title("change over so many days: weights −1 and 1", loc="left", size=LARGE)
    for ax in (top, bottom):
        ax.set_ylabel("dollars")
    locator = AutoDateLocator()
    bottom.xaxis.set_major_locator(locator)
    bottom.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    return fig


def _reach(layers):
    """The cells of each level, from the input up, that output 0 of the last layer depends on."""
    reach = [[0]]
    for k, s, d in reversed(layers):
        cells = {i * s + tap for i in reach[0] for tap in range(0, span(k, d), d)}
        reach.insert(0, sorted(cells))
    return reach


def _cone(ax, layers, shift):
    reach = _reach(layers)
    jumps = np.cumprod([1] + [s for _, s, _ in layers])
    fields = np.cumsum(
        [0] + [(span(k, d) - 1) * q for (k, _, d), q in zip(layers, jumps, strict=False)]
    )

    def place(level, cell):
        return shift + fields[level] / 2 + np.asarray(cell) * jumps[level]

    for level, (k, s, d) in enumerate(layers):
        for i, j in product(reach[level + 1], range(k)):
            x = [place(level + 1, i), place(level, i * s + j * d)]
            ax.plot(x, [level + 1, level], color=LIGHT["kernel-strong"], lw=0.9, zorder=1)
    for level, cells in enumerate(reach):
        role = "input" if level == 0 else "output" if level == len(layers) else "kernel"
        colours = {"facecolor": LIGHT[role], "edgecolor": LIGHT[f"{role}-strong"]}
        ax.scatter(place(level, cells), [level] * len(cells), s=62, zorder=2, **colours)
    missed = sorted(set(range(reach[0][-1])) - set(reach[0]))
    ax.scatter(place(0, missed), [0] * len(missed), marker="x", color=LIGHT["warning"], s=34)


def _grey(ax, picture):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest", aspect="auto")
    ax.set_xticks([])
    ax.set_yticks([])


def _titles(axes):
    for ax, title in zip(axes, ("input", "stride only", "mean, then stride"), strict=True):
        ax.set_title(title, size=LARGE)
