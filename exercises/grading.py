"""Grade a class: run every notebook apart from the others, and collect what it is worth."""

import contextlib
import sys
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from exercises.judge import row, run_apart
from exercises.runner import BrokenError

BROKEN = "BROKEN"  # the outcome of a notebook that gave no answers
LARGEST = 100  # MB of a notebook, with its pictures


class Notebook(NamedTuple):
    """A learner's notebook: whose it is, its name in reports, and where it is."""

    student: str
    name: str
    path: Path


def notebooks_below(folder):
    """The notebooks of a class; the student is the first part of the path below the folder."""
    for path in sorted(Path(folder).rglob("*.ipynb")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in inside.parts):
            yield Notebook(inside.parts[0].removesuffix(".ipynb"), inside.as_posix(), path)


def grade(notebooks, *, seconds, memory, jobs, scheduler=None):
    """Run every notebook; return a dict for each of its exercises, or one that says why it broke.

    `seconds` and `memory`, in MB, limit each notebook; `jobs` of them run at once, or as many as
    the Dask cluster at the address `scheduler` takes. ImportError if Dask is not installed, OSError
    if it does not answer.
    """
    notebooks = list(notebooks)
    with _pool(jobs, scheduler) as pool:
        futures = [_submit(pool, notebook.path, seconds, memory) for notebook in notebooks]
        try:
            for _ in _progress(as_completed(futures), len(futures)):
                pass
        finally:  # after Ctrl-C, too: what runs already ends within its time
            for future in futures:
                future.cancel()
    return [
        {"student": notebook.student, "notebook": notebook.name, **found}
        for notebook, future in zip(notebooks, futures, strict=True)
        for found in _rows(future)
    ]


@contextlib.contextmanager
def _pool(jobs, scheduler):
    if scheduler is None:
        with ThreadPoolExecutor(jobs) as pool:  # the threads only wait for processes
            yield pool
    else:
        from distributed import Client

        try:
            client = Client(scheduler, timeout=10)
        except (OSError, ValueError) as error:
            raise OSError(f"The Dask scheduler {scheduler} does not answer: {error}") from None
        with client, client.get_executor(pure=False) as pool:
            yield pool


def _submit(pool, path, seconds, memory):
    try:
        if path.stat().st_size > LARGEST << 20:
            raise OSError(f"The file has more than {LARGEST} MB.")
        return pool.submit(run_apart, path.read_bytes(), seconds, memory)
    except OSError as error:
        unread = Future()
        unread.set_exception(error)
        return unread


def _progress(finished, total):
    try:
        from tqdm import tqdm
    except ImportError:
        for number, one in enumerate(finished, 1):
            print(f"{number} of {total} notebooks", file=sys.stderr, flush=True)
            yield one
    else:
        yield from tqdm(finished, total=total, unit=" notebooks")


def _rows(future):
    try:
        return future.result()
    except BrokenError as error:
        return [row("", BROKEN, str(error))]
    except Exception as error:  # whatever it was, it is this notebook's alone
        return [row("", BROKEN, f"{type(error).__name__}: {error}")]
