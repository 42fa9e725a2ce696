"""Figures of the chapter on fast convolution."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator

from convlib.visuals.figures import LARGE, grid
from convlib.visuals.palette import LIGHT

LINES = {  # a colour, a marker and a dash for each way, so that none is told by colour alone
    "window by window": ("muted", "o", ":"),
    "shift and add": ("kernel-strong", "s", "-"),
    "window matrix": ("input-strong", "^", "-"),
    "Winograd F(4, 3)": ("warning", "D", "--"),
    "Fourier": ("ink", "v", "-."),
    "convlib": ("output-strong", "P", "-"),
    "full": ("input-strong", "s", "-"),
    "depthwise": ("kernel-strong", "^", "--"),
}


def window_matrix():
    """Draw a 4 x 4 input, its four 3 x 3 windows as rows of a matrix, and the product."""
    x = np.arange(1, 17).reshape(4, 4)
    rows = np.lib.stride_tricks.sliding_window_view(x, (3, 3)).reshape(4, 9)
    ones = np.ones((9, 1), int)
    fig, axes = plt.subplots(
        1, 4, figsize=(7, 4.0), width_ratios=[4.2, 9.2, 2, 2], layout="constrained"
    )
    grid(axes[0], x, window=((0, 3), (1, 3)))
    grid(axes[1], rows)
    axes[1].add_patch(
        Rectangle((0, 1), 9, 1, fill=False, edgecolor=LIGHT["kernel-strong"], linewidth=2.4)
    )
    grid(axes[2], ones, "kernel")
    grid(axes[3], rows @ ones, "output")
    axes[3].add_patch(
        Rectangle((0, 1), 1, 1, fill=False, edgecolor=LIGHT["output-strong"], linewidth=2.4)
    )
    for ax, rows_shown in zip(axes, (4, 4, 9, 4), strict=True):
        middle = rows_shown / 2  # the same scale for all four, beside each other's middle
        ax.set_ylim(middle + 4.6, middle - 4.6)
    for ax in axes[2:]:
        ax.set_xlim(-0.5, 1.5)
    titles = "input\n(4, 4)", "window matrix\n(4, 9)", "kernel\n(9, 1)", "output\n(4, 1)"
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, size=LARGE)
    return fig


def memory_runs(size=6, channels=3, k=3, row=1, column=1):
    """Draw the memory of a picture in both layouts, with the cells of one window marked."""
    inside = np.zeros((size, size), bool)
    inside[row : row + k, column : column + k] = True
    last = np.repeat(inside.reshape(-1, 1), channels, 1).ravel()
    first = np.repeat(inside.reshape(1, -1), channels, 0).ravel()
    fig, axes = plt.subplots(2, 1, figsize=(7, 3.4), layout="constrained")
    for ax, marked, name in (
        (axes[0], last, "channels last"),
        (axes[1], first, "channels first"),
    ):
        starts = np.flatnonzero(np.diff(marked.astype(int), prepend=0) == 1)
        length = marked.sum() // len(starts)
        wide = size * channels
        for cell, in_window in enumerate(marked):
            ax.add_patch(
                Rectangle(
                    (cell % wide, cell // wide),
                    1,
                    1,
                    facecolor=LIGHT["kernel" if in_window else "input"],
                    edgecolor=LIGHT["kernel-strong" if in_window else "hairline"],
                    hatch="////" if in_window else None,
                    linewidth=0.8,
                )
            )
        ax.set_xlim(-0.1, wide + 0.1)
        ax.set_ylim(size + 0.1, -0.1)
        ax.axis("off")
        ax.set_title(f"{name}: {len(starts)} runs of {length} numbers", size=LARGE)
    return fig


def times(panels, xlabel):
    """Plot times in milliseconds; `panels` is {title: {way: {x: seconds}}}."""
    fig, axes = plt.subplots(
        1, len(panels), figsize=(7, 4.4), sharey=True, squeeze=False, layout="constrained"
    )
    handles = {}
    for ax, (title, lines) in zip(axes[0], panels.items(), strict=True):
        for way, line in lines.items():
            handles[way] = _line(ax, way, line, 1000)
        _logarithmic(ax, title, xlabel, sorted({x for line in lines.values() for x in line}))
    axes[0, 0].set_ylabel("milliseconds a call", size=11)
    ways = [way for way in LINES if way in handles]
    fig.legend(
        [handles[way] for way in ways],
        ways,
        loc="outside lower center",
        ncols=3,
        frameon=False,
        fontsize=10.5,
    )
    return fig


def work_and_time(seconds, counts):
    """Plot the times of some layers and, beside them, their multiplications, over channels."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4), layout="constrained")
    for name, line in seconds.items():
        _line(left, name, line, 1000)
        _line(right, name, counts[name], 1e-6)
    for ax, title in ((left, "milliseconds a call"), (right, "million multiplications")):
        _logarithmic(ax, title, "channels", list(line))
    left.legend(frameon=False, fontsize=10.5)
    return fig


def _line(ax, way, line, unit):
    colour, marker, dash = LINES[way]
    return ax.loglog(
        list(line),
        [unit * value for value in line.values()],
        dash,
        color=LIGHT[colour],
        marker=marker,
        markersize=5,
        label=way,
    )[0]


def _logarithmic(ax, title, xlabel, ticks):
    ax.set_xticks(ticks, [str(x) for x in ticks])
    low, high = ax.get_ylim()
    subs = (1,) if high > 100 * low else (1, 2, 5)
    ax.yaxis.set_major_locator(LogLocator(subs=subs))
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.grid(axis="y", color=LIGHT["hairline"], linewidth=0.6)
    ax.set_title(title, size=11)
    ax.set_xlabel(xlabel, size=11)


def errors(table, single):
    """Plot the error of F(m, 3) in float32 over m, and the multiplications it needs for an output.

    `table` is {m: error}; `single` is what float32 can resolve.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2), layout="constrained")
    left.semilogy(
        list(table), list(table.values()), "-s", color=LIGHT["kernel-strong"], label="F(m, 3)"
    )
    left.axhline(single, color=LIGHT["muted"], linestyle=":", label="float32 resolution")
    left.set_title("largest error / largest output", size=LARGE)
    left.legend(frameon=False, fontsize=10.5)
    counts = [(m + 2) / m for m in table]
    right.plot(list(table), counts, "-o", color=LIGHT["output-strong"])
    right.set_ylim(0, 3.2)
    right.set_title("multiplications for an output", size=LARGE)
    for ax in (left, right):
        ax.set_xticks(list(table))
        ax.set_xlabel("m, outputs made together", size=11)
        ax.grid(axis="y", color=LIGHT["hairline"], linewidth=0.6)
    return fig
