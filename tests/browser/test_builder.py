"""The shape builder, operated as a reader would, against convlib."""

import itertools
import math

import numpy as np
import pytest
from test_widgets import HANDS, live, module, violations  # noqa: F401, a fixture

from convlib import layers
from convlib.layers.base import auto_name, reset_names
from convlib.models import Input, Sequential
from convlib.padding import output_length, pads, transposed_length, transposed_pads
from convlib.visuals import ShapeBuilder
from convlib.visuals.builder import PRESETS, catalogue, messages

RULES = {"catalogue": catalogue(), "messages": messages()}
LENGTHS, KERNELS, STRIDES, DILATIONS = range(1, 65), range(1, 12), range(1, 6), range(1, 17)


def rows(page, stacks):
    """What stack.js makes of [(input shape, layers), ...]."""
    return page.evaluate(
        """async ([url, rules, stacks]) => {
          const { stackRows } = await import(url);
          return stacks.map(([shape, layers]) => stackRows(rules, shape, layers));
        }""",
        [module("stack"), RULES, stacks],
    )


def tuples(value):
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def made_by_convlib(shape, entries):
    """The output shape and parameters of each layer, then the error, if there is one."""
    reset_names()
    found, last = [], (None, *shape)
    for entry in entries:
        arguments = {name: tuples(value) for name, value in entry.items() if name != "layer"}
        try:
            layer = getattr(layers, entry["layer"])(**arguments)
            layer.build(last)
        except ValueError as error:
            return [*found, str(error)]
        last = layer.compute_output_shape(last)
        found.append((list(last[1:]), layer.count_params()))
    return found


def agrees(found, wanted, what):
    for row, expected in itertools.zip_longest(found, wanted):
        if isinstance(expected, str):
            assert row["error"] == expected, what
        elif expected is None:
            assert row is None, what
        else:
            assert (row.get("shape"), row.get("params")) == expected, (what, row)


@pytest.fixture(scope="module")
def blank(visit):
    return visit("file").page


def test_every_axis_up_to_64_cells(blank):
    """Output lengths and pads of every setting of the controls, up to 64 cells."""
    settings = ["n", "k", "s", "d"]
    ranges = [list(r) for r in (LENGTHS, KERNELS, STRIDES, DILATIONS)]
    found = blank.evaluate(
        """async ([url, [lengths, kernels, strides, dilations]]) => {
          const { windowAxis, stampAxis } = await import(url);
          const all = [];
          for (const n of lengths) for (const k of kernels) for (const s of strides)
            for (const d of dilations) {
              for (const padding of ["valid", "same", "causal"]) {
                const { out, before } = windowAxis({ n, k, s, d, padding });
                all.push(out === null ? -1 : out * 1e4 + before);
              }
              for (const padding of ["valid", "same"])
                for (let p = -1; p < s; p++) {
                  const { out, before } = stampAxis({ n, k, s, d, padding, p: p < 0 ? null : p });
                  all.push(out * 1e4 + before);
                }
            }
          return all.join(" ");
        }""",
        [module("stack"), ranges],
    )
    found = iter(map(int, found.split(" ")))
    count = 0
    for n, k, s, d in itertools.product(*ranges):
        for padding in ("valid", "same", "causal"):
            fits = padding != "valid" or (k - 1) * d + 1 <= n
            wanted = -1
            if fits:
                wanted = output_length(n, k, s, padding, d) * 10000 + pads(n, k, s, padding, d)[0]
            assert next(found) == wanted, (settings, n, k, s, d, padding)
            count += 1
        for padding in ("valid", "same"):
            for p in (None, *range(s)):
                out = transposed_length(n, k, s, padding, d, p)
                before = transposed_pads(n, k, s, padding, d, p)[0]
                assert next(found) == out * 10000 + before, (n, k, s, d, padding, p)
                count += 1
    assert count == 64 * 11 * 16 * (5 * 3 + 2 * sum(s + 1 for s in STRIDES))
    assert next(found, None) is None


# What each argument is tried with, alone and with all others.
TRIED = {
    "filters": [1, 4, 6],
    "units": [1, 10],
    "groups": [1, 2, 3],
    "depth_multiplier": [1, 3],
    "kernel_size": [1, 3, 4],
    "pool_size": [1, 3, 4],
    "size": [1, 3],
    "strides": [1, 2],
    "dilation_rate": [1, 3],
    "output_padding": [None, 0, 1],
    "cropping": [0, 1, 3],
    "rate": [0, 0.5],
}
SHAPES = [[5], [7, 4], [2, 6], [7, 5, 4], [3, 8, 6], [4, 5, 6, 4], [2, 3, 5, 3]]


def tried(row):
    if row["kind"] == "choice":
        return row["options"] if row["name"] == "padding" else row["options"][:2]
    if row["kind"] == "flag":
        return [True, False]
    if row["kind"] == "axes" and row["default"] is None and row["name"] == "strides":
        return [None, 1, 2]
    return [0, 2] if row["kind"] == "margins" and row["name"] == "padding" else TRIED[row["name"]]


@pytest.mark.parametrize("names", [sorted(catalogue())[i::3] for i in range(3)])
def test_every_layer_by_itself(blank, names):
    """Shapes, parameters and error texts of all combinations of TRIED on all SHAPES."""
    stacks = []
    for name in names:
        arguments = catalogue()[name]["arguments"]
        arguments = [
            row for row in arguments if row["name"] != "activation" or name == "Activation"
        ]
        for values in itertools.product(*map(tried, arguments)):
            entry = dict(zip((row["name"] for row in arguments), values, strict=True))
            stacks += [(shape, [{"layer": name, **entry}]) for shape in fitting(name)]
    assert len(stacks) > 500
    for (shape, entries), found in zip(stacks, rows(blank, stacks), strict=True):
        agrees(found, made_by_convlib(shape, entries), (shape, entries))


def fitting(name):
    """The shapes with the layer's axes, and for any other number of axes one."""
    axes = catalogue()[name]["rank"] + 1
    if axes == 1:
        return SHAPES
    return [s for s in SHAPES if len(s) == axes] + [SHAPES[0] if axes > 2 else SHAPES[3]]


def random_entry(rng, rank, name=None):
    """A layer, mostly one for inputs of that rank, with arguments within the controls' limits."""
    if name is None:
        fits = [n for n, row in catalogue().items() if row["rank"] in (0, rank)]
        name = str(rng.choice(fits if rng.random() < 0.95 else sorted(catalogue())))
        if name == "Flatten" and rng.random() < 0.7:
            name = "Dropout"
    entry, rank = {"layer": name}, catalogue()[name]["rank"]
    small = {"filters": 12, "units": 12, "depth_multiplier": 3, "groups": 3, "dilation_rate": 3}
    small |= {"kernel_size": 4, "pool_size": 4, "strides": 3, "size": 3, "output_padding": 2}
    for row in catalogue()[name]["arguments"]:
        if not row["required"] and rng.random() < 0.5:
            continue
        if row["kind"] == "choice":
            entry[row["name"]] = str(rng.choice(row["options"]))
        elif row["kind"] == "flag":
            entry[row["name"]] = bool(rng.integers(2))
        elif row["kind"] == "rate":
            entry[row["name"]] = float(rng.random())
        else:
            kind = rng.integers(3) if row["kind"] == "margins" else rng.integers(2)
            size = {
                0: (),
                1: (2 if row["kind"] == "margins" and rank == 1 else rank,),
                2: (rank, 2),
            }
            size = size[int(kind if rank > 1 or kind < 2 else 1)]
            if row["kind"] == "count" or name == "UpSampling1D":  # whose size is a number in Keras
                size = ()
            high = small.get(row["name"], 2)
            entry[row["name"]] = rng.integers(row["min"], high + 1, size).tolist()
    return entry


@pytest.fixture(scope="module")
def random_stacks():
    """600 stacks of up to 8 layers, those that would grow too large left out."""
    rng, stacks = np.random.default_rng(3), []
    while len(stacks) < 600:
        rank = int(rng.integers(1, 4))
        shape = [*rng.integers(4, 24, rank).tolist(), int(rng.integers(1, 7))]
        entries = []
        for _ in range(rng.integers(1, 9)):
            entries.append(random_entry(rng, rank))
            made = made_by_convlib(shape, entries)
            if isinstance(made[-1], str) or math.prod(made[-1][0]) > 20_000:
                break
        if isinstance(made[-1], str) and rng.random() < 0.6:
            entries = entries[:-1] or entries
        elif isinstance(made[-1], str):
            entries.append({"layer": "Flatten"})
        stacks.append((shape, entries))
    return stacks


def test_random_stacks(blank, random_stacks):
    errors = 0
    for (shape, entries), found in zip(random_stacks, rows(blank, random_stacks), strict=True):
        wanted = made_by_convlib(shape, entries)
        errors += isinstance(wanted[-1], str)
        agrees(found, wanted, (shape, entries))
    assert 50 < errors < 400


def test_receptive_fields_against_sets_of_cells(blank, random_stacks):
    """The cells that each output cell reads, followed back through every layer as sets."""
    checked = 0
    for (shape, entries), found in zip(random_stacks, rows(blank, random_stacks), strict=True):
        before = [list(shape), *(row["shape"] for row in found if row and "shape" in row)]
        for i in range(1, len(before)):
            for axis in range(len(shape) - 1):
                assert found[i - 1]["field"][axis] == widest(entries[:i], before, axis)
                checked += 1
    assert checked > 1000


def widest(entries, shapes, axis):
    """The widest reach along one axis of the input, of a cell behind the last layer."""
    while entries and not reads(entries[-1], shapes[len(entries) - 1], axis):
        entries = entries[:-1]  # it keeps the cells apart
    spatial = len(shapes[len(entries)]) > 1
    cells = range(min(shapes[len(entries)][axis], 256)) if spatial else [0]
    reach = 0
    for cell in cells:
        seen = {cell}
        for i in range(len(entries) - 1, -1, -1):
            step = reads(entries[i], shapes[i], axis)
            if step:
                seen = set().union(*(step(one) for one in seen))
        if seen:
            reach = max(reach, max(seen) - min(seen) + 1)
    return reach


def reads(entry, shape, axis):
    """The input cells of an output cell, as a function; None for a layer that changes no axis."""
    name = entry["layer"]
    row = catalogue()[name]
    if row["rank"] == 0 and (name != "Flatten" or len(shape) == 1):
        return None
    n = shape[axis]

    def setting(argument, default=1):
        value = entry.get(argument)
        value = default if value is None else value
        return value[axis] if isinstance(value, list) else value

    padding = entry.get("padding", "valid")
    if name == "Flatten" or row["family"] == "GlobalPooling":
        return lambda o: set(range(n))
    if row["family"] == "UpSampling":
        return lambda o: {o // setting("size", 2)}
    if row["family"] in ("ZeroPadding", "Cropping"):
        value = entry.get("padding" if row["family"] == "ZeroPadding" else "cropping")
        if value is None:  # convlib's default
            value = 0 if name == "Cropping2D" else 1
        pair = value if row["rank"] == 1 or not isinstance(value, list) else value[axis]
        first = pair[0] if isinstance(pair, list) else pair
        return lambda o: {o - first if row["family"] == "ZeroPadding" else o + first}
    k = setting("kernel_size", setting("pool_size", 2))
    s = setting("strides", k if row["family"] == "Pooling" else 1)
    d = setting("dilation_rate")
    if row["family"] == "ConvTranspose":
        drop = transposed_pads(n, k, s, padding, d, setting("output_padding", None))[0]
        return lambda o: {(o + drop - t * d) // s for t in range(k) if (o + drop - t * d) % s == 0}
    before = pads(n, k, s, padding, d)[0]
    return lambda o: {o * s + t * d - before for t in range(k)}


def test_multiply_adds_by_counting_products(blank):
    """Every product that each kind of layer makes, counted one by one."""

    def work(shape, **entry):
        return rows(blank, [(shape, [entry])])[0][0]["work"]

    count = sum(
        1 for _ in itertools.product(range(4), range(3), range(2), range(3), range(6), "ab")
    )
    stack = {"layer": "Conv2D", "filters": 6, "kernel_size": [2, 3], "groups": 2}
    assert work([5, 5, 4], **stack) == count
    assert (
        work([5, 4], layer="Conv1DTranspose", filters=3, kernel_size=2, strides=3) == 5 * 4 * 3 * 2
    )
    assert work([5, 4], layer="DepthwiseConv1D", kernel_size=2, depth_multiplier=3) == 4 * 4 * 3 * 2
    separable = {"layer": "SeparableConv1D", "filters": 7, "kernel_size": 2, "depth_multiplier": 3}
    assert work([5, 4], **separable) == 4 * 4 * 3 * 2 + 4 * (4 * 3) * 7
    assert work([5, 4], layer="Dense", units=3) == 5 * 4 * 3
    assert work([6, 4], layer="MaxPooling1D") == 0


# -- in the page


TABLE = """() => [...document.querySelectorAll(".ce-builder :is(tbody, tfoot) tr")]
  .map((row) => [...row.cells].map((cell) => cell.textContent))"""


def table(page):
    """The rows of the table's body as lists of text."""
    return page.evaluate(TABLE)[:-1]


def check_table(rows, shape, entries, made):
    """Compare the table with the input shape, the stack and what `made_by_convlib` returns."""
    (_, first, _), *rows, (_, parameters, *_) = rows
    assert first == str((None, *shape))
    for (name, *row), entry, expected in itertools.zip_longest(rows, entries, made):
        assert name.startswith(entry["layer"])
        if isinstance(expected, str):
            assert row == [expected], entries
        elif expected is None:
            assert row == ["not reached"], entries
        else:
            output, count = expected
            assert row[:2] == [str((None, *output)), f"{count:,}"], entries
    counts = [row[1] for row in made if not isinstance(row, str)]
    assert parameters == f"{sum(counts):,}", entries


# What a reader does to a stack, each a function of the arguments of a step; all give the table.
WALK = f"""async (steps) => {{
  {HANDS}
  const press = (name) => all("button").find((one) => one.textContent === name).click();
  const open = (place) => {{
    const buttons = all("[data-key^=open]");
    const expanded = buttons.findIndex((one) => one.ariaExpanded === "true");
    if (expanded !== (place ?? -1)) buttons[place ?? expanded].click();
  }};
  const acts = {{
    preset: (name) => set({{ "start from": name }}),
    input: (shape) => set({{ "input shape": shape }}),
    async add(layer, after, fields) {{
      open(after);
      await set({{ "layer to add": layer }});
      press("Add");
      await set(fields);
    }},
    type: (place, fields) => (open(place), set(fields)),
    move: (place, name) => (open(place), press(name)),
    remove: (place) => (open(place), press("Remove")),
  }};
  const tables = [];
  for (const [act, ...rest] of steps) {{
    await acts[act](...rest);
    tables.push(({TABLE})());
  }}
  return tables;
}}"""


def typed(rng, value):
    """A value of an argument as a reader may type it."""
    if not isinstance(value, list):
        return value if isinstance(value, bool) else str(value)
    numbers = [str(number) for number in np.ravel(value)]
    return str(rng.choice([", ", "x", " ", "; "])).join(numbers)


def random_step(rng, shape, entries):
    """A step of WALK, and the input shape and the stack after it."""
    rank, last = len(shape) - 1, len(entries) - 1
    act = str(
        rng.choice(
            ["add", "type", "move", "remove", "input", "preset"],
            p=[0.4, 0.22, 0.1, 0.12, 0.12, 0.04],
        )
    )
    place = int(rng.integers(last + 1)) if entries else None
    if act == "preset":
        name = str(rng.choice(list(PRESETS)))
        return [act, name], *PRESETS[name]
    if act == "input":
        rank = rank if rng.random() < 0.7 else int(rng.integers(1, 4))
        shape = [*rng.integers(4, 24, rank).tolist(), int(rng.integers(1, 7))]
        return [act, typed(rng, shape)], shape, entries
    if act == "add" or not entries:
        entry = random_entry(rng, rank)
        fields = {name: typed(rng, value) for name, value in entry.items() if name != "layer"}
        rows = catalogue()[entry["layer"]]["arguments"]
        first = {row["name"]: row["default"] for row in rows if row["required"]}
        at = len(entries) if place is None else place + 1
        stack = [*entries[:at], {**first, **entry}, *entries[at:]]
        return ["add", entry["layer"], place, fields], shape, stack
    if act == "type":
        entry = random_entry(rng, rank, entries[place]["layer"])
        fields = {name: typed(rng, value) for name, value in entry.items() if name != "layer"}
        return (
            [act, place, fields],
            shape,
            [*entries[:place], {**entries[place], **entry}, *entries[place + 1 :]],
        )
    if act == "move" and last:
        up = place == last or (place > 0 and rng.random() < 0.5)
        first = place - up
        pair = entries[first : first + 2][::-1]
        return (
            [act, place, "Move up" if up else "Move down"],
            shape,
            [*entries[:first], *pair, *entries[first + 2 :]],
        )
    return ["remove", place], shape, [*entries[:place], *entries[place + 1 :]]


def compare_walk(page, rng, count):
    """Build a stack in `count` random steps by its controls, the table compared after each."""
    steps, wanted = [["preset", "LeNet"]], [(*PRESETS["LeNet"], made_by_convlib(*PRESETS["LeNet"]))]
    while len(steps) < count:
        step, shape, entries = random_step(rng, *wanted[-1][:2])
        made = made_by_convlib(shape, entries)
        rows = [row for row in made if not isinstance(row, str)]
        if len(entries) > 8 or (len(rows) < len(made) and rng.random() < 0.7):
            continue
        if sum(params + math.prod(output) for output, params in rows) > 200_000:
            continue
        steps.append(step)
        wanted.append((shape, entries, made))
    for rows, expected in zip(page.evaluate(WALK, steps), wanted, strict=True):
        check_table(rows, *expected)
    return len(steps)


def test_a_stack_built_by_hand_in_random_steps(live):  # noqa: F811
    seen = live(ShapeBuilder())
    assert compare_walk(seen.page, np.random.default_rng(4), 200) == 200
    assert seen.errors == []


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_shows_what_the_model_has(live, preset):  # noqa: F811
    builder = ShapeBuilder(preset=preset)
    seen = live(builder)
    model = builder.model()
    shown = table(seen.page)[1:]
    assert len(shown) == len(model.layers)
    for row, layer, tensor in zip(shown, model.layers, model._steps, strict=True):
        assert row[1] == str(tensor.shape)
        assert row[2] == f"{layer.count_params():,}"
    total = f"{model.count_params():,}"
    assert total in seen.page.locator(".ce-builder tfoot").inner_text()
    assert total in seen.page.get_by_role("status").inner_text()
    assert total in builder.summary
    assert seen.errors == []


def test_known_totals(live):  # noqa: F811
    assert ShapeBuilder().model().count_params() == 2_389_962
    assert ShapeBuilder(preset="LeNet").model().count_params() == 61_706
    page = live(ShapeBuilder()).page
    assert "2,389,962" in page.get_by_role("status").inner_text()
    page.get_by_label("start from").select_option("dilated causal stack")
    assert [row[4] for row in table(page)[1:]] == ["2", "4", "8", "16", "32"]


def build_by_hand(page, press):
    """Take a stack apart and build another; `press(button)` presses a button."""

    def button(name):
        return page.get_by_role("button", name=name)

    def names():
        return [row[0].split()[0] for row in table(page)]

    page.get_by_label("input shape").fill("28, 28, 1")
    if button("Remove").count() == 0:
        press(page.locator("[data-key=open-0]"))
    while len(names()) > 1:
        press(button("Remove"))
    adding = page.get_by_label("layer to add")
    assert adding.evaluate("one => one === document.activeElement")
    adding.select_option("Conv2D")
    press(button("Add"))
    assert table(page)[1][1] == "(None, 26, 26, 8)"
    page.get_by_label("kernel_size", exact=True).fill("5, 3")
    assert table(page)[1][1] == "(None, 24, 26, 8)"
    assert page.get_by_label("kernel_size", exact=True).input_value() == "5, 3"
    page.get_by_label("padding", exact=True).select_option("same")
    page.get_by_label("strides", exact=True).fill("2")
    page.get_by_label("use_bias").uncheck()
    assert table(page)[1][1:3] == ["(None, 14, 14, 8)", "120"]
    adding.select_option("MaxPooling2D")
    press(button("Add"))
    assert names() == ["input", "Conv2D", "MaxPooling2D"]
    assert button("Move down").is_disabled()
    press(button("Move up"))
    assert button("Move up").is_disabled()
    assert names() == ["input", "MaxPooling2D", "Conv2D"]
    # The button that was pressed can no longer be: its twin has the focus.
    assert page.evaluate("document.activeElement.textContent") == "Move down"
    press(button("Move down"))
    press(button("Move up"))
    press(button("Remove"))
    assert names() == ["input", "Conv2D"]
    assert page.evaluate("document.activeElement.textContent") == "Remove"
    press(button("1. Conv2D: arguments"))  # closes it
    assert page.locator(".ce-arguments").is_hidden()
    press(button("1. Conv2D: arguments"))
    assert page.get_by_label("strides", exact=True).input_value() == "2"


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_building_by_keyboard(live, key):  # noqa: F811
    seen = live(ShapeBuilder())
    build_by_hand(seen.page, lambda button: button.press(key))
    assert seen.errors == []


def test_an_impossible_stack_says_why_in_convlibs_words(live):  # noqa: F811
    builder = ShapeBuilder(
        [6, 6, 3],
        [
            {"layer": "MaxPooling2D", "pool_size": 2},
            {"layer": "Conv2D", "filters": 4, "kernel_size": 5},
            {"layer": "Flatten"},
        ],
    )
    page = live(builder).page
    with pytest.raises(ValueError, match="must fit into the input") as error:
        builder.model()
    assert page.locator("td[role=alert]").inner_text() == str(error.value)
    assert table(page)[3][1] == "not reached"
    assert "conv2d cannot be built" in page.get_by_role("status").inner_text()
    page.get_by_label("input shape").fill("12, 12, 3")
    assert page.locator("td[role=alert]").count() == 0
    assert table(page)[3][1] == "(None, 16)"


def test_bad_input_is_marked_and_the_last_good_stack_stays(live):  # noqa: F811
    page = live(ShapeBuilder()).page
    before = table(page)
    field = page.get_by_label("input shape")
    for wrong in ("", "0, 3", "a", "32x32x-3", "1 2 3 4 5", "99999"):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        assert f"not “{wrong}”" in page.locator("[role=alert]:not([hidden])").inner_text()
        assert table(page) == before
    field.fill("(None, 32, 32, 3)")
    assert field.get_attribute("aria-invalid") == "false"
    page.get_by_role("button", name="1. Conv2D: arguments").click()
    field = page.get_by_label("kernel_size", exact=True)
    for wrong in ("", "0", "12", "3, 3, 3", "3.5", "x"):
        field.fill(wrong)
        assert field.get_attribute("aria-invalid") == "true"
        assert table(page) == before
    field.fill("3x3")
    assert field.get_attribute("aria-invalid") == "false"
    assert table(page)[1][1:] == before[1][1:]


def test_python_sees_and_refuses():
    with pytest.raises(Exception, match="`layer` must be one of"):
        ShapeBuilder([5, 5, 1], [{"layer": "Conv4D"}])
    with pytest.raises(Exception, match="`stride` must be an argument of Conv2D"):
        ShapeBuilder([5, 5, 1], [{"layer": "Conv2D", "stride": 2}])
    with pytest.raises(Exception, match="`input_shape` must hold integers from 1"):
        ShapeBuilder([0, 5, 1])
    with pytest.raises(ValueError, match="`preset` must be one of"):
        ShapeBuilder(preset="VGG")
    builder = ShapeBuilder([8, 2], [{"layer": "Conv1D", "filters": 4, "kernel_size": [3]}])
    same = Sequential([Input((8, 2)), layers.Conv1D(4, 3, name="conv1d")], name="sequential")
    lines = []
    same.summary(print_fn=lines.append)
    assert builder.summary == "\n".join(lines)


def test_names_are_those_that_keras_gives():
    reset_names()
    assert {name: row["name"] for name, row in catalogue().items()} == {
        name: auto_name(name) for name in catalogue()
    }
    reset_names()


def test_a_change_is_drawn_at_once(live):  # noqa: F811
    builder = ShapeBuilder([256, 256, 3], [{"layer": "Conv2D", "filters": 8}] * 30)
    page = live(builder).page
    times = page.evaluate(
        """async () => {
          const field = document.querySelector(".ce-builder input[type=text]");
          const times = [];
          for (let i = 0; i < 100; i++) {
            field.value = `${200 + i}, 256, 3`;
            const start = performance.now();
            field.dispatchEvent(new Event("input"));
            document.body.getBoundingClientRect();
            times.push(performance.now() - start);
          }
          return times.sort((a, b) => a - b);
        }"""
    )
    print(f"median {times[50]:.1f} ms, worst {times[-1]:.1f} ms")
    assert times[50] < 50


def test_axe_finds_nothing_in_the_builder(live):  # noqa: F811
    stack = [{"layer": name} for name in ("Conv2D", "Conv1D", "Dense")]
    page = live(ShapeBuilder([6, 6, 3], stack)).page
    page.get_by_role("button", name="1. Conv2D: arguments").click()
    page.get_by_label("strides", exact=True).fill("0")
    assert violations(page) == []
