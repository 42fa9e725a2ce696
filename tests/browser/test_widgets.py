"""The widgets, operated as a reader would, against convlib."""

import base64
import itertools
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from convlib import layers
from convlib.padding import output_length, pads, span
from convlib.visuals import PictureLab, WindowExplorer
from convlib.visuals.widget import STATIC, window_rules

LAYERS_2D = ["Conv2D", "MaxPooling2D", "AveragePooling2D"]
LAYERS_1D = ["Conv1D", "MaxPooling1D", "AveragePooling1D"]


@pytest.fixture
def live(show):
    """Show a widget without Python, as the built book does; return what `show` returns."""

    def mount(widget):
        state = dict(widget.get_state())
        blobs = {name: state.pop(name) for name in list(state) if isinstance(state[name], bytes)}
        buffers = [
            {"path": [name], "encoding": "base64", "data": base64.b64encode(blob).decode()}
            for name, blob in blobs.items()
        ]
        return show({"m": {"state": state, "buffers": buffers}}, "m")

    return mount


def module(name):
    """The address of a module of static/, as data."""
    source = base64.b64encode((STATIC / f"{name}.js").read_bytes()).decode()
    return f"data:text/javascript;base64,{source}"


def test_every_axis_that_the_controls_can_reach(visit):
    """Output lengths, pads and the cells read, of every setting, against convlib and counting."""
    rules = window_rules()
    names = ("size", "kernel", "stride", "dilation", "padding")
    ranges = [range(1, limit + 1) for limit in rules["limits"]]
    settings = list(itertools.product(*ranges, rules["table"]))
    page = visit("file").page
    found = page.evaluate(
        """async ([url, rules, settings]) => {
          const { axis, reach } = await import(url);
          return settings.map((setting) => {
            const made = axis(rules, setting);
            const cells = [...Array(setting.size).keys()];
            return made && { ...made, reach: cells.map((cell) => reach(made, cell)) };
          });
        }""",
        [module("geometry"), rules, [dict(zip(names, s, strict=True)) for s in settings]],
    )
    assert len(found) == 12 * 5 * 4 * 3 * 3
    for (n, k, s, d, padding), axis in zip(settings, found, strict=True):
        if padding == "valid" and span(k, d) > n:
            assert axis is None
            continue
        out, (before, after) = output_length(n, k, s, padding, d), pads(n, k, s, padding, d)
        assert (axis["out"], axis["before"], axis["after"]) == (out, before, after)
        reads = [{o * s + t * d - before for t in range(k)} for o in range(out)]
        assert axis["unread"] == sum(cell > max(set.union(*reads)) for cell in range(n))
        assert axis["reach"] == [[o for o in range(out) if c in reads[o]] for c in range(n)]


def values(page, kind):
    """The cells that a widget shows, as {(row, column): value}, read from their labels."""
    labels = page.locator(f".ce-{kind}").evaluate_all("c => c.map((c) => c.ariaLabel)")
    cells = {}
    for label in labels:
        place, value = label.split(": ")
        row_and_column = tuple(int(n.replace("−", "-")) for n in re.findall(r"−?\d+", place))
        cells[row_and_column] = float(value.replace("−", "-"))
    return cells


def matrix(cells):
    """{(row, column): value}, or {(step,): value}, as an array."""
    shape = tuple(max(axis) + 1 for axis in zip(*cells, strict=True))
    assert len(cells) == np.prod(shape)
    return np.array([cells[place] for place in np.ndindex(shape)]).reshape(shape)


def set_slider(page, label, value):
    page.get_by_label(label, exact=True).fill(str(value))


def set_controls(page, values):
    """Set many controls at once, by the events that a reader's hand makes; {label: value}."""
    page.evaluate(
        """(values) => {
          for (const label of document.querySelectorAll(".ce-field label")) {
            if (!(label.textContent in values)) continue;
            label.control.value = values[label.textContent];
            label.control.dispatchEvent(new Event("input", { bubbles: true }));
            label.control.dispatchEvent(new Event("change", { bubbles: true }));
          }
        }""",
        values,
    )


@pytest.mark.parametrize("layer", LAYERS_1D + LAYERS_2D)
def test_the_window_explorer_shows_what_convlib_computes(live, layer):
    rng = np.random.default_rng(len(layer))
    rank, pool = (1 if layer.endswith("1D") else 2), "Pooling" in layer
    seen = live(WindowExplorer(layer=layer, input_values="random", kernel_values="random"))
    page = seen.page
    if rank == 2:
        page.get_by_label("height and width apart").check()
    axes = [""] if rank == 1 else [" height", " width"]
    limits = window_rules()["limits"]
    names = ["input", "pool" if pool else "kernel", "stride"] + ([] if pool else ["dilation"])
    refused = 0
    for _ in range(40):
        setting = {
            name: [int(rng.integers(1, limit + 1)) for _ in axes]
            for name, limit in zip(names, limits, strict=False)
        }
        if not pool and rng.random() < 0.8:  # else nearly all mix strides and dilation
            setting[str(rng.choice(["stride", "dilation"]))] = [1] * rank
        padding = str(
            rng.choice(["valid", "same", "causal"] if layer == "Conv1D" else ["valid", "same"])
        )
        controls = {
            name + axis: number
            for name, numbers in setting.items()
            for axis, number in zip(axes, numbers, strict=True)
        }
        set_controls(page, {**controls, "padding": padding})
        kwargs = {"strides": setting["stride"], "padding": padding, "dtype": "float64"}
        try:
            if pool:
                made = getattr(layers, layer)(setting["pool"], **kwargs)
            else:
                made = getattr(layers, layer)(
                    1, setting["kernel"], dilation_rate=setting["dilation"], **kwargs
                )
            shape = made.compute_output_shape((1, *setting["input"], 1))
        except ValueError:
            assert page.get_by_role("alert").inner_text()
            assert page.locator(".ce-cell").count() == 0
            refused += 1
            continue
        x = matrix(values(page, "input"))
        assert list(x.shape) == setting["input"]
        made.build((1, *x.shape, 1))
        if not pool:
            kernel = matrix(values(page, "kernel"))
            made.set_weights([kernel.reshape(*kernel.shape, 1, 1), np.zeros(1)])
        y = matrix(values(page, "output"))
        assert y.shape == shape[1:-1]
        np.testing.assert_allclose(y, made(x.reshape(1, *x.shape, 1))[0, ..., 0], atol=0.005)
        padded = np.array(x.shape) + [
            sum(pads(n, k, s, padding, d))
            for n, k, s, d in zip(
                setting["input"],
                setting[names[1]],
                setting["stride"],
                setting.get("dilation", [1] * rank),
                strict=True,
            )
        ]
        assert page.locator(".ce-padding").count() == np.prod(padded) - x.size
        # The arithmetic of the chosen cell ends in that cell's value.
        total = page.get_by_role("status").first.locator("b").inner_text()
        assert float(total.replace("−", "-")) == y.flat[0]
    assert refused < 20
    assert seen.errors == []


def test_the_window_explorer_by_keyboard(live):
    seen = live(WindowExplorer(padding="same", strides=[2, 2]))
    page = seen.page
    page.get_by_label("stride", exact=True).focus()
    page.keyboard.press("ArrowLeft")  # stride 1
    assert page.locator(".ce-output").count() == 25
    page.get_by_role("grid", name="Output").focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    status = page.get_by_role("status").first
    assert status.inner_text().startswith("output row 1, column 1 = 1·1 + 2·1 + 3·1 + 6·1")
    page.keyboard.press("End")
    assert status.inner_text().startswith("output row 1, column 4")
    assert status.inner_text().endswith("[0] is padding, 3 of 9.")
    page.get_by_role("grid", name="Input").focus()
    assert status.inner_text() == "input row 0, column 0 is read by 4 of 25 outputs."
    page.keyboard.press("ArrowUp")
    assert status.inner_text() == "padding row −1, column 0 is read by 2 of 25 outputs."
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    assert status.inner_text().startswith("output row 2, column 0")
    assert seen.errors == []


def test_the_window_explorer_plays(live):
    page = live(WindowExplorer(layer="Conv1D", input_size=[6])).page
    status = page.get_by_role("status").first
    set_slider(page, "windows per second", 10)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelector('.ce-arithmetic').innerText.includes('step 2 =')"
    )
    page.get_by_role("button", name="Pause").click()
    text = status.inner_text()
    page.wait_for_timeout(300)
    assert status.inner_text() == text


def test_the_window_explorer_refuses_as_keras_does(live):
    page = live(WindowExplorer()).page
    set_slider(page, "stride", 2)
    set_slider(page, "dilation", 2)
    assert "strides and dilation_rate may not both" in page.get_by_role("alert").inner_text()
    set_slider(page, "stride", 1)
    set_slider(page, "kernel", 5)
    assert "does not fit along the height and the width" in page.get_by_role("alert").inner_text()
    set_slider(page, "dilation", 1)
    assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_the_picture_lab_shows_what_convlib_computes(live, padding, strides):
    rng = np.random.default_rng(strides)
    picture = rng.integers(0, 256, (17, 23)).astype(np.uint8)
    kernel = rng.integers(-9, 10, 9)
    page = live(PictureLab(picture)).page
    page.get_by_label("padding").select_option(padding)
    page.get_by_label("stride").select_option(str(strides))
    for cell, value in enumerate(kernel):
        page.get_by_label(f"kernel row {cell // 3}, column {cell % 3}").fill(str(value))
    layer = layers.Conv2D(1, 3, strides=strides, padding=padding, use_bias=False, dtype="float64")
    layer.build((1, 17, 23, 1))
    layer.set_weights([kernel.reshape(3, 3, 1, 1)])
    y = layer(picture.reshape(1, 17, 23, 1))[0, :, :, 0]
    wanted = (
        f"Output {y.shape[0]} × {y.shape[1]}, from {y.min():.0f} (black) to {y.max():.0f} (white)."
    )
    assert page.get_by_role("status").inner_text().replace("−", "-").endswith(wanted)
    shown = page.locator("canvas").last.evaluate(
        """(canvas) => [...canvas.getContext("2d")
             .getImageData(0, 0, canvas.width, canvas.height).data]"""
    )
    grey = np.array(shown).reshape(*y.shape, 4)
    levels = (y - y.min()) * 255 / (y.max() - y.min())
    np.testing.assert_allclose(grey[..., 0], levels, atol=0.51)
    assert (grey[..., 3] == 255).all()


def test_the_picture_lab_marks_what_is_no_number(live):
    page = live(PictureLab()).page
    status = page.get_by_role("status").inner_text()
    cell = page.get_by_label("kernel row 1, column 1")
    for wrong in ("", "abc", "1e9", "--1"):
        cell.fill(wrong)
        assert cell.get_attribute("aria-invalid") == "true"
        assert f"not “{wrong}”" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("status").inner_text() == status  # the last good picture stays
    cell.fill("−1.5")
    assert page.get_by_role("alert").count() == 0
    assert page.get_by_role("status").inner_text() != status
    page.get_by_label("kernel", exact=True).select_option("blur")
    assert cell.input_value() == "4"


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    "widget", [WindowExplorer, PictureLab, lambda: WindowExplorer(layer="Conv1D", padding="causal")]
)
def test_axe_finds_nothing_in_a_widget(live, widget, colours):
    page = live(widget()).page
    page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", colours)
    found = Axe().run(page, context=".widget-view").response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
