"""Figures of the chapter on learning."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib.visuals.figures import MEDIUM, grid
from convlib.visuals.palette import LIGHT

STYLES = ("-", "--", ":", "-.")


def conv_gradients(x, kernel, y, dkernel, dx):
    """Draw a convolution and its two gradients, for dy of ones, as three sums of matrices."""
    dy = np.ones_like(y)
    rows = (
        ("forward: x and kernel give y", (x, "input"), (kernel, "kernel"), (y, "output")),
        (
            "kernel gradient: x and dy give dkernel",
            (x, "input"),
            (dy, "output"),
            (dkernel, "kernel"),
        ),
        (
            "input gradient: each cell of dy stamps the kernel",
            (dy, "output"),
            (kernel, "kernel"),
            (dx, "input"),
        ),
    )
    names = (("x", "kernel", "y"), ("x", "dy", "dkernel"), ("dy", "kernel", "dx"))
    fig, axes = plt.subplots(3, 3, figsize=(6.2, 7.2), layout="constrained")
    for line, (title, *arrays) in enumerate(rows):
        for ax, (values, role), name in zip(axes[line], arrays, names[line], strict=True):
            grid(ax, values, role)
            ax.set_xlim(-0.6, 4.6)
            ax.set_ylim(4.9, -0.9)
            ax.text(0, -0.25, name, weight="bold", color=LIGHT[f"{role}-strong"], size=MEDIUM)
        axes[line, 1].set_title(title, size=MEDIUM, weight="bold", pad=10)
    return fig


def routes(panels):
    """Draw how gradients pass layers: for each (title, x, dx) the input and its gradient."""
    fig, axes = plt.subplots(2, len(panels), figsize=(7, 4.9), layout="constrained")
    for (title, x, dx), (above, below) in zip(panels, axes.T, strict=True):
        grid(above, x, "input", title=title)
        grid(below, dx, "output", title="dx")
        for (row, column), value in np.ndenumerate(dx):
            if value:
                below.add_patch(
                    Rectangle(
                        (column, row),
                        1,
                        1,
                        fill=False,
                        linewidth=2,
                        edgecolor=LIGHT["output-strong"],
                    )
                )
    return fig


def paths(loss, walks):
    """Draw walks, {name: points `(steps, 2)`}, on the level lines of loss(a, b)."""
    fig, ax = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
    a, b = np.meshgrid(np.linspace(-4.4, 2, 120), np.linspace(-1.5, 1.5, 80))
    ax.contour(
        a,
        b,
        loss(a, b),
        levels=[0.1, 0.5, 1.5, 3.5, 6.5, 10.5],
        colors=LIGHT["line"],
        linewidths=0.8,
    )
    for (name, points), style, marker in zip(walks.items(), STYLES, "os^", strict=False):
        ax.plot(
            *np.transpose(points), style, marker=marker, markersize=4, linewidth=1.4, label=name
        )
    ax.plot(0, 0, "+", color=LIGHT["ink"], markersize=12)
    ax.set_xlabel("first weight")
    ax.set_ylabel("second weight")
    ax.legend(
        facecolor=LIGHT["card"], edgecolor="none", framealpha=1, fontsize=MEDIUM, loc="lower right"
    )
    return fig


def curves(histories, steps):
    """Plot the loss after every step of one run, and the accuracies by epoch of several runs."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.1), layout="constrained")
    left.plot(np.arange(1, len(steps) + 1), steps, color=LIGHT["kernel-strong"], linewidth=1)
    left.set_yscale("log")
    left.set_xlabel("step")
    left.set_title("loss of each batch, one run", size=MEDIUM, loc="left")
    for index, history in enumerate(histories):
        epochs = np.arange(1, len(history["accuracy"]) + 1)
        label = {"label": "training digits"} if index == 0 else {}
        right.plot(epochs, history["accuracy"], color=LIGHT["input-strong"], linewidth=1, **label)
        label = {"label": "test digits"} if index == 0 else {}
        right.plot(
            epochs,
            history["val_accuracy"],
            "--",
            color=LIGHT["output-strong"],
            linewidth=1.4,
            **label,
        )
    right.set_ylim(0.85, 1.005)
    right.set_xticks([1, 5, 10, 15])
    right.set_xlabel("epoch")
    right.set_title("share read correctly", size=MEDIUM, loc="left")
    right.legend(frameon=False, fontsize=MEDIUM, loc="lower right")
    return fig


def kernels(before, after):
    """Show the 3x3 kernels of a layer, `(3, 3, 1, filters)`, before and after training."""
    columns = before.shape[-1] // 2
    fig = plt.figure(figsize=(7, 4.4), layout="constrained")
    limit = max(np.abs(before).max(), np.abs(after).max())
    blocks = fig.subfigures(2, 1, hspace=0.06)
    for block, weights, title in zip(blocks, (before, after), ("before", "after"), strict=True):
        block.suptitle(f"{title} training", size=MEDIUM, weight="bold")
        for index, ax in enumerate(block.subplots(2, columns).flat):
            ax.imshow(weights[:, :, 0, index], cmap="gray", vmin=-limit, vmax=limit)
            ax.set_xticks([])
            ax.set_yticks([])
            ax.spines[:].set(visible=True, color=LIGHT["line"])
    return fig


def confusion(table, mistakes):
    """Draw the table of true against predicted digits, and the mistakes: (image, true, read)."""
    shown = mistakes[:6]
    fig = plt.figure(figsize=(7, 4), layout="constrained")
    left, right = fig.subfigures(1, 2, width_ratios=[4, 3])
    ax = left.subplots()
    ax.imshow(np.where(table > 0, 1, 0) + np.eye(10) * 2, cmap="Greys", vmin=0, vmax=9)
    for (row, column), count in np.ndenumerate(table):
        if count:
            wrong = row != column
            ax.text(
                column,
                row,
                int(count),
                ha="center",
                va="center",
                size=9,
                weight="bold" if wrong else "normal",
                color=LIGHT["warning" if wrong else "ink"],
            )
    ax.set_xticks(range(10))
    ax.set_yticks(range(10))
    ax.set_xlabel("read as")
    ax.set_ylabel("is")
    for ax in (axes := right.subplots(3, 2)).flat:
        ax.axis("off")
    for ax, (image, true, read) in zip(axes.flat, shown, strict=False):
        ax.imshow(image, cmap="gray_r")
        ax.set_title(f"{true}, read as {read}", size=MEDIUM)
    return fig


def settings(results):
    """Draw for each setting the test accuracy of every seed, and a histogram of its weights.

    `results` maps a name to (accuracies, weights).
    """
    fig, axes = plt.subplots(
        len(results),
        2,
        figsize=(6.6, 0.85 * len(results) + 0.6),
        sharex="col",
        layout="constrained",
    )
    bins = np.linspace(-0.6, 0.6, 61)
    for (name, (accuracies, weights)), (left, right) in zip(results.items(), axes, strict=True):
        left.plot(
            accuracies,
            np.zeros(len(accuracies)),
            "o",
            color=LIGHT["output-strong"],
            markersize=7,
            alpha=0.6,
        )
        left.set_yticks([0], [name], size=MEDIUM)
        left.set_ylim(-1, 1)
        left.grid(axis="x", color=LIGHT["hairline"])
        counts, _ = np.histogram(weights, bins)
        right.fill_between(
            bins[:-1], counts / counts.max(), step="post", color=LIGHT["kernel-strong"]
        )
        right.set_yticks([])
        right.spines["left"].set_visible(False)
    axes[0, 1].set_xticks([-0.5, 0, 0.5])
    axes[0, 0].set_title("test accuracy, one dot a seed", size=MEDIUM)
    axes[0, 1].set_title("weights of the second layer", size=MEDIUM)
    return fig
