"""JupyterLab: what page and kernel tell each other, and how it shows the book's pages."""

import ast
import json
import shutil

import lab
import numpy as np
import pytest
from conftest import ROOT
from jupyter_client import BlockingKernelClient
from lab import wait_until

CELL = """
import numpy as np
from IPython.display import display
from convlib.visuals import PictureLab, WindowExplorer
explorer = WindowExplorer(layer="Conv1D", input_size=[6])
lab = PictureLab(np.arange(12.0).reshape(3, 4) / 12)
display(explorer, lab)
"""
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "widgets",
            "metadata": {},
            "outputs": [],
            "source": CELL.strip(),
        }
    ],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}

pytestmark = pytest.mark.xdist_group("jupyterlab")  # one server for all


@pytest.fixture(scope="module")
def page(jupyter, browser):
    """The notebook, opened and run."""
    address, folder = jupyter
    (folder / "widgets.ipynb").write_text(json.dumps(NOTEBOOK))
    with lab.opened(browser, address, "widgets.ipynb") as page:
        page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        page.locator(".ce-lab canvas").last.wait_for()
        yield page


@pytest.fixture(scope="module")
def python(jupyter, page):
    """Runs a statement in the kernel of the notebook; an expression's value comes back."""
    _, folder = jupyter
    connection = folder / "JUPYTER_RUNTIME" / f"kernel-{page.evaluate(f'{lab.KERNEL}.id')}.json"
    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=30)

    def run(statement, expression="None"):
        reply = client.execute(
            statement, user_expressions={"value": expression}, reply=True, timeout=20
        )
        content = reply["content"]
        assert content["status"] == "ok", content
        return ast.literal_eval(content["user_expressions"]["value"]["data"]["text/plain"])

    yield run
    client.stop_channels()


def cells(page, kind):
    return page.locator(f".ce-{kind} .ce-value").all_text_contents()


def test_a_change_in_the_page_reaches_python(page, python):
    page.get_by_label("stride", exact=True).first.fill("2")
    wait_until(lambda: python("", "explorer.strides") == [2])
    page.get_by_role("button", name="Next").click()
    wait_until(lambda: python("", "explorer.selected") == [0, 1])
    page.get_by_role("grid", name="Input").focus()
    page.keyboard.press("ArrowRight")  # JupyterLab leaves the keys to the widget
    page.keyboard.type("-9")
    page.keyboard.press("Enter")
    edited = [[1], [-9], [3], [4], [5], [6]]
    wait_until(lambda: python("", "explorer.input_array") == edited)
    page.get_by_label("input", exact=True).fill("4")
    wait_until(lambda: python("", "explorer.input_size, explorer.input_array") == ([4], edited[:4]))


def test_a_change_in_python_reaches_the_page(page, python):
    python("explorer.input_size = [5]; explorer.strides = [1]; explorer.padding = 'causal'")
    wait_until(lambda: cells(page, "output") == ["1", "3", "6", "9", "12"])
    assert page.get_by_label("padding").first.input_value() == "causal"
    assert page.get_by_label("input", exact=True).input_value() == "5"
    python("explorer.input_array = [3, 1, 4, 1, 5]; explorer.kernel_array = [0, -1, 1]")
    wait_until(lambda: cells(page, "output") == ["3", "−2", "3", "−3", "4"])
    python("explorer.selected = [0, 3]")
    page.get_by_text("output step 3 = 1·0 + 4·(−1) + 1·1 = −3", exact=True).wait_for()


def test_the_picture_lab_gives_its_output_to_python(page, python):
    page.get_by_label("padding").last.select_option("same")
    page.get_by_label("kernel row 1, column 1").fill("0.5")
    wait_until(lambda: python("", "lab.kernel[4]") == 0.5)
    picture = np.arange(12.0).reshape(3, 4) * 255 / 12
    sobel = [[-1, 0, 1], [-2, 0.5, 2], [-1, 0, 1]]
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(picture.round(), 1), (3, 3))
    output = python("", "lab.output.tolist()")
    np.testing.assert_allclose(output, (windows * sobel).sum((2, 3)))
    python("lab.kernel = [0] * 8 + [1]")
    page.get_by_label("kernel row 2, column 2").and_(page.locator("[aria-invalid]")).wait_for()
    wait_until(lambda: page.get_by_label("kernel row 2, column 2").input_value() == "1")


def test_a_page_looks_like_the_books(jupyter, browser):
    """Admonitions and numbers of equations are set; what the book folds is folded."""
    address, folder = jupyter
    shutil.copy(ROOT / "chapters" / "padding.ipynb", folder)
    with lab.opened(browser, address, "padding.ipynb") as page:
        page.locator("aside", has_text="What you will do, learn and need").wait_for()
        page.get_by_role("link", name="Conv1D and Conv2D").first.wait_for()
        texts = page.locator(".jp-MarkdownCell").all_inner_texts()
        assert len(texts) > 5
        assert not any(mark in text for text in texts for mark in ("```", "{eq}", "{admonition}"))
        first = page.locator(".jp-CodeCell").first  # what only Colab needs
        assert first.locator(".jp-InputPlaceholder").count() == 1
        assert first.locator(".cm-content").count() == 0
