"""The transposed explorer, operated as a reader would, against convlib."""

import base64
import itertools
import re
from functools import partial

import numpy as np
import pytest
import traitlets
from test_widgets import (
    axes_of,
    compare,
    live,  # noqa: F401
    matrix,
    place_of,
    play,
    set_slider,
    violations,
)

from convlib import layers
from convlib.correlation import correlate
from convlib.padding import span, transposed_length, transposed_pads
from convlib.visuals import TransposedExplorer
from convlib.visuals.transposed import LAYERS, PICTURES, transposed_rules
from convlib.visuals.widget import bundle
from convlib.visuals.window import VALUES

SETTINGS_OF_A_LAYER = {"Conv1DTranspose": 4200, "Conv2DTranspose": 960}


def built(name, kernel, s, padding, d, p):
    """The layer with this kernel, a matrix for 2D and a vector for 1D."""
    layer = getattr(layers, name)(
        1, kernel.shape, s, padding, p, dilation_rate=d, use_bias=False, dtype="float64"
    )
    layer.build((1, *kernel.shape, 1))
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
            layer = built("Conv1DTranspose", ones, s, padding, d, p)
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
        long = applied(built("Conv1DTranspose", ones, s, "valid", d, None), np.ones(40))
        first = 20 * s  # far from both ends, and a multiple of the stride
        assert long[first : first + s].tolist() == axis["phases"]
    assert 0 < refused < len(settings) * 0.75


def labelled(labels):
    """The labels of all cells as {name: {(row, column): value}}; the value of a zero is None."""
    found = {}
    for label in labels:
        name, place, value = re.fullmatch(
            r"(.*?) ((?:row|step)[^:]*)(?:: (\S+).*)?", label.replace("−", "-")
        ).groups()
        found.setdefault(name, {})[place_of(place)] = value and float(value)
    return found


def whole(*parts):
    """The array that cells make together, wherever their indices begin; a zero is 0."""
    cells = {place: value or 0 for part in parts for place, value in part.items()}
    low = np.min(list(cells), axis=0)
    return matrix({tuple(np.subtract(place, low)): value for place, value in cells.items()})


READ_TRANSPOSED = """() => {
  const refused = text(".ce-refusal:not([hidden])");
  return refused ? { refused } : {
    cells: labels("[role=gridcell]"), values: all(".ce-output .ce-value").map((v) => v.textContent),
    crossed: all(".ce-cross").length, said: text("[role=status]"), formula: text(".ce-formula"),
  };
}"""


def random_transposed(rng, name):
    """{label: value} of the controls of a layer, within their limits."""
    axes, limits = axes_of(name), transposed_rules(name)["limits"]
    controls = {
        label + axis: int(rng.integers(1, limit + 1))
        for label, limit in zip(("input", "kernel", "stride", "dilation"), limits, strict=True)
        for axis in axes
    }
    if rng.random() < 0.8:  # else nearly all mix strides and dilation
        one = str(rng.choice(["stride", "dilation"], p=[0.3, 0.7]))
        controls |= {one + axis: 1 for axis in axes}
    below = max(controls[f"stride{axis}"] for axis in axes)
    extra = "none" if rng.random() < 0.6 else str(rng.integers(max(below, 2)))
    controls |= {"padding": str(rng.choice(["valid", "same"])), "output_padding": extra}
    for values in ("input values", "kernel values"):
        controls[values] = "random" if rng.random() < 0.7 else str(rng.choice(VALUES))
    return {**controls, "show": str(rng.choice(PICTURES, p=[0.4, 0.3, 0.3]))}


def transposed_setting(name, controls):
    """Input size, kernel size, strides, padding, dilation and output padding, as controls say."""
    n, k, s, d = (
        [int(controls[label + axis]) for axis in axes_of(name)]
        for label in ("input", "kernel", "stride", "dilation")
    )
    extra = controls["output_padding"]
    return n, k, s, controls["padding"], d, None if extra == "none" else [int(extra)] * len(n)


def check_transposed(name, shown):
    """Compare what READ_TRANSPOSED found with convlib; return whether a layer can be so."""
    controls = shown["controls"]
    n, k, s, padding, d, p = transposed_setting(name, controls)
    try:
        layer = getattr(layers, name)(1, k, s, padding, p, dilation_rate=d)
        shape = layer.compute_output_shape((1, *n, 1))[1:-1]
    except ValueError:
        assert shown["refused"].startswith("Keras refuses this layer"), controls
        return False
    if 0 in shape:
        assert shown["refused"].startswith("The output of this layer has no cells"), controls
        return False
    cells = labelled(shown["cells"])
    kernel = matrix(cells["kernel"])
    assert list(kernel.shape) == k
    axes = zip(n, k, s, [padding] * len(n), d, p or [None] * len(n), strict=True)
    crops = [transposed_pads(*axis) for axis in axes]
    if controls["show"] == "forward convolution":
        check_forward(cells, kernel, n, s, d, shape, crops)
        assert shown["formula"].count("the layer is its input gradient") == len(n)
    else:
        x = matrix(cells["input"])
        assert list(x.shape) == n
        check_scatter(cells, x, kernel, s, padding, d, p)
        assert shown["crossed"] == len(cells.get("cropped", {}))
        for axis, (before, after) in enumerate(crops):
            dropped = f"{before} dropped before, {after} after" if before + after else "none is"
            assert f"= {shape[axis]}; the scatter" in shown["formula"], controls
            assert dropped in shown["formula"], controls
    if controls["show"] == "overlap counts":
        counts = applied(built(name, np.ones(k), s, padding, d, p), np.ones(n))
        assert [int(count) for count in shown["values"]] == counts.ravel().tolist(), controls
    return True


def check_scatter(cells, x, kernel, s, padding, d, p):
    """The output, what is cropped of the scatter, and the zero-stuffed input, against convlib."""
    rank = x.ndim
    name = f"Conv{rank}DTranspose"
    y = applied(built(name, kernel, s, padding, d, p), x)
    np.testing.assert_allclose(matrix(cells["output"]), y, atol=0.005)
    # The scatter is what stays and what is cropped; beyond it are zeros.
    scatter = applied(built(name, kernel, s, "valid", d, [0] * rank), x)
    beyond = [(0, max(a - b, 0)) for a, b in zip(y.shape, scatter.shape, strict=True)]
    scatter = np.pad(scatter, beyond)
    large = whole(cells["output"], cells.get("cropped", {}))
    np.testing.assert_allclose(large, scatter, atol=0.005)
    # The flipped kernel over the zero-stuffed input gives the same.
    zeros = (cells.get(f"zero {where}", {}) for where in ("between", "around"))
    stuffed = whole(cells["stuffed"], *zeros)
    flipped = matrix(cells["flipped kernel"])
    np.testing.assert_array_equal(flipped, np.flip(kernel))
    slid = slide(stuffed, flipped, [1] * rank, [(0, 0)] * rank, d)
    np.testing.assert_allclose(slid, scatter, atol=0.005)


def check_forward(cells, kernel, n, s, d, shape, crops):
    """The convolution whose input gradient the layer is: the crops are its padding."""
    x = matrix(cells["convolution input"])
    assert x.shape == shape
    y = slide(x, kernel, s, crops, d)
    assert list(y.shape) == n
    np.testing.assert_allclose(matrix(cells["convolution output"]), y, atol=0.1)
    assert len(cells.get("padding", {})) == np.pad(x, crops).size - x.size


def slide(x, kernel, strides, pads, dilation_rate):
    """The convolution of two arrays of the same rank, without axes for the batch or channels."""
    x, kernel = x[np.newaxis, ..., np.newaxis], kernel[..., np.newaxis, np.newaxis]
    y = correlate(x, kernel, strides=strides, pads=pads, dilation_rate=dilation_rate)
    return y[0, ..., 0]


@pytest.mark.parametrize("name", LAYERS)
def test_it_shows_what_convlib_computes(live, name):  # noqa: F811
    rng = np.random.default_rng(5)
    seen = live(TransposedExplorer(name))
    check, draw = partial(check_transposed, name), partial(random_transposed, rng, name)
    assert compare(seen.page, READ_TRANSPOSED, check, draw, 100) >= 100
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
    play(live(TransposedExplorer("Conv1DTranspose", input_size=[5])).page)


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


@pytest.mark.parametrize("picture", ["sums", "overlap counts", "forward convolution"])
def test_axe_finds_nothing(live, picture):  # noqa: F811
    page = live(TransposedExplorer(padding="same", kernel_size=[4, 3], picture=picture)).page
    assert violations(page) == []
