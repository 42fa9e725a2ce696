"""Execute a notebook that is not trusted, in a process of its own, and report what it answers."""

import base64
import contextlib
import copy
import ctypes
import functools
import io
import json
import linecache
import os
import re
import sys
import time
import traceback
import types
from pathlib import Path

import numpy as np

from exercises import all_exercises
from exercises.outcomes import ERROR, PASSED, UNATTEMPTED
from exercises.sandbox import run

try:
    import resource
except ImportError:  # Windows
    resource = None

MEMORY_IS_LIMITED = resource is not None and sys.platform != "darwin"  # macOS ignores the limit
CHAPTER = re.compile(r"\bexercises(?:\.|\s+import\s+)(\w+)")
_CHECK = re.compile(r"^[^#\n]*?\b(\w+)\.check\(", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[\w.]+\?+)$", re.MULTILINE)


class BrokenError(Exception):
    """Why a notebook gave no answers."""


def limit(megabytes):
    """Limit this process' memory and the size of each file it writes, where that is possible."""
    if resource:
        for what, most in [("AS", megabytes << 20), ("FSIZE", megabytes << 20), ("CORE", 0)]:
            with contextlib.suppress(ValueError, OSError):  # a stricter limit is there already
                resource.setrlimit(getattr(resource, f"RLIMIT_{what}"), (most, most))


def runner(memory):
    """Execute notebook.ipynb, print what came of its exercises, as JSON, and end Python."""
    if not sys.stdin.buffer.read():  # the judge is gone
        return
    _ = np.ones((99, 99)) @ np.ones((99, 99))  # BLAS ends Python if it finds no memory later
    limit(memory)
    with os.fdopen(os.dup(1), "w", encoding="ascii") as channel:
        os.dup2(2, 1)  # what the notebook prints goes nowhere
        try:
            report = {"exercises": _executed(_sources(Path("notebook.ipynb").read_bytes()))}
        except BrokenError as error:
            report = {"broken": str(error)}
        channel.write(json.dumps(report))
    os._exit(0)  # whatever threads are left


def _sources(data):
    """The sources of a notebook's code cells."""
    try:
        cells = json.loads(data)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, RecursionError) as error:
        raise BrokenError(f"It is not JSON: {error}") from None
    except (KeyError, TypeError):
        raise BrokenError("It is JSON, but not a notebook with cells.") from None


def _executed(sources):
    """Execute cells, go on after errors, and return {exercise: what came of it}."""
    known, records, answers, missed, errors = all_exercises(), {}, {}, {}, []

    def check(name, original, answer=...):
        started = time.perf_counter()
        outcome = original(answer)
        before = records.get(name, {"checks": 0, "seconds": 0.0})
        answers[name] = answer
        records[name] = {
            "outcome": outcome.outcome,
            "misconception": outcome.misconception,
            "lines": outcome.lines,
            "checks": before["checks"] + 1,
            "seconds": before["seconds"] + time.perf_counter() - started,
        }
        errors.clear()
        return outcome

    for name, exercise in known.items():
        exercise.check = functools.partial(check, name, exercise.check)
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.display = print
    _forbid(Path.cwd().resolve())
    for number, source in enumerate(sources, 1):
        try:
            exec(_compiled(source, f"<cell {number}>"), vars(main))
        except BaseException as error:  # sys.exit too
            told = traceback.format_exception_only(error)[-1].strip()
            errors.append(f"Code cell {number}: {told[:300]}")
        for name in _CHECK.findall(source):
            missed[name] = errors[:] or ["Its check is in a cell, but never came to the engine."]
    for name, record in records.items():
        if record["outcome"] == PASSED:
            record["answers"] = _answers(known[name], answers[name])
    chapters = {*CHAPTER.findall("\n".join(sources)), *(name.split(".")[0] for name in records)}
    found = {
        name: records.get(name) or _unseen(missed.get(name.split(".")[1]))
        for name in known
        if name.split(".")[0] in chapters
    }
    if not found:
        raise BrokenError("There is no exercise of the book in it.")
    return found


def _compiled(source, name):
    linecache.cache[name] = (0, None, source.splitlines(True), name)  # for messages of errors
    try:
        return compile(source, name, "exec")
    except SyntaxError:
        return compile(_MAGIC.sub(r"\1pass", source), name, "exec")


def _unseen(reasons):
    """What came of an exercise whose check was not seen."""
    outcome, lines = (ERROR, reasons) if reasons else (UNATTEMPTED, ["It is never checked."])
    return {"outcome": outcome, "lines": lines, "misconception": None, "checks": 0, "seconds": 0}


def _answers(exercise, answer):
    """The answers to all cases, as JSON; empty if they cannot be had any more."""

    def all_of_them():
        calls = [answer(*copy.deepcopy(case)) if case else answer for case in exercise.cases]
        return json.dumps(calls, default=_as_json)

    return run(all_of_them, (), exercise.seconds * len(exercise.cases)).value or "[]"


def _as_json(value):
    """An array, or what can be one, as the bytes of a .npy file; never as a pickle."""
    file = io.BytesIO()
    np.save(file, np.asarray(value), allow_pickle=False)
    return {"npy": base64.b64encode(file.getvalue()).decode()}


def _forbid(folder):
    """Refuse, for the rest of this process, what no exercise needs."""
    _ = ctypes.pythonapi.PyThreadState_SetAsyncExc  # the sandbox needs this one
    refused = ("os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.spawn", "os.startfile")
    refused += ("os.system", "subprocess.", "pty.", "signal.", "socket.", "resource.", "ctypes.")
    changing = {"os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename"}
    changing |= {"os.rmdir", "os.symlink", "os.truncate", "shutil.rmtree"}
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def hook(event, arguments):
        if event.startswith(refused):
            raise PermissionError(f"{event} is not for a notebook that is being graded")
        paths = arguments[:2] if event in changing else ()
        if event == "open" and arguments[2] & writing:
            paths = arguments[:1]
        for path in paths:
            if isinstance(path, (str, bytes, os.PathLike)):  # and not a descriptor or a mode
                name = os.fsdecode(path)
                inside = Path(os.path.realpath(name)).is_relative_to(folder)
                if not inside and name != os.devnull:
                    raise PermissionError(f"{name} is not the notebook's to change")

    sys.addaudithook(hook)
