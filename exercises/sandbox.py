"""Run a learner's code so that whatever it does, the caller goes on.

Endless loops, exceptions, `sys.exit`, floods of print and replaced builtins end in a `Run` that
tells of them. One thing cannot be interrupted from within a process: C code that never gives
control back to Python. Standard library only.
"""

import builtins
import contextlib
import ctypes
import io
import sys
import threading
import time
import traceback

SECONDS = 5.0
PRINTED = 2000  # characters kept of what the code prints

_BUILTINS = dict(vars(builtins))
_OTHERS = {"_", "input"}  # the interactive prompt and every cell of a notebook set these anew


class TimeUpError(BaseException):
    """Raised in the learner's code; a BaseException, so that `except Exception` lets it through."""


class Run:
    """What came of a call: `value`, or `error`, and what was `printed`."""

    def __init__(self):
        self.value = self.error = None
        self.timed_out = False
        self.printed = ""
        self.replaced = []


class _Flood(io.TextIOBase):
    """Keeps the beginning of what is written, and counts the rest."""

    def __init__(self):
        self.kept, self.total = [], 0

    def write(self, text):
        if self.total < PRINTED:
            self.kept.append(text[: PRINTED - self.total])
        self.total += len(text)
        return len(text)

    def text(self):
        more = self.total - PRINTED
        return "".join(self.kept) + (f"\n… and {more} more characters" if more > 0 else "")


def restore_builtins():
    """Put builtins back that were replaced, and return their names."""
    now = vars(builtins)
    changed = [n for n, v in _BUILTINS.items() if n not in _OTHERS and now.get(n, now) is not v]
    now.update({name: _BUILTINS[name] for name in changed})
    return changed


def run(function, arguments, seconds=SECONDS):
    """Call function(*arguments) for at most so many seconds; return a `Run`, never raise."""
    result = Run()
    flood = _Flood()
    done = threading.Event()

    def work():
        try:
            result.value = function(*arguments)
        except TimeUpError:
            result.timed_out = True
        except BaseException as error:  # sys.exit and KeyboardInterrupt too
            result.error = error
        finally:
            result.replaced = restore_builtins()
            done.set()

    limit = sys.getrecursionlimit()
    with contextlib.redirect_stdout(flood), contextlib.redirect_stderr(flood):
        started = time.monotonic()
        try:
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
        except RuntimeError:  # Python in a browser has no threads
            _traced(work, seconds)
        else:
            result.timed_out |= not _join(thread, done, started, seconds)
    sys.setrecursionlimit(limit)
    result.printed = flood.text()
    return result


def _join(thread, done, started, seconds):
    """Whether the thread ends in time; if not, raise TimeUpError in it, or leave it behind."""
    if done.wait(seconds):
        return time.monotonic() - started <= seconds + 0.1  # C code may have kept us waiting
    for _ in range(5):  # code that catches everything is told again
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TimeUpError)
        )
        if done.wait(0.2):
            break
    return False


def _traced(work, seconds):
    """Run work() in this thread and look at the clock at every line it executes."""
    deadline = time.monotonic() + seconds

    def trace(frame, event, argument):
        if time.monotonic() > deadline:
            raise TimeUpError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)


def own_line(error, function):
    """The (line number, source) of the learner's own code where an error came from, or None."""
    code = getattr(function, "__code__", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if code and f.filename == code.co_filename]
    return (own[-1].lineno, own[-1].line) if own else None
