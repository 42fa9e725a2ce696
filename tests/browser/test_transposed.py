"""The transposed explorer, operated as a reader would, against convlib."""

import base64
import itertools
import re

import numpy as np
import pytest
import traitlets
from axe_playwright_python.sync_playwright import Axe
from test_widgets import live, matrix, set_controls, set_slider  # noqa: F401

from convlib import layers
from convlib.correlation import correlate
from convlib.padding import span, transposed_length, transposed_pads
from convlib.visuals import TransposedExplorer
from convlib.visuals.transposed import LAYERS, transposed_rules
from convlib.visuals.widget import bundle

SETTINGS_OF_A_LAYER = {"Conv1DTranspose": 4200, "Conv2DTranspose": 960}


def built(name, kernel, n, s, padding, d, p):
    """The layer with this kernel, a matrix for 2D and a vector for 1D."""
    rank = kernel.ndim
    layer = getattr(layers, name)(
        1, kernel.shape, s, padding, p, dilation_rate=d, use_bias=False, dtype="float64"
    )
    layer.build((1, *[n] * rank, 1))
    layer.set_weights([kernel.reshape(*kernel.shape, 1, 1)])
    return layer


def applied(layer, x):
    return layer(x.reshape(1, *x.shape, 1))[0, ..., 0]


@pytest.mark.parametrize("name", LAYERS)
def test_every_axis_that_the_controls_can_reach(visit, name):
    """Lengths, crops, stamps, overlaps and zero-stuffing of every setting, against convlib."""
    rules = transposed_rules(name)
    ranges = [range(1, limit + 1) for limit in rules["limits"]]
    words = [word.split() for word in rules["table"]]
    settings = list(itertools.product(*ranges, words))
    assert len(settings) == SETTINGS_OF_A_LAYER[name]
    found = visit("file").page.evaluate(
        """async ([source, rules, settings]) => {
          const url = `data:text/javascript;base64,${source}`;
          const { scatterAxis, sources, stuffed, unstuffed, phases } = await import(url);
          const pair = ({ cell, tap }) => [cell, tap];
          return settings.map(([size, kernel, stride, dilation, [padding, extra]]) => {
            const axis = scatterAxis(rules, { size, kernel, stride, dilation, padding, extra });
            if (!axis) return null;
            const cells = [...Array(axis.out + axis.before + axis.after).keys()];
            const at = cells.map((cell) => cell - axis.before);
            return {
              ...axis, phases: phases(axis), sources: at.map((o) => sources(axis, o).map(pair)),
              stuffed: at.map((o) => stuffed(axis, o)
                .map(({ at, tap }) => [unstuffed(axis, at), tap]).filter(([cell]) => cell >= 0)),
            };
          });
        }""",
        [base64.b64encode(bundle("scatter").encode()).decode(), rules, settings],
    )
    refused = 0
    for (n, k, s, d, (padding, extra)), axis in zip(settings, found, strict=True):
        p = None if extra == "none" else int(extra)
        ones = np.ones(k)
        try:
            layer = built("Conv1DTranspose", ones, n, s, padding, d, p)
        except ValueError:
            assert axis is None
            refused += 1
            continue
        out, crop = (
            transposed_length(n, k, s, padding, d, p),
            transposed_pads(n, k, s, padding, d, p),
        )
        full = (n - 1) * s + span(k, d)
        assert (axis["out"], axis["before"], axis["after"]) == (out, *crop)
        assert (axis["full"], axis["beyond"]) == (full, max(out - full, 0))
        places = range(-crop[0], out + crop[1])
        reached = [
            [[i, t] for i in range(n) for t in range(k) if i * s + t * d - crop[0] == o]
            for o in places
        ]
        assert axis["sources"] == reached
        assert [sorted(pairs) for pairs in axis["stuffed"]] == reached
        if out:
            counts = [len(pairs) for pairs in reached[crop[0] : crop[0] + out]]
            assert applied(layer, np.ones(n)).tolist() == counts
        long = applied(built("Conv1DTranspose", ones, 40, s, "valid", d, None), np.ones(40))
        first = 20 * s  # far from both ends, and a multiple of the stride
        assert long[first : first + s].tolist() == axis["phases"]
    assert 0 < refused < len(settings) * 0.75


def labelled(page):
    """The cells of all grids, as {name: {(row, column): value}}; the value of a zero is None."""
    labels = page.locator("[role=gridcell]").evaluate_all("c => c.map((c) => c.ariaLabel)")
    found = {}
    for label in labels:
        name, numbers, value = re.fullmatch(
            r"(.*?) ((?:row|step)[^:]*)(?:: (\S+).*)?", label.replace("−", "-")
        ).groups()
        place = tuple(int(number) for number in re.findall(r"-?\d+", numbers))
        found.setdefault(name, {})[place] = value and float(value)
    return found


def whole(*parts):
    """The array that cells make together, wherever their indices begin; a zero is 0."""
    cells = {place: value or 0 for part in parts for place, value in part.items()}
    low = np.min(list(cells), axis=0)
    return matrix({tuple(np.subtract(place, low)): value for place, value in cells.items()})


def drawn_settings(rng, name, rank):
    """Settings of the controls of a layer, by name, and what the layer's class is given."""
    n, k, s, d = (
        [int(rng.integers(1, limit + 1)) for _ in range(rank)]
        for limit in transposed_rules(name)["limits"]
    )
    if rng.random() < 0.8:  # else nearly all mix strides and dilation
        if rng.random() < 0.7:
            d = [1] * rank
        else:
            s = [1] * rank
    p = None if rng.random() < 0.6 else int(rng.integers(0, max(*s, 2)))
    padding = str(rng.choice(["valid", "same"]))
    axes = [" height", " width"] if rank == 2 else [""]
    controls = {
        label + axis: number
        for label, numbers in zip(
            ("input", "kernel", "stride", "dilation"), (n, k, s, d), strict=True
        )
        for axis, number in zip(axes, numbers, strict=True)
    }
    controls |= {"padding": padding, "output_padding": "none" if p is None else str(p)}
    return controls, (n, k, s, padding, d, p)


@pytest.mark.parametrize("name", LAYERS)
def test_it_shows_what_convlib_computes(live, name):  # noqa: F811
    rng = np.random.default_rng(5)
    rank = int(name[4])
    seen = live(TransposedExplorer(name, input_values="random", kernel_values="random"))
    page = seen.page
    if rank == 2:
        page.get_by_label("height and width apart").check()
    compared = refused = 0
    while compared < 110:
        controls, (n, k, s, padding, d, p) = drawn_settings(rng, name, rank)
        set_controls(page, controls)
        per_axis = list(zip(n, k, s, [padding] * rank, d, [p] * rank, strict=True))
        try:
            layer = getattr(layers, name)(1, k, s, padding, p and [p] * rank, dilation_rate=d)
            assert all(layer.compute_output_shape((1, *n, 1)))
        except (ValueError, AssertionError):
            assert "Keras refuses" in (text := page.get_by_role("alert").inner_text()) or (
                "no cells" in text
            )
            refused += 1
            continue
        assert page.get_by_role("alert").count() == 0
        cells = labelled(page)
        x, kernel = matrix(cells["input"]), matrix(cells["kernel"])
        assert (list(x.shape), list(kernel.shape)) == (n, k)
        extra = None if p is None else [p] * rank
        y = applied(built(name, kernel, 1, s, padding, d, extra), x)
        np.testing.assert_allclose(matrix(cells["output"]), y, atol=0.005)
        # The scatter is what stays and what is cropped; beyond it are zeros.
        scatter = applied(built(name, kernel, 1, s, "valid", d, [0] * rank), x)
        large = whole(cells["output"], cells.get("cropped", {}))
        beyond = [max(a - b, 0) for a, b in zip(y.shape, scatter.shape, strict=True)]
        scatter = np.pad(scatter, [(0, zeros) for zeros in beyond])
        np.testing.assert_allclose(large, scatter, atol=0.005)
        assert page.locator(".ce-cropped").count() == scatter.size - y.size
        # The flipped kernel over the zero-stuffed input gives the same.
        zeros = (cells.get(f"zero {where}", {}) for where in ("between", "around"))
        stuffed = whole(cells["stuffed"], *zeros)
        flipped = matrix(cells["flipped kernel"])
        np.testing.assert_array_equal(flipped, np.flip(kernel))
        slid = correlate(
            stuffed.reshape(1, *stuffed.shape, 1),
            flipped.reshape(*k, 1, 1),
            strides=(1,) * rank,
            pads=[(0, 0)] * rank,
            dilation_rate=d,
        )
        np.testing.assert_allclose(slid[0, ..., 0], scatter, atol=0.005)
        text = page.locator(".ce-formula").inner_text()
        for numbers in per_axis:
            before, after = transposed_pads(*numbers)
            dropped = f"{before} dropped before, {after} after" if before + after else "none is"
            assert f"= {transposed_length(*numbers)}; the scatter" in text
            assert dropped in text
        compared += 1
    assert refused < 110
    assert seen.errors == []


@pytest.mark.parametrize("name", LAYERS)
def test_overlaps_and_the_convolution_behind_the_layer(live, name):  # noqa: F811
    rng = np.random.default_rng(6)
    rank = int(name[4])
    seen = live(TransposedExplorer(name, input_values="random", kernel_values="random"))
    page = seen.page
    if rank == 2:
        page.get_by_label("height and width apart").check()
    for _ in range(25):
        controls, (n, k, s, padding, d, p) = drawn_settings(rng, name, rank)
        if max(s) > 1 < max(d) or (p is not None and p >= min(s)):
            continue
        extra = None if p is None else [p] * rank
        layer = built(name, np.ones(k), 1, s, padding, d, extra)
        if not all(shape := layer.compute_output_shape((1, *n, 1))):
            continue
        set_controls(page, {**controls, "show": "overlap counts"})
        counts = applied(layer, np.ones(n))
        shown = page.locator(".ce-output .ce-value").all_text_contents()
        assert [int(count) for count in shown] == counts.ravel().tolist()
        set_controls(page, {"show": "forward convolution"})
        cells = labelled(page)
        x, kernel = matrix(cells["convolution input"]), matrix(cells["kernel"])
        assert x.shape == shape[1:-1]
        crops = [
            transposed_pads(*axis, padding, dilation, p)
            for *axis, dilation in zip(n, k, s, d, strict=True)
        ]
        y = correlate(
            x.reshape(1, *x.shape, 1),
            kernel.reshape(*k, 1, 1),
            strides=s,
            pads=crops,
            dilation_rate=d,
        )
        np.testing.assert_allclose(matrix(cells["convolution output"]), y[0, ..., 0], atol=0.1)
        padded = np.prod([size + sum(crop) for size, crop in zip(x.shape, crops, strict=True)])
        assert len(cells.get("padding", {})) == padded - x.size
    assert seen.errors == []


def test_by_keyboard(live):  # noqa: F811
    seen = live(TransposedExplorer(kernel_values="counting"))
    page = seen.page
    status = page.get_by_role("status").first
    page.get_by_role("grid", name="Input", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert status.inner_text() == (
        "input row 1, column 1: its stamp, 5 times the kernel, lands on output rows 2 to 4, "
        "columns 2 to 4."
    )
    assert page.locator(".ce-output.ce-tap").count() == 9
    page.get_by_role("grid", name="Output with what is cropped").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    assert status.inner_text() == "output row 2, column 2 = 1·9 + 2·7 + 4·3 + 5·1 = 40"
    # The window over the zero-stuffed input covers nine cells, four of them inputs.
    assert page.locator(".ce-padding.ce-tap").count() == 5
    page.get_by_role("grid", name="Input stuffed with zeros").focus()
    page.keyboard.press("ArrowRight")
    assert status.inner_text().startswith("A zero, stuffed in at row 0, column 1")
    page.get_by_label("padding", exact=True).select_option("same")
    page.get_by_role("button", name="Previous").focus()  # before the first comes the last
    page.keyboard.press("Enter")
    assert status.inner_text().startswith("input row 2, column 2: ")
    assert status.inner_text().endswith("; 5 of its 9 cells are cropped.")
    assert seen.errors == []


def test_by_pointer(live):  # noqa: F811
    seen = live(TransposedExplorer("Conv1DTranspose", kernel_size=[2], strides=[3]))
    page = seen.page
    status = page.get_by_role("status").first
    outputs = page.locator(".ce-output")
    outputs.nth(4).hover()
    assert status.inner_text() == "output step 4 = 2·1 = 2"
    outputs.nth(8).hover()
    assert status.inner_text() == "output step 8 = 0, no stamp reaches it."
    page.get_by_role("button", name="Next").click()
    assert status.inner_text().startswith("input step 1: its stamp, 2 times the kernel")
    text = page.locator(".ce-formula").inner_text()
    assert "output (3 − 1)·3 + max(2, 3) = 9; the scatter has (3 − 1)·3 + 2 = 8 cells" in text
    assert "none is dropped, 1 zero follows" in text
    assert "1, 1 and 0 stamps in turn, because the kernel size 2 is not divisible" in text
    page.get_by_label("kernel", exact=True).fill("3")
    assert "are even" in page.locator(".ce-overlaps").inner_text()
    assert seen.errors == []


def test_it_plays(live):  # noqa: F811
    page = live(TransposedExplorer("Conv1DTranspose", input_size=[5])).page
    status = page.get_by_role("status").first
    set_slider(page, "stamps per second", 10)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelector('.ce-arithmetic').innerText.includes('input step 2')"
    )
    page.get_by_role("button", name="Pause").click()
    text = status.inner_text()
    page.wait_for_timeout(300)
    assert status.inner_text() == text


def test_it_refuses_as_keras_does_and_keeps_its_picture(live):  # noqa: F811
    page = live(TransposedExplorer()).page
    before = page.locator(".ce-stage").inner_html()
    set_slider(page, "dilation", 2)
    assert "may not both be greater than 1" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("stride", exact=True).get_attribute("aria-invalid") == "true"
    assert page.locator(".ce-stage").inner_html() == before
    set_slider(page, "dilation", 1)
    assert page.get_by_role("alert").count() == 0
    page.get_by_label("output_padding").select_option("2")
    assert "must be smaller than the stride" in page.get_by_role("alert").inner_text()
    page.get_by_label("output_padding").select_option("1")
    assert page.locator(".ce-output").count() == 64
    page.get_by_label("padding", exact=True).select_option("same")
    set_slider(page, "kernel", 4)
    page.get_by_label("output_padding").select_option("0")
    assert "TensorFlow refuses" in page.locator(".ce-formula").inner_text()


def test_python_refuses_what_no_control_reaches():
    for wrong in ({"strides": [4, 1]}, {"input_size": [3]}, {"output_padding": 3}):
        with pytest.raises(
            traitlets.TraitError, match=f"`{next(iter(wrong))}` must be .* Received"
        ):
            TransposedExplorer(**wrong)
    with pytest.raises(ValueError, match=r"`layer` must be one of .* Received: layer='Conv2D'"):
        TransposedExplorer("Conv2D")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("picture", ["sums", "overlap counts", "forward convolution"])
def test_axe_finds_nothing(live, picture, colours):  # noqa: F811
    page = live(TransposedExplorer(padding="same", kernel_size=[4, 3], picture=picture)).page
    page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", colours)
    found = Axe().run(page, context=".widget-view").response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
