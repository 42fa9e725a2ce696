"""The separable explorer, operated as a reader would, against convlib."""

import base64
import itertools
import re
from functools import partial

import numpy as np
import pytest
import traitlets
from test_widgets import (
    arithmetic,
    as_cells,
    axes_of,
    compare,
    live,  # noqa: F401
    matrix,
    place_of,
    play,
    set_slider,
    violations,
)

from convlib.layers import Conv2D, DepthwiseConv2D, SeparableConv2D
from convlib.padding import output_length, pads
from convlib.visuals import SeparableExplorer
from convlib.visuals.separable import INPUT_VALUES, KERNEL_VALUES
from convlib.visuals.widget import bundle, window_rules

RULES = window_rules(5, 3, 3, dilation_rate=1)


def counted(layer, channels):
    layer.build((1, 8, 8, channels))
    return layer.count_params()


def evaluate(page, script, *arguments):
    """Run a function of the modules' exports, given as their address, and of the arguments."""
    urls = [
        f"data:text/javascript;base64,{base64.b64encode(bundle(name).encode()).decode()}"
        for name in ("geometry", "channels")
    ]
    return page.evaluate(script, [urls, *arguments])


def test_every_axis_that_the_controls_can_reach(visit):
    settings = list(itertools.product(range(1, 6), range(1, 4), range(1, 4), ["valid", "same"]))
    assert len(settings) == 90
    found = evaluate(
        visit("file").page,
        """async ([[url], rules, settings]) => {
          const { axis } = await import(url);
          return settings.map(([size, kernel, stride, padding]) =>
            axis(rules, { size, kernel, stride, dilation: 1, padding }));
        }""",
        RULES,
        settings,
    )
    for (n, k, s, padding), axis in zip(settings, found, strict=True):
        if padding == "valid" and k > n:
            assert axis is None
            continue
        assert axis["out"] == output_length(n, k, s, padding)
        assert (axis["before"], axis["after"]) == pads(n, k, s, padding)


def test_every_count_that_the_controls_can_reach(visit):
    """Parameters against `count_params`; every weight multiplies once at each output cell."""
    ranges = [range(1, limit + 1) for limit in (3, 3, 4, 3, 6)]
    settings = list(itertools.product(*ranges))
    assert len(settings) == 648
    outs = [(rows, columns) for rows in range(1, 6) for columns in range(1, 6)]
    found = evaluate(
        visit("file").page,
        """async ([[, url], settings, outs]) => {
          const { costs, whole } = await import(url);
          return settings.map(([height, width, ...rest]) => outs.map(([r, c]) => {
            const axes = [{ kernel: height, out: r }, { kernel: width, out: c }];
            const [channels, multiplier, filters] = rest;
            const found = costs(axes, { channels, multiplier, filters });
            return Object.values(found).flatMap((layers) => Object.values(layers).map(whole));
          }));
        }""",
        settings,
        outs,
    )
    for (height, width, channels, multiplier, filters), rows in zip(settings, found, strict=True):
        size = (height, width)
        kwargs = {"depth_multiplier": multiplier}
        separable = counted(SeparableConv2D(filters, size, **kwargs), channels)
        full = counted(Conv2D(filters, size), channels)
        weights = separable - filters, full - filters
        depthwise = counted(DepthwiseConv2D(size, use_bias=False, **kwargs), channels)
        assert depthwise + channels * multiplier * filters == weights[0]
        wanted = [[separable, full, *(n * r * c for n in weights)] for r, c in outs]
        assert rows == wanted


READ_SEPARABLE = """() => {
  const refused = text(".ce-refusal:not([hidden])");
  const totals = () => all(".ce-first-stage b").map((total) => total.textContent);
  return refused ? { refused } : {
    tiles: labels("svg[role=img]"), padding: all(".ce-tiles .ce-padding").length,
    output: labels(".ce-output"), first: totals(), said: text("[role=status]"),
    bars: text(".ce-bars"),
  };
}"""


def random_separable(rng):
    """{label: value} of the controls, within their limits."""
    controls = {
        label + axis: int(rng.integers(1, limit + 1))
        for label, limit in zip(("input", "kernel", "stride"), RULES["limits"], strict=False)
        for axis in axes_of("SeparableConv2D")
    }
    for label, limit in (("channels", 4), ("depth multiplier", 3), ("filters", 6)):
        controls[label] = int(rng.integers(1, limit + 1))
    return controls | {
        "padding": str(rng.choice(["valid", "same"])),
        "input values": str(rng.choice(["random", *INPUT_VALUES])),
        "kernel values": str(rng.choice(["random", *KERNEL_VALUES])),
    }


def tiles(shown, start):
    """The matrices of the small pictures whose labels begin so, in order, without padding."""
    labels = [label.replace("−", "-") for label in shown["tiles"] if label.startswith(start)]
    rows = [label.split(": ")[1].split("; ") for label in labels]
    rows = [[[n for n in row.split() if n[0] != "["] for row in picture] for picture in rows]
    return [np.array([row for row in picture if row], float) for picture in rows]


def check_separable(shown):
    """Compare what READ_SEPARABLE found with convlib; return whether a layer can be so."""
    controls = shown["controls"]
    size, kernel, stride = (
        [int(controls[label + axis]) for axis in axes_of("SeparableConv2D")]
        for label in ("input", "kernel", "stride")
    )
    labels = ("channels", "depth multiplier", "filters")
    channels, multiplier, filters = (int(controls[label]) for label in labels)
    arguments = {"strides": stride, "padding": controls["padding"], "depth_multiplier": multiplier}
    arguments |= {"use_bias": False, "dtype": "float64"}
    depthwise = DepthwiseConv2D(kernel, **arguments)
    separable = SeparableConv2D(filters, kernel, **arguments)
    try:
        for layer in (depthwise, separable):
            layer.build((1, *size, channels))
    except ValueError:
        assert "does not fit" in shown["refused"], controls
        return False
    x = np.stack(tiles(shown, "Input channel"), -1)
    assert x.shape == (*size, channels), controls
    deep_kernel = np.stack(tiles(shown, "Depthwise kernel"), -1)
    deep_kernel = deep_kernel.reshape(*kernel, channels, multiplier)
    (weights,) = tiles(shown, "Pointwise weights")
    depthwise.set_weights([deep_kernel])
    deep = np.stack(tiles(shown, "Depthwise channel"), -1)
    np.testing.assert_array_equal(deep, depthwise(x[None])[0])
    separable.set_weights([deep_kernel, weights[None, None]])
    cells = as_cells(shown["output"])
    y = np.moveaxis(matrix(cells), 0, -1)
    np.testing.assert_array_equal(y, separable(x[None])[0])
    axes = zip(size, kernel, stride, strict=True)
    padded = np.pad(np.ones(size), [pads(*axis, controls["padding"]) for axis in axes])
    assert shown["padding"] == channels * (padded.size - padded.sum()), controls
    # Both stages of the chosen sum end in what the pictures show.
    said, value, result = arithmetic(shown["said"])
    _, *place = place_of(said)
    assert result == value == cells[place_of(said)], controls
    first = [float(total.replace("−", "-")) for total in shown["first"]]
    assert first == deep[tuple(place)].tolist(), controls
    made = counted(SeparableConv2D(filters, kernel, depth_multiplier=multiplier), channels)
    full = counted(Conv2D(filters, kernel), channels)
    assert f"SeparableConv2D / Conv2D = {made}/{full} =" in shown["bars"], controls
    return True


def test_it_shows_what_convlib_computes(live):  # noqa: F811
    rng = np.random.default_rng(8)
    seen = live(SeparableExplorer())
    draw = partial(random_separable, rng)
    assert compare(seen.page, READ_SEPARABLE, check_separable, draw, 100) >= 100
    assert seen.errors == []


def test_by_keyboard_and_pointer(live):  # noqa: F811
    seen = live(SeparableExplorer(input_values="counting", kernel_values="ones"))
    page = seen.page
    status = page.get_by_role("status").first
    page.get_by_role("grid", name="Output of filter 1").focus()
    assert status.inner_text().startswith("filter 1, row 0, column 0 = 63·(−1) + ")
    page.keyboard.press("ArrowRight")
    assert status.inner_text().startswith("filter 1, row 0, column 1 = 72·(−1) + ")
    lines = page.locator(".ce-first-stage p").all_inner_texts()
    assert lines[2].startswith("depthwise 2, from channel 2 = 2·1 + 3·1 + 4·1 + 7·1 + ")
    assert lines[2].endswith("= 72")
    page.locator(".ce-output").nth(8).hover()
    assert status.inner_text().startswith("filter 0, row 2, column 2 = 171·")
    assert page.locator(".ce-tiles .ce-input.ce-tap").count() == 27
    assert page.locator(".ce-deep.ce-tap").count() == 3
    page.get_by_role("button", name="Next").click()
    assert status.inner_text().startswith("filter 1, row 0, column 0")
    page.get_by_label("channels", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert len(page.locator(".ce-first-stage p").all()) == 2
    play(page)
    assert seen.errors == []


def test_the_bars_show_their_numbers(live):  # noqa: F811
    page = live(SeparableExplorer()).page
    text = re.sub(r"\s+", " ", page.locator(".ce-bars").inner_text())
    assert "SeparableConv2D: 27 depthwise + 12 pointwise + 4 bias = 43" in text
    assert "SeparableConv2D / Conv2D = 43/112 = 0.38." in text
    assert "351/972 = 0.36: multiplier / filters + multiplier / kernel cells = 1/4 + 1/9." in text
    widths = page.locator(".ce-bar-track").evaluate_all(
        "tracks => tracks.map((track) => [...track.children].map((part) => part.offsetWidth))"
    )
    parts = [sum(width) for width in widths]
    assert parts[0] / parts[1] == pytest.approx(43 / 112, abs=0.02)
    assert parts[2] / parts[3] == pytest.approx(351 / 972, abs=0.02)


def test_a_kernel_that_does_not_fit_leaves_the_picture(live):  # noqa: F811
    page = live(SeparableExplorer(input_size=[2, 2], kernel_size=[2, 2])).page
    before = page.locator(".ce-channels").inner_html()
    set_slider(page, "kernel", 3)
    assert "does not fit" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("kernel", exact=True).get_attribute("aria-invalid") == "true"
    assert page.locator(".ce-channels").inner_html() == before
    page.get_by_label("padding", exact=True).select_option("same")
    assert page.get_by_role("alert").count() == 0


def test_python_refuses_what_no_control_reaches():
    for wrong in ({"channels": 5}, {"filters": 0}, {"kernel_size": [4, 1]}, {"strides": [1]}):
        with pytest.raises(
            traitlets.TraitError, match=f"`{next(iter(wrong))}` must be .* Received"
        ):
            SeparableExplorer(**wrong)


def test_axe_finds_nothing(live):  # noqa: F811
    page = live(SeparableExplorer(padding="same", depth_multiplier=2, channels=4)).page
    assert violations(page) == []
