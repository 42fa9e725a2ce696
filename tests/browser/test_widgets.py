"""The widgets, operated as a reader would, against convlib."""

import base64
import gzip
import itertools
import re

import matplotlib.image
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from traitlets import TraitError

from convlib import layers
from convlib.padding import output_length, pads, span
from convlib.visuals import PictureLab, WindowExplorer
from convlib.visuals.widget import STATIC, window_rules
from convlib.visuals.window import LAYERS, VALUES


def as_models(*widgets):
    """What `show` takes: the models of some widgets, as a notebook stores them, and their names."""
    models = {}
    for i, widget in enumerate(widgets):
        state = dict(widget.get_state())
        blobs = {name: state.pop(name) for name in list(state) if isinstance(state[name], bytes)}
        buffers = [
            {"path": [name], "encoding": "base64", "data": base64.b64encode(blob).decode()}
            for name, blob in blobs.items()
        ]
        models[f"m{i}"] = {"state": state, "buffers": buffers}
    return models, *models


@pytest.fixture
def live(show):
    """Show a widget without Python, as the built book does; return what `show` returns."""
    return lambda widget: show(*as_models(widget))


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
    return as_cells(page.locator(f".ce-{kind}").evaluate_all("c => c.map((c) => c.ariaLabel)"))


def as_cells(labels):
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


# Operates the controls as `set_controls` does, many settings in one call, and reads for each what
# is shown: the sheet of every input channel with its kernel, and the output.
OPERATE = """async (settings) => {
  const controls = () => Object.fromEntries(
    all(".ce-field label").map((label) => [label.textContent, label.control]));
  const set = async (values) => {
    const found = controls();
    for (const [label, value] of Object.entries(values)) {
      found[label].value = value;
      found[label].dispatchEvent(new Event("input", { bubbles: true }));
      found[label].dispatchEvent(new Event("change", { bubbles: true }));
    }
    await null; // drawn
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const labels = (kind) => all(`.ce-${kind}`).map((cell) => cell.ariaLabel);
  const text = (selector) => document.querySelector(selector)?.textContent;
  const seen = [];
  for (const { values, output, channels } of settings) {
    await set(values);
    if (text(".ce-stage [role=alert]")) {
      seen.push({ refused: text(".ce-stage [role=alert]"), cells: all(".ce-cell").length });
      continue;
    }
    if ("output channel" in controls()) await set({ "output channel": output });
    const sheets = [];
    for (let channel = 0; channel < channels; channel++) {
      if (channels > 1) await set({ "input channel": channel });
      const padding = labels("padding").length;
      sheets.push({ input: labels("input"), kernel: labels("kernel"), padding });
    }
    const [total, sizes] = [text("[role=status] b"), text(".ce-formula p")];
    seen.push({ sheets, output: labels("output"), total, sizes });
  }
  return seen;
}"""


def random_setting(rng, layer):
    """Arguments of a layer and its input, within the limits of the controls."""
    rank, pool = (1 if layer.endswith("1D") else 2), "Pooling" in layer
    drawn = [rng.integers(1, limit + 1, rank).tolist() for limit in window_rules()["limits"]]
    size, kernel_size, strides, dilation_rate = drawn
    padding = str(rng.choice(["valid", "same"] + ["causal"] * (layer == "Conv1D")))
    arguments = {"strides": strides, "padding": padding}
    if pool:
        return size, 1, {"pool_size": kernel_size, **arguments}
    if "Depthwise" not in layer and rng.random() < 0.8:  # else nearly all mix the two
        if rng.random() < 0.5:
            arguments["strides"] = [1] * rank
        else:
            dilation_rate = [1] * rank
    channels = int(rng.choice([1, 1, 2, 3, 4]))
    arguments |= {"kernel_size": kernel_size, "dilation_rate": dilation_rate}
    if "Depthwise" in layer:
        return size, channels, {**arguments, "depth_multiplier": int(rng.integers(1, 4))}
    groups = int(rng.choice([g for g in range(1, 5) if channels % g == 0]))
    filters = groups * int(rng.integers(1, 4 // groups + 1))
    if rng.random() < 0.05:
        groups = int(rng.integers(1, 5))  # which may not divide them
    return size, channels, {**arguments, "filters": filters, "groups": groups}


def as_controls(layer, size, channels, arguments):
    """{label: value} of the controls."""
    axes = [""] if len(size) == 1 else [" height", " width"]
    names = {"kernel_size": "kernel", "pool_size": "pool", "strides": "stride"}
    names |= {"dilation_rate": "dilation"}
    lists = {"input": size}
    lists |= {label: arguments[name] for name, label in names.items() if name in arguments}
    controls = {
        label + axis: n
        for label, numbers in lists.items()
        for axis, n in zip(axes, numbers, strict=True)
    }
    for name in ("filters", "groups", "depth_multiplier", "padding"):
        if name in arguments:
            controls[name.replace("_", " ")] = arguments[name]
    return controls if "Pooling" in layer else {**controls, "input channels": channels}


@pytest.mark.parametrize("layer", LAYERS)
def test_the_window_explorer_shows_what_convlib_computes(live, layer):
    """Random settings through the controls, 200 of them possible, and every number they show."""
    rng = np.random.default_rng(len(layer))
    rank = 1 if layer.endswith("1D") else 2
    seen = live(WindowExplorer(layer=layer, input_values="random", kernel_values="random"))
    if rank == 2:
        seen.page.get_by_label("height and width apart").check()
    drawn, settings = [], []
    for _ in range(320):
        size, channels, arguments = random_setting(rng, layer)
        outputs = arguments.get("filters", channels * arguments.get("depth_multiplier", 1))
        drawn.append((size, channels, arguments, output := int(rng.integers(outputs))))
        controls = as_controls(layer, size, channels, arguments)
        settings.append({"values": controls, "channels": channels, "output": output})
    refused = 0
    for (size, channels, arguments, output), shown in zip(
        drawn, seen.page.evaluate(OPERATE, settings), strict=True
    ):
        what = layer, size, channels, arguments, output
        try:
            made = getattr(layers, layer)(**arguments, dtype="float64")
            made.build((1, *size, channels))
            shape = made.compute_output_shape((None, *size, channels))
        except ValueError:
            assert (shown["cells"], bool(shown["refused"])) == (0, True), what
            refused += 1
            continue
        assert shown["sizes"].endswith(f"{(None, *size, channels)} to {shape}"), what
        inputs = [matrix(as_cells(sheet["input"])) for sheet in shown["sheets"]]
        x = np.stack(inputs, -1)
        assert x.shape == (*size, channels)
        if "Pooling" not in layer:
            made.set_weights([shown_kernel(made, shown["sheets"], output), made.get_weights()[1]])
        y = matrix(as_cells(shown["output"]))
        np.testing.assert_allclose(y, made(x[None])[0, ..., output], atol=0.005, err_msg=what)
        padded = np.prod(size)
        if arguments["padding"] != "valid":
            kernel_size = arguments.get("kernel_size", arguments.get("pool_size"))
            dilation_rate = arguments.get("dilation_rate", [1] * rank)
            per_axis = zip(size, kernel_size, arguments["strides"], dilation_rate, strict=True)
            padded = np.prod([n + sum(pads(n, k, s, made.padding, d)) for n, k, s, d in per_axis])
        assert {sheet["padding"] for sheet in shown["sheets"]} == {padded - np.prod(size)}
        assert float(shown["total"].replace("−", "-")) == y.flat[0]  # of the chosen cell
    assert len(settings) - refused >= 200
    assert seen.errors == []


def shown_kernel(made, sheets, output):
    """The weights of one output channel from the sheets that show them; the others are zeros."""
    kernel = np.zeros(made.get_weights()[0].shape)
    if hasattr(made, "depth_multiplier"):
        channel, multiple = divmod(output, made.depth_multiplier)
        places = {channel: (channel, multiple)}
    else:
        per = kernel.shape[-2]
        first = output * made.groups // made.filters * per
        places = {first + i: (i, output) for i in range(per)}
    assert [i for i, sheet in enumerate(sheets) if sheet["kernel"]] == sorted(places)
    for channel, place in places.items():
        kernel[(..., *place)] = matrix(as_cells(sheets[channel]["kernel"]))
    return kernel


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


def test_a_depthwise_layer_mixes_strides_and_dilation(live):
    page = live(WindowExplorer(layer="DepthwiseConv2D", input_size=[7, 7], strides=[2, 2])).page
    set_slider(page, "dilation", 2)
    assert page.get_by_role("alert").count() == 0
    assert page.locator(".ce-output").count() == 4


def test_the_window_explorer_sums_over_the_channels_of_a_group(live):
    page = live(WindowExplorer(channels=4, filters=2, groups=2, input_values="ones")).page
    status = page.get_by_role("status").first
    page.get_by_label("output channel", exact=True).select_option("1")
    assert page.get_by_label("input channel", exact=True).input_value() == "2"
    ones = " + ".join(["1·1"] * 9)
    start = f"output row 0, column 0 = channel 2 ({ones}) + channel 3 ({ones}) = 18"
    assert status.inner_text() == start
    page.get_by_label("input channel", exact=True).select_option("1")
    assert page.get_by_text("Output channel 1 does not read input channel 1.").count() == 1
    assert page.locator(".ce-tap, .ce-kernel").count() == 0
    page.get_by_role("grid", name="Input").focus()
    assert "read by 0 of 9 outputs of each of the output channels 0" in status.inner_text()
    set_slider(page, "groups", 3)
    assert "groups must divide the filters" in page.get_by_role("alert").inner_text()


def test_editing_by_keyboard(live):
    seen = live(WindowExplorer(layer="Conv1D", input_size=[4], kernel_size=[2]))
    page = seen.page
    page.get_by_role("grid", name="Input").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-2,5")
    field = page.get_by_label("new value of input step 1")
    assert field.input_value() == "-2,5"
    page.keyboard.press("Enter")
    assert values(page, "input") == {(0,): 1, (1,): -2.5, (2,): 3, (3,): 4}
    assert values(page, "output") == {(0,): -1.5, (1,): 0.5, (2,): 7}
    page.keyboard.press("ArrowRight")  # the grid has the focus again, where it was
    status = page.get_by_role("status").first
    assert status.inner_text() == "input step 2 is read by 2 of 3 outputs."
    page.keyboard.press("Enter")
    page.keyboard.type("8")
    page.keyboard.press("Escape")
    assert values(page, "input")[2,] == 3
    page.get_by_role("grid", name="Kernel").focus()
    said = "In the window of output step 0, kernel step 0 multiplies input step 0: 1·1 = 1."
    assert status.inner_text() == said
    page.keyboard.type("0.125")
    page.keyboard.press("Tab")  # leaving the field keeps a good number
    assert values(page, "kernel") == {(0,): 0.13, (1,): 1}
    assert status.inner_text() == "output step 0 = 1·0.13 + −2.5·1 ≈ −2.37"
    # Edited values keep their places in another size, until ready-made ones are chosen.
    assert page.get_by_label("input values").input_value() == "edited"
    set_slider(page, "input", 6)
    assert values(page, "input")[1,] == -2.5
    assert values(page, "input")[5,] == 6
    page.get_by_label("input values").select_option("ones")
    assert set(values(page, "input").values()) == {1}
    assert seen.errors == []


def test_editing_by_mouse_and_touch(live):
    page = live(WindowExplorer(padding="same")).page
    cell = page.get_by_label("kernel row 1, column 2")
    cell.dblclick()
    page.get_by_label("new value of kernel row 1, column 2").fill("9")
    page.get_by_role("button", name="Next").click()
    assert values(page, "kernel")[1, 2] == 9
    page.get_by_label("padding row −1, column 0").dblclick()
    assert page.locator(".ce-edit").count() == 0
    page.get_by_label("input row 0, column 0").click()
    page.get_by_label("input row 0, column 1").click()  # two cells, one tap each
    assert page.locator(".ce-edit").count() == 0
    box = page.get_by_label("input row 2, column 3").bounding_box()
    at = {"x": box["x"] + 10, "y": box["y"] + 10}
    finger = page.context.new_cdp_session(page)
    for kind in ("touchStart", "touchEnd") * 2:
        points = [at] if kind == "touchStart" else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.get_by_label("new value of input row 2, column 3").fill("40")
    page.keyboard.press("Enter")
    assert values(page, "input")[2, 3] == 40
    assert values(page, "output")[2, 2] == 9 * 13 - 14 + 40 + 8 * 40  # the mean is 13


def test_what_is_no_number_is_marked_and_changes_nothing(live):
    page = live(WindowExplorer()).page
    shown = values(page, "output")
    page.get_by_label("input row 0, column 0").dblclick()
    field = page.locator(".ce-edit")
    for wrong in ("", "abc", "1e9", "5000", "--1", "1 2"):
        field.fill(wrong)
        page.keyboard.press("Enter")
        assert field.get_attribute("aria-invalid") == "true"
        said = page.get_by_role("alert").inner_text()
        assert said == f"A cell takes a number from −1000 to 1000, not “{wrong}”."
        assert values(page, "output") == shown
    field.fill("−3")
    assert page.get_by_role("alert").count() == 0
    field.fill("x")
    page.get_by_role("button", name="Next").focus()  # leaving it leaves the cell as it was
    assert field.count() == 0
    assert page.get_by_role("alert").count() == 0
    assert values(page, "output") == shown


@pytest.mark.parametrize("name", ["input", "kernel"])
def test_every_ready_made_value_can_be_chosen(live, name):
    page = live(WindowExplorer(input_size=[4, 4])).page
    seen = []
    for word in VALUES:
        page.get_by_label(f"{name} values").select_option(word)
        seen.append(tuple(values(page, name).values()))
    assert len(set(seen)) == len(VALUES)


def test_arrays_from_python_bring_their_size(live):
    x, kernel = np.eye(4)[..., None] * [1, 2], np.arange(8).reshape(2, 2, 1, 2)
    widget = WindowExplorer(
        layer="DepthwiseConv2D",
        channels=2,
        input_array=x,
        kernel_array=kernel.reshape(2, 2, 2, 1),
        shown=[1, 1],
    )
    page = live(widget).page
    np.testing.assert_array_equal(matrix(values(page, "input")), x[..., 1])
    np.testing.assert_array_equal(matrix(values(page, "kernel")), kernel[..., 0, 1])


def test_traits_refuse_what_does_not_fit():
    explorer = WindowExplorer(input_size=[3, 4])
    explorer.input_array = np.ones((3, 4))  # one channel needs no axis of its own
    assert np.shape(explorer.input_array) == (3, 4, 1)
    explorer.input_size = [4, 4]
    assert explorer.input_array == []
    for wrong, message in (
        (np.ones((4, 3)), r"must have the shape \(4, 4, 1\), or be empty"),
        (np.full((4, 4, 1), 1001), "must be an array of numbers from -1000 to 1000"),
        ("abc", "must be an array of numbers"),
        ([[1], [2, 3]], "must be an array of numbers"),
    ):
        with pytest.raises(TraitError, match=f"`input_array` {message}"):
            explorer.input_array = wrong
    with pytest.raises(ValueError, match="`layer` must be one of"):
        WindowExplorer(layer="Dense")


LARGEST = {"input_size": [12, 12], "dilation_rate": [3, 3], "kernel_size": [5, 5]}


def test_a_change_is_drawn_at_once(live):
    """120 changes at the largest size, each with its layout; other processes do not count."""
    page = live(WindowExplorer(**LARGEST, padding="same", channels=4, filters=4)).page
    assert page.locator(".ce-cell").count() == 24 * 24 + 25 + 144
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy():
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    start = busy()
    times = page.evaluate(
        """async () => {
          const labels = [...document.querySelectorAll(".ce-field label")];
          const changes = [["kernel values", "random"], ["dilation", 2], ["input values", "random"],
            ["kernel values", "ones"], ["dilation", 3], ["input values", "counting"]];
          const times = [];
          for (let i = 0; i < 120; i++) {
            const [label, value] = changes[i % changes.length];
            const { control } = labels.find((one) => one.textContent === label);
            await new Promise((resume) => setTimeout(resume));
            const start = performance.now();
            control.value = value;
            control.dispatchEvent(new Event(control.matches("select") ? "change" : "input"));
            await null;
            document.body.getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times;
        }"""
    )
    each = (busy() - start) * 1000 / len(times)
    print(f"busy {each:.1f} ms, median {np.median(times):.1f} ms, worst {max(times):.1f} ms")
    assert each < 50


def test_a_page_of_explorers_is_soon_alive(show):
    explorers = [WindowExplorer(layer=layer) for layer in LAYERS] + [PictureLab()]
    page = show(*as_models(*explorers)).page
    assert page.locator(".ce-widget").count() == len(explorers)
    alive = page.evaluate(
        "performance.getEntriesByName('alive')[0]?.startTime ?? performance.now()"
    )
    assert alive < 1000, f"alive after {alive:.0f} ms"


def test_the_code_of_all_widgets_is_small():
    parts = [path.read_bytes() for path in sorted(STATIC.iterdir())]
    assert len(gzip.compress(b"".join(parts))) < 60_000


@pytest.mark.parametrize("widget", [WindowExplorer, PictureLab])
def test_controls_are_large_enough_to_touch_and_not_printed(live, widget):
    page = live(widget()).page
    controls = page.locator("button:visible, input:visible, select:visible, summary:visible")
    sizes = controls.evaluate_all("all => all.map((one) => one.getBoundingClientRect().toJSON())")
    assert all(min(size["width"], size["height"]) >= 24 for size in sizes)
    page.emulate_media(media="print")
    assert page.locator(".ce-widget :is(button, select, [type=range]):visible").count() == 0
    assert page.locator(".ce-figure:visible").count() == 3


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
    same = PictureLab(picture, kernel=kernel.tolist(), padding=padding, strides=strides)
    layer = layers.Conv2D(1, 3, strides=strides, padding=padding, use_bias=False, dtype="float64")
    layer.build((1, 17, 23, 1))
    layer.set_weights([kernel.reshape(3, 3, 1, 1)])
    y = layer(picture.reshape(1, 17, 23, 1))[0, :, :, 0]
    np.testing.assert_array_equal(same.output, y)
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


def test_the_picture_lab_takes_the_readers_own_picture(tmp_path):
    rng = np.random.default_rng(0)
    grey = rng.integers(0, 256, (20, 30)).astype(np.uint8)
    np.testing.assert_array_equal(PictureLab(grey).picture, grey)
    np.testing.assert_array_equal(PictureLab(grey / 255).picture, grey)
    np.testing.assert_array_equal(PictureLab(np.stack([grey] * 3, -1)).picture, grey)
    red = np.zeros((6, 5, 3))
    red[..., 0] = 1
    assert set(PictureLab(red).picture.flat) == {76}  # 0.299 of 255
    matplotlib.image.imsave(tmp_path / "own.png", np.stack([grey] * 3, -1))
    np.testing.assert_array_equal(PictureLab(tmp_path / "own.png").picture, grey)
    large = rng.random((513, 700))
    means = large[:513, :699].reshape(171, 3, 233, 3).mean((1, 3))
    np.testing.assert_array_equal(PictureLab(large).picture, (means * 255).round())


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (np.zeros((2, 9), np.uint8), "must have the shape"),
        (np.zeros((700, 8), np.uint8), "at least 3 rows and columns once it is shrunk"),
        (np.zeros((9, 9, 2), np.uint8), "must have the shape"),
        (np.uint8(3), "must have the shape"),
        (np.full((9, 9), 200.0), "must hold numbers of type uint8, or floats from 0 to 1"),
        (np.zeros((9, 9), int), "must hold numbers of type uint8"),
    ],
)
def test_the_picture_lab_says_what_a_picture_must_be(picture, message):
    with pytest.raises(ValueError, match=f"`picture` .*{message}.* Received: picture"):
        PictureLab(picture)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    "widget",
    [
        PictureLab,
        lambda: WindowExplorer(layer="Conv1D", padding="causal"),
        lambda: WindowExplorer(layer="DepthwiseConv2D", channels=3, strides=[2, 2]),
        lambda: WindowExplorer(filters=2, channels=2, groups=2, shown=[0, 1]),
    ],
)
def test_axe_finds_nothing_in_a_widget(live, widget, colours):
    page = live(widget()).page
    page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", colours)
    if page.get_by_role("grid").count():
        page.locator(".ce-input").first.dblclick()
        page.locator(".ce-edit").fill("no number")
    found = Axe().run(page, context=".widget-view").response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []
