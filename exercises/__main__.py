"""The exercises' commands: python -m exercises [check FOLDER | grade FOLDER]."""

import argparse
import os
import sys
from collections import Counter
from pathlib import Path

import exercises
from exercises import classreport, grading, runner

CHECK = """\
Run the exercise notebooks in FOLDER, each in processes of its own, and print a line for each
exercise. Notebooks without exercises and folders in FOLDER are left alone, and so is the progress
kept there.

Exit code: 0 if every exercise that was attempted passes; 1 if one does not, or if a notebook gives
no answers; 2 if there is nothing to check.
"""

GRADE = f"""\
Run all notebooks below FOLDER, each in processes and a temporary folder of its own, and write a
CSV file with a row for each exercise of each notebook, and a page about the class.

FOLDER holds a notebook for each student (anna.ipynb) or a folder for each (anna/padding.ipynb).
All code cells are executed in turn, also after an error; what each check() was given last counts.
Lines that begin with % or ! are left out, and files beside the notebook are not there.

A notebook that hangs, breaks or misbehaves costs only its own rows. Within Python it can start no
process, use no network and change no file outside its folder. The memory limit works on Linux;
Windows and macOS have none to offer{"" if runner.MEMORY_IS_LIMITED else ", NOR HAS THIS SYSTEM"}.
A pass is never taken on the notebook's word: its answers are compared again where none of its code
runs. Nothing can tell an answer from a copy of the solution. For a class that you do not trust at
all, run this command in a container.

Exit code: 0 if both files were written, whatever the outcomes are; 2 if not.
"""


def main(arguments=None):
    """Run a command; return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may lack ✓, a file's name may be no text
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        print(exercises.progress())
        return 0
    notebooks = list(options.find(options.folder))
    if not notebooks:
        what = f"must hold notebooks to {options.command.__name__}"
        parser.error(f"`FOLDER` {what}. Received: FOLDER={str(options.folder)!r}")
    try:
        return options.command(notebooks, options)
    except OSError as error:  # a file cannot be written, or a scheduler does not answer
        parser.error(str(error))
    except ImportError:
        parser.error("--scheduler needs Dask: pip install distributed")
    except KeyboardInterrupt:
        return 130  # as shells have it


def _parser():
    limits = argparse.ArgumentParser(add_help=False)
    add = limits.add_argument
    add("folder", metavar="FOLDER", nargs="?", type=Path, default=".", help="the current one")
    add("--seconds", type=_positive, default=120, help="for each notebook, %(default)s")
    add("--memory", type=_positive, default=1024, help="MB for each notebook, %(default)s")
    add("--jobs", type=_positive, default=os.cpu_count(), help="at once, one for each core")

    parser = argparse.ArgumentParser(
        prog="python -m exercises",
        description="Print the progress kept in the current folder, or run one of the commands.",
    )
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    layout = {"formatter_class": argparse.RawDescriptionHelpFormatter, "parents": [limits]}
    brief = "run the notebooks of a folder again, and say what passes"
    command = commands.add_parser("check", help=brief, description=CHECK, **layout)
    command.set_defaults(command=check, find=_exercise_notebooks, scheduler=None)

    brief = "grade a class: every notebook below a folder"
    command = commands.add_parser("grade", help=brief, description=GRADE, **layout)
    command.set_defaults(command=grade, find=grading.notebooks_below)
    add = command.add_argument
    add("--csv", type=Path, default="grades.csv", help="the table, %(default)s")
    add("--html", type=Path, default="grades.html", help="the page, %(default)s")
    text = "a Dask cluster's, such as tcp://host:8786, to run the notebooks there; the workers need"
    add("--scheduler", metavar="ADDRESS", help=f"{text} this package, and --jobs does not count")
    return parser


def _positive(text):
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more. Received: {text}")
    return number


def _exercise_notebooks(folder):
    for path in sorted(folder.glob("*.ipynb")):
        if runner.CHAPTER.search(path.read_text(encoding="utf-8", errors="replace")):
            yield grading.Notebook("", path.name, path)


def _rows(notebooks, options):
    limits = {"seconds": options.seconds, "memory": options.memory, "jobs": options.jobs}
    return grading.grade(notebooks, **limits, scheduler=options.scheduler)


def check(notebooks, options):
    """Print a line for each exercise of the notebooks; return 1 if an attempted one fails."""
    rows = _rows(notebooks, options)
    for row in rows:
        name = f"{row['notebook']} {row['exercise']}".strip()
        print(f"{row['outcome']:<12}{name}: {' '.join(row['message'].split())}")
    counts = Counter(row["outcome"].lower() for row in rows)
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
    return 0 if counts.keys() <= {"passed", "unattempted"} else 1


def grade(notebooks, options):
    """Write the two files about a class."""
    for path in (options.csv, options.html):
        path.open("a").close()  # that it can be written is known before an hour's work
    rows = _rows(notebooks, options)
    memory = f"{options.memory} MB" if runner.MEMORY_IS_LIMITED else "no limit of memory"
    classreport.write_csv(options.csv, rows)
    classreport.write_html(
        options.html, rows, f"Each notebook had {options.seconds} seconds and {memory}."
    )
    broken = sum(row["outcome"] == grading.BROKEN for row in rows)
    print(f"{len(notebooks)} notebooks, {broken} without answers: {options.csv}, {options.html}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
