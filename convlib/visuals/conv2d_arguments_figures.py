"""Figures of the chapter on the arguments of Conv2D."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib import activations
from convlib.visuals.figures import LARGE, grid
from convlib.visuals.palette import LIGHT


def groups(channels, filters, choices):
    """Draw which input channel each filter reads, for each number of groups in `choices`."""
    fig, axes = plt.subplots(1, len(choices), figsize=(6.2, 3.1), layout="constrained")
    rows = max(channels, filters)
    for ax, count in zip(axes, choices, strict=True):
        read, made = channels // count, filters // count
        for f in range(filters):
            for c in range(f // made * read, f // made * read + read):
                ax.plot([1.1, 3.2], [c + 0.4, f + 0.4], color=LIGHT["line"], linewidth=1.2)
        for x, number, role, letter in ((0, channels, "input", "c"), (3.2, filters, "output", "f")):
            for i in range(number):
                edge = LIGHT[f"{role}-strong"]
                ax.add_patch(
                    Rectangle((x, i), 1.1, 0.8, facecolor=LIGHT[role], edgecolor=edge, lw=1.4)
                )
                ax.text(x + 0.55, i + 0.4, f"{letter}{i}", ha="center", va="center", size=LARGE)
        ax.set_title(f"groups={count}", weight="bold", size=LARGE)
        ax.text(2.15, rows + 0.3, f"each filter\nreads {read}", ha="center", va="top", size=LARGE)
        ax.set_xlim(-0.1, 4.4)
        ax.set_ylim(rows + 1.1, -0.2)
        ax.axis("off")
    return fig


def curves(names):
    """Plot activation functions, each beside the diagonal."""
    columns = 4
    fig, axes = plt.subplots(
        -(-len(names) // columns),
        columns,
        figsize=(6.2, 1.7 * -(-len(names) // columns)),
        sharex=True,
        sharey=True,
        layout="constrained",
    )
    x = np.linspace(-4, 4, 401)
    for ax, name in zip(axes.flat, names, strict=True):
        ax.axhline(0, color=LIGHT["line"], linewidth=0.8)
        ax.axvline(0, color=LIGHT["line"], linewidth=0.8)
        ax.plot(x, x, color=LIGHT["line"], linestyle=(0, (4, 3)), linewidth=1)
        ax.plot(x, activations.get(name)(x), color=LIGHT["output-strong"], linewidth=2.2)
        ax.set_title(name, size=LARGE)
        ax.set_ylim(-2, 4)
        ax.set_xticks([-4, 0, 4])
        ax.set_yticks([-2, 0, 2, 4])
    return fig


def histograms(drawn):
    """Plot weights as histograms with one scale; `drawn` is {name: (weights, limit)}."""
    fig, axes = plt.subplots(2, 2, figsize=(6.2, 3.9), sharex=True, sharey=True)
    fig.set_layout_engine("constrained")
    for ax, (name, (weights, limit)) in zip(axes.flat, drawn.items(), strict=True):
        ax.hist(
            weights.ravel(),
            bins=np.linspace(-limit, limit, 2 * round(limit / 0.02) + 1),
            facecolor=LIGHT["kernel"],
            edgecolor=LIGHT["kernel-strong"],
            linewidth=0.6,
        )
        for side in (-limit, limit):
            ax.axvline(side, color=LIGHT["ink"], linestyle=(0, (4, 3)), linewidth=1.2)
        ax.set_title(f"{name}: ± {limit:.3f}", size=LARGE)
    for ax in axes[1]:
        ax.set_xlabel("weight")
    for ax in axes[:, 0]:
        ax.set_ylabel("number")
    return fig


def kernels(titled):
    """Draw 3x3 kernels side by side, each under its title and above its norm."""
    fig, axes = plt.subplots(1, len(titled), figsize=(6.2, 2.6), layout="constrained")
    for ax, (title, kernel) in zip(axes, titled.items(), strict=True):
        grid(ax, kernel, "kernel", fmt="{:.2f}")
        ax.set_title(title, size=LARGE)
        columns = np.sqrt(np.square(kernel).sum(0)).max()
        whole = np.sqrt(np.square(kernel).sum())
        text = f"column norm {columns:.2f}\nfilter norm {whole:.2f}"
        ax.text(1.5, 3.25, text, ha="center", va="top", size=LARGE)
        ax.set_ylim(4.1, -0.1)
    return fig
