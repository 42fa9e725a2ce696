"""Run one learner's notebook away from everything else, and judge what it answers.

Each notebook gets two processes and a temporary folder of its own. The runner executes the code
cells, notes what is passed to `check`, and calls the learner's functions on the exercises' cases.
The judge, which started the runner and never executes a word of the notebook, puts those answers
to the exercises again. Only the judge says PASSED, so replacing the engine, or writing into the
runner's report, gains nothing. When the time is up, the process groups of both are killed.

Before the first cell, the runner forbids itself what no exercise needs: to start a process, send
a signal, use a socket or ctypes, or change a file outside its folder. This stops what Python code
asks of Python, and not an expert who gets around Python. Nor can anything tell an answer from a
call of the solution, which is installed too. For a class that is not to be trusted at all, run
the whole command in a container or in a virtual machine.
"""

import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from exercises import all_exercises
from exercises.misconceptions import CATALOGUE
from exercises.outcomes import ERROR, FAILED, PASSED, UNATTEMPTED
from exercises.runner import BrokenError, limit

OUTCOMES = [PASSED, FAILED, ERROR, UNATTEMPTED]


def row(exercise, outcome, message, misconception="", checks=0, seconds=0.0):
    return {
        "exercise": exercise,
        "outcome": outcome,
        "misconception": misconception,
        "message": message[:2000],
        "checks": checks,
        "seconds": round(seconds, 2),
    }


def run_apart(data, seconds, memory):
    """Return the rows of a notebook, given as bytes; BrokenError if it has none to give."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = Path(folder, "work")
        work.mkdir()
        (work / "notebook.ipynb").write_bytes(data)
        with _start("judge.judge", memory, folder) as process:
            try:
                output, _ = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                raise BrokenError(f"It was still running after {seconds} seconds.") from None
            finally:
                _kill(process.pid)
                with contextlib.suppress(OSError, ValueError):  # it may not have come to a runner
                    _kill(int(Path(folder, "runner").read_text()))
    if process.returncode:
        raise BrokenError(f"The process that judged it was ended ({_end(process.returncode)}).")
    found = json.loads(output)
    if "broken" in found:
        raise BrokenError(found["broken"])
    return found["rows"]


def _start(role, memory, folder):
    """Start a process for `role`, a module's function, in a folder; it leads a process group."""
    package = str(Path(__file__).parents[1])
    one = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
    here = dict.fromkeys(["CONVOLUTION_EXACTLY", "TMPDIR", "TEMP", "TMP"], str(folder))
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        [sys.executable, "-c", f"from exercises import judge, runner; {role}({memory})"],
        cwd=folder,
        env={**os.environ, **one, **here, "PYTHONPATH": path, "MPLBACKEND": "Agg"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _kill(leader):
    """Kill a process and what it started, also if it has ended itself."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(leader)], capture_output=True)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only zombies left
            os.killpg(leader, signal.SIGKILL)


def _end(code):
    return f"exit code {code}" if code >= 0 else f"signal {-code}, {signal.strsignal(-code)}"


# -- the judge's process


def judge(memory):
    """Run the notebook in ./work by a runner, and print the rows it is worth, as JSON.

    This process stands between the notebook and the one that grades the class: it is the parent
    that a notebook can kill.
    """
    limit(memory)
    with _start("runner.runner", memory, Path.cwd() / "work") as process:
        Path("runner").write_text(str(process.pid))
        report, _ = process.communicate(b"go")  # not before others can find it, and end it
    try:
        if not report:
            end = _end(process.returncode)
            raise BrokenError(f"Python ended before the last cell did, or had no memory ({end}).")
        found = {"rows": _judged(json.loads(report))}
    except BrokenError as error:
        found = {"broken": str(error)}
    except Exception as error:  # what the report says is in the notebook's hands
        found = {"broken": f"Its report cannot be read ({type(error).__name__})."}
    print(json.dumps(found))


def _judged(report):
    if "broken" in report:
        raise BrokenError(str(report["broken"]))
    known = all_exercises()
    rows = []
    for name, entry in report["exercises"].items():
        exercise = known[name]
        outcome, lines, mistake = entry["outcome"], entry["lines"], entry["misconception"]
        if outcome not in OUTCOMES or mistake not in [None, *CATALOGUE]:
            raise ValueError(outcome, mistake)
        if outcome == PASSED:
            outcome, lines, mistake = _confirmed(exercise, entry["answers"])
        message = "\n".join(map(str, lines))
        checks, seconds = int(entry["checks"]), float(entry["seconds"])
        rows.append(row(name, outcome, message, mistake or "", checks, seconds))
    return rows


def _confirmed(exercise, answers):
    """Put the answers that passed in the runner to the exercise once more."""
    answers = json.loads(answers, object_hook=_from_json)
    replies = iter([*answers, *answers[:1]])  # check() calls a function once more at the end
    found = exercise.check((lambda *case: next(replies, None)) if exercise.cases[0] else answers[0])
    lines = found.lines
    if found.outcome != PASSED:
        lines = ["In the notebook it passed; judged outside of it, the answers do not.", *lines]
    return found.outcome, lines, found.misconception


def _from_json(value):
    if "npy" not in value:
        return value
    return np.load(io.BytesIO(base64.b64decode(value["npy"])), allow_pickle=False)
