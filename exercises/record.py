"""What the learner has solved, kept in a small file beside the notebooks.

The file is never in the way: if it cannot be written, progress is kept in memory; if it is
damaged, it is put aside; two kernels at once both see their entries kept.
"""

import json
import os
import tempfile
import time
import warnings
from pathlib import Path

FILE = ".convolution-exactly.json"
_memory = {}
_warned = set()


def path():
    """The file: in the folder that the environment names, or in the working folder."""
    return Path(os.environ.get("CONVOLUTION_EXACTLY", ".")) / FILE


def load():
    """Return {exercise: {"outcome", "checks", "hints", "solution", "misconceptions", "time"}}."""
    try:
        stored = json.loads(path().read_text(encoding="utf-8"))
        if not isinstance(stored, dict) or not all(isinstance(e, dict) for e in stored.values()):
            raise ValueError("not a table of exercises")
    except FileNotFoundError:
        stored = {}
    except OSError as error:
        _warn_once(f"Progress cannot be read from {path()}: {error}")
        stored = {}
    except ValueError as error:
        _put_aside(error)
        stored = {}
    return {**stored, **_memory}


def note(name, outcome, misconception=None):
    """Remember the outcome of a check; what was once passed stays passed."""

    def change(entry):
        entry["checks"] = entry.get("checks", 0) + 1
        if entry.get("outcome") != "PASSED":
            entry["outcome"] = outcome
        if misconception:
            seen = entry.setdefault("misconceptions", {})
            seen[misconception] = seen.get(misconception, 0) + 1

    _update(name, change)


def count_hint(name, most):
    """Count one more hint, up to `most`; return its number."""
    given = min(load().get(name, {}).get("hints", 0) + 1, most)
    _update(name, lambda entry: entry.update(hints=given))
    return given


def note_solution(name):
    """Remember that the solution was shown."""
    _update(name, lambda entry: entry.update(solution=True))


def reset():
    """Forget all progress."""
    _memory.clear()
    path().unlink(missing_ok=True)


def _update(name, change):
    if name is None:  # an exercise of nobody's, in a test or a sketch
        return
    entries = load()  # afresh: another kernel may have written meanwhile
    entry = entries.setdefault(name, {})
    change(entry)
    entry["time"] = round(time.time())
    try:
        _write(entries)
        _memory.clear()
    except OSError as error:
        _memory[name] = entry
        _warn_once(f"Progress cannot be kept in {path()}: {error}. It is kept until Python ends.")


def _write(entries):
    """Replace the file in one step, so that no reader ever sees half of it."""
    folder = path().parent
    handle, temporary = tempfile.mkstemp(prefix=FILE, dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=1, sort_keys=True)
        os.replace(temporary, path())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _put_aside(error):
    aside = path().with_name(f"{FILE}.damaged-{time.time_ns()}")
    try:
        os.replace(path(), aside)
        _warn_once(f"The progress file was damaged ({error}); it is kept as {aside.name}.")
    except OSError:
        _warn_once(f"The progress file {path()} is damaged: {error}")


def _warn_once(message):
    if message not in _warned:
        _warned.add(message)
        warnings.warn(message, stacklevel=2)
