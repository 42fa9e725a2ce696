"""Run a learner's code so that whatever it does, the caller goes on.

Endless loops, exceptions, `sys.exit`, floods of print, and whatever it replaced, closed or left
running, end in a `Run` that tells of them. Within one process nothing can stop C code that never
gives control back to Python, `os._exit`, the end of the memory, or a crash of the interpreter.
Standard library only.
"""

import contextlib
import contextvars
import io
import math
import os
import sys
import threading
import time
import traceback
import warnings
from types import FunctionType

from exercises.guard import GUARD

SECONDS = 5.0
PRINTED = 2000  # characters kept of what the code prints
_FRAMES = 50  # of a traceback

_deadlines = {}  # thread: when its time is up
_OWN = os.path.dirname(__file__) + os.sep
_STREAMS = [stream for stream in (sys.__stdout__, sys.__stderr__) if stream]


class TimeUpError(SystemExit):
    """Raised in the learner's code; a thread that it ends says nothing."""

    def __del__(self):
        """Raise it again, where the learner's code has caught it and goes on."""
        if time.monotonic() > _deadlines.get(threading.get_ident(), math.inf):
            sys.settrace(_trace)
            frame = sys._getframe(1)
            while frame and not frame.f_code.co_filename.startswith(_OWN):
                frame.f_trace, frame.f_trace_opcodes = _trace, True
                frame = frame.f_back


class Run:
    """What came of a call: its `value`, or the class of an `error` with what is known of it.

    `line` is the (number, source) of the learner's own code where the error came from, or None;
    `printed` the beginning of what was printed; `replaced` the names that had to be put back.
    """

    def __init__(self):
        self.value = self.error = self.line = None
        self.message = self.traceback = self.printed = ""
        self.timed_out, self.replaced = False, []

    def tell(self, error, function):
        """Note all about an error, whose own methods may do anything, too."""
        self.error = type(error)
        try:
            code = function.__code__ if type(function) is FunctionType else None
            frames = traceback.extract_tb(error.__traceback__, limit=-_FRAMES)
            own = [f for f in frames if code and f.filename == code.co_filename]
            self.line = (own[-1].lineno, own[-1].line) if own else None
            self.message = f"{error}"[:500]
            self.traceback = "".join(traceback.format_exception(error, limit=-_FRAMES))[-3000:]
        except TimeUpError:
            self.timed_out = True
        except BaseException:
            self.message = "its own text could not be had"


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


def run(function, arguments, seconds=SECONDS, finish=lambda value: value):
    """Call function(*arguments) for at most so many seconds; return a `Run`, never raise.

    Its value is finish(result), called under the same watch when all names are back in place.
    """
    result, flood, restore = Run(), _Flood(), GUARD.restore
    deadline = time.monotonic() + seconds

    def put_back():
        result.replaced += restore()

    def work():
        _deadlines[threading.get_ident()] = deadline
        limit = sys.getrecursionlimit()
        try:
            try:
                value = function(*arguments)
            finally:
                put_back()
                sys.setrecursionlimit(limit)
            result.value = finish(value)
            del value  # here and not later, for what its end may do
        except TimeUpError:
            result.timed_out = True
        except BaseException as error:  # sys.exit and KeyboardInterrupt too
            result.tell(error, function)
        finally:
            result.timed_out |= time.monotonic() > deadline  # C code cannot be interrupted
            del _deadlines[threading.get_ident()]
            sys.settrace(None)

    with _surroundings(flood):
        try:
            ended = _in_a_thread(work, seconds, put_back)
        except RuntimeError:  # Python in a browser has no threads
            ended = True
            _traced(work)
            put_back()
    result.timed_out |= not ended
    result.printed = flood.text()
    return result


def _in_a_thread(work, seconds, put_back):
    """Call work() in a thread; return whether it ended in time. RuntimeError if there are none."""
    start, done = threading.Lock(), threading.Lock()
    start.acquire()
    done.acquire()

    def begin():
        start.acquire()  # while the learner's code runs, this thread has to wait in C:
        try:  # there may be no builtins left
            work()
        finally:
            done.release()

    others = _threads()
    thread = threading.Thread(target=begin, daemon=True)
    thread.start()
    ended = False
    try:
        start.release()
        ended = done.acquire(timeout=seconds)
    finally:  # the learner may have interrupted it
        if not ended:
            put_back()
        _stop(_threads() - others - ({thread.ident} if ended else set()))
    return ended


def _threads():
    return {thread.ident for thread in threading.enumerate()} - {None}


def _stop(threads):
    """Raise an exception in these threads until they end; after half a second leave them behind."""
    if not threads:
        return
    import ctypes  # Python in a browser may not have it

    def tell(thread):
        error = TimeUpError if thread in _deadlines else SystemExit
        told = ctypes.pythonapi.PyThreadState_SetAsyncExc
        return told(ctypes.c_ulong(thread), ctypes.py_object(error))

    for _ in range(10):
        threads = set(filter(tell, threads))
        if not threads:
            return
        time.sleep(0.05)


def _traced(work):
    """Call work() in this thread, and look at the clock at every step of the code it runs."""
    before = sys.gettrace()
    sys.settrace(_trace)
    try:
        contextvars.copy_context().run(work)  # a thread has a context of its own, too
    finally:
        sys.settrace(before)


def _trace(frame, event, argument):
    """Raise TimeUpError, if it is time, in a frame of the learner's code that is traced."""
    if frame.f_code.co_filename.startswith(_OWN):
        return None
    frame.f_trace_opcodes = True  # a loop on a single line has no other events
    if time.monotonic() > _deadlines.get(threading.get_ident(), math.inf):
        raise TimeUpError
    return _trace


@contextlib.contextmanager
def _surroundings(flood):
    """Send what is printed into `flood`, and put back what belongs to the whole process."""
    kept = {name: getattr(sys, name) for name in ("displayhook", "excepthook", "stdin")}
    with (
        contextlib.redirect_stdout(flood),
        contextlib.redirect_stderr(flood),
        contextlib.chdir(os.curdir),
        warnings.catch_warnings(),
        _muted(),
    ):
        try:
            yield
        finally:
            vars(sys).update(kept)


@contextlib.contextmanager
def _muted():
    """Send nowhere what is written past Python's streams, into the descriptors 1 and 2."""
    _flush()
    saved = []
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:  # there may be none
        for number in (1, 2):
            saved.append((os.dup(number), number))
            os.dup2(nowhere.fileno(), number)
    try:
        yield
    finally:
        _flush()
        for copy, number in saved:
            os.dup2(copy, number)
            os.close(copy)


def _flush():
    for stream in _STREAMS:
        with contextlib.suppress(ValueError, OSError):  # it may be closed
            stream.flush()
