"""What the pages promise as a whole: every argument explained and run, every number guarded."""

import ast
import functools
import inspect
import json
import os
import re
import subprocess
import sys
import warnings

import nbformat
import notebooks
import pytest

import convlib
from convlib.arguments import argument_names

TEXTS = sorted((notebooks.ROOT / "chapters" / "text").glob("*.md"))
LAYERS = sorted(
    {getattr(convlib.layers, name).__name__ for name in convlib.layers.__all__}
    - {"Layer", "InputLayer", "Input"}
)


def record(texts):
    """Run the code of all texts; print [[layer, argument], ...] of what was passed explicitly."""
    import matplotlib as mpl

    mpl.use("Agg")
    warnings.simplefilter("ignore")
    passed = set()

    def new(cls, *args, **kwargs):
        names = inspect.signature(cls.__init__).bind_partial(None, *args, **kwargs).arguments
        passed.update((cls.__name__, name) for name in [*names, *kwargs])
        return object.__new__(cls)

    convlib.layers.Layer.__new__ = new
    original = convlib.layers.Input
    for module in (convlib, convlib.layers, convlib.models):
        module.Input = recording(original, "Input", passed)
    os.chdir(notebooks.ROOT / "chapters")
    for text in texts:
        space = {"__name__": "__main__"}
        for cell in notebooks.cells_of(text):
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and "raises-exception" not in tags:
                exec(compile(cell.source, str(text), "exec"), space)
    json.dump(sorted(passed), sys.stdout)


def recording(function, label, passed):
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        names = signature.bind_partial(*args, **kwargs).arguments
        passed.update((label, name) for name in names)
        return function(*args, **kwargs)

    return wrapper


@pytest.fixture(scope="module")
def passed():
    """The (layer, argument) pairs that the pages pass somewhere."""
    path = os.pathsep.join([str(notebooks.ROOT), str(notebooks.ROOT / "chapters" / "_book")])
    run = subprocess.run(
        [sys.executable, __file__],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return {tuple(pair) for pair in json.loads(run.stdout.splitlines()[-1])}


@pytest.fixture(scope="module")
def prose():
    """Of every page the prose, without code."""
    return {
        text.stem: "\n".join(
            cell.source for cell in notebooks.cells_of(text) if cell.cell_type == "markdown"
        )
        for text in TEXTS
    }


def arguments_of(name):
    if name == "Input":
        return list(inspect.signature(convlib.Input).parameters)
    return [a for a in argument_names(getattr(convlib.layers, name)) if a != "name"]


@pytest.mark.parametrize("name", [*LAYERS, "Input"])
def test_every_argument_is_run(name, passed):
    missing = [a for a in arguments_of(name) if (name, a) not in passed]
    assert missing == []


@pytest.mark.parametrize("name", [*LAYERS, "Input"])
def test_every_argument_is_explained(name, prose):
    """Some page names the layer, or its kind for all ranks, and the argument in backticks."""
    kind = re.sub(r"[123]D", "", name)
    pages = [text for text in prose.values() if kind in text]
    missing = [
        a for a in arguments_of(name) if not any(re.search(rf"`{a}\b", text) for text in pages)
    ]
    assert missing == []


# -- numbers

NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
# Directives, addresses, references and labels.
NOT_PROSE = re.compile(
    r"```\{(?:bibliography|figure).*?```|\]\([^)]*\)|https?://\S+|\{\w+(?::\w+)?\}`[^`]*`"
    r"|^\(\S+\)=$|^:\w+:.*$",
    re.DOTALL | re.MULTILINE,
)


def numbers(text):
    """The numbers in a text, without their signs."""
    return {float(number.replace(",", "")) for number in NUMBER.findall(text)}


def guarded(cells):
    """The numbers that code cells assert, stand in a cell that asserts, or were printed."""
    found = set()
    for cell in cells:
        code = re.sub(r"^( *)[%!].*", r"\1pass", cell.source, flags=re.MULTILINE)
        nodes = list(ast.walk(ast.parse(code)))
        if any(isinstance(node, ast.Assert) for node in nodes):
            for value in (node.value for node in nodes if isinstance(node, ast.Constant)):
                found |= numbers(value) if isinstance(value, str) else set()
                found |= {abs(float(value))} if type(value) in (int, float) else set()
        for output in cell.outputs:
            found |= numbers(output.get("text", "") + output.get("data", {}).get("text/plain", ""))
    return found


# Numbers that nothing in a page can compute: the versions of the libraries it quotes.
VERSIONS = {"translator": {2.13, 1.17}, "conv2d_arguments": {3.14}, "introduction": {3.15}}


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_every_number_in_prose_is_guarded(text):
    cells = nbformat.read(notebooks.notebook_of(text), as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    known = guarded(cell for cell in cells if cell.cell_type == "code")
    unguarded = numbers(NOT_PROSE.sub(" ", prose)) - known
    assert unguarded == VERSIONS.get(text.stem, set())


def test_an_unguarded_number_is_noticed():
    printed = nbformat.v4.new_output("stream", text="1,728 weights")
    cells = [
        nbformat.v4.new_code_cell("x = 3\nassert f(x) == 7 and s == '2.5'"),
        nbformat.v4.new_code_cell("y = 40", outputs=[printed]),
    ]
    assert guarded(cells) == {3, 7, 2.5, 1728}
    assert numbers("of 1,728 weights, -3 in `(4, 5)`, v2 and x_3") == {1728, 3, 4, 5}


if __name__ == "__main__":
    record(TEXTS)
