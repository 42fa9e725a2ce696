"""One Jupyter kernel lives through more than two hundred hostile answers."""

import json
import re
from collections import Counter

import hostile
import pytest
from kernels import executed, shown

from exercises import record
from exercises.outcomes import UNATTEMPTED

EXERCISE, OTHER = "conv1d_conv2d.sliding_mean", "padding.same_pads"
RIGHT = f"{hostile.returning(hostile.RIGHT)}\nexercises.{EXERCISE}.check(answer)"
OTHER_RIGHT = f"exercises.{OTHER}.check(solutions.same_pads)"
SETUP = f"""\
import copy
import numpy as np
import exercises
from exercises.solutions import padding as solutions
quick = copy.copy(exercises.{EXERCISE})
quick.seconds = 0.3
"""
WITHOUT_THREADS = """\
import threading
from types import SimpleNamespace
def start():
    raise RuntimeError("can't start new thread")
no_thread = SimpleNamespace(start=start)
names = {**vars(threading), "Thread": lambda **_: no_thread}
exercises.sandbox.threading = SimpleNamespace(**names)
"""


def problems(answers, cells):
    """What did not come as promised, of the cell pairs of hostile answers and right ones."""
    for answer, cell, after in zip(answers, cells[::2], cells[1::2], strict=True):
        text, others = shown(cell)
        outcome = text.split("\n")[0].rpartition(" ")[2]
        if outcome != answer.outcome or not re.search(answer.message, text) or others:
            yield f"{answer.name}: {text[:600]} {str(others)[:600]}"
        if len(str(cell.outputs)) > 40_000:
            yield f"{answer.name}: a flood of {len(str(cell.outputs))} characters"
        text, others = shown(after)
        if not text.startswith("✓ PASSED\n") or others:
            yield f"after {answer.name}: {text[:600]} {str(others)[:600]}"


@pytest.mark.parametrize("threads", [True, False], ids=["with threads", "without threads"])
def test_one_kernel_lives_through_all(threads, tmp_path):
    answers = [a for a in hostile.ANSWERS if threads or not a.threaded]
    assert len({a.source for a in answers}) >= 200
    setup = f"{SETUP}{'' if threads else WITHOUT_THREADS}exercises.guard.GUARD.remember()"
    sources = [setup, RIGHT]
    for answer in answers:
        exercise = "quick" if "still running" in answer.message else f"exercises.{EXERCISE}"
        sources += [f"{answer.source}\n{exercise}.check(answer)", OTHER_RIGHT]
    cells = executed([*sources, RIGHT, "exercises.progress()"], tmp_path)
    found = list(problems(answers, cells[2:-2]))
    assert not found, "\n\n".join(found[:5])
    assert shown(cells[1])[0] == shown(cells[-2])[0]
    assert shown(cells[1])[0].startswith("✓ PASSED\n")
    assert "2 of" in shown(cells[-1])[0].split("\n")[-1]

    assert [p.name for p in tmp_path.iterdir()] == [record.FILE]
    entries = json.loads((tmp_path / record.FILE).read_text())
    counts = Counter(answer.outcome for answer in answers)
    assert entries.keys() == {EXERCISE, OTHER}
    assert entries[EXERCISE]["outcome"] == entries[OTHER]["outcome"] == "PASSED"
    assert entries[EXERCISE]["checks"] == len(answers) - counts[UNATTEMPTED] + 2
    assert entries[OTHER]["checks"] == len(answers)
