"""Exercise texts hold their solutions in marked regions; this takes them apart.

In `exercises/text/<chapter>.md`, lines between `### BEGIN SOLUTION` and `### END SOLUTION`, and
what stands between `=` and `# SOLUTION` at the end of a line, are the solution. The notebook gets
`...` in its place. `exercises/solutions/<chapter>.py` gets the cells with their solutions, and
cells tagged `alternative`, which are no part of the notebook, with another correct solution each.
`exercises/solutions/<chapter>.md`, a page of the book, shows both, folded, with the mistakes that
the check knows.
"""

import re

BEGIN, END, VALUE = "### BEGIN SOLUTION", "### END SOLUTION", "# SOLUTION"
_REGION = re.compile(rf"^([ ]*){BEGIN}\n.*?^[ ]*{END}$", re.MULTILINE | re.DOTALL)
_VALUE = re.compile(rf"= .*  {VALUE}$", re.MULTILINE)


def stub(source):
    """The source with `...` in the place of its solution."""
    return _VALUE.sub("= ...  # your answer", _REGION.sub(r"\1...  # your code", source))


def solved(source):
    """The source with its solution and without the marks."""
    lines = [line for line in source.splitlines() if line.strip() not in (BEGIN, END)]
    return "\n".join(lines).replace(f"  {VALUE}", "")


def has_solution(cell):
    return cell.cell_type == "code" and (BEGIN in cell.source or VALUE in cell.source)


def is_alternative(cell):
    return "alternative" in cell.metadata.get("tags", [])


def notebook_cells(cells):
    """The cells of the notebook: solutions taken out, alternatives left out."""
    kept = [cell for cell in cells if not is_alternative(cell)]
    for cell in kept:
        if has_solution(cell):
            cell.source = stub(cell.source)
    return kept


def module(name, cells):
    """The source of `exercises/solutions/<name>.py`."""
    parts = [solved(c.source) for c in cells if has_solution(c) or is_alternative(c)]
    gap = "\n\n" if parts[0].startswith("def ") else "\n"  # as ruff lays it out
    numpy = f"import numpy as np\n{gap}" if any("np." in part for part in parts) else gap[1:]
    head = f'"""The solutions of exercises, made from exercises/text/{name}.md."""\n\n'
    return head + numpy + "\n\n\n".join(parts) + "\n"


def page(name, cells, exercises):
    """The source of `exercises/solutions/<name>.md`; `exercises` is {name: exercise}."""
    title = next(c.source for c in cells if c.source.startswith("# ")).splitlines()[0]
    title = title.removeprefix("# Exercises: ")
    parts = [
        f"# Solutions: {title}",
        f"To the [exercises](../{name}.ipynb). Each solution is folded: open it after a try.",
    ]
    for cell in cells:
        if heading := re.match("## .*", cell.source):
            parts.append(heading.group())
        elif has_solution(cell):
            exercise = exercises[_name(cell.source)]
            parts.append(f"::::{{dropdown}} Solution\n{_code(solved(cell.source))}")
            parts += filter(None, [exercise.explanation])
        elif is_alternative(cell):
            parts.append(f"Another one that passes:\n\n{_code(cell.source)}\n::::")
            parts.append(_mistakes(exercise))
    return "\n\n".join(parts) + "\n"


def _name(source):
    """What a solution's cell defines."""
    return re.search(r"^(?:def )?(\w+)", source, re.MULTILINE).group(1)


def _code(source):
    return f"```python\n{source}\n```"


def _mistakes(exercise):
    known = (wrong.misconception for wrong in exercise.wrong)
    lines = [f"* *{m.title[0].upper()}{m.title[1:]}.* {m.explanation}" for m in known]
    return "::::{dropdown} Mistakes that the check names\n" + "\n".join(lines) + "\n::::"
