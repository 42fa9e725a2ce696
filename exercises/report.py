"""How outcomes look: HTML in a notebook, the same as text elsewhere."""

import html
import re
from itertools import groupby

import numpy as np

_MARK = {"PASSED": "✓", "FAILED": "✗", "ERROR": "!", "UNATTEMPTED": "…"}
_COLOUR = {"PASSED": "#00704f", "FAILED": "#b3261e", "ERROR": "#b3261e", "UNATTEMPTED": "#59636e"}
_MOST_CELLS = 400  # larger arrays are not drawn


class Text:
    """A text, or code with a note, that shows itself as a block in a notebook."""

    def __init__(self, text, code=False, note=""):
        self.text, self.code, self.note = text, code, note

    def __repr__(self):
        return "\n\n".join(filter(None, [self.text, self.note]))

    def _repr_html_(self):
        text = f"<pre>{html.escape(self.text)}</pre>" if self.code else f"<p>{prose(self.text)}</p>"
        return text + (f"<p>{prose(self.note)}</p>" if self.note else "")


def prose(text):
    """A text as HTML, with what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def short(value, most=200):
    """A value as text of bounded length; of a large array the shape and the first values."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, np.ndarray):
        if value.size > 24:
            first = ", ".join(short(v) for v in value.ravel()[:4])
            return f"array of shape {value.shape} [{first}, …]"
        if value.ndim > 2 or not value.size:
            return f"{_nested(value.squeeze())} of shape {value.shape}"
        return _nested(value)
    return own_text(value, most)


def _nested(array):
    """An array's values as those of nested lists."""
    if isinstance(array, np.ndarray) and array.ndim:
        return f"[{', '.join(map(_nested, array))}]"
    return short(array[()] if isinstance(array, np.ndarray) else array)


def own_text(value, most=200):
    """What repr gives for whatever object, in bounded length."""
    try:
        text = repr(value)
    except Exception as error:
        text = f"<{type(value).__name__} whose repr raised {type(error).__name__}>"
    return text if len(text) <= most else text[: most - 1] + "…"


def as_text(outcome):
    """The outcome as plain lines."""
    lines = [f"{_MARK[outcome.outcome]} {outcome.outcome}", *outcome.lines]
    if outcome.arrays:
        yours, expected, _ = outcome.arrays
        if yours.size <= 64:
            lines += ["yours:", str(yours), "expected:", str(expected)]
    if outcome.details:
        lines += ["", outcome.details]
    return "\n".join(lines)


def as_html(outcome):
    """The outcome as a block: mark and word, sentences, pictures, folded details."""
    colour = _COLOUR[outcome.outcome]
    parts = [
        f'<div style="border-left:4px solid {colour};padding:.25em .75em;margin:.25em 0">',
        f"<b>{_MARK[outcome.outcome]} {outcome.outcome}</b>",
    ]
    parts += [f'<p style="margin:.25em 0">{prose(line)}</p>' for line in outcome.lines]
    if outcome.arrays:
        yours, expected, differs = outcome.arrays
        both = np.concatenate([np.ravel(yours), np.ravel(expected)]).astype(float)
        if yours.size <= _MOST_CELLS and np.isfinite(both).all():
            limits = both.min(), both.max()
            plane = _plane_of_first(differs)
            parts.append('<div style="display:flex;flex-wrap:wrap;gap:1em">')
            parts += [_picture("yours", yours, differs, plane, limits)]
            parts += [_picture("expected", expected, differs, plane, limits), "</div>"]
    if outcome.details:
        parts.append(
            f"<details><summary>Details</summary><pre>{html.escape(outcome.details)}</pre></details>"
        )
    return "".join([*parts, "</div>"])


def _picture(name, array, differs, index, limits):
    """A plane of an array as a small SVG; cells that `differs` marks have a thick border."""
    plane, marked = _plane(array[index]), _plane(differs[index])
    low, high = limits
    rows, columns = plane.shape
    cell = 28
    shapes = []
    for r in range(rows):
        for c in range(columns):
            shade = 0.5 if high == low else (plane[r, c] - low) / (high - low)
            light = int(245 - 150 * shade)
            stroke = '#b3261e" stroke-width="2.5' if marked[r, c] else '#8a94a0" stroke-width="0.5'
            ink = "#fff" if light < 118 else "#000"
            shapes.append(
                f'<rect x="{c * cell + 2}" y="{r * cell + 2}" '
                f'width="{cell - 2}" height="{cell - 2}" '
                f'fill="rgb({light},{light},{light})" stroke="{stroke}"/>'
                f'<text x="{c * cell + 1 + cell / 2}" y="{r * cell + 4 + cell / 2}" fill="{ink}" '
                f'font-size="9" text-anchor="middle">{plane[r, c]:.3g}</text>'
            )
    which = ", ".join(":" if isinstance(i, slice) else str(i) for i in index)
    at = f", at [{which}]" if plane.size < array.size else ""
    label = html.escape(f"{name}, shape {array.shape}{at}")
    return (
        f'<figure style="margin:0"><figcaption>{label}</figcaption>'
        f'<svg role="img" aria-label="{label}" width="{columns * cell + 4}" '
        f'height="{rows * cell + 4}">{"".join(shapes)}</svg></figure>'
    )


def _plane_of_first(differs):
    """The index of what is drawn: of many axes the last two before the channels."""
    found = np.argwhere(differs)
    whole = differs.ndim < 3 or (differs.ndim == 3 and differs.shape[-1] >= len(differs))
    if whole or not len(found):
        return ()
    *leading, _, _, channel = (int(i) for i in found[0])
    return (*leading, slice(None), slice(None), channel)


def _plane(array):
    """Up to three axes as a matrix: a vector as one row, the last two axes side by side."""
    array = np.asarray(array, float)
    return array.reshape(len(array), -1) if array.ndim > 1 else array.reshape(1, -1)


class Table:
    """The progress over all chapters; HTML in a notebook, text elsewhere."""

    def __init__(self, exercises, entries):
        self.rows = []
        for name, exercise in exercises.items():
            entry = entries.get(name, {})
            self.rows.append(
                (
                    name,
                    exercise.title,
                    entry.get("outcome", "UNATTEMPTED"),
                    entry.get("checks", 0),
                    entry.get("hints", 0),
                )
            )

    def _chapters(self):
        """Pairs of a chapter with how much of it is solved, and its rows."""
        for chapter, rows in groupby(self.rows, lambda row: row[0].partition(".")[0]):
            own = list(rows)
            yield f"{chapter}: {_solved(own)}", own

    def __repr__(self):
        lines = []
        for chapter, rows in self._chapters():
            lines += ["", chapter]
            lines += [
                f"{_MARK[outcome]} {name:<40} {outcome:<12} {checks:>3} checks, {hints} hints"
                for name, _, outcome, checks, hints in rows
            ]
        return "\n".join([*lines, "", f"In all {_solved(self.rows)}."]).strip()

    def _repr_html_(self):
        left = ' style="text-align:left"'
        parts = [
            f"<table><tr><th{left}>exercise</th><td></td><th{left}>outcome</th>"
            "<th>checks</th><th>hints</th></tr>"
        ]
        for chapter, rows in self._chapters():
            parts.append(f'<tr><th colspan="5"{left}>{chapter}</th></tr>')
            parts += [
                f"<tr><td{left}>{html.escape(name)}</td><td{left}>{html.escape(title)}</td>"
                f"<td{left}>{_MARK[outcome]} {outcome}</td><td>{checks}</td><td>{hints}</td></tr>"
                for name, title, outcome, checks, hints in rows
            ]
        return "".join([*parts, f"</table><p>In all {_solved(self.rows)}.</p>"])


def _solved(rows):
    return f"{sum(row[2] == 'PASSED' for row in rows)} of {len(rows)} solved"
