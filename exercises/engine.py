"""The exercises' engine: check an answer, say what is wrong and why, and remember what is solved.

    exercises.padding.same_pads.check(my_function)

`check` never raises: it returns an `Outcome`, which shows itself as HTML in a notebook and as text
elsewhere. A wrong answer is compared with the exercise's wrong models, functions that make a known
mistake; if it acts like one of them, the mistake is named.
"""

import copy
import dis
import inspect
from types import FunctionType

import numpy as np

from exercises import record, report
from exercises.guard import GUARD
from exercises.outcomes import FAILED, PASSED, UNATTEMPTED, Outcome, misuse_of, problem_of, put_back
from exercises.sandbox import SECONDS, run
from exercises.values import difference, drawable, misplaced, plain

_IDLE = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE", "POP_TOP", "CACHE"}


class Wrong:
    """A misconception, and the answer, or the function, that it leads to.

    Many configurations can show the same mistake: `test` says of one whether it does.
    """

    def __init__(self, misconception, model, test=None):
        self.misconception, self.model, self.test = misconception, model, test


class Exercise:
    """An exercise: a solution, cases to try it on, three hints, and wrong models.

    `solution` is a function, or for a question of a number or a shape its value, or for a layer's
    configuration a dict. `cases` are tuples of arguments, the smallest first; a value has one,
    empty. `judge`, for configurations, is a function of the answer that returns None if it is
    right and else a sentence. `check` compares with `solution` otherwise, whole numbers exactly,
    others to five digits. `explanation` says why the solution is right.
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
        self._arguments = inspect.signature(solution).parameters if callable(solution) else ()

    # -- what the learner calls

    def check(self, answer=...):
        """Return the `Outcome` of an answer: a function, a value or a configuration."""
        replaced = GUARD.restore()
        outcome = self._check(answer)
        outcome.lines += put_back(replaced)
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
        if self.judge:
            return report.Text(
                "Any answer of the form in the question passes, if it does the task."
            )
        if not callable(self._solution):
            return report.Text("The answer is one value: pass it to check().")
        expected = self._solution(*copy.deepcopy(self.cases[0]))
        return report.Text(f"{self._call(self.cases[0])} gives {report.short(expected)}", code=True)

    def source(self):
        """The solution as text."""
        if callable(self._solution):
            return inspect.getsource(self._solution).rstrip()
        return f"{self.name.rpartition('.')[2]} = {self._solution!r}"

    @property
    def value(self):
        """The value that is asked for, or None where a function or a configuration is."""
        return None if self.judge or callable(self._solution) else self._solution

    # -- how it is judged

    def _check(self, answer):
        if _is_untouched(answer):
            return Outcome(UNATTEMPTED, ["Not attempted yet: write your answer, then check again."])
        if callable(self._solution):
            if callable(answer):
                return self._checked_function(answer)
            kind = type(answer).__name__
            return Outcome(FAILED, [f"check() wants your function itself. It was given a {kind}."])
        look = run(lambda: answer, (), self.seconds, plain)
        if problem := problem_of(look, "Your", self.seconds):
            return problem
        return self._judged(look.value) if self.judge else self._checked_value(look.value)

    def _checked_value(self, value):
        wrong = misplaced(value, self._solution)
        return self._failed([wrong], [value]) if wrong else Outcome(PASSED, ["1 check passed."])

    def _judged(self, configuration):
        verdict = run(self.judge, (configuration,), self.seconds)
        if verdict.timed_out:
            lines = [
                f"Building this took more than {self.seconds:g} seconds: are the numbers right?"
            ]
            return Outcome(FAILED, lines)
        if verdict.error:
            return Outcome(FAILED, [f"convlib does not take this: {verdict.message}"])
        if verdict.value is None:
            return Outcome(PASSED, ["Passed: your answer does what was asked."])
        return self._failed([verdict.value], [configuration])

    def _checked_function(self, function):
        found, notes, printed = [], [], ""
        for case in self.cases:
            result = self._called(function, case)
            notes += put_back(result.replaced)
            your = f"On {self._call(case)} your"
            problem = problem_of(result, your, self.seconds)
            if problem is None:
                value, given, is_view = result.value
                problem = misuse_of(value, given, case, your)
            if problem:
                problem.lines += dict.fromkeys(notes)
                return problem
            printed = printed or result.printed
            if is_view:
                notes.append(
                    "Your result is a view of the input: changing one changes the other. "
                    "`.copy()` would part them."
                )
            found.append(value)
        again = self._called(function, self.cases[0])
        expected = [self._solution(*copy.deepcopy(case)) for case in self.cases]
        first = difference(found[0], expected[0])
        if not again.value or difference(again.value[0], expected[0]) != first:
            lines = [
                "Two calls with the same arguments gave two results.",
                "Is something random in it, or kept from call to call, such as a default list?",
            ]
            return Outcome(FAILED, lines)
        outcome = self._compared(found, expected)
        outcome.lines += dict.fromkeys(notes)
        outcome.details = f"Your code printed:\n{printed}" if printed else ""
        return outcome

    def _called(self, function, case):
        """The `Run` of a call: the result and the arguments then, plain, and if it is a view."""
        given = copy.deepcopy(case)
        return run(
            function,
            given,
            self.seconds,
            lambda value: (plain(value), plain(given), _shares_memory(value, given)),
        )

    def _compared(self, found, expected):
        """The outcome of a function's results for all cases against what was expected."""
        wrong = [i for i in range(len(found)) if difference(found[i], expected[i])]
        if not wrong:
            count = len(found)
            checks = "1 check" if count == 1 else f"{count} of {count} checks"
            return Outcome(PASSED, [f"{checks} passed."])
        first = wrong[0]
        differs = difference(found[first], expected[first])
        lines = [f"On {self._call(self.cases[first])}: {differs}"]
        if len(found) > 1:
            lines.append(f"{len(found) - len(wrong)} of {len(found)} checks passed.")
        return self._failed(lines, found, drawable(found[first], expected[first]))

    def _failed(self, lines, found, arrays=None):
        """The outcome of a wrong answer: `lines`, the mistake it shows, and what to do next."""
        mistake = self._recognised(found)
        if mistake is None:
            example = ", or look at example()" if callable(self._solution) else ""
            return Outcome(FAILED, [*lines, f"Next: take hint(){example}."], arrays=arrays)
        m = mistake.misconception
        lines += [f"This is what comes of {m.title}: {m.explanation}", f"Next: {m.next_step}"]
        return Outcome(FAILED, lines, misconception=m.name, arrays=arrays)

    def _call(self, case):
        """A call of the function that is asked for, as text."""
        pairs = zip(self._arguments, case, strict=True)
        arguments = ", ".join(f"{name}={report.short(value, 600)}" for name, value in pairs)
        return f"{self._solution.__name__}({arguments})"

    def _recognised(self, found):
        """The wrong model that gives what the learner's answer gives in every case, or None."""
        for wrong in self.wrong:
            if wrong.test:
                if run(wrong.test, tuple(found), self.seconds).value:
                    return wrong
                continue
            models = [self._mistaken(wrong.model, case) for case in self.cases]
            if not any(map(difference, found, models)):
                return wrong
        return None

    def _mistaken(self, model, case):
        """What a wrong model gives."""
        if not callable(model):
            return model
        return run(model, copy.deepcopy(case), self.seconds, plain).value


def _is_untouched(answer):
    """Whether an answer is still the stub's."""
    if answer is ... or answer is None:
        return True
    if type(answer) is not FunctionType:
        return False
    code, text = answer.__code__, answer.__doc__
    idle = all(i.opname in _IDLE for i in dis.get_instructions(code))
    return idle and set(code.co_consts) <= {None, ..., text if type(text) is str else None}


def _shares_memory(value, arguments):
    return issubclass(type(value), np.ndarray) and any(
        isinstance(a, np.ndarray) and np.may_share_memory(value, a) for a in arguments
    )
