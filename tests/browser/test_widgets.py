"""The widgets, operated as a reader would, against convlib."""

import base64
import gzip
import itertools
import re
from functools import partial

import matplotlib.image
import naive
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


def violations(page):
    """What axe finds, of any impact, in the widgets of a page: (colours, rule, where)."""
    options = {"resultTypes": ["violations"], "preload": False}  # else axe asks for style sheets
    found = []
    for colours in ("light", "dark"):
        page.evaluate("name => document.documentElement.setAttribute('data-theme', name)", colours)
        for one in Axe().run(page, ".widget-view", options).response["violations"]:
            found.append((colours, one["id"], [node["target"] for node in one["nodes"]]))
    return found


def values(page, kind):
    """The cells that a widget shows, as {(row, column): value}, read from their labels."""
    return as_cells(page.locator(f".ce-{kind}").evaluate_all("c => c.map((c) => c.ariaLabel)"))


def as_cells(labels):
    """{(row, column): value}, or {(step,): value}, of labels such as "input row 0, column 1: 2"."""
    found = (label.replace("−", "-").split(": ") for label in labels)
    return {place_of(place): float(value) for place, value in found}


def place_of(text):
    """The numbers in a text, such as (0, 1) for "output row 0, column 1"."""
    return tuple(int(number) for number in re.findall(r"-?\d+", text.replace("−", "-")))


def matrix(cells):
    """{(row, column): value}, or {(step,): value}, as an array."""
    shape = tuple(max(axis) + 1 for axis in zip(*cells, strict=True))
    assert len(cells) == np.prod(shape)
    return np.array([cells[place] for place in np.ndindex(shape)]).reshape(shape)


def set_slider(page, label, value):
    page.get_by_label(label, exact=True).fill(str(value))


# What a script needs to operate the one explorer on a page: `controls()` are its controls by their
# labels; `set({label: value})` sets some by the events that a reader's hand makes.
HANDS = """
  const all = (selector) => [...document.querySelectorAll(`.ce-widget ${selector}`)];
  const text = (selector) => all(selector)[0]?.textContent;
  const labels = (selector) => all(selector).map((cell) => cell.ariaLabel);
  const controls = () => Object.fromEntries([
    ...all("label").map((label) => [label.textContent, label.control]),
    ...all("input[aria-label]").map((input) => [input.ariaLabel, input]),
  ]);
  const set = async (values) => {
    const found = controls();
    for (const [label, value] of Object.entries(values)) {
      if (found[label].value === String(value)) continue;
      found[label][typeof value === "boolean" ? "checked" : "value"] = value;
      found[label].dispatchEvent(new Event("input", { bubbles: true }));
      found[label].dispatchEvent(new Event("change", { bubbles: true }));
    }
    await null; // drawn
  };
"""


def operate(page, settings, read):
    """Set the controls to each of some settings, {label: value}, and read what is shown then.

    `read` is a function in JavaScript, whose results are returned, with what the controls say.
    """
    return page.evaluate(
        f"""async (settings) => {{
          {HANDS}
          const read = {read};
          const seen = [];
          for (const values of settings) {{
            await set(values);
            const shown = await read(seen.length);
            const said = Object.entries(controls()).map(([label, {{ value }}]) => [label, value]);
            seen.push({{ ...shown, controls: Object.fromEntries(said) }});
          }}
          return seen;
        }}""",
        settings,
    )


def compare(page, read, check, draw, count):
    """Operate an explorer by settings that `draw()` gives until `count` of them were possible.

    `check(shown)` compares what `read` found with convlib; it returns whether a layer can be so.
    """
    possible = 0
    while possible < count:
        settings = [draw() for _ in range(25)]
        for values, shown in zip(settings, operate(page, settings, read), strict=True):
            assert {label: str(value) for label, value in values.items()}.items() <= (
                shown["controls"].items()
            )
            possible += check(shown)
    return possible


def arithmetic(said):
    """The left side, the terms added up here, and the result of a line "place = terms = result"."""
    what, terms, result = re.match(
        r"(.*?) = (?:(.*) [=≈] )?(−?[\d.]*\d)(?:[.,] .*)?$", said
    ).groups()
    terms = re.sub(r"channel \d+ \(", "(", terms or "0")
    for written, meant in {"·": "*", "−": "-", "[0]": "0", "max(": "max(-inf, "}.items():
        terms = terms.replace(written, meant)
    value = eval(terms, {"__builtins__": {}, "max": max, "inf": np.inf})
    return what, value, float(result.replace("−", "-"))


# Reads the sheet of every input channel with its kernel, and one of the output channels.
READ_WINDOW = """async (turn) => {
  const refused = text(".ce-stage [role=alert]");
  if (refused) return { refused, cells: all(".ce-cell").length };
  const sheetsOf = (label) => controls()[label].options.length;
  await set({ "output channel": turn % sheetsOf("output channel") });
  const sheets = [];
  for (let channel = 0; channel < sheetsOf("input channel"); channel++) {
    await set({ "input channel": channel });
    const padding = labels(".ce-padding").length;
    sheets.push({ input: labels(".ce-input"), kernel: labels(".ce-kernel"), padding });
  }
  const [said, sizes] = [text("[role=status]"), text(".ce-formula p")];
  return { sheets, output: labels(".ce-output"), said, sizes };
}"""


def axes_of(layer):
    """What the labels of controls end in, for each axis."""
    return [""] if "1D" in layer else [" height", " width"]


def random_window(rng, layer):
    """{label: value} of the controls of a layer, within their limits."""
    axes, limits = axes_of(layer), window_rules()["limits"]
    pool = "Pooling" in layer
    labels = ["input", "pool" if pool else "kernel", "stride", "dilation"][: 4 - pool]
    controls = {
        label + axis: int(rng.integers(1, limit + 1))
        for label, limit in zip(labels, limits, strict=False)
        for axis in axes
    }
    controls["padding"] = str(rng.choice(["valid", "same"] + ["causal"] * (layer == "Conv1D")))
    for name in ("input", "kernel")[: 2 - pool]:
        controls[f"{name} values"] = "random" if rng.random() < 0.7 else str(rng.choice(VALUES))
    if pool:
        return controls
    if "Depthwise" not in layer and rng.random() < 0.8:  # else nearly all mix the two
        one = str(rng.choice(["stride", "dilation"]))
        controls |= {one + axis: 1 for axis in axes}
    controls["input channels"] = channels = int(rng.choice([1, 1, 1, 2, 3, 4]))
    if "Depthwise" in layer:
        return {**controls, "depth multiplier": int(rng.integers(1, 4))}
    groups = int(rng.choice([g for g in range(1, 5) if channels % g == 0]))
    filters = groups * int(rng.integers(1, 4 // groups + 1))
    if rng.random() < 0.05:
        groups = int(rng.integers(1, 5))  # which may not divide them
    return {**controls, "filters": filters, "groups": groups}


def window_setting(layer, controls):
    """The size, the channels and the layer's arguments that the controls say."""

    def numbers(label):
        return [int(controls[label + axis]) for axis in axes_of(layer)]

    names = {"kernel": "kernel_size", "pool": "pool_size", "stride": "strides"}
    names |= {"dilation": "dilation_rate"}
    arguments = {name: numbers(label) for label, name in names.items() if label in controls}
    arguments["padding"] = controls["padding"]
    for name in ("filters", "groups", "depth_multiplier"):
        if (label := name.replace("_", " ")) in controls:
            arguments[name] = int(controls[label])
    return numbers("input"), int(controls.get("input channels", 1)), arguments


def window_pads(size, arguments):
    """(before, after) of the padding along each axis."""
    kernel_size = arguments.get("kernel_size", arguments.get("pool_size"))
    dilation_rate = arguments.get("dilation_rate", [1] * len(size))
    axes = zip(size, kernel_size, arguments["strides"], dilation_rate, strict=True)
    return [pads(n, k, s, arguments["padding"], d) for n, k, s, d in axes]


def check_window(layer, shown):
    """Compare what READ_WINDOW found with convlib; return whether a layer can be so."""
    size, channels, arguments = window_setting(layer, shown["controls"])
    output = int(shown["controls"]["output channel"])
    what = layer, size, channels, arguments, output
    try:
        made = getattr(layers, layer)(**arguments, dtype="float64")
        made.build((1, *size, channels))
        shape = made.compute_output_shape((None, *size, channels))
    except ValueError:
        assert (shown["cells"], bool(shown["refused"])) == (0, True), what
        return False
    assert shown["sizes"].endswith(f"{(None, *size, channels)} to {shape}"), what
    inputs = [matrix(as_cells(sheet["input"])) for sheet in shown["sheets"]]
    x = np.stack(inputs, -1)
    assert x.shape == (*size, channels), what
    if "Pooling" not in layer:
        made.set_weights([shown_kernel(made, shown["sheets"], output), made.get_weights()[1]])
    y = as_cells(shown["output"])
    np.testing.assert_allclose(matrix(y), made(x[None])[0, ..., output], atol=0.005, err_msg=what)
    padded = np.pad(np.ones(size), window_pads(size, arguments))
    assert {sheet["padding"] for sheet in shown["sheets"]} == {padded.size - padded.sum()}, what
    said, value, result = arithmetic(shown["said"])
    assert result == y[place_of(said)] == pytest.approx(value, abs=0.0051), what
    return True


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


@pytest.mark.parametrize("layer", LAYERS)
def test_the_window_explorer_shows_what_convlib_computes(live, layer):
    """Random settings through the controls, 100 of them possible, and every number they show."""
    rng = np.random.default_rng(len(layer))
    seen = live(WindowExplorer(layer=layer))
    check, draw = partial(check_window, layer), partial(random_window, rng, layer)
    assert compare(seen.page, READ_WINDOW, check, draw, 100) >= 100
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


def play(page):
    """Let the player of an explorer take two steps, pause it, and see that it stays where it is."""
    page.emulate_media(reduced_motion="no-preference")
    status = page.locator(".ce-arithmetic")
    page.locator(".ce-player input").fill("10")
    page.get_by_role("button", name="Play").click()
    for _ in range(2):
        page.wait_for_function(
            "said => document.querySelector('.ce-arithmetic').innerText !== said",
            arg=status.inner_text(),
        )
    page.get_by_role("button", name="Pause").click()
    said = status.inner_text()
    page.wait_for_timeout(300)
    assert status.inner_text() == said


def test_the_window_explorer_plays(live):
    play(live(WindowExplorer(layer="Conv1D", input_size=[6])).page)


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
    alive = page.evaluate("performance.getEntriesByName('alive')[0].startTime")
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


# Reads the status and the grey levels of the output, and whether every pixel is grey and opaque.
READ_LAB = """() => {
  const canvas = all("canvas").at(-1);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const grey = data.filter((_, i) => i % 4 === 0);
  return {
    said: text("[role=status]"), shape: [canvas.height, canvas.width],
    levels: btoa(Array.from(grey, (level) => String.fromCharCode(level)).join("")),
    plain: data.every((value, i) => value === (i % 4 === 3 ? 255 : grey[i >> 2])),
  };
}"""
CELLS = [f"kernel row {row}, column {column}" for row in range(3) for column in range(3)]


def random_lab(rng):
    """{label: value} of the controls: a ready-made kernel, or some cells as one types them."""
    controls = {"padding": str(rng.choice(["valid", "same"])), "stride": int(rng.integers(1, 4))}
    if rng.random() < 0.1:
        return {**controls, "kernel": str(rng.choice(["blur", "outline", "identity"]))}
    numbers = rng.integers(-36, 37, 3) / rng.choice([1, 4])
    texts = (f"{number:.4g}" for number in numbers)
    cells = rng.choice(CELLS, 3, replace=False).tolist()
    typed = (rng.choice([text, text.replace(".", ","), text.replace("-", "−")]) for text in texts)
    return {**controls, **dict(zip(cells, map(str, typed), strict=True))}


def check_lab(picture, shown):
    """Compare what READ_LAB found with convlib; return True, as every kernel is possible."""
    controls = shown["controls"]
    kernel = [float(controls[cell].replace("−", "-").replace(",", ".")) for cell in CELLS]
    layer = layers.Conv2D(
        1,
        3,
        strides=int(controls["stride"]),
        padding=controls["padding"],
        use_bias=False,
        dtype="float64",
    )
    layer.build((1, *picture.shape, 1))
    layer.set_weights([np.reshape(kernel, (3, 3, 1, 1))])
    y = layer(picture[np.newaxis, ..., np.newaxis])[0, ..., 0]
    height, width, height_out, width_out, low, high = map(
        float, re.findall(r"-?[\d.]*\d", shown["said"].replace("−", "-"))
    )
    assert (height, width) == picture.shape
    assert [height_out, width_out] == shown["shape"] == list(y.shape), controls
    np.testing.assert_allclose((low, high), (y.min(), y.max()), atol=0.0051)
    levels = np.frombuffer(base64.b64decode(shown["levels"]), np.uint8).reshape(y.shape)
    wanted = (y - y.min()) * 255 / ((y.max() - y.min()) or 1)
    np.testing.assert_allclose(levels, wanted, atol=0.51, err_msg=str(controls))
    assert shown["plain"], controls
    return True


def test_the_picture_lab_shows_what_convlib_computes(live):
    rng = np.random.default_rng(1)
    picture = rng.integers(0, 256, (17, 24)).astype(np.uint8)  # padded unlike along its axes
    seen = live(PictureLab(picture))
    check, draw = partial(check_lab, picture), partial(random_lab, rng)
    assert compare(seen.page, READ_LAB, check, draw, 100) >= 100
    assert seen.errors == []


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides", [1, 2, 3])
def test_python_sees_the_output_of_the_picture_lab(padding, strides):
    rng = np.random.default_rng(strides)
    size = 17, 24
    picture, kernel = rng.integers(0, 256, size).astype(np.uint8), rng.integers(-9, 10, (3, 3))
    lab = PictureLab(picture, kernel=kernel.ravel().tolist(), padding=padding, strides=strides)
    zeros = [naive.same_pads(n, 3, strides, 1) if padding == "same" else (0, 0) for n in size]
    x = picture[np.newaxis, ..., np.newaxis].astype(float)
    kernel = kernel[..., np.newaxis, np.newaxis]
    y = naive.convolve(x, kernel, (strides, strides), zeros, (1, 1))
    np.testing.assert_array_equal(lab.output, y[0, ..., 0])


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


@pytest.mark.parametrize(
    "widget",
    [
        PictureLab,
        lambda: WindowExplorer(layer="Conv1D", padding="causal"),
        lambda: WindowExplorer(layer="DepthwiseConv2D", channels=3, strides=[2, 2]),
        lambda: WindowExplorer(filters=2, channels=2, groups=2, shown=[0, 1]),
    ],
)
def test_axe_finds_nothing_in_a_widget(live, widget):
    page = live(widget()).page
    if page.get_by_role("grid").count():
        page.locator(".ce-input").first.dblclick()
        page.locator(".ce-edit").fill("no number")
    assert violations(page) == []
