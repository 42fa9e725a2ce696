"""Make the notebooks from their text, and check that they agree with it.

`text/<name>.md` (MyST Markdown) is what authors edit; `<name>.ipynb` beside that folder is the
same page, executed, with its outputs and the state of its widgets. A notebook made twice has the
same bytes, wherever its cells print the same: no times, no random ids.

    python notebooks.py            execute the notebooks that no longer match their text
    python notebooks.py --all      execute all of them
    python notebooks.py --check    execute nothing; say what does not match, and fail then
"""

import argparse
import hashlib
import importlib
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import jupytext
import nbformat
import solutions
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
FOLDERS = ("chapters", "exercises")
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

# Colab opens a notebook alone, without the rest of the repository.
INSTALL = """\
# Google Colab has no convlib yet: this installs it there. Anywhere else it does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet anywidget "convlib @ git+{url}"
"""

# What the built page folds or leaves out, JupyterLab shows folded.
FOLDED = {
    "hide-input": {"source_hidden": True},
    "remove-cell": {"source_hidden": True},
    "hide-cell": {"source_hidden": True, "outputs_hidden": True},
}

# Where an object happened to live in memory; tests/nbval.cfg drops the same.
ADDRESS = re.compile(r"(<[^<>]*?)( object)? at 0x[0-9a-fA-F]+")


def text_of(notebook):
    """The path of a notebook's text."""
    return notebook.parent / "text" / f"{notebook.stem}.md"


def notebook_of(text):
    """The path of a text's notebook."""
    return text.parents[1] / f"{text.stem}.ipynb"


def all_notebooks(root=ROOT):
    """Every notebook that exists or whose text does, in order."""
    folders = [root / folder for folder in FOLDERS]
    notebooks = {path for folder in folders for path in folder.glob("*.ipynb")}
    notebooks |= {notebook_of(text) for folder in folders for text in folder.glob("text/*.md")}
    return sorted(notebooks)


def install_cell():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    source = INSTALL.format(url=config["repository"]["url"]).rstrip()
    return nbformat.v4.new_code_cell(source, metadata={"tags": ["remove-cell"]})


def cells_of(text):
    """The cells of a text, with their solutions."""
    return jupytext.reads(text.read_text(encoding="utf-8"), fmt="md:myst").cells


def solutions_of(text):
    """The path and the content of the module of a text's solutions, or None."""
    if text.parents[1].name != "exercises":
        return None
    content = solutions.module(text.stem, cells_of(text))
    return text.parents[1] / "solutions" / f"{text.stem}.py", content


def solutions_page_of(text):
    """The path and the content of the page that shows the solutions; it needs their module."""
    chapter = importlib.import_module(f"exercises.{text.stem}")
    content = solutions.page(text.stem, cells_of(text), vars(chapter))
    return text.parents[1] / "solutions" / f"{text.stem}.md", content


def agree(path, content):
    return path.exists() and path.read_text(encoding="utf-8") == content


def from_text(text):
    """The notebook, not executed, that a text stands for."""
    cells = solutions.notebook_cells(cells_of(text))
    first_code = next((i for i, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    cells.insert(first_code, install_cell())
    seen = {}
    for cell in cells:
        # The id follows from the source alone, so that an added cell changes no other's.
        key = f"{cell.cell_type}\n{cell.source}"
        seen[key] = seen.get(key, 0) + 1
        cell.id = hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()[:8]
        for tag in cell.metadata.get("tags", []):
            if tag in FOLDED:
                cell.metadata["jupyter"] = FOLDED[tag]
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


def client(notebook, folder, **settings):
    """What executes a notebook in a folder and leaves no times in it."""
    return NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,
        extra_arguments=["--log-level=40"],  # else every kernel warns that it listens on loopback
        resources={"metadata": {"path": str(folder)}},
        **settings,
    )


def execute(text):
    """Execute a text's notebook in the notebook's own folder; return it with its outputs."""
    notebook = from_text(text)
    client(notebook, notebook_of(text).parent, timeout=600, coalesce_streams=True).execute()
    # The kernel describes itself, down to its version, which differs from machine to machine.
    widgets = {key: notebook.metadata[key] for key in ["widgets"] if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict(METADATA | widgets)
    drop_addresses(notebook)
    return with_stable_model_ids(notebook, text.stem)


def drop_addresses(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for holder, key in ((output, "text"), (output.get("data", {}), "text/plain")):
                if key in holder:
                    holder[key] = ADDRESS.sub(r"\1", holder[key])


def widget_models(notebook):
    """The stored widget models, by id."""
    return notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})


def with_stable_model_ids(notebook, name):
    """Replace the random ids of widget models by ids that follow from their order."""
    content = nbformat.writes(notebook)
    for index, model_id in enumerate(widget_models(notebook)):
        stable = hashlib.sha256(f"{name} {index}".encode()).hexdigest()[:32]
        content = content.replace(model_id, stable)
    return nbformat.reads(content, as_version=4)


def place(path, index=None):
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return str(name) if index is None else f"{name}, cell {index + 1}"


def widget_problems(path, models):
    """Say which stored widgets are not what their classes are today."""
    for model in models.values():
        state = model["state"]
        module, _, name = state.get("_anywidget_id", "__main__.").rpartition(".")
        if module == "__main__":  # defined in the notebook itself, whose source is compared
            continue
        try:
            widget = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            yield f"{place(path)}: the widget {module}.{name} cannot be imported: {error}"
            continue
        for part in ("_esm", "_css"):
            if state.get(part, "") != str(getattr(widget, part, "")):
                yield f"{place(path)}: `{part}` of the widget {module}.{name} has changed"


def output_problems(path, index, cell, models):
    """Say what is wrong with a code cell's stored outputs."""
    if cell.source.strip() and cell.execution_count is None:
        yield f"{place(path, index)} is not executed"
    may_raise = "raises-exception" in cell.metadata.get("tags", [])
    for output in cell.outputs:
        if output.output_type == "error" and not may_raise:
            yield f"{place(path, index)} stores an error, {output.ename}: {output.evalue}"
        view = output.get("data", {}).get(WIDGET_VIEW)
        if view and view["model_id"] not in models:
            yield f"{place(path, index)} shows a widget whose state is not stored"


def problems(path):
    """Say, one sentence each, why a notebook is not its text, executed."""
    text = text_of(path)
    if not text.exists():
        yield f"{place(path)} has no text: {place(text)} is missing"
        return
    if not path.exists():
        yield f"{place(text)} has no notebook: {place(path)} is missing"
        return
    expected = from_text(text)
    notebook = nbformat.read(path, as_version=4)
    if {**notebook.metadata, "widgets": None} != {**expected.metadata, "widgets": None}:
        yield f"{place(path)}: the notebook's metadata is not what this script writes"
    if len(notebook.cells) != len(expected.cells):
        yield f"{place(path)} has {len(notebook.cells)} cells, its text has {len(expected.cells)}"
    for index, (cell, want) in enumerate(zip(notebook.cells, expected.cells, strict=False)):
        for part in ("cell_type", "source", "metadata", "id"):
            if cell.get(part) != want.get(part):
                yield f"{place(path, index)}: its {part} differs from {place(text)}"
                break
    if module := solutions_of(text):
        if not agree(*module):
            yield f"{place(module[0])} differs from the solutions in {place(text)}"
        elif not agree(*(page := solutions_page_of(text))):
            yield f"{place(page[0])} differs from the solutions in {place(text)}"
    models = widget_models(notebook)
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            yield from output_problems(path, index, cell, models)
    yield from widget_problems(path, models)


def write(path, content):
    path.write_text(content, encoding="utf-8")


def check():
    """Print every problem; return whether there was none."""
    found = [problem for path in all_notebooks() for problem in problems(path)]
    for problem in found:
        print(problem)
    return not found


def make(every):
    """Execute stale notebooks, or every one; return whether all could be executed."""
    good = True
    paths = [path for path in all_notebooks() if text_of(path).exists()]
    for path in paths:  # before anything imports the exercises, which import their solutions
        if module := solutions_of(text_of(path)):
            write(*module)
    stale = [path for path in paths if every or any(problems(path))]
    for number, path in enumerate(stale, 1):
        print(f"==> [{number}/{len(stale)}] {place(path)}", end="", flush=True)
        started = time.monotonic()
        try:
            if solutions_of(text_of(path)):
                write(*solutions_page_of(text_of(path)))
            nbformat.write(execute(text_of(path)), path)
            print(f"  {time.monotonic() - started:.1f} s")
        except CellExecutionError as error:
            good = False
            print(f"  failed\n{error}")
    if not stale:
        print("All notebooks match their text.")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", action="store_true", help="execute every notebook")
    parser.add_argument("--check", action="store_true", help="execute nothing, report mismatches")
    arguments = parser.parse_args()
    if arguments.check:
        return 0 if check() else 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder  # a profile of one's own would change the outputs
        return 0 if make(arguments.all) else 1


if __name__ == "__main__":
    sys.exit(main())
