"""Every exercise keeps its promises, and the engine survives whatever it is given."""

import ast
import builtins
import itertools
import json
import random
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import notebooks
import numpy as np
import pytest
import solutions

import exercises
from exercises import record, report, sandbox
from exercises.engine import Exercise, Wrong
from exercises.misconceptions import CATALOGUE
from exercises.outcomes import ERROR, FAILED, PASSED, UNATTEMPTED

ALL = exercises.all_exercises()
every_exercise = pytest.mark.parametrize("name", ALL)


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVOLUTION_EXACTLY", str(tmp_path))
    record._memory.clear()
    record._warned.clear()


def text_cells(name):
    """The code cells, with their solutions, of the text of an exercise's chapter."""
    text = notebooks.ROOT / "exercises" / "text" / f"{name.split('.')[0]}.md"
    return [cell for cell in notebooks.cells_of(text) if cell.cell_type == "code"]


def stub_of(name):
    """What the learner finds under the exercise's name in the notebook."""
    short = name.rpartition(".")[2]
    for cell in text_cells(name):
        if solutions.has_solution(cell) and short in defined(cell.source):
            space = {"np": np}
            exec(solutions.stub(cell.source), space)
            return space[short]
    raise AssertionError(f"no stub for {name}")


def defined(source):
    """The names that a source defines at its top."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def solution_of(name, suffix=""):
    module = sys.modules[f"exercises.solutions.{name.split('.')[0]}"]
    return getattr(module, name.rpartition(".")[2] + suffix)


@every_exercise
def test_stub_is_unattempted(name):
    assert ALL[name].check(stub_of(name)).outcome == UNATTEMPTED
    assert record.load() == {}  # looking costs nothing


@every_exercise
def test_solution_passes(name):
    outcome = ALL[name].check(solution_of(name))
    assert outcome.outcome == PASSED, outcome
    assert record.load()[name]["outcome"] == PASSED


@every_exercise
def test_another_solution_passes(name):
    other = solution_of(name, "_other")
    outcome = ALL[name].check(other)
    assert outcome.outcome == PASSED, outcome


@every_exercise
def test_every_wrong_model_is_recognised_as_itself(name):
    exercise = ALL[name]
    assert len(exercise.wrong) >= 2
    for wrong in exercise.wrong:
        outcome = exercise.check(wrong.model)
        assert outcome.outcome == FAILED, f"{wrong.misconception.name}: {outcome}"
        assert outcome.misconception == wrong.misconception.name, outcome
        assert wrong.misconception.explanation in repr(outcome)
        assert CATALOGUE[wrong.misconception.name] is wrong.misconception


@every_exercise
def test_three_hints_an_example_and_the_source(name):
    exercise = ALL[name]
    assert len(exercise.hints) == 3
    hints = [repr(exercise.hint()) for _ in range(4)]
    assert [hint[:11] for hint in hints] == [f"Hint {i} of 3" for i in (1, 2, 3, 3)]
    assert name.rpartition(".")[2] in repr(exercise.solution())
    assert repr(exercise.example())


@every_exercise
def test_a_wrong_value_does_not_give_the_right_one_away(name):
    exercise = ALL[name]
    if exercise.value is None:
        return
    for wrong in [*(wrong.model for wrong in exercise.wrong), -1, (), (-1, -1, -1, -1)]:
        outcome = exercise.check(wrong)
        assert outcome.outcome == FAILED
        assert report.short(exercise.value) not in repr(outcome)


CONFIGURATIONS = [
    (
        "conv2d_arguments.ten_by_ten",
        {"filters": 4, "kernel_size": (18, 18)},
        "forgotten_first_window",
    ),
    (
        "conv2d_arguments.ten_by_ten",
        {"filters": 4, "kernel_size": 3, "strides": (3, 3), "padding": "valid"},
        "default_padding_overlooked",
    ),
    ("conv2d_arguments.ten_by_ten", {"filters": 4, "kernel_size": 5}, None),
    (
        "padding.looks_back",
        {"filters": 3, "kernel_size": (6,), "padding": "causal"},
        "own_step_forgotten",
    ),
    (
        "padding.looks_back",
        {"filters": 3, "kernel_size": 5, "padding": "same"},
        "same_asked_for_causal",
    ),
    ("padding.looks_back", {"filters": 3, "kernel_size": 5, "padding": "causal"}, None),
    (
        "strides_dilation.far_and_cheap",
        {"filters": 1, "kernel_size": 9, "use_bias": False},
        "size_for_span",
    ),
    (
        "strides_dilation.far_and_cheap",
        {"filters": 1, "kernel_size": [3], "dilation_rate": [4]},
        "bias_uncounted",
    ),
    ("strides_dilation.far_and_cheap", {"filters": 1, "kernel_size": 2, "dilation_rate": 3}, None),
    (
        "transposed.doubling",
        {"filters": 8, "kernel_size": 5, "strides": [2, 2]},
        "doubled_under_valid",
    ),
    (
        "transposed.doubling",
        {"filters": 16, "kernel_size": 2, "strides": 2},
        "doubled_under_valid",
    ),
    ("transposed.doubling", {"filters": 8, "kernel_size": 5, "padding": "same"}, None),
    ("transposed.doubling", [8, 3, 2, "same"], None),
    ("network.small_network", [{"layer": "Input", "shape": (32, 32, 3)}], None),
]


@pytest.mark.parametrize(("name", "answer", "mistake"), CONFIGURATIONS)
def test_a_mistake_is_known_in_many_configurations(name, answer, mistake):
    outcome = ALL[name].check(answer)
    assert (outcome.outcome, outcome.misconception) == (FAILED, mistake)


def pytorch_length(n, k, s, padding, d):
    p = 0 if padding == "valid" else d * (k - 1) // 2
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def rounded_half(n, k, s, d):
    total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
    return round(total / 2), total - round(total / 2)


def pads_of_whole_strides(x, k, s):
    before = max(k - s, 0) // 2
    starts = range(-before, x.shape[1] - before, s)
    return np.stack([x[:, max(i, 0) : i + k].mean(axis=1) for i in starts], axis=1)


@pytest.mark.parametrize(
    ("name", "almost"),
    [
        ("padding.output_length", pytorch_length),
        ("padding.same_pads", rounded_half),
        ("pooling.average_pool", pads_of_whole_strides),
    ],
)
def test_what_is_right_almost_everywhere_fails(name, almost):
    assert ALL[name].check(almost).outcome == FAILED


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("conv1d_conv2d.picture_shape", np.array([None, 16, 28, 16])),
        ("padding.padded_shape", np.append(None, [4, 5, 8])),
        ("padding.padded_shape", [None, np.int64(4), 5, 8]),
    ],
)
def test_a_shape_may_be_an_array(name, answer):
    assert ALL[name].check(answer).outcome == PASSED


def test_an_array_of_words_is_told():
    outcome = ALL["depthwise_separable.cheaper"].check(lambda *case: np.array(["separable"]))
    assert "you gave ['separable']" in outcome.lines[0]


def test_the_picture_shows_where_the_first_difference_is():
    outcome = ALL["conv1d_conv2d.conv2d"].check(
        lambda x, kernel: solution_of("conv1d_conv2d.conv2d")(
            np.broadcast_to(x[:1], x.shape), kernel
        )
    )
    assert outcome.outcome == FAILED
    assert ", at [1, :, :, 0]" in outcome._repr_html_()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array([[1.5, 2], [3, 4]]), "[[1.5, 2], [3, 4]]"),
        (np.arange(4).reshape(1, 2, 2, 1), "[[0, 1], [2, 3]] of shape (1, 2, 2, 1)"),
        (np.float32(0.1) * np.ones((1, 1, 1)), "0.1 of shape (1, 1, 1)"),
        (np.ones((0, 3)), "[] of shape (0, 3)"),
        (np.ones((5, 5)), "array of shape (5, 5) [1, 1, 1, 1, …]"),
        (np.array([True, False]), "[True, False]"),
        (1 / 3, "0.333333"),
    ],
)
def test_values_as_short_text(value, text):
    assert report.short(value) == text


# -- the engine


@pytest.fixture
def double():
    """An exercise of its own: twice an array."""
    return Exercise(
        "Twice",
        lambda x: 2 * x,
        [(np.arange(3.0),), (np.arange(6.0).reshape(2, 3),)],
        hints=["a", "b", "c"],
        wrong=[Wrong(next(iter(CATALOGUE.values())), lambda x: x + x[..., :1])],
        seconds=0.4,
    )


def test_a_difference_is_told_shape_first_then_the_first_value(double):
    outcome = double.check(lambda x: 2 * x[..., :2])
    assert outcome.lines[0] == "On <lambda>(x=[0, 1, 2]): you gave the shape (2,), expected (3,)."
    outcome = double.check(lambda x: np.where(x == 2, 0, 2 * x))
    assert "at index 2, you gave 0, expected 4." in outcome.lines[0]
    assert outcome.lines[1] == "0 of 2 checks passed."
    assert "<svg" in outcome._repr_html_()
    assert "yours:" in repr(outcome)


def test_a_list_is_as_good_as_an_array(double):
    assert double.check(lambda x: (2 * x).tolist()).outcome == PASSED


def forever(x):
    while True:
        pass


def stubborn(x):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def unbeatable(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def in_c(x):
    return sum(itertools.repeat(0, 2 * 10**8))  # no line of Python is run meanwhile


@pytest.mark.parametrize("function", [forever, stubborn, unbeatable, in_c])
def test_code_that_does_not_end(double, function):
    outcome = double.check(function)
    assert outcome.outcome == ERROR
    assert "still running after 0.4 seconds" in outcome.lines[0]
    assert double.check(lambda x: 2 * x).outcome == PASSED


@pytest.mark.parametrize("function", [forever, stubborn, unbeatable, in_c])
def test_code_that_does_not_end_where_there_are_no_threads(double, function, monkeypatch):
    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", start)
    tracing = sys.gettrace()
    outcome = double.check(function)
    assert outcome.outcome == ERROR
    assert "still running after 0.4 seconds" in outcome.lines[0]
    assert sys.gettrace() is tracing
    assert double.check(lambda x: 2 * x).outcome == PASSED


@pytest.fixture
def interruptible():
    """A shell that runs the tests in the background has them ignore interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_learner_may_interrupt(double, interruptible):
    double.seconds = 60
    before = threading.active_count()
    stop = signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
    threading.Timer(0.3, *stop).start()
    with pytest.raises(KeyboardInterrupt):
        double.check(forever)
    assert threading.active_count() == before
    assert double.check(lambda x: 2 * x).outcome == PASSED


def raises(x):
    value = x.sum()
    return value / {}["nowhere"]


def changes(x):
    x *= 2
    return x


def replaces(x):
    builtins.len = None
    return 2 * x


def floods(x):
    for _ in range(20_000):
        print("water " * 10)
    return 3 * x


class Nasty:
    def __repr__(self):
        raise RuntimeError("no repr")


def recurses(x):
    return recurses(x)


HOSTILE = {
    "raises": (raises, ERROR, 'Line .* of your code: return value / {}["nowhere"]'),
    "exits": (lambda x: sys.exit(3), ERROR, "asked Python to exit"),
    "interrupts": (lambda x: (_ for _ in ()).throw(KeyboardInterrupt), ERROR, "KeyboardInterrupt"),
    "recurses": (recurses, ERROR, "called itself without end"),
    "memory": (lambda x: np.zeros(10**15), ERROR, "MemoryError"),
    "changes its input": (changes, FAILED, "changed its input"),
    "random": (lambda x: 2 * x + random.random(), FAILED, "gave two results"),
    "none": (lambda x: print(x), FAILED, "returned None"),
    "text": (lambda x: "twice", FAILED, "you gave 'twice'"),
    "nasty repr": (lambda x: Nasty(), FAILED, "whose repr raised RuntimeError"),
    "objects": (lambda x: np.array([None, {}, "a"]), FAILED, "you gave the dtype object"),
    "ragged": (lambda x: [[1], [2, 3]], FAILED, "you gave [[1], [2, 3]]"),
    "huge": (lambda x: np.zeros((3000, 3000)), FAILED, "the shape (3000, 3000)"),
    "float16": (lambda x: (2 * x).astype(np.float16), FAILED, "dtype float16"),
    "nan": (lambda x: 2 * x + np.nan, FAILED, "you gave nan"),
    "floods": (floods, FAILED, "at index 1, you gave 3, expected 2"),
    "wrong arguments": (lambda: 3, ERROR, "TypeError"),
    "a number": (3, FAILED, "It was given a int"),
    "a class": (Nasty, ERROR, "TypeError"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers(double, name):
    answer, outcome, message = HOSTILE[name]
    found = double.check(answer)
    assert found.outcome == outcome
    text = repr(found) + found._repr_html_()
    assert message.split(".*")[-1] in text
    assert len(text) < 40_000
    assert double.check(lambda x: 2 * x).outcome == PASSED


def test_two_hundred_hostile_answers_leave_the_progress_intact(double):
    double.name = "test.double"
    double.check(lambda x: 2 * x)
    for answer, _, _ in itertools.islice(itertools.cycle(HOSTILE.values()), 200):
        double.check(answer)
    entry = json.loads(record.path().read_text())["test.double"]
    assert entry["outcome"] == PASSED
    assert entry["checks"] == 201


def test_replaced_builtins_are_put_back_and_told(double):
    original = len
    outcome = double.check(replaces)
    assert builtins.len is original
    assert "now put back: builtin len." in repr(outcome)
    builtins.max = None
    outcome = double.check(lambda x: 2 * x)
    assert outcome.outcome == PASSED
    assert "now put back: builtin max." in repr(outcome)


def test_a_view_of_the_input_is_told():
    same = Exercise("Same", lambda x: x.copy(), [(np.arange(3.0),)], hints=["", "", ""])
    outcome = same.check(lambda x: x[:])
    assert outcome.outcome == PASSED
    assert "a view of the input" in repr(outcome)
    assert "a view" not in repr(same.check(lambda x: x.copy()))


def test_printed_text_is_kept_and_cut(double):
    details = double.check(floods).details
    assert details.startswith("Your code printed:\nwater")
    assert "more characters" in details
    assert len(details) < 3000


def test_values_and_configurations():
    shape = Exercise("Shape", (None, 5, 5, 2), hints=["", "", ""])
    assert shape.check([None, 5, 5, 2]).outcome == PASSED
    for wrong, told in {
        (None, 5, 5): "You gave (None, 5, 5). A tuple of 4 values is asked for.",
        (None, 5, 6, 3): "You gave (None, 5, 6, 3). Not right: what stands at index 2 and 3.",
        (5, 5, 5, 2): "You gave (5, 5, 5, 2). Not right: what stands at index 0.",
        100: "You gave 100. A tuple of 4 values is asked for.",
    }.items():
        assert shape.check(wrong).lines == [told, "Next: take hint()."]
    number = Exercise("Number", 6208, hints=["", "", ""])
    assert number.check(6144).lines == ["You gave 6144, which is not right.", "Next: take hint()."]
    assert number.check(np.float32(6208)).outcome == PASSED
    for wrong in ("6208", [6208, 1], (None, 6208)):
        assert number.check(wrong).lines[0] == f"You gave {wrong!r}. A number is asked for."
    assert shape.check(...).outcome == UNATTEMPTED

    def judge(answer):
        return None if answer["filters"] == 4 else "The output has another number of channels."

    config = Exercise("Layer", {"filters": 4}, judge=judge, hints=["", "", ""])
    assert config.check({"filters": 4, "kernel_size": 9}).outcome == PASSED
    assert "another number" in repr(config.check({"filters": 5}))
    assert "convlib does not take this" in repr(config.check({"kernel_size": 3}))


def test_a_configuration_that_takes_too_long_does_not_pass():
    config = Exercise("Layer", {}, judge=lambda answer: time.sleep(1), hints=[""], seconds=0.1)
    assert "took more than 0.1 seconds" in repr(config.check({"filters": 10**9}))


def test_whole_numbers_are_exact_and_others_are_not():
    whole, other = Exercise("Many", 24_772_608, hints=[]), Exercise("Few", 2.6, hints=[])
    assert whole.check(24_772_608.0).outcome == PASSED
    assert whole.check(24_772_609).outcome == FAILED
    assert other.check(2.600001).outcome == PASSED
    assert other.check(2.601).outcome == FAILED


# -- progress


def test_what_was_passed_stays_passed(double):
    double.name = "test.double"
    double.check(lambda x: 2 * x)
    double.check(lambda x: 3 * x)
    assert record.load()["test.double"]["outcome"] == PASSED


def test_a_damaged_file_is_kept_aside(double):
    double.name = "test.double"
    record.path().write_text("{ not json")
    with pytest.warns(UserWarning, match="was damaged"):
        double.check(lambda x: 2 * x)
    assert record.load()["test.double"]["outcome"] == PASSED
    aside = list(record.path().parent.glob("*.damaged-*"))
    assert [path.read_text() for path in aside] == ["{ not json"]


def test_a_folder_that_cannot_be_written(double, monkeypatch):
    double.name = "test.double"

    def refuse(*arguments, **keywords):
        raise PermissionError("read-only")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.warns(UserWarning, match="kept until Python ends"):
        double.check(lambda x: 2 * x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # said once
        double.check(lambda x: 2 * x)
    assert record.load()["test.double"]["checks"] == 2


def test_two_kernels_keep_each_others_entries():
    record.note("a.one", PASSED)
    stored = json.loads(record.path().read_text())
    stored["b.two"] = {"outcome": PASSED}
    record.path().write_text(json.dumps(stored))  # another kernel's
    record.note("c.three", FAILED, "flipped")
    assert set(record.load()) == {"a.one", "b.two", "c.three"}
    assert record.load()["c.three"]["misconceptions"] == {"flipped": 1}


def test_progress_table(double):
    name = next(iter(ALL))
    record.note(name, PASSED)
    table = exercises.progress()
    assert f"1 of {len(ALL)} solved" in repr(table)
    assert f"1 of {len(ALL)} solved" in table._repr_html_()


def test_engine_stands_on_the_standard_library_and_numpy():
    for module in ("engine", "guard", "record", "report", "sandbox", "values", "misconceptions"):
        tree = ast.parse((Path(exercises.__file__).parent / f"{module}.py").read_text())
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert names <= set(sys.stdlib_module_names) | {"numpy", "exercises"}


def test_sandbox_leaves_nothing_behind():
    before = sys.getrecursionlimit(), sys.stdout
    sandbox.run(lambda: sys.setrecursionlimit(77) or print("hidden"), ())
    assert (sys.getrecursionlimit(), sys.stdout) == before
