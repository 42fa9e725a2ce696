"""What a check found, and what it says of code that did not come to a result."""

from exercises import report
from exercises.values import identical, plain

PASSED, FAILED, ERROR, UNATTEMPTED = "PASSED", "FAILED", "ERROR", "UNATTEMPTED"


class Outcome:
    """What a check found.

    `outcome` is PASSED, FAILED, ERROR or UNATTEMPTED; `lines` say it in the order a learner needs
    it; `misconception` is the name of the recognised mistake, if there is one; `arrays` are yours,
    the expected one and where they differ, if pictures help; `details` is a folded traceback or
    printed text.
    """

    def __init__(self, outcome, lines, *, misconception=None, arrays=None, details=""):
        self.outcome, self.lines, self.misconception = outcome, lines, misconception
        self.arrays, self.details = arrays, details

    def __repr__(self):
        return report.as_text(self)

    def _repr_html_(self):
        return report.as_html(self)


def problem_of(result, your, seconds):
    """The outcome of a call, or a look at a value, that did not end well, or None."""
    if result.timed_out:
        lines = [
            f"{your} code was still running after {seconds:g} seconds.",
            "Does a loop end? Check its condition and what changes inside it.",
        ]
        return Outcome(ERROR, lines, details=result.printed)
    if result.error is None:
        return None
    if issubclass(result.error, NotImplementedError):
        return Outcome(UNATTEMPTED, ["Not attempted yet: NotImplementedError was raised."])
    name, message = result.error.__name__, result.message or "no message"
    lines = [f"{your} code raised {name}: {message}"]
    if issubclass(result.error, RecursionError):
        lines = [f"{your} code called itself without end."]
    if issubclass(result.error, SystemExit):
        lines = [f"{your} code asked Python to exit. Return the result instead."]
    if result.line:
        lines.insert(0, "Line {} of your code: {}".format(*result.line))
    return Outcome(ERROR, lines, details=result.traceback)


def misuse_of(value, given, case, your):
    """The outcome of a call that changed its arguments, or gave nothing, or None."""
    if not identical(given, plain(case)):
        lines = [f"{your} function changed its input.", "Work on a copy: `x = x.copy()`."]
        return Outcome(FAILED, lines)
    if value is None:
        lines = [f"{your} function returned None.", "Does every path end in a return?"]
        return Outcome(FAILED, lines)
    return None


def put_back(names):
    """Say which names had to be put back."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return [f"Replaced in Python, and now put back: {', '.join(names[:3])}{more}."] if names else []
