"""What a graded class looks like: rows in a CSV file, and a page that needs nothing but itself."""

import csv
import time
from collections import Counter

from exercises import all_exercises
from exercises.grading import BROKEN
from exercises.judge import OUTCOMES
from exercises.misconceptions import CATALOGUE
from exercises.outcomes import UNATTEMPTED
from exercises.report import prose

COLUMNS = ["student", "notebook", "exercise", "outcome", "misconception", "message"]
COLUMNS += ["checks", "seconds"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --paper: #fff; --line: #c5ccd3;
  --PASSED: #00704f; --FAILED: #b3261e; --ERROR: #8a5a00; --UNATTEMPTED: #8a94a0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --paper: #14181c; --line: #46505a;
  --PASSED: #3cc795; --FAILED: #ff8a80; --ERROR: #e5b04b; --UNATTEMPTED: #78828c; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 75rem; margin: 0 auto; padding: 1rem;
  color: var(--ink); background: var(--paper); }
.wide { overflow-x: auto; margin: 2rem 0; }
table { border-collapse: collapse; width: 100%; min-width: 48rem; }
caption { text-align: left; font-size: 1.25rem; font-weight: bold; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem;
  border-bottom: 1px solid var(--line); overflow-wrap: break-word; white-space: pre-line; }
tbody th { font-weight: normal; }
.bar { display: flex; width: 10rem; height: 1rem; margin-top: .25rem; }
.key { display: inline-block; width: .7em; height: .7em; }
@media print { .wide { overflow: visible; } table { min-width: 0; } }
""" + "".join(f".{outcome} {{ background: var(--{outcome}); }}\n" for outcome in OUTCOMES)


def write_csv(path, rows):
    """Write rows as CSV; no cell can act as a formula in a spreadsheet."""
    # The mark at the beginning tells Excel that this is UTF-8.
    with open(path, "w", newline="", encoding="utf-8-sig", errors="backslashreplace") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            cells = [str(row[column]) for column in COLUMNS]
            writer.writerow(["'" + c if c.startswith(_FORMULA) else c for c in cells])


def write_html(path, rows, limits):
    """Write the class' page; `limits` is a sentence about how the notebooks were run."""
    with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(_page(rows, limits))


def _page(rows, limits):
    students = sorted({row["student"] for row in rows})
    best = _best(rows)
    names = [name for name in all_exercises() if any(row["exercise"] == name for row in rows)]
    outcomes = {
        (student, name): best[student, name]["outcome"] if (student, name) in best else UNATTEMPTED
        for student in students
        for name in names
    }
    broken = [row for row in rows if row["outcome"] == BROKEN]
    keys = [f'<span class="key {o}" aria-hidden="true"></span> {o.lower()}' for o in OUTCOMES]

    def line(head, seen, *, of=""):
        counts = Counter(seen)
        numbers = [str(counts[outcome]) for outcome in OUTCOMES]
        return [head, _bar(counts), numbers[0] + of, *numbers[1:]]

    by_student = [
        line(_text(s), [outcomes[s, n] for n in names], of=f" of {len(names)}") for s in students
    ]
    by_exercise = [
        line(f"{_text(n)}<br>{_text(all_exercises()[n].title)}", [outcomes[s, n] for s in students])
        for n in names
    ]
    answers = [
        [_text(row[c]) for c in ("student", "exercise", "outcome", "message")]
        for row in best.values()
        if row["outcome"] in ("FAILED", "ERROR")
    ]
    unread = [[_text(row[c]) for c in ("student", "notebook", "message")] for row in broken]
    parts = [
        _table("Students", ["student", "", *keys], by_student),
        _table("Exercises, by the number of students", ["exercise", "", *keys], by_exercise),
        _table(
            "Misconceptions of the class, the most frequent first",
            ["misconception", "times", "where", "what is true", "next step"],
            _misconceptions(best.values()),
        ),
        _table("Notebooks that gave no answers", ["student", "notebook", "reason"], unread),
        _table("Answers that did not pass", ["student", "exercise", "outcome", "message"], answers),
    ]
    count = f"{len(students)} students, {len({r['notebook'] for r in rows})} notebooks"
    count += f", {len(names)} exercises; {time.strftime('%Y-%m-%d %H:%M')}."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Exercises of the class</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>Exercises of the class</h1>"
        f"<p>{_text(count)} {_text(limits)}</p><p>Of several notebooks of one student, the best "
        "outcome of each exercise counts; an exercise that a student has not handed in is "
        f"unattempted.</p>{''.join(parts)}</main></body></html>\n"
    )


def _best(rows):
    """{(student, exercise): the row with the best outcome}."""
    found = {}
    for row in sorted(rows, key=lambda row: [*OUTCOMES, BROKEN].index(row["outcome"])):
        if row["outcome"] != BROKEN:
            found.setdefault((row["student"], row["exercise"]), row)
    return dict(sorted(found.items()))


def _misconceptions(rows):
    seen = {}
    for row in rows:
        if row["misconception"]:
            seen.setdefault(row["misconception"], Counter()).update([row["exercise"]])
    for name, places in sorted(seen.items(), key=lambda item: (-item[1].total(), item[0])):
        m = CATALOGUE[name]
        where = "<br>".join(f"{_text(place)}: {count}" for place, count in places.items())
        yield [_text(m.title), str(places.total()), where, _text(m.explanation), _text(m.next_step)]


def _bar(counts):
    widths = {o: 100 * counts[o] / counts.total() for o in OUTCOMES if counts[o]}
    spans = "".join(f'<span class="{o}" style="width:{w:.4g}%"></span>' for o, w in widths.items())
    return f'<div class="bar" aria-hidden="true">{spans}</div>'  # the numbers stand beside it


def _table(caption, head, rows):
    """A table of cells that are HTML; it scrolls by keyboard where it is too wide."""
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    columns = "".join(f'<th scope="col">{h}</th>' if h else "<td></td>" for h in head)
    if not body:
        return f"<h2>{caption}</h2><p>None.</p>"
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _text(value):
    return prose(str(value))
