"""Exercise texts hold their solutions in marked regions; this takes them apart.

In `exercises/text/<chapter>.md`, lines between `### BEGIN SOLUTION` and `### END SOLUTION`, and
what stands between `=` and `# SOLUTION` at the end of a line, are the solution. The notebook gets
`...` in its place. `exercises/solutions/<chapter>.py` gets the cells with their solutions, and
cells tagged `alternative`, which are no part of the notebook, with another correct solution each.
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
