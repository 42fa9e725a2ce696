"""The exercise notebooks in real kernels, with solutions written into them, pass every check."""

import json
import re

import notebooks
import pytest
import solutions
from kernels import executed, shown

import exercises
from exercises import record

CHECK = re.compile(r"^ex\.(\w+)\.check\(\1\)$")
OTHER = re.compile(r"^(?:def )?(\w+)_other\b", re.MULTILINE)


def answered(chapter, alternatives):
    """The sources of a chapter's code cells, with answers where the learner finds stubs."""
    cells = notebooks.cells_of(notebooks.ROOT / "exercises" / "text" / f"{chapter}.md")
    cells = [cell for cell in cells if cell.cell_type == "code"]
    others = {}
    for cell in filter(solutions.is_alternative, cells):
        name = OTHER.search(cell.source).group(1)
        others[name] = f"{cell.source}\n{name} = {name}_other"
    for cell in cells:
        if solutions.has_solution(cell):
            name = re.search(r"^(?:def )?(\w+)", cell.source).group(1)
            yield others[name] if alternatives else solutions.solved(cell.source)
        elif not solutions.is_alternative(cell):
            yield cell.source


@pytest.mark.parametrize("alternatives", [False, True], ids=["solutions", "alternatives"])
@pytest.mark.parametrize("chapter", exercises.CHAPTERS)
def test_every_check_passes(chapter, alternatives, tmp_path):
    cells = executed(answered(chapter, alternatives), tmp_path)
    checks = [(match.group(1), cell) for cell in cells if (match := CHECK.match(cell.source))]
    names = [name for name in exercises.all_exercises() if name.startswith(f"{chapter}.")]
    assert [f"{chapter}.{name}" for name, _ in checks] == names  # each of them, once
    for _, cell in checks:
        text, others = shown(cell)
        assert text.startswith("✓ PASSED\n")
        assert not others
    assert not [o for cell in cells for o in cell.outputs if o.output_type in ("error", "stream")]
    entries = json.loads((tmp_path / record.FILE).read_text(encoding="utf-8"))
    assert entries.keys() == set(names)
    assert all((e["outcome"], e["checks"]) == ("PASSED", 1) for e in entries.values())
