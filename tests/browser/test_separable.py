"""The separable explorer, operated as a reader would, against convlib."""

import base64
import itertools
import re

import numpy as np
import pytest
import traitlets
from axe_playwright_python.sync_playwright import Axe
from test_widgets import live, matrix, set_controls, set_slider, values  # noqa: F401

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


def shown(page, start):
    """The matrices of the small pictures whose labels begin so, in order, without padding."""
    labels = page.locator(f'svg[role=img][aria-label^="{start}"]').evaluate_all(
        "p => p.map((p) => p.ariaLabel)"
    )
    rows = [label.replace("−", "-").split(": ")[1].split("; ") for label in labels]
    rows = [[[n for n in row.split() if n[0] != "["] for row in picture] for picture in rows]
    return [np.array([row for row in picture if row], float) for picture in rows]


def test_it_shows_what_convlib_computes(live):  # noqa: F811
    rng = np.random.default_rng(8)
    seen = live(SeparableExplorer())
    page = seen.page
    page.get_by_label("height and width apart").check()
    compared = 0
    while compared < 200:
        size, kernel, stride = (rng.integers(1, limit + 1, 2).tolist() for limit in (5, 3, 3))
        channels, multiplier, filters = (int(rng.integers(1, limit + 1)) for limit in (4, 3, 6))
        padding = str(rng.choice(["valid", "same"]))
        controls = {
            f"{label} {axis}": number
            for label, numbers in (("input", size), ("kernel", kernel), ("stride", stride))
            for axis, number in zip(("height", "width"), numbers, strict=True)
        }
        controls |= {"channels": channels, "depth multiplier": multiplier, "filters": filters}
        controls |= {
            "padding": padding,
            "input values": str(rng.choice(["random", *INPUT_VALUES])),
            "kernel values": str(rng.choice(["random", *KERNEL_VALUES])),
        }
        set_controls(page, controls)
        if padding == "valid" and any(k > n for k, n in zip(kernel, size, strict=True)):
            assert "does not fit" in page.get_by_role("alert").inner_text()
            continue
        x = np.stack(shown(page, "Input channel"), -1)
        assert x.shape == (*size, channels)
        deep_kernel = np.stack(shown(page, "Depthwise kernel"), -1)
        deep_kernel = deep_kernel.reshape(*kernel, channels, multiplier)
        (weights,) = shown(page, "Pointwise weights")
        kwargs = {
            "strides": stride,
            "padding": padding,
            "depth_multiplier": multiplier,
            "use_bias": False,
            "dtype": "float64",
        }
        depthwise = DepthwiseConv2D(kernel, **kwargs)
        depthwise.build((1, *x.shape))
        depthwise.set_weights([deep_kernel])
        deep = np.stack(shown(page, "Depthwise channel"), -1)
        np.testing.assert_array_equal(deep, depthwise(x[None])[0])
        layer = SeparableConv2D(filters, kernel, **kwargs)
        layer.build((1, *x.shape))
        layer.set_weights([deep_kernel, weights[None, None]])
        cells = values(page, "output")
        y = np.zeros((*deep.shape[:2], filters))
        assert len(cells) == y.size
        for (filter_, row, column), value in cells.items():
            y[row, column, filter_] = value
        np.testing.assert_array_equal(y, layer(x[None])[0])
        tiles = page.locator(".ce-tiles .ce-padding").count()
        padded = [
            n + sum(pads(n, *rest, padding)) for n, *rest in zip(size, kernel, stride, strict=True)
        ]
        assert tiles == channels * (np.prod(padded) - np.prod(size))
        # Both stages of the chosen sum end in what the pictures show.
        first = page.locator(".ce-first-stage b").all_inner_texts()
        assert [float(total.replace("−", "-")) for total in first] == deep[0, 0].tolist()
        total = page.get_by_role("status").first.locator("b").inner_text()
        assert float(total.replace("−", "-")) == y[0, 0, 0]
        made = counted(SeparableConv2D(filters, kernel, depth_multiplier=multiplier), channels)
        full = counted(Conv2D(filters, kernel), channels)
        assert (
            f"SeparableConv2D / Conv2D = {made}/{full} =" in page.locator(".ce-bars").inner_text()
        )
        compared += 1
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
    set_slider(page, "cells per second", 10)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "document.querySelector('.ce-arithmetic').innerText.includes('row 0, column 2')"
    )
    page.get_by_role("button", name="Pause").click()
    text = status.inner_text()
    page.wait_for_timeout(300)
    assert status.inner_text() == text
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


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(live, colours):  # noqa: F811
    page = live(SeparableExplorer(padding="same", depth_multiplier=2, channels=4)).page
    page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", colours)
    found = Axe().run(page, context=".widget-view").response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
