"""A class is graded whatever its notebooks do, and the commands say what happened."""

import ast
import csv
import html.parser
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import notebooks
import pytest
import solutions

import exercises
from exercises import classreport, grading, judge, record
from exercises.__main__ import main
from exercises.misconceptions import CATALOGUE

SECONDS = 15  # long for what ends, and all that what hangs may take
PADDING = [name for name in exercises.all_exercises() if name.startswith("padding.")]
TENSORS = [name for name in exercises.all_exercises() if name.startswith("tensors.")]

SYMMETRIC = """
def same_pads(length, kernel_size, strides, dilation_rate):
    total = (kernel_size - 1) * dilation_rate
    return total // 2, total - total // 2
"""
ODD_BEFORE = """
def same_pads(length, kernel_size, strides, dilation_rate):
    span = (kernel_size - 1) * dilation_rate + 1
    total = max((-(-length // strides) - 1) * strides + span - length, 0)
    return total - total // 2, total // 2
"""
HOG = """
def same_pads(length, kernel_size, strides, dilation_rate):
    kept = []
    while True:
        kept.append(np.zeros(10_000_000))
"""
ZEROS = """
def same_pads(length, kernel_size, strides, dilation_rate):
    return 0, 0
"""
FORGED_ENGINE = """
import exercises.engine as engine
engine._difference = engine._compare = lambda yours, expected: ""
engine.Exercise._compared = lambda *a: engine.Outcome(engine.PASSED, ["all of it"])
engine.Exercise.check = lambda *a: engine.Outcome(engine.PASSED, ["all of it"])
"""
FORGED_REPORT = """
import json, os
entry = {"outcome": "PASSED", "lines": ["all of it"], "misconception": None, "checks": 1,
         "seconds": 0, "answers": json.dumps([[0, 0]] * 99)}
report = json.dumps({"exercises": {"padding.same_pads": entry}}).encode()
for channel in range(3, 30):
    try:
        os.write(channel, report)
    except OSError:
        pass
os._exit(0)
"""
# What Python code can ask for, and does not get; each line by itself.
REFUSED = """
import ctypes, os, shutil, signal, socket, subprocess
refused = 0
for attempt in [
    lambda: os.kill(os.getppid(), signal.SIGKILL),
    lambda: os.killpg(0, signal.SIGKILL),
    lambda: os.fork(),
    lambda: os.system("true"),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: subprocess.Popen(["sleep", "600"], start_new_session=True),
    lambda: socket.create_connection(("127.0.0.1", 9)),
    lambda: ctypes.CDLL(None),
    lambda: open({victim!r}, "w"),
    lambda: os.remove({victim!r}),
    lambda: os.rename({victim!r}, "mine"),
    lambda: shutil.rmtree({folder!r}),
]:
    try:
        attempt()
    except PermissionError:
        refused += 1
ex.padded_shape.check(refused)
"""
# What is its own to do, and of no use.
NUISANCE = """
import builtins, os, pathlib, threading, time
for number in range(100_000):
    print("water " * 10)
pathlib.Path(".convolution-exactly.json").write_text("{ not json")
os.remove("notebook.ipynb")
threading.Thread(target=time.sleep, args=[600]).start()
builtins.len = None
"""
# A child of a way that asks nobody; what it is called comes back as an answer.
CHILD = """
import multiprocessing, time
child = multiprocessing.get_context("spawn").Process(target=time.sleep, args=[600])
child.start()
ex.padded_shape.check(child.pid)
"""
PARENT = "import os, signal\nsignal.pidfd_send_signal(os.pidfd_open(os.getppid()), signal.SIGKILL)"


def cells(chapter="padding", answers=True, widgets=False):
    """The sources of a stub notebook's code cells, with the solutions in them or not.

    Cells of widgets are left out if not asked for: they take longer than all the others.
    """
    text = notebooks.ROOT / "exercises" / "text" / f"{chapter}.md"
    notebook = json.loads((notebooks.ROOT / "exercises" / f"{chapter}.ipynb").read_text())
    code = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    solved = {
        solutions.stub(cell.source): solutions.solved(cell.source)
        for cell in notebooks.cells_of(text)
        if solutions.has_solution(cell)
    }
    assert solved.keys() <= set(code)
    code = [source for source in code if widgets or "ask(" not in source]
    return [solved.get(source, source) if answers else source for source in code]


def changed(answer):
    """The solved cells of padding with another answer to `same_pads`."""
    return [answer if source.startswith("def same_pads") else source for source in cells()]


def after_import(source, others=None):
    """Cells with one more, before the first exercise."""
    others = others or cells()
    place = 1 + next(i for i, s in enumerate(others) if "import exercises.padding as ex" in s)
    return [*others[:place], source, *others[place:]]


def write(path, sources):
    path.parent.mkdir(parents=True, exist_ok=True)
    code = [{"cell_type": "code", "source": source.splitlines(True)} for source in sources]
    prose = {"cell_type": "markdown", "source": "# Exercises"}
    path.write_text(json.dumps({"cells": [prose, *code], "nbformat": 4}))


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def same(rows):
    return [{**row, "seconds": None} for row in rows]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a class in `class/`, and its grades."""
    place = tmp_path_factory.mktemp("grading")
    school, victim = place / "class", place / "victim.txt"
    victim.write_text("untouched")
    write(school / "anna" / "padding.ipynb", cells(widgets=True))
    write(school / "anna" / "week 1" / "tensors.ipynb", cells("tensors", widgets=True))
    write(school / "anna" / ".ipynb_checkpoints" / "padding-checkpoint.ipynb", changed(ZEROS))
    write(school / "ben.ipynb", changed(SYMMETRIC))
    write(school / "cleo.ipynb", changed(SYMMETRIC))
    write(school / "dan.ipynb", changed(ODD_BEFORE))
    write(school / "eve" / "first.ipynb", changed(SYMMETRIC))
    write(school / "eve" / "second.ipynb", cells())
    write(school / "stub.ipynb", cells(answers=False))
    write(school / "cut.ipynb", [s for s in cells() if "same_pads" not in s])
    write(school / "typo.ipynb", changed("def same_pads(length:"))
    write(school / "magic.ipynb", after_import("%matplotlib inline\n!ls\nex?\nimport time"))
    write(school / "=2+2.ipynb", cells())
    write(school / "<b>.ipynb", ["raise ValueError('no exercise')"])
    (school / "json.ipynb").write_text("{ not json")
    (school / "list.ipynb").write_text("[1, 2]")
    (school / "deep.ipynb").write_text("[" * 100_000)
    write(school / "hangs.ipynb", after_import("import itertools\nsum(itertools.repeat(0))"))
    write(school / "hog.ipynb", changed(HOG))
    write(school / "exits.ipynb", after_import("import os\nos._exit(0)"))
    write(school / "leaves.ipynb", after_import("import sys\nsys.exit()"))
    write(school / "parent.ipynb", after_import(PARENT))
    write(school / "engine.ipynb", after_import(FORGED_ENGINE, changed(ZEROS)))
    write(school / "report.ipynb", after_import(FORGED_REPORT))
    write(school / "nuisance.ipynb", after_import(NUISANCE))
    write(school / "child.ipynb", [*cells(), CHILD])
    refused = REFUSED.replace("{victim!r}", repr(str(victim)))
    refused = refused.replace("{folder!r}", repr(str(school)))
    write(school / "refused.ipynb", [*cells(), refused])
    arguments = ["--csv", str(place / "g.csv"), "--html", str(place / "g.html")]
    assert main(["grade", str(school), *arguments, "--seconds", str(SECONDS)]) == 0
    return place


@pytest.fixture(scope="module")
def grades(place):
    """{student: rows} of the class."""
    found = {}
    for row in read(place / "g.csv"):
        found.setdefault(row["student"], []).append(row)
    return found


def outcomes(rows):
    return {row["exercise"]: row["outcome"] for row in rows}


def all_passed(*but):
    return {name: "PASSED" for name in PADDING if name not in but}


def one(rows, exercise="padding.same_pads"):
    (row,) = (row for row in rows if row["exercise"] == exercise)
    return row


def test_every_notebook_has_its_rows(place, grades):
    assert list(grades) == [
        "<b>", "'=2+2", "anna", "ben", "child", "cleo", "cut", "dan", "deep", "engine", "eve",
        "exits", "hangs", "hog", "json", "leaves", "list", "magic", "nuisance", "parent",
        "refused", "report", "stub", "typo",
    ]  # fmt: skip
    for row in grades["anna"]:
        assert row["notebook"] == (
            "anna/padding.ipynb" if row["exercise"] in PADDING else "anna/week 1/tensors.ipynb"
        )
        assert row["checks"] == "1"
        assert 0 < float(row["seconds"]) + 0.01 < SECONDS
    assert outcomes(grades["anna"]) == dict.fromkeys(PADDING + TENSORS, "PASSED")
    count = len(exercises.padding.same_pads.cases)
    assert one(grades["anna"])["message"] == f"{count} of {count} checks passed."


@pytest.mark.parametrize("student", ["'=2+2", "leaves", "magic", "nuisance"])
def test_what_does_no_harm_passes(grades, student):
    assert outcomes(grades[student]) == all_passed()


@pytest.mark.parametrize(
    ("student", "mistake"),
    [("ben", "symmetric_same"), ("cleo", "symmetric_same"), ("dan", "odd_zero_before")],
)
def test_a_misconception_is_named(grades, student, mistake):
    row = one(grades[student])
    assert (row["outcome"], row["misconception"]) == ("FAILED", mistake)
    assert CATALOGUE[mistake].title in row["message"]
    assert CATALOGUE[mistake].explanation in row["message"]
    assert outcomes(grades[student]) == {**all_passed(), "padding.same_pads": "FAILED"}


def test_what_is_not_there_is_unattempted(grades):
    assert outcomes(grades["stub"]) == dict.fromkeys(PADDING, "UNATTEMPTED")
    assert one(grades["cut"])["outcome"] == "UNATTEMPTED"
    assert one(grades["cut"])["message"] == "It is never checked."
    assert all_passed("padding.same_pads").items() <= outcomes(grades["cut"]).items()


def test_a_cell_that_cannot_run_is_told(grades):
    row = one(grades["typo"])
    assert row["outcome"] == "ERROR"
    assert "SyntaxError: " in row["message"]
    assert "NameError: name 'same_pads' is not defined" in row["message"]
    assert all_passed("padding.same_pads").items() <= outcomes(grades["typo"]).items()


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("json", "It is not JSON: "),
        ("deep", "It is not JSON: "),
        ("list", "It is JSON, but not a notebook with cells."),
        ("<b>", "There is no exercise of the book in it."),
        ("hangs", f"It was still running after {SECONDS} seconds."),
        ("exits", "Python ended before the last cell did, or had no memory (exit code 0)."),
        ("parent", "The process that judged it was ended (signal 9, Killed)."),
    ],
)
def test_a_broken_notebook_costs_one_row(grades, student, reason):
    (row,) = grades[student]
    assert (row["outcome"], row["exercise"]) == ("BROKEN", "")
    assert row["message"].startswith(reason)


def test_memory_is_limited(grades):
    row = one(grades["hog"])
    assert row["outcome"] == "ERROR"
    assert "MemoryError" in row["message"]
    assert all_passed("padding.same_pads").items() <= outcomes(grades["hog"]).items()


def test_a_forged_engine_gains_nothing(grades):
    assert outcomes(grades["engine"]) == {**all_passed(), "padding.same_pads": "FAILED"}


def test_a_forged_report_gains_nothing(grades):
    (row,) = grades["report"]
    assert row["outcome"] == "FAILED"
    assert row["message"].startswith("In the notebook it passed; judged outside of it,")
    assert "you gave" in row["message"]


def test_what_a_notebook_may_not_do(place, grades):
    number = REFUSED.count("lambda")
    assert one(grades["refused"], "padding.padded_shape")["message"].startswith(
        f"You gave {number}."
    )
    assert (place / "victim.txt").read_text() == "untouched"


def test_no_child_outlives_its_notebook(grades):
    row = one(grades["child"], "padding.padded_shape")
    pid = int(row["message"].removeprefix("You gave ").split(".")[0])
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        state = "gone"
    assert state in ("gone", "Z", "X")


def test_cells_of_the_csv_are_no_formulas(tmp_path):
    texts = ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "a=1", 'a "b", c\nd', "\udcff"]
    rows = [dict.fromkeys(classreport.COLUMNS, text) for text in texts]
    classreport.write_csv(tmp_path / "g.csv", rows)
    expected = ["'=1", "'+1", "'-1", "'@a", "'\t=1", "'\r=1", "a=1", 'a "b", c\nd', "\\udcff"]
    assert [set(row.values()) for row in read(tmp_path / "g.csv")] == [{text} for text in expected]


# -- the page


class Page(html.parser.HTMLParser):
    """The tables of a page as {caption: rows of texts}; all tags must be closed in order."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.tables, self.attributes, self.scopes = [], {}, [], []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attributes):
        self.attributes += attributes
        if tag in ("meta", "br"):
            return
        self.stack.append(tag)
        if tag == "table":
            self.rows, self.caption = [], ""
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "th":
            self.scopes.append(dict(attributes)["scope"])

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag
        if tag == "table":
            self.tables[self.caption] = self.rows

    def handle_data(self, data):
        if "caption" in self.stack:
            self.caption += data
        elif "td" in self.stack or "th" in self.stack:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def page(place):
    return Page((place / "g.html").read_text(encoding="utf-8"))


def test_page_stands_by_itself(place, page):
    text = (place / "g.html").read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in text
    assert not {"src", "href", "onclick"} & {name for name, _ in page.attributes}
    assert "://" not in text
    assert "url(" not in text
    assert "@import" not in text
    assert "<script" not in text
    assert set(page.scopes) == {"col", "row"}
    assert len(page.tables) == 5
    assert "" not in page.tables


def test_page_counts_the_students(page):
    head, *rows = page.tables["Students"]
    assert [h.strip() for h in head] == ["student", "", *map(str.lower, judge.OUTCOMES)]
    counts = {row[0]: row[2:] for row in rows}
    total, handed_in = len(PADDING + TENSORS), len(PADDING)
    rest = str(total - handed_in)
    assert counts["anna"] == [f"{total} of {total}", "0", "0", "0"]
    assert counts["ben"] == [f"{handed_in - 1} of {total}", "1", "0", rest]
    assert counts["typo"] == [f"{handed_in - 1} of {total}", "0", "1", rest]
    assert counts["eve"] == [f"{handed_in} of {total}", "0", "0", rest]
    assert counts["hangs"] == [f"0 of {total}", "0", "0", str(total)]
    assert counts["<b>"] == counts["hangs"]
    assert counts["=2+2"] == counts["eve"]
    assert len(rows) == 24


def test_page_counts_the_exercises(page):
    _, *rows = page.tables["Exercises, by the number of students"]
    counts = {row[0].split(".")[1][:9]: list(map(int, row[2:])) for row in rows}
    # passed: =2+2 anna child eve leaves magic nuisance refused; failed: ben cleo dan engine report
    assert counts["same_pads"] == [8, 5, 2, 9]
    assert len(rows) == len(PADDING + TENSORS)
    assert {sum(numbers) for numbers in counts.values()} == {24}


def test_page_sorts_the_misconceptions(page):
    _, *rows = page.tables["Misconceptions of the class, the most frequent first"]
    expected = []
    for name, times in [("symmetric_same", 2), ("odd_zero_before", 1)]:  # eve has got over it
        m = CATALOGUE[name]
        where = f"padding.same_pads: {times}"
        expected.append([m.title, str(times), where, m.explanation, m.next_step])
    assert rows == expected


def test_page_tells_what_broke_and_what_failed(page):
    _, *broken = page.tables["Notebooks that gave no answers"]
    assert {row[0] for row in broken} == {
        "<b>", "deep", "exits", "hangs", "json", "list", "parent",
    }  # fmt: skip
    _, *failed = page.tables["Answers that did not pass"]
    assert Counter(row[2] for row in failed)["ERROR"] == 2
    assert ["ben", "padding.same_pads", "FAILED"] in [row[:3] for row in failed]


# -- Dask


def test_a_dask_cluster_gives_the_same(place, grades, tmp_path):
    from distributed import LocalCluster

    students = ["anna", "ben", "eve", "exits", "json", "parent", "report", "typo"]
    for path in (place / "class").rglob("*.ipynb"):
        inside = path.relative_to(place / "class")
        if inside.parts[0].removesuffix(".ipynb") in students:
            (tmp_path / "class" / inside).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "class" / inside).write_bytes(path.read_bytes())
    files = ["--csv", str(tmp_path / "g.csv"), "--html", str(tmp_path / "g.html")]
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster:
        where = ["--scheduler", cluster.scheduler_address]
        assert main(["grade", str(tmp_path / "class"), *files, *where]) == 0
    expected = [row for student in students for row in grades[student]]
    assert same(read(tmp_path / "g.csv")) == same(expected)


def test_a_scheduler_that_is_none(place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "class" / "anna.ipynb", cells())
    assert fails("grade", "class", "--scheduler", "nowhere://x:1")
    assert "The Dask scheduler nowhere://x:1 does not answer: " in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert fails("grade", "class", "--scheduler", "tcp://127.0.0.1:1")
    assert capsys.readouterr().err.endswith("--scheduler needs Dask: pip install distributed\n")


# -- the commands


def fails(*arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    return end.value.code == 2


def test_progress_is_printed(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVOLUTION_EXACTLY", str(tmp_path))
    record.note("padding.same_pads", "PASSED")
    environment = {**os.environ, "PYTHONPATH": str(notebooks.ROOT), "PYTHONIOENCODING": "ascii"}
    del environment["CONVOLUTION_EXACTLY"]
    command = [sys.executable, "-m", "exercises"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1] == f"In all 1 of {len(exercises.all_exercises())} solved."
    assert "\\u2713 padding.same_pads " in run.stdout  # a terminal that has no check mark


def test_check_passes_what_is_solved(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    write(tmp_path / "padding.ipynb", cells())
    write(tmp_path / "other.ipynb", ["1 / 0"])
    write(tmp_path / "deeper" / "padding.ipynb", changed(ZEROS))
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split()[:3] for line in lines[:-1]] == [
        ["PASSED", "padding.ipynb", f"{name}:"] for name in PADDING
    ]
    assert lines[-1] == f"{len(PADDING)} passed"
    assert err == "1 of 1 notebooks\n"
    assert not Path(record.FILE).exists()


def test_every_solution_comes_to_the_judge_as_it_is(tmp_path, capsys):
    write(tmp_path / "all.ipynb", [s for chapter in exercises.CHAPTERS for s in cells(chapter)])
    assert main(["check", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines[:-1]] == [f"{n}:" for n in exercises.all_exercises()]
    assert lines[-1] == f"{len(exercises.all_exercises())} passed"


def test_check_fails_what_is_not(tmp_path, capsys):
    attempted = after_import(SYMMETRIC + "ex.same_pads.check(same_pads)", cells(answers=False))
    stub = "def same_pads"
    write(tmp_path / "padding.ipynb", [s for s in attempted if not s.startswith(stub)])
    write(tmp_path / "tensors.ipynb", cells("tensors", answers=False))
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    (line,) = (line for line in lines if "same_pads" in line)
    assert line.startswith("FAILED      padding.ipynb padding.same_pads: On same_pads(length=")
    assert CATALOGUE["symmetric_same"].title in line
    assert lines[-1] == f"{len(PADDING + TENSORS) - 1} unattempted, 1 failed"


def test_check_of_stubs_passes_and_of_a_broken_notebook_fails(tmp_path, capsys):
    write(tmp_path / "tensors.ipynb", cells("tensors", answers=False))
    assert main(["check", str(tmp_path)]) == 0
    (tmp_path / "broken.ipynb").write_text('{"cells": ["import exercises.padding as ex"')
    capsys.readouterr()
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("BROKEN      broken.ipynb: It is not JSON: ")


def test_wrong_arguments(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for command in ("check", "grade"):
        assert fails(command, "nowhere")
        text = f"`FOLDER` must hold notebooks to {command}. Received: FOLDER='nowhere'\n"
        assert capsys.readouterr().err.endswith(text)
    assert fails("grade", "--jobs", "0")
    assert "argument --jobs: must be 1 or more. Received: 0" in capsys.readouterr().err
    write(tmp_path / "anna.ipynb", cells())
    assert fails("grade", "--csv", "nowhere/g.csv")
    assert "No such file or directory: 'nowhere/g.csv'" in capsys.readouterr().err


def test_nothing_but_numpy_is_needed():
    for module in ("__main__", "classreport", "grading"):
        tree = ast.parse((Path(exercises.__file__).parent / f"{module}.py").read_text())
        names = {
            a.name.split(".")[0] for n in tree.body if isinstance(n, ast.Import) for a in n.names
        }
        names |= {n.module.split(".")[0] for n in tree.body if isinstance(n, ast.ImportFrom)}
        assert names <= {*sys.stdlib_module_names, "numpy", "exercises"}


def test_help_says_what_is_not_promised(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "Nothing can tell an answer from a copy of the solution." in text
    assert "Exit code: 0 if both files were written" in text


def test_a_notebook_that_is_too_large_or_cannot_be_read_costs_its_row(tmp_path, monkeypatch):
    monkeypatch.setattr(grading, "LARGEST", 0)
    write(tmp_path / "anna.ipynb", cells())
    gone = grading.Notebook("ben", "ben.ipynb", tmp_path / "ben.ipynb")
    found = grading.grade(
        [*grading.notebooks_below(tmp_path), gone], seconds=SECONDS, memory=1024, jobs=1
    )
    assert [row["outcome"] for row in found] == ["BROKEN", "BROKEN"]
    assert found[0]["message"] == "OSError: The file has more than 0 MB."
    assert found[1]["message"].startswith("FileNotFoundError: ")
