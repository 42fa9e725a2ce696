"""Figures of the chapter on padding."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from convlib import padding as rules
from convlib.layers import Conv2D
from convlib.visuals.figures import grid
from convlib.visuals.palette import LIGHT

INCHES = 0.42  # the side of a cell in the figures with one axis
ROW = 0.62  # the height of a window below its input, in cells


def strips(*cases, total=True):
    """Draw cases of one axis below each other: the padded input, each window, its sum.

    A case is (title, values, settings); the settings are those of `convlib.padding.pads`, or `pads`
    in place of a padding's name. A cell that no window reads is crossed out; `total` writes the sum
    of each window to its right.
    """
    drawn = [_strip_layout(*case) for case in cases]
    left = max(strip["pads"][0] for strip in drawn)
    right = max(len(strip["values"]) + strip["pads"][1] for strip in drawn)
    right += 2.4 if total else 0.2
    height = sum(2.3 + ROW * len(strip["starts"]) for strip in drawn) - 0.3
    fig, ax = plt.subplots(figsize=((left + right + 0.4) * INCHES, height * INCHES))
    fig.subplots_adjust(0, 0, 1, 1)
    y = 0.9
    for strip in drawn:
        _strip(ax, y, -left, right - 1.1 if total else None, **strip)
        y += 2.3 + ROW * len(strip["starts"])
    _canvas(ax, (-left - 0.2, right + 0.2), (height, 0))
    return fig


def missing_cells(n=6, kernel_size=3, strides=2):
    """Draw where the last window of `same` ends, and thus how many cells are missing."""
    out = rules.output_length(n, kernel_size, strides, "same")
    before = rules.pads(n, kernel_size, strides, "same")[0]
    end = (out - 1) * strides + kernel_size
    fig, ax = plt.subplots(figsize=(5.4, 2.55))
    fig.subplots_adjust(0, 0, 1, 1)
    for cell in range(end):
        inside = before <= cell < before + n
        _cell(ax, cell, 0, "" if inside else "0", "input" if inside else "padding")
    for i in range(out):
        x, y = i * strides, 1.2 + 0.5 * i
        ax.add_patch(_box(x, y, kernel_size, 0.38, "kernel"))
        ax.text(x - 0.15, y + 0.19, f"window {i}", ha="right", va="center")
    low = 1.4 + 0.5 * out
    _measure(ax, before, before + n, -0.45, f"n = {n}")
    _measure(ax, before + n, end, -0.45, f"total = {end - n}", outside=True)
    _measure(ax, 0, end - kernel_size, low, f"(out − 1) · s = {end - kernel_size}", below=True)
    _measure(ax, end - kernel_size, end, low, f"span = {kernel_size}", below=True)
    _canvas(ax, (-2.1, end + 1.9), (low + 0.9, -1.1))
    return fig


def all_ones(kernel_size, padding, size=5, strides=(1, 2, 3)):
    """Draw a square of ones with its padding and windows, and below it what a kernel of ones gives.

    The first window is outlined with a full line, the last with a dashed one; a dot marks the
    first cell of every window.
    """
    wide = size + sum(rules.pads(size, kernel_size, 1, padding))
    most = rules.output_length(size, kernel_size, strides[0], padding)
    fig, axes = plt.subplots(
        2,
        len(strides),
        figsize=(5.6, 0.5 + 1.8 * (1 + most / wide)),
        height_ratios=[wide, most],
        layout="constrained",
    )
    for (top, bottom), s in zip(axes.T, strides, strict=True):
        before, after = rules.pads(size, kernel_size, s, padding)
        layer = Conv2D(
            1, kernel_size, strides=s, padding=padding, use_bias=False, kernel_initializer="ones"
        )
        y = layer(np.ones((1, size, size, 1)))[0, :, :, 0]
        grid(top, np.ones((size, size)), pads=((before, after), (before, after)))
        _windows_2d(top, len(y), kernel_size, s)
        _unread_2d(top, size, before, len(y), kernel_size, s)
        top.set_title(f"strides={s}", weight="bold", size=12)
        grid(bottom, y, "output")
        for ax, cells, rows in ((top, before + size + after, wide), (bottom, len(y), most)):
            margin = (wide - cells) / 2
            ax.set_xlim(-margin - 0.1, cells + margin + 0.1)
            ax.set_ylim(rows + 0.1, -0.1)
    return fig


def border(picture, kernel_size):
    """Draw a grey picture, its mean over squares under `same`, and the share of real cells."""
    layer = Conv2D(1, kernel_size, padding="same", use_bias=False, kernel_initializer="ones")
    mean = layer(picture[None, :, :, None])[0, :, :, 0] / kernel_size**2
    share = layer(np.ones((1, *picture.shape, 1)))[0, :, :, 0] / kernel_size**2
    fig, axes = plt.subplots(1, 3, figsize=(5.6, 2.6), layout="constrained")
    titles = "the photograph", "mean under same", "share of real cells"
    for ax, title, values in zip(axes, titles, (picture, mean, share), strict=True):
        ax.imshow(values, cmap="gray", vmin=0, vmax=1)
        ax.set_title(title, size=12)
        ax.axis("off")
    rows, columns = picture.shape
    for y, x, va, ha in ((4, 4, "top", "left"), (4, columns / 2, "top", "center")):
        text = f"{share[0, int(x) if ha == 'center' else 0]:.2f}"
        box = {"facecolor": LIGHT["paper"], "edgecolor": LIGHT["line"], "pad": 2}
        axes[2].text(x, y, text, va=va, ha=ha, size=11, bbox=box)
    axes[2].text(columns / 2, rows / 2, "1.00", va="center", ha="center", size=11, color="black")
    return fig


def changed_outputs(cases, changed):
    """Draw, for each (title, inputs, outputs), which outputs a change of one input reaches.

    `inputs` are the input's cells, `outputs` a list of (value before, value after).
    """
    fig, axes = plt.subplots(len(cases), 1, figsize=(4.4, 2.15 * len(cases)), squeeze=False)
    fig.subplots_adjust(0, 0, 1, 1)
    for ax, (title, inputs, outputs) in zip(axes[:, 0], cases, strict=True):
        ax.text(0, -0.5, title, weight="bold", size=12, va="center")
        for t, value in enumerate(inputs):
            _cell(ax, t, 0, f"{value:g}", "input")
        _outline(ax, changed, 0, "input-strong")
        ax.text(changed + 0.5, -0.3, "changes", ha="center", va="center")
        for t, (old, new) in enumerate(outputs):
            _cell(ax, t, 1.6, f"{old:g}", "output")
            if old != new:
                _outline(ax, t, 1.6, "output-strong")
                ax.text(t + 0.5, 2.88, f"→ {new:g}", ha="center", va="center")
        ax.plot([changed] * 2, [-0.2, 3.1], color=LIGHT["muted"], linestyle=(0, (4, 3)), lw=1.2)
        ax.text(-0.2, 0.5, "input", ha="right", va="center", size=12)
        ax.text(-0.2, 2.1, "output", ha="right", va="center", size=12)
        _canvas(ax, (-1.8, len(inputs) + 0.2), (3.2, -0.9))
    return fig


def dilated_stack(steps=16, kernel_size=2, dilations=(1, 2, 4, 8)):
    """Draw which inputs the last output of a stack of dilated causal layers sees."""
    fig, ax = plt.subplots(figsize=(5.6, 3.0))
    fig.subplots_adjust(0, 0, 1, 1)
    levels = len(dilations)
    seen = {steps - 1}
    for level in range(levels, 0, -1):
        d = dilations[level - 1]
        below = {t - j * d for t in seen for j in range(kernel_size) if t - j * d >= 0}
        for t in sorted(seen):
            for j in range(kernel_size):
                if t - j * d >= 0:
                    ax.plot(
                        [t, t - j * d], [level, level - 1], color=LIGHT["kernel-strong"], zorder=1
                    )
        _dots(ax, steps, level, seen, "output" if level == levels else "kernel")
        ax.text(-0.7, level, f"dilation {d}", ha="right", va="center", size=11)
        seen = below
    _dots(ax, steps, 0, seen, "input")
    ax.text(-0.7, 0, "input", ha="right", va="center", size=11)
    ax.set_xlim(-5, steps - 0.4)
    ax.set_ylim(-0.5, levels + 0.5)
    ax.axis("off")
    return fig


def _dots(ax, steps, level, seen, role):
    for t in range(steps):
        face = LIGHT[role] if t in seen else LIGHT["card"]
        edge = LIGHT[f"{role}-strong"] if t in seen else LIGHT["line"]
        style = "-" if t in seen else ":"
        ax.plot(t, level, "o", markersize=9, markerfacecolor=face, markeredgecolor="none")
        ax.scatter(t, level, s=80, facecolor=face, edgecolor=edge, linestyle=style, zorder=2)


def _strip_layout(title, values, settings):
    settings = {"kernel_size": 3, "strides": 1, "dilation_rate": 1, "padding": "valid", **settings}
    given = settings.pop("pads", None)
    values = np.asarray(values)
    before, after = given or rules.pads(len(values), **settings)
    cells = rules.span(settings["kernel_size"], settings["dilation_rate"])
    # Where the pads are named by hand, the windows are those that fit.
    out = (before + len(values) + after - cells) // settings["strides"] + 1
    return {
        "title": title,
        "values": values,
        "pads": (before, after),
        "starts": [i * settings["strides"] - before for i in range(out)],
        "taps": [j * settings["dilation_rate"] for j in range(settings["kernel_size"])],
    }


def _strip(ax, y, left, result, *, title, values, pads, starts, taps):
    n, (before, after) = len(values), pads
    read = {start + tap for start in starts for tap in taps}
    ax.text(left, y - 0.4, title, weight="bold", size=11, va="center")
    for cell in range(-before, n + after):
        inside = 0 <= cell < n
        text = f"{values[cell]:g}" if inside else "0"
        _cell(ax, cell, y, text, "input" if inside else "padding")
        if cell not in read:
            _cross(ax, cell, y)
    if result is not None:
        ax.text(result + 0.5, y + 0.5, "sum", ha="center", va="center", size=11)
    for row, start in enumerate(starts):
        top = y + 1.12 + ROW * row
        ends = [start + 0.5, start + taps[-1] + 0.5]
        ax.plot(ends, [top + 0.24] * 2, color=LIGHT["kernel-strong"], linewidth=1)
        for tap in taps:
            ax.add_patch(_box(start + tap + 0.04, top, 0.92, 0.48, "kernel"))
        if result is not None:
            total = sum(values[start + tap] for tap in taps if 0 <= start + tap < n)
            ax.add_patch(_box(result, top - 0.03, 1, 0.54, "output"))
            ax.text(result + 0.5, top + 0.24, f"{total:g}", ha="center", va="center")


def _windows_2d(ax, out, kernel_size, strides):
    for i in range(out):
        for j in range(out):
            ax.plot(j * strides + 0.17, i * strides + 0.17, ".", color=LIGHT["kernel-strong"])
    last = (out - 1) * strides
    for start, style in ((0, "-"), (last, (0, (3, 1.5)))):
        ax.add_patch(
            Rectangle(
                (start, start),
                kernel_size,
                kernel_size,
                fill=False,
                edgecolor=LIGHT["kernel-strong"],
                linestyle=style,
                linewidth=2.4,
                clip_on=False,
                zorder=4,
            )
        )


def _unread_2d(ax, size, before, out, kernel_size, strides):
    """Cross out the input's cells that no window reads."""
    read = {i * strides + j for i in range(out) for j in range(kernel_size)}
    for r in range(before, before + size):
        for c in range(before, before + size):
            if r not in read or c not in read:
                _cross(ax, c, r)


def _cell(ax, x, y, text, role):
    padded = role == "padding"
    style = (0, (2, 2)) if padded else "-"
    ax.add_patch(
        Rectangle(
            (x, y), 1, 1, facecolor=LIGHT[role], edgecolor=LIGHT["line"], linestyle=style, lw=0.8
        )
    )
    colour = LIGHT["muted" if padded else "ink"]
    ax.text(x + 0.5, y + 0.5, text, ha="center", va="center", color=colour, size=11)


def _box(x, y, width, height, role):
    return Rectangle(
        (x, y), width, height, facecolor=LIGHT[role], edgecolor=LIGHT[f"{role}-strong"], zorder=3
    )


def _outline(ax, x, y, role):
    ax.add_patch(Rectangle((x, y), 1, 1, fill=False, edgecolor=LIGHT[role], lw=2.4, zorder=3))


def _cross(ax, x, y):
    for rows in ((0.1, 0.9), (0.9, 0.1)):
        ax.plot([x + 0.1, x + 0.9], [y + r for r in rows], color=LIGHT["warning"], linewidth=1.2)


def _measure(ax, start, stop, y, text, *, below=False, outside=False):
    """Draw a dimension line with its text."""
    ax.plot([start + 0.05, stop - 0.05], [y, y], "|-", color=LIGHT["muted"], linewidth=1.2)
    if outside:
        ax.text(stop + 0.15, y, text, va="center", size=11)
    else:
        shift, va = (0.18, "top") if below else (-0.15, "bottom")
        ax.text((start + stop) / 2, y + shift, text, ha="center", va=va, size=11)


def _canvas(ax, xlim, ylim):
    ax.set_xlim(*xlim)
    ax.set_ylim(*ylim)
    ax.set_aspect("equal")
    ax.axis("off")
