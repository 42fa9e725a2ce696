"""The exercises' engine: check an answer, say what is wrong and why, and remember what is solved.

    exercises.padding.same_pads.check(my_function)

`check` never raises: it returns an `Outcome`, which shows itself as HTML in a notebook and as text
elsewhere. A wrong answer is compared with the exercise's wrong models, functions that make a known
mistake; if it acts like one of them, the mistake is named.
"""

import copy
import dis
import inspect

import numpy as np

from exercises import record, report
from exercises.sandbox import SECONDS, own_line, restore_builtins, run

PASSED, FAILED, ERROR, UNATTEMPTED = "PASSED", "FAILED", "ERROR", "UNATTEMPTED"
_IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "POP_TOP", "CACHE"}


class Outcome:
    """What a check found.

    `outcome` is PASSED, FAILED, ERROR or UNATTEMPTED; `lines` say it in the order a learner needs
    it; `misconception` is the name of the recognised mistake, if there is one; `arrays` are yours
    and expected, where pictures help; `details` is a folded traceback or printed text.
    """

    def __init__(self, outcome, lines, *, misconception=None, arrays=None, details=""):
        self.outcome, self.lines, self.misconception = outcome, lines, misconception
        self.arrays, self.details = arrays, details

    def __repr__(self):
        return report.as_text(self)

    def _repr_html_(self):
        return report.as_html(self)


class Wrong:
    """A misconception, and the answer, or the function, that it leads to."""

    def __init__(self, misconception, model):
        self.misconception, self.model = misconception, model


class Exercise:
    """An exercise: a solution, cases to try it on, three hints, and wrong models.

    `solution` is a function, or for a question of a number or a shape its value, or for a layer's
    configuration a dict. `cases` are tuples of arguments, the smallest first; a value has one,
    empty. `judge`, for configurations, is a function of the answer that returns None if it is
    right and else a sentence. `check` compares with `solution` otherwise, numbers with a tolerance
    of 1e-6. `explanation` says why the solution is right.
    """

    def __init__(
        self,
        title,
        solution,
        cases=((),),
        *,
        hints,
        wrong=(),
        explanation="",
        judge=None,
        seconds=SECONDS,
    ):
        self.title, self._solution, self.cases = title, solution, cases
        self.explanation = explanation
        self.hints, self.wrong, self.judge, self.seconds = hints, wrong, judge, seconds
        self.name = None  # "padding.same_pads", set by the module that holds it

    # -- what the learner calls

    def check(self, answer=...):
        """Return the `Outcome` of an answer: a function, a value or a configuration."""
        replaced = restore_builtins()
        outcome = self._check(answer)
        if replaced:
            names = ", ".join(replaced)
            outcome.lines.append(f"The builtin {names} had been replaced; it is put back.")
        if outcome.outcome != UNATTEMPTED:
            record.note(self.name, outcome.outcome, outcome.misconception)
        return outcome

    def hint(self):
        """Return the next hint: the concept, then the formula, then a line of code."""
        given = record.count_hint(self.name, len(self.hints))
        return report.Text(f"Hint {given} of {len(self.hints)}: {self.hints[given - 1]}")

    def solution(self):
        """Return the tested solution, as source."""
        record.note_solution(self.name)
        return report.Text(self.source(), code=True, note=self.explanation)

    def example(self):
        """Return a call and its expected result."""
        if not callable(self._solution):
            return report.Text("The answer is one value: pass it to check().")
        arguments = ", ".join(report.short(a) for a in self.cases[0])
        expected = self._expected(self.cases[0])
        name = self.name.rpartition(".")[2]
        return report.Text(f"{name}({arguments}) gives {report.short(expected)}", code=True)

    def source(self):
        """The solution as text."""
        if callable(self._solution):
            return inspect.getsource(self._solution).rstrip()
        return f"{self.name.rpartition('.')[2]} = {self._solution!r}"

    # -- how it is judged

    def _check(self, answer):
        if _is_untouched(answer):
            return Outcome(UNATTEMPTED, ["Not attempted yet: write your answer, then check again."])
        if self.judge:
            return self._judged(answer)
        if not callable(self._solution):
            return self._compared([answer], [self._solution], [()])
        if not callable(answer):
            kind = type(answer).__name__
            return Outcome(FAILED, [f"check() wants your function itself. It was given a {kind}."])
        return self._checked_function(answer)

    def _checked_function(self, function):
        found, notes, printed = [], [], ""
        for case in self.cases:
            given = copy.deepcopy(case)
            result = run(function, given, self.seconds)
            if result.replaced:
                notes.append(
                    f"The builtin {', '.join(result.replaced)} was replaced; it is put back."
                )
            problem = self._problem(result, function, case, given)
            if problem:
                problem.lines += notes
                return problem
            printed = printed or result.printed
            if _shares_memory(result.value, given):
                notes.append(
                    "Your result is a view of the input: changing one changes the other. "
                    "`.copy()` would part them."
                )
            found.append(copy.deepcopy(result.value))
        again = run(function, copy.deepcopy(self.cases[0]), self.seconds)
        expected = [self._expected(case) for case in self.cases]
        first = _difference(found[0], expected[0])
        if again.error or _difference(again.value, expected[0]) != first:
            return Outcome(
                FAILED,
                ["Two calls with the same arguments gave two results. Is something random in it?"],
            )
        outcome = self._compared(found, expected, self.cases)
        outcome.lines += dict.fromkeys(notes)
        outcome.details = f"Your code printed:\n{printed}" if printed else ""
        return outcome

    def _problem(self, result, function, case, given):
        """The outcome of a call that did not end well, or None."""
        call = f"On {_call(case)}"
        if result.timed_out:
            return Outcome(
                ERROR,
                [
                    f"{call} your function was still running after {self.seconds:g} seconds.",
                    "Does a loop end? Check its condition and what changes inside it.",
                ],
                details=result.printed,
            )
        if result.error is not None:
            error, line = result.error, own_line(result.error, function)
            name = type(error).__name__
            lines = [f"{call} your code raised {name}: {str(error)[:300] or 'no message'}"]
            if line:
                lines.insert(0, f"Line {line[0]} of your code: {line[1]}")
            if isinstance(error, NotImplementedError):
                return Outcome(UNATTEMPTED, ["Not attempted yet: NotImplementedError was raised."])
            if isinstance(error, RecursionError):
                lines[-1] = f"{call} your function called itself without end."
            if isinstance(error, SystemExit):
                lines[-1] = f"{call} your code asked Python to exit. Return the result instead."
            return Outcome(ERROR, lines, details=report.traceback_text(error))
        if not _unchanged(given, case):
            return Outcome(
                FAILED,
                [f"{call} your function changed its input.", "Work on a copy: `x = x.copy()`."],
            )
        if result.value is None:
            return Outcome(
                FAILED, [f"{call} your function returned None.", "Does every path end in a return?"]
            )
        return None

    def _judged(self, answer):
        result = run(self.judge, (copy.deepcopy(answer),), self.seconds)
        if result.error is not None:
            message = str(result.error)[:500]
            return Outcome(FAILED, [f"convlib does not take this: {message}"])
        if result.value is None:
            return Outcome(PASSED, ["Passed: your answer does what was asked."])
        mistake = self._recognised([answer])
        return Outcome(FAILED, [result.value, *_named(mistake)], misconception=_name(mistake))

    def _compared(self, found, expected, cases):
        """The outcome of answers to all cases against what was expected."""
        wrong = [i for i in range(len(found)) if _difference(found[i], expected[i])]
        if not wrong:
            count = len(found)
            checks = "1 check" if count == 1 else f"{count} of {count} checks"
            return Outcome(PASSED, [f"{checks} passed."])
        first = wrong[0]
        call = f"On {_call(cases[first])}: " if cases[first] else ""
        lines = [call + _difference(found[first], expected[first])]
        mistake = self._recognised(found)
        arrays = _drawable(found[first], expected[first])
        passed = len(found) - len(wrong)
        if len(found) > 1:
            lines.append(f"{passed} of {len(found)} checks passed.")
        return Outcome(FAILED, lines + _named(mistake), misconception=_name(mistake), arrays=arrays)

    def _recognised(self, found):
        """The wrong model that gives what the learner's answer gives in every case, or None."""
        for wrong in self.wrong:
            models = [
                run(wrong.model, copy.deepcopy(case), self.seconds)
                if callable(wrong.model)
                else wrong
                for case in self.cases
            ]
            values = [wrong.model if m is wrong else m.value for m in models]
            if not any(_difference(a, b) for a, b in zip(found, values, strict=True)):
                return wrong
        return None

    def _expected(self, case):
        return self._solution(*copy.deepcopy(case))


def _unchanged(given, case):
    """Whether arguments are as they were, one by one: a case may mix arrays, words and numbers."""
    if not isinstance(case, (list, tuple)):
        return not _difference(given, case)
    return len(given) == len(case) and all(map(_unchanged, given, case))


def _named(mistake):
    if mistake is None:
        return ["Next: take hint(), or look at example()."]
    m = mistake.misconception
    return [f"This is what comes of {m.title}: {m.explanation}", f"Next: {m.next_step}"]


def _name(mistake):
    return mistake.misconception.name if mistake else None


def _is_untouched(answer):
    """Whether an answer is still the stub's."""
    if answer is ... or answer is None:
        return True
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    idle = all(i.opname in _IDLE for i in dis.get_instructions(code))
    return idle and set(code.co_consts) <= {None, ..., answer.__doc__}


def _difference(yours, expected):
    """How two results differ first, in shape or else in a value, as a sentence; or ""."""
    try:
        return _compare(yours, expected)
    except Exception:  # whatever objects a learner's code returns
        return _sentence(yours, expected)


def _compare(yours, expected):
    if isinstance(expected, dict):
        if not isinstance(yours, dict):
            return f"you gave {report.short(yours)}; a dict was expected."
        for key in {**expected, **yours}:
            if found := _difference(yours.get(key, "nothing"), expected.get(key, "nothing")):
                return f"at {key!r}, {found}"
        return ""
    if isinstance(expected, (str, bool, type(None))) or None in np.atleast_1d(_plain(expected)):
        return "" if _plain(yours) == _plain(expected) else _sentence(yours, expected)
    mine, theirs = np.asarray(yours), np.asarray(expected)
    if mine.dtype.kind not in "biufc":
        return "" if _plain(yours) == _plain(expected) else _sentence(yours, expected)
    if mine.shape != theirs.shape:
        return f"you gave the shape {mine.shape}, expected {theirs.shape}."
    if theirs.dtype.kind == "f" and mine.dtype.kind == "f" and mine.dtype.itemsize < 4:
        return f"you gave the dtype {mine.dtype}, expected {theirs.dtype}."
    close = np.isclose(mine, theirs, rtol=1e-5, atol=1e-6, equal_nan=True)
    if close.all():
        return ""
    index = tuple(int(i) for i in np.argwhere(~close)[0]) if mine.shape else ()
    at = f"at index {index if len(index) != 1 else index[0]}, " if index else ""
    return f"{at}you gave {report.short(mine[index])}, expected {report.short(theirs[index])}."


def _sentence(yours, expected):
    return f"you gave {report.short(yours)}, expected {report.short(expected)}."


def _plain(value):
    return tuple(map(_plain, value)) if isinstance(value, (list, tuple)) else value


def _drawable(yours, expected):
    """Both as arrays of one shape, if they are such and `expected` is an array, or None."""
    try:
        mine = np.asarray(yours, float)
    except (TypeError, ValueError):
        return None
    fits = isinstance(expected, np.ndarray) and mine.shape == expected.shape
    return (mine, expected) if fits else None


def _shares_memory(value, arguments):
    return isinstance(value, np.ndarray) and any(
        isinstance(a, np.ndarray) and np.may_share_memory(value, a) for a in arguments
    )


def _call(case):
    return "(" + ", ".join(report.short(argument) for argument in case) + ")"
