"""Every notebook is its text, executed; and the check that says so notices each way it can fail."""

import nbformat
import notebooks
import pytest

WIDGET = "convlib_widget_for_this_test"


@pytest.mark.parametrize("path", notebooks.all_notebooks(), ids=notebooks.place)
def test_notebook_is_its_text_executed(path):
    assert list(notebooks.problems(path)) == []


def test_there_are_notebooks():
    assert notebooks.ROOT / "chapters" / "introduction.ipynb" in notebooks.all_notebooks()


@pytest.fixture
def pair(tmp_path):
    """The path of a good notebook, with its text."""
    text = tmp_path / "text" / "page.md"
    text.parent.mkdir()
    text.write_text("# A page\n\n```{code-cell} ipython3\n1 + 1\n```\n", encoding="utf-8")
    path = tmp_path / "page.ipynb"
    notebook = notebooks.from_text(text)
    for cell in notebook.cells[1:]:
        cell.execution_count = 1
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def spoil(pair):
    """Change the notebook, and return what the check then says."""

    def spoiled(change):
        notebook = nbformat.read(pair, as_version=4)
        change(notebook)
        nbformat.write(notebook, pair)
        return "\n".join(notebooks.problems(pair))

    return spoiled


def widget_state(**state):
    return {notebooks.WIDGET_STATE: {"state": {"m": {"state": state}}}}


def test_good_pair_has_no_problems(pair):
    assert list(notebooks.problems(pair)) == []


def test_text_needs_a_notebook(pair):
    pair.unlink()
    assert "has no notebook" in next(notebooks.problems(pair))


def test_notebook_needs_a_text(pair):
    notebooks.text_of(pair).unlink()
    assert "has no text" in next(notebooks.problems(pair))


def test_changed_source_is_noticed(spoil):
    said = spoil(lambda notebook: notebook.cells[2].update(source="1 + 2"))
    assert "page.ipynb, cell 3: its source differs from" in said


def test_added_cell_is_noticed(spoil):
    said = spoil(lambda notebook: notebook.cells.append(nbformat.v4.new_markdown_cell("more")))
    assert "has 4 cells, its text has 3" in said


def test_changed_metadata_is_noticed(spoil):
    said = spoil(lambda notebook: notebook.metadata.language_info.update(version="3.11.7"))
    assert "the notebook's metadata" in said


def test_cell_that_was_not_executed_is_noticed(spoil):
    said = spoil(lambda notebook: notebook.cells[2].update(execution_count=None))
    assert "page.ipynb, cell 3 is not executed" in said


def test_stored_error_is_noticed(spoil):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    said = spoil(lambda notebook: notebook.cells[2].outputs.append(error))
    assert "page.ipynb, cell 3 stores an error, ValueError: no" in said


def test_widget_without_its_state_is_noticed(spoil):
    view = nbformat.v4.new_output("display_data", data={notebooks.WIDGET_VIEW: {"model_id": "m"}})
    said = spoil(lambda notebook: notebook.cells[2].outputs.append(view))
    assert "shows a widget whose state is not stored" in said


@pytest.mark.parametrize(("part", "source"), [("_esm", "old"), ("_css", "old")])
def test_widget_that_changed_is_noticed(spoil, tmp_path, monkeypatch, part, source):
    (tmp_path / f"{WIDGET}.py").write_text('class Explorer:\n    _esm = "new"\n    _css = "new"\n')
    monkeypatch.syspath_prepend(tmp_path)
    state = {"_anywidget_id": f"{WIDGET}.Explorer", "_esm": "new", "_css": "new"}
    assert spoil(lambda notebook: notebook.metadata.update(widgets=widget_state(**state))) == ""
    state[part] = source
    said = spoil(lambda notebook: notebook.metadata.update(widgets=widget_state(**state)))
    assert f"`{part}` of the widget {WIDGET}.Explorer has changed" in said


def test_widget_that_is_gone_is_noticed(spoil):
    state = {"_anywidget_id": "convlib.visuals_gone.Explorer", "_esm": ""}
    said = spoil(lambda notebook: notebook.metadata.update(widgets=widget_state(**state)))
    assert "cannot be imported" in said


def test_cell_ids_do_not_depend_on_other_cells(pair):
    before = [cell.id for cell in notebooks.from_text(notebooks.text_of(pair)).cells]
    text = notebooks.text_of(pair)
    text.write_text("Before.\n\n+++\n\n" + text.read_text(encoding="utf-8"), encoding="utf-8")
    after = [cell.id for cell in notebooks.from_text(text).cells]
    assert after[1:] == before


def test_notebook_made_twice_is_the_same(pair):
    text = notebooks.text_of(pair)
    text.write_text(
        "```{code-cell} ipython3\nimport ipywidgets\n\nobject()\n```\n\n"
        "```{code-cell} ipython3\nipywidgets.IntSlider()\n```\n",
        encoding="utf-8",
    )
    first, second = (nbformat.writes(notebooks.execute(text)) for _ in range(2))
    assert first == second
    assert "<object>" in first
    nbformat.write(nbformat.reads(first, as_version=4), pair)
    assert list(notebooks.problems(pair)) == []
