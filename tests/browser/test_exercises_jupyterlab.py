"""A learner in JupyterLab: a wrong answer, its diagnosis, a hint, the right one, the progress."""

import shutil
from pathlib import Path

import lab
import pytest

import exercises
from exercises.misconceptions import CATALOGUE

LINES = [
    "pads = [(0, 0)]",
    "for n, k, s in zip(x.shape[1:3], kernel_size, strides):",
    "total = max((-(-n // s) - 1) * s + k - n, 0)",
]
WRONG = "pads.append((total - total // 2, total // 2))"
RIGHT = "pads.append((total // 2, total - total // 2))"
RESULT = "return np.pad(x, [*pads, (0, 0)])"
MISTAKE = CATALOGUE["odd_zero_before"]

pytestmark = pytest.mark.xdist_group("jupyterlab")  # one server for all


@pytest.fixture(scope="module")
def page(jupyter, browser):
    """The exercises on padding, copied and opened."""
    address, folder = jupyter
    (folder / "learner").mkdir()
    shutil.copy(Path(exercises.__file__).parent / "padding.ipynb", folder / "learner")
    with lab.opened(browser, address, "learner/padding.ipynb") as page:
        yield page


def go_to(page, source):
    """Make the first cell that holds this source the active one, and show it."""
    page.evaluate(
        """async (source) => {
          const notebook = jupyterapp.shell.currentWidget.content;
          const holds = (cell) => cell.model.sharedModel.getSource().includes(source);
          notebook.activeCellIndex = notebook.widgets.findIndex(holds);
          await notebook.scrollToItem(notebook.activeCellIndex, 'center');
        }""",
        source,
    )
    return page.locator(".jp-Cell.jp-mod-active")


def replace_line(page, line, text):
    """Type a text over a line of the answer."""
    go_to(page, "def padded_picture").locator(".cm-line", has_text=line).click()
    page.keyboard.press("Home")  # behind the indentation
    page.keyboard.press("Shift+End")
    page.keyboard.type(text)


def check(page):
    """Run the cell with the check; what it shows."""
    go_to(page, "ex.padded_picture.check").click()
    page.keyboard.press("Control+Enter")
    return page.locator(".jp-Cell.jp-mod-active .jp-OutputArea-output")


def run_below(page, source):
    """Type this into a new cell below and run it; what it shows."""
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type(source)
    page.keyboard.press("Control+Enter")
    return page.locator(".jp-Cell.jp-mod-active .jp-OutputArea-output")


def test_a_wrong_answer_a_hint_and_the_right_answer(page):
    for command in ("clear-all-cell-outputs", "run-all-cells"):
        page.evaluate(f"void jupyterapp.commands.execute('notebook:{command}')")
    go_to(page, "ex.looks_back.check").get_by_text("… UNATTEMPTED").wait_for()
    go_to(page, "ex.padded_picture.check").get_by_text("… UNATTEMPTED").wait_for()

    replace_line(page, "...  # your code", "\n".join([*LINES, WRONG, ""]))
    page.keyboard.press("Backspace")  # out of the loop
    page.keyboard.type(RESULT)
    page.keyboard.press("Control+Enter")

    outcome = check(page)
    outcome.get_by_text("✗ FAILED").wait_for()
    outcome.get_by_text(f"This is what comes of {MISTAKE.title}: {MISTAKE.explanation}").wait_for()
    outcome.get_by_text(f"Next: {MISTAKE.next_step}").wait_for()
    for name, numbers in (("yours", "000001200340"), ("expected", "012003400000")):
        picture = outcome.get_by_role("img", name=f"{name}, shape (1, 3, 4, 1)", exact=True)
        picture.wait_for()
        assert "".join(picture.locator("text").all_text_contents()) == numbers

    run_below(page, "ex.padded_picture.hint()").get_by_text("Hint 1 of 3: Find (before,").wait_for()

    replace_line(page, WRONG, RIGHT)
    page.keyboard.press("Control+Enter")
    outcome = check(page)
    outcome.get_by_text("✓ PASSED").wait_for()
    outcome.get_by_text("6 of 6 checks passed.", exact=True).wait_for()

    progress = run_below(page, "import exercises; exercises.progress()")
    row = progress.get_by_role("row", name="padding.padded_picture")
    row.wait_for()
    assert row.locator("td").all_text_contents() == [
        "padding.padded_picture",
        "A padded picture",
        "✓ PASSED",
        "2",
        "1",
    ]
    progress.get_by_text(
        f"In all 1 of {len(exercises.all_exercises())} solved.", exact=True
    ).wait_for()
