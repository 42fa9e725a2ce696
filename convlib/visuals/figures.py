"""Matplotlib figures of the book: grids of cells with their values, windows and pads.

A figure stands on a light card in both themes, so it uses the light colours of the palette.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.visuals.palette import LIGHT

MEDIUM, LARGE = 11, 12  # type that can be read where a figure is scaled down to a narrow screen


def use_style():
    """Set matplotlib to the book's style: the palette, quiet axes, crisp text."""
    plt.rcParams.update(
        {
            "figure.facecolor": LIGHT["card"],
            "savefig.facecolor": LIGHT["card"],
            "axes.facecolor": LIGHT["card"],
            "figure.dpi": 150,
            "figure.figsize": (7, 3.2),
            "font.size": 10,
            "axes.titlesize": 10,
            "axes.edgecolor": LIGHT["line"],
            "axes.labelcolor": LIGHT["ink"],
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.prop_cycle": plt.cycler(
                color=[LIGHT[f"{role}-strong"] for role in ("input", "kernel", "output")]
            ),
            "text.color": LIGHT["ink"],
            "xtick.color": LIGHT["muted"],
            "ytick.color": LIGHT["muted"],
            "lines.linewidth": 1.8,
        }
    )


def grid(ax, values, role="input", *, pads=((0, 0), (0, 0)), window=None, title=None, fmt="{:g}"):
    """Draw a matrix as cells with their values, surrounded by its padding cells.

    `values` `(rows, columns)`; a vector is drawn as one row. `pads` are the (before, after) zeros
    of rows and columns, drawn dashed and grey. `window` ((row, height), (column, width)), in cells
    of the padded grid, is outlined. `role` is "input", "kernel" or "output".
    """
    values = np.atleast_2d(values)
    (top, bottom), (left, right) = pads
    rows, columns = values.shape
    for r in range(-top, rows + bottom):
        for c in range(-left, columns + right):
            inside = 0 <= r < rows and 0 <= c < columns
            x, y = c + left, r + top
            ax.add_patch(
                Rectangle(
                    (x, y),
                    1,
                    1,
                    facecolor=LIGHT[role if inside else "padding"],
                    edgecolor=LIGHT["line"],
                    linestyle="-" if inside else (0, (2, 2)),
                    linewidth=0.8,
                )
            )
            text = fmt.format(values[r, c]) if inside else "0"
            colour = LIGHT["ink" if inside else "muted"]
            ax.text(x + 0.5, y + 0.5, text, ha="center", va="center", color=colour)
    if window is not None:
        (row, height), (column, width) = window
        ax.add_patch(
            Rectangle(
                (column, row),
                width,
                height,
                fill=False,
                edgecolor=LIGHT["kernel-strong"],
                linewidth=2.4,
            )
        )
    ax.set_xlim(-0.1, left + columns + right + 0.1)
    ax.set_ylim(top + rows + bottom + 0.1, -0.1)
    ax.set_aspect("equal")
    ax.axis("off")
    if title:
        ax.set_title(title, color=LIGHT["ink"])
    return ax
