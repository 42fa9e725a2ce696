"""Every widget of the built book, operated by mouse and by keyboard, against convlib.

Each widget is tested alone on its page: the page's other widgets are taken out of it meanwhile.
What operates and compares them is what the other tests use on small pages.
"""

import base64
import gzip
import itertools
import json
import math
import re
import zlib
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pytest
from conftest import SITE, Visit, site_pages
from test_builder import build_by_hand, compare_walk
from test_drills import QUESTIONS, answer, answer_all, answer_question, forget, plain, table_cells
from test_separable import READ_SEPARABLE, check_separable, random_separable
from test_transposed import READ_TRANSPOSED, check_transposed, random_transposed
from test_widgets import (
    CELLS,
    READ_LAB,
    READ_WINDOW,
    arithmetic,
    check_lab,
    check_window,
    compare,
    operate,
    place_of,
    play,
    random_lab,
    random_window,
    violations,
    window_pads,
    window_setting,
)

from convlib import visuals
from convlib.padding import output_length
from convlib.visuals.drill_questions import CHAPTERS, pool
from exercises.asking import questions

SCRIPT = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-(state|view)\+json">(.*?)</script>', re.DOTALL
)
SECOND = 1000  # milliseconds


@dataclass(frozen=True)
class View:
    """A widget on a page: its place among the page's, its class, and what the page stores."""

    name: str
    index: int
    kind: str
    model: dict = field(compare=False)

    def __str__(self):
        return f"{self.name} {self.index} {self.kind}"

    @property
    def state(self):
        return self.model["state"]


def models(name):
    """The models that a page stores, {id: model}, and the ids of those that it shows, in order."""
    found = SCRIPT.findall((SITE / name).read_text(encoding="utf-8"))
    stored = {}
    for kind, content in found:
        stored |= json.loads(content)["state"] if kind == "state" else {}
    return stored, [json.loads(content)["model_id"] for kind, content in found if kind == "view"]


def views():
    """Every place of the built book where one of its widgets is shown."""
    for name in site_pages():
        stored, shown = models(name)
        for index, model_id in enumerate(shown):
            owner = stored[model_id]["state"].get("_anywidget_id", "")
            if owner.startswith("convlib."):
                yield View(name, index, owner.split(".")[-1], stored[model_id])


VIEWS = list(views())
PAGES = sorted({view.name for view in VIEWS})
WANTS_MOTION = {"media": "screen", "reduced_motion": "no-preference"}

# All tests of a page follow each other, those of the same widget too: each page is loaded once.
by_page = pytest.mark.parametrize("name", PAGES, indirect=True, scope="module")
by_view = pytest.mark.parametrize(
    ("name", "view"),
    [(view.name, view) for view in VIEWS],
    indirect=True,
    scope="module",
    ids=map(str, VIEWS),
)


class Book:
    """The pages of the book in one tab; a page stays open until another is asked for."""

    def __init__(self, seen):
        self.seen, self.name = seen, None
        self.alive = {}  # {page: milliseconds until all its widgets could be used, at best}

    def open(self, name):
        """Load a page, up to three times, until its widgets are alive soon enough."""
        page, self.name = self.seen.page, name
        for _ in range(3):
            self.seen.open(name)
            mark = page.evaluate("performance.getEntriesByName('alive')[0].startTime")
            self.alive[name] = min(mark, self.alive.get(name, math.inf))
            if self.alive[name] < SECOND:
                break
        page.evaluate(
            """() => {
              const all = [...document.querySelectorAll(".widget-view")];
              globalThis.views = all.map((view) => [view.previousElementSibling, view]);
              globalThis.focused = [];
              document.addEventListener("focusin", ({ target }) => focused.push(target));
            }"""
        )

    def show(self, name, *indices):
        """Open a page with only some of its widgets on it, unfolded; nothing has the focus."""
        if name != self.name:
            self.open(name)
        self.seen.page.evaluate(
            """(indices) => {
              for (const [, view] of views) view.remove();
              for (const [script, view] of indices.map((index) => views[index])) {
                script.after(view);
                let folded = view;
                while ((folded = folded.parentElement.closest("details"))) folded.open = true;
              }
            }""",
            indices,
        )
        return self.seen.page

    def check_errors(self):
        """Nothing went wrong, and nothing was asked of another host, since the last check."""
        wrong = [*self.seen.errors, *self.seen.foreign_requests]
        self.seen.errors.clear()
        self.seen.foreign_requests.clear()
        assert wrong == []


@pytest.fixture(scope="module")
def book(visit):
    book = Book(visit())
    book.seen.page.emulate_media(**WANTS_MOTION)
    return book


@pytest.fixture(scope="module")
def name(request):
    return request.param


@pytest.fixture(scope="module")
def view(request):
    return request.param


@pytest.fixture
def page(book, name, view):
    """The view alone on its page; what its test does must not lead to errors."""
    page = book.show(name, view.index)
    page.mouse.move(0, 0)
    yield page
    book.check_errors()


@pytest.fixture
def whole(book, name):
    """The page with all its widgets, unfolded; what its test does must not lead to errors."""
    page = book.show(name, *range(len([view for view in VIEWS if view.name == name])))
    unfold(page, lambda control: control.press("Enter"))
    yield page
    book.check_errors()


@pytest.fixture
def media(book):
    """Emulates a medium, or a wish for less motion, until the test ends."""
    yield book.seen.page.emulate_media
    book.seen.page.emulate_media(**WANTS_MOTION)


def test_the_book_shows_every_widget():
    """All kinds, the drills of every chapter and every question."""
    widgets = {name for name in visuals.__all__ if hasattr(getattr(visuals, name), "_esm")}
    assert {view.kind for view in VIEWS} == widgets
    assert len(widgets) == 8
    drills = [view.state["chapter"] for view in VIEWS if view.kind == "Drills"]
    assert sorted(drills) == sorted(CHAPTERS)
    asked = [exercise_of(view).name for view in VIEWS if view.kind == "Question"]
    assert sorted(asked) == sorted(QUESTIONS)


# -- what is shown


def chance(view):
    """Random numbers that are the same for a view at all times, and others for another."""
    return np.random.default_rng(zlib.crc32(str(view).encode()))


def explorer(view):
    """How an explorer is read, how that is compared, how its settings are drawn: for `compare`."""
    rng = chance(view)
    if view.kind == "SeparableExplorer":
        return READ_SEPARABLE, check_separable, partial(random_separable, rng)
    if view.kind == "PictureLab":
        pixels = base64.b64decode(view.model["buffers"][0]["data"])
        picture = np.frombuffer(pixels, np.uint8).reshape(view.state["size"])
        return READ_LAB, partial(check_lab, picture), partial(random_lab, rng)
    read, check, draw = {
        "WindowExplorer": (READ_WINDOW, check_window, random_window),
        "TransposedExplorer": (READ_TRANSPOSED, check_transposed, random_transposed),
    }[view.kind]
    layer = view.state["layer"]
    return read, partial(check, layer), partial(draw, rng, layer)


def agrees(page, view):
    """Compare what an explorer shows now with convlib; no cell has the focus, to be told of."""
    read, check, _ = explorer(view)
    page.evaluate("document.activeElement.blur()")
    return check(operate(page, [{}], read)[0])


def exercise_of(view):
    return QUESTIONS[f"{view.state['chapter']}.{view.state['_question']['id']}"]


@by_view
def test_what_is_shown_is_what_convlib_computes(page, view, book):
    """As it comes, and after at least 200 random settings, steps or answers."""
    if view.kind == "DrillProgress":
        follow_the_record(page, view, book)
        return
    if view.kind == "Question":
        answer_question(page, exercise_of(view))
        return
    if view.kind == "Drills":
        forget(page)
        compared = answer_all(page, view.state["chapter"])
    elif view.kind == "ShapeBuilder":
        compared = compare_walk(page, chance(view), 200)
    else:
        assert agrees(page, view)
        compared = compare(page, *explorer(view), 200)
    print(f"{view}: {compared} compared")
    assert compared >= 200


def follow_the_record(page, view, book):
    """What is answered in another tab is counted in the table, whose chapters are links."""
    forget(page)
    table, asked = page.locator(".ce-drill"), questions(QUESTIONS)
    wanted = {
        chapter: [title, "0 of 40", f"0 of {len(asked.get(chapter, []))}", "0"]
        for chapter, title in CHAPTERS.items()
    }
    assert table_cells(table) == list(wanted.values())
    links = table.locator("tbody a").evaluate_all("all => all.map((one) => one.pathname)")
    assert links == [f"/chapters/{chapter}.html" for chapter in CHAPTERS]
    assert all(SITE.joinpath(link[1:]).exists() for link in links)
    other = Book(Visit(page.context.new_page(), book.seen.base))
    for kind, column in (("Drills", 1), ("Question", 2)):
        one = next(one for one in VIEWS if one.kind == kind)
        chapter = one.state["chapter"]
        right = pool(chapter)[0].answer if kind == "Drills" else exercise_of(one).value
        assert answer(other.show(one.name, one.index), str(right)).startswith("✓")
        wanted[chapter][column] = wanted[chapter][column].replace("0 of", "1 of", 1)
        wanted[chapter][3] = "1" if kind == "Drills" else wanted[chapter][3]  # the best streak
        table.get_by_role("row", name=" ".join(wanted[chapter])).wait_for()
        assert table_cells(table) == list(wanted.values())
    other.check_errors()
    other.seen.page.close()
    forget(page)


# -- by hand

EXPLORERS = ("WindowExplorer", "TransposedExplorer", "SeparableExplorer")  # of layers, with grids
CONTROLS = "button, input, select, textarea, summary, a[href], [role=grid]"
SLIDERS = ".ce-widget input[type=range]:visible"
# Settings with which every layer is possible and all of its grids have several cells.
EASY = {"input": 4, "kernel": 3, "pool": 2, "stride": 1, "dilation": 1, "padding": "same"}
EASY |= {"input channels": 1, "filters": 1, "groups": 1, "depth multiplier": 1, "channels": 2}
EASY |= {"output_padding": "none", "show": "sums"}


def controls(page):
    """What the controls of an explorer say, by their labels."""
    return operate(page, [{}], "() => ({})")[0]["controls"]


def make_easy(page, **changes):
    """Set the controls that an explorer has as in EASY, but for some changes."""
    has = controls(page)
    settings = {label: value for label, value in (EASY | changes).items() if label in has}
    operate(page, [settings], "() => ({})")


def said(page):
    return page.locator(".ce-widget [role=status]").first.text_content()


def unfold(page, press):
    """Open what widgets keep folded; `press(control)` presses a control."""
    folded = page.locator(".ce-widget details:not([open]) summary")
    while folded.count():
        press(folded.first)
    for opener in ("[data-key=open-0][aria-expanded=false]", ".ce-record button"):  # or "Export"
        opener = page.locator(opener)
        if opener.count() and page.locator(".ce-arguments:visible, .ce-panel:visible").count() == 0:
            press(opener.first)


@by_view
def test_tab_reaches_every_control_and_leaves(page):
    """From the control before the widget through all of its own to the one behind it, and back."""
    unfold(page, lambda control: control.press("Enter"))
    count, missed = page.evaluate(
        """(controls) => {
          const view = document.querySelector(".widget-view");
          const seen = (one) => one.checkVisibility() && !one.disabled;
          const stops = [...document.querySelectorAll(`${controls}, [tabindex]`)]
            .filter((one) => one.tabIndex >= 0 && seen(one));
          globalThis.own = stops.filter((one) => view.contains(one));
          stops[stops.indexOf(own[0]) - 1].focus();
          focused.length = 0;
          const all = [...view.querySelectorAll(controls)].filter(seen);
          return [own.length, all.filter((one) => !own.includes(one)).length];
        }""",
        CONTROLS,
    )
    assert count > 0 == missed
    for key in ["Tab"] * (count + 1) + ["Shift+Tab"] * (count + 1):
        page.keyboard.press(key)
    order = list(range(count))
    reached = page.evaluate("focused.map((one) => own.indexOf(one))")
    assert reached == [*order, -1, *order[::-1], -1]


def check_told(view, label, told, settings):
    """Compare what is told of the cell with that label with convlib, or with its own arithmetic."""
    what, _, value = label.partition(": ")
    kind, place = re.match(r"(.*?) ((?:row|step).*)", what).groups()
    if re.match("(convolution )?output|cropped|filter", kind):
        left, terms, result = arithmetic(told)
        assert place_of(left) == place_of(what)
        assert result == pytest.approx(terms, abs=0.0051)
        assert result == float(value.replace("−", "-"))
    elif kind.startswith("zero"):
        assert told == f"A zero, stuffed in at {place}: it adds nothing to any output."
    elif kind == "stuffed":
        assert re.match("input (row|step) .*: its stamp", told)
    elif view.kind == "TransposedExplorer" and kind == "input":
        assert told.startswith(f"{what}: its stamp, {value} times the kernel, lands on output ")
    elif view.kind == "WindowExplorer" and kind == "kernel":
        _, product, result = arithmetic(told.removesuffix(".").replace(": ", " = "))
        assert f"kernel {place} multiplies" in told
        assert result == pytest.approx(product, abs=0.0051)
    elif view.kind == "WindowExplorer":
        readers, outputs = readers_of(view.state["layer"], settings, place_of(what))
        assert told == f"{what} is read by {readers} of {outputs} outputs."
    else:
        assert kind in ("kernel", "flipped kernel")  # which only have their labels


def readers_of(layer, controls, place):
    """How many windows read the cell at a place, counted, and how many windows there are."""
    size, _, arguments = window_setting(layer, controls)
    kernel_size = arguments.get("kernel_size", arguments.get("pool_size"))
    dilation_rate = arguments.get("dilation_rate", [1] * len(size))
    axes = zip(
        size, kernel_size, arguments["strides"], dilation_rate, window_pads(size, arguments), place,
        strict=True,
    )  # fmt: skip
    readers = windows = 1
    for n, k, s, d, (before, _), cell in axes:
        out = output_length(n, k, s, arguments["padding"], d)
        readers *= sum(o * s + t * d - before == cell for o in range(out) for t in range(k))
        windows *= out
    return readers, windows


def active_cell(page):
    """Where the focus is in the grid that has it, the label of that cell, and what is told."""
    return page.evaluate(
        """() => {
          const id = document.activeElement.getAttribute("aria-activedescendant");
          const cell = document.getElementById(id);
          const told = document.querySelector(".ce-widget [role=status]").textContent;
          return [cell.dataset.at.split(",").map(Number), cell.ariaLabel, told];
        }"""
    )


def move_in_grids(page, view):
    """Arrow keys, Home and End go to the cells beside, and of each it is told what it does."""
    moves = {"Home": None, "ArrowRight": (0, 1), "ArrowDown": (1, 0), "ArrowLeft": (0, -1)}
    moves |= {"ArrowUp": (-1, 0), "End": None}
    settings = controls(page)
    for grid in page.get_by_role("grid").all():
        cells = grid.locator(".ce-cell").evaluate_all("all => all.map((c) => c.dataset.at)")
        cells = [[int(number) for number in cell.split(",")] for cell in cells]
        grid.focus()
        at, label, told = active_cell(page)
        for key, step in moves.items():
            check_told(view, label, told, settings)
            row = [cell for cell in cells if cell[0] == at[0]]
            wanted = row[0 if key == "Home" else -1]
            if step:
                wanted = [at[0] + step[0], at[1] + step[1]]
            page.keyboard.press(key)
            before, (at, label, told) = at, active_cell(page)
            assert at == (wanted if wanted in cells else before)


def step_by(page, press):
    """Next and Previous, pressed by `press(button)`, move the chosen place forth and back."""
    button = partial(page.get_by_role, "button", exact=True)
    first = said(page)
    press(button(name="Next"))
    assert said(page) != first
    press(button(name="Previous"))
    assert said(page) == first


def answer_by(page, view, press):
    """Answers and the other buttons of a question, pressed by `press(button)`."""
    button = partial(page.get_by_role, "button", exact=True)
    verdict = page.locator(".ce-verdict")
    page.get_by_label("your answer").fill("nothing")
    press(button(name="Check"))
    assert "not “nothing”" in said(page) or "is no size" in said(page)
    if view.kind == "Question":
        press(button(name="Hint"))
        assert re.match(r"Hint \d of 3: ", verdict.inner_text())
        return
    question = page.locator(".ce-question").inner_text()
    press(button(name="Next question"))
    assert page.locator(".ce-question").inner_text() != question
    assert page.get_by_label("your answer").evaluate("one => one === document.activeElement")


def keep_by(page, press):
    """The buttons of the record, pressed by `press(button)`."""
    button = partial(page.get_by_role, "button", exact=True)
    press(button(name="Export"))
    exported = page.get_by_label("Your progress in all chapters")
    stored = page.evaluate("localStorage.getItem('convolution-exactly drills')")
    assert json.loads(exported.input_value()) == json.loads(stored or "{}")
    assert exported.evaluate("one => one === document.activeElement")
    press(button(name="Copy"))
    page.get_by_text(re.compile("Copied.|Copy the selected text.")).wait_for()
    press(button(name="Close"))
    assert button(name="Export").evaluate("one => one === document.activeElement")
    press(button(name="Reset"))
    press(button(name="No, keep it"))
    assert button(name="Reset").evaluate("one => one === document.activeElement")
    assert page.evaluate("localStorage.getItem('convolution-exactly drills')") == stored


def press_buttons(page, view, press):
    """Press every button that a widget has, by `press(button)`, and see what it does."""
    if view.kind == "ShapeBuilder":
        build_by_hand(page, press)
    if view.kind in EXPLORERS:
        make_easy(page)
        step_by(page, press)
    if view.kind in ("Drills", "Question"):
        answer_by(page, view, press)
    if view.kind in ("Drills", "DrillProgress"):
        keep_by(page, press)


@by_view
def test_by_keyboard(page, view):
    unfold(page, lambda control: control.press("Space"))
    if view.kind in EXPLORERS:
        make_easy(page)
        move_in_grids(page, view)
    if view.kind in (*EXPLORERS, "PictureLab"):
        operate_by_keyboard(page, view)
    keys = itertools.cycle(["Enter", "Space"])
    if VIEWS.index(view) % 2:  # each button is pressed by one key here, and by the other there
        next(keys)
    press_buttons(page, view, lambda button: button.press(next(keys)))


def operate_sliders(page, press, change):
    """Call `change(slider)` for every slider: those for both axes, and those for each one apart."""
    apart, changed = page.get_by_role("checkbox"), set()
    for _ in range(1 + apart.count()):
        for own in page.locator(SLIDERS).evaluate_all("all => all.map((one) => one.id)"):
            if own not in changed:
                change(page.locator(f"#{own}"))
                changed.add(own)
        if apart.count():
            before = apart.is_checked()
            press(apart)
            assert apart.is_checked() != before
    assert bool(changed) == (page.locator(SLIDERS).count() > 0)


def operate_by_keyboard(page, view):
    """Arrow keys change every slider and every choice, and what is shown agrees with convlib."""

    def change(slider):
        before, most = int(slider.input_value()), int(slider.get_attribute("max"))
        slider.press("ArrowLeft" if before == most else "ArrowRight")
        assert int(slider.input_value()) == before + (-1 if before == most else 1)
        agrees(page, view)

    operate_sliders(page, lambda box: box.press("Space"), change)
    if view.kind in EXPLORERS:
        make_easy(page, **{"input channels": 2, "filters": 2})
    for choice in page.locator(".ce-widget select:visible").all():
        before = choice.input_value()
        last = choice.evaluate(
            "one => [...one.options].findLast((o) => !o.disabled) === one.selectedOptions[0]"
        )
        choice.press("ArrowUp" if last else "ArrowDown")
        assert choice.input_value() != before
        agrees(page, view)
    if view.kind == "PictureLab":
        for number, cell in enumerate(CELLS):
            page.get_by_label(cell).focus()
            page.keyboard.press("Control+a")
            page.keyboard.type(f"-{number},5")
        assert agrees(page, view)
    if view.kind == "WindowExplorer":
        make_easy(page)
        page.get_by_role("grid", name="Input").focus()
        page.keyboard.type("-2.5")
        page.keyboard.press("Enter")
        _, label, _ = active_cell(page)
        assert label.endswith(": −2.5")
        assert agrees(page, view)


@by_view
def test_by_mouse(page, view):
    unfold(page, lambda control: control.click())
    if view.kind in EXPLORERS:
        make_easy(page)
        point_at_cells(page, view)
    if view.kind in (*EXPLORERS, "PictureLab"):
        operate_by_mouse(page, view)
    press_buttons(page, view, lambda button: button.click())
    if view.kind in EXPLORERS:
        play(page)


def point_at_cells(page, view):
    """Of a cell under the pointer it is told what it does, and of one that is clicked."""
    settings = controls(page)
    for grid in page.get_by_role("grid").all():
        cells = grid.locator(".ce-cell")
        labels = cells.evaluate_all("all => all.map((cell) => cell.ariaLabel)")
        for place in {0, len(labels) // 2, len(labels) - 1}:
            cells.nth(place).hover()
            check_told(view, labels[place], said(page), settings)
            page.mouse.down()
            page.mouse.up()
            check_told(view, labels[place], said(page), settings)


def operate_by_mouse(page, view):
    """Sliders go where they are clicked, and what is shown agrees with convlib."""

    def change(slider):
        wanted, most = 1 + int(slider.input_value()) % 2, int(slider.get_attribute("max"))
        box, thumb = slider.bounding_box(), 16
        x = thumb / 2 + (wanted - 1) / (most - 1) * (box["width"] - thumb)
        slider.click(position={"x": x, "y": box["height"] / 2})
        assert int(slider.input_value()) == wanted

    operate_sliders(page, lambda box: box.click(), change)
    agrees(page, view)
    if view.kind == "PictureLab":
        page.get_by_label(CELLS[4]).click(click_count=3)
        page.keyboard.type("7")
        assert page.get_by_label(CELLS[4]).input_value() == "7"
        assert agrees(page, view)
    if view.kind == "WindowExplorer":
        make_easy(page)
        for kind in ("input", "kernel"):
            if not page.locator(f".ce-{kind}").count():
                continue  # a pool has no kernel
            cell = page.locator(f".ce-{kind}").first
            place = cell.get_attribute("aria-label").split(":")[0]
            cell.dblclick()
            page.get_by_label(f"new value of {place}").fill("40")
            page.mouse.click(0, 0)  # leaving the field keeps the number
            assert page.locator(f".ce-{kind}").first.get_attribute("aria-label") == f"{place}: 40"
            assert agrees(page, view)


# -- for every reader


@by_view
def test_no_motion_for_readers_who_want_none(page, view, media):
    """Nothing moves by itself; what plays already, stops."""
    if view.kind in EXPLORERS:
        make_easy(page)
        page.get_by_role("button", name="Play").click()
        media(reduced_motion="reduce")
        assert not page.locator(".ce-player input").is_visible()
        assert page.get_by_role("button", name=re.compile("Play|Pause")).count() == 0
        page.wait_for_timeout(600)  # two steps a second are its pace
        step_by(page, lambda button: button.click())
        still = said(page)
        page.wait_for_timeout(600)
        assert said(page) == still
    media(reduced_motion="reduce")
    moving = "document.querySelector('.widget-view').getAnimations({ subtree: true }).length"
    assert page.evaluate(moving) == 0


# -- whole pages, with all their widgets


@by_page
def test_names_refer_to_what_is_in_the_same_widget(whole):
    """Labels and the like: every widget brings ids of its own."""
    strangers = whole.evaluate(
        """() => {
          const names = ["for", "aria-describedby", "aria-labelledby", "aria-controls"];
          names.push("aria-activedescendant");
          const found = [];
          for (const [, view] of views) for (const name of names) {
            for (const one of view.querySelectorAll(`[${name}]`)) {
              const id = one.getAttribute(name);
              const all = document.querySelectorAll(`[id="${id}"]`);
              if (all.length !== 1 || !view.contains(all[0])) found.push([name, id, all.length]);
            }
          }
          return found;
        }"""
    )
    assert strangers == []


@by_page
def test_print_shows_a_still(whole, name, media):
    """Pictures, tables and values; no controls."""
    media(media="print")
    assert whole.locator(".ce-widget:visible").count() == whole.locator(".ce-widget").count() > 0
    hidden = "select, summary, .ce-player, input:is([type=range], [type=checkbox])"
    buttons = "button:not([data-key^=open])"  # those are the names of layers
    assert whole.locator(f".ce-widget :is({hidden}, {buttons}):visible").count() == 0
    for view in (view for view in VIEWS if view.name == name):
        widget = whole.locator(".widget-view").nth(view.index)
        if view.kind == "ShapeBuilder":
            assert widget.locator("tbody tr:visible").count() == widget.locator("tbody tr").count()
        elif view.kind == "PictureLab":
            assert widget.locator("canvas:visible").count() == 2
            assert widget.locator("input:visible").count() == len(CELLS)
        elif view.kind in EXPLORERS:
            assert widget.locator(".ce-figure:visible").count() >= 2
            assert widget.locator(".ce-value:visible").count() > 5
            assert widget.locator(".ce-arithmetic:visible").inner_text()
        elif view.kind == "DrillProgress":
            assert widget.locator("tbody tr:visible").count() == len(CHAPTERS)
        elif view.kind == "Drills":
            texts = [plain(question.text) for question in pool(view.state["chapter"])]
            assert widget.locator(".ce-question:visible").inner_text() in texts


@by_page
def test_the_code_of_the_widgets_of_a_page_is_small(name):
    stored, _ = models(name)
    states = [model["state"] for model in stored.values()]
    code = "".join(state.get(part, "") for state in states for part in ("_esm", "_css"))
    size = len(gzip.compress(code.encode()))
    print(f"{name}: {size} bytes")
    assert 0 < size <= 60_000


@by_page
def test_the_widgets_of_a_page_are_soon_alive(whole, book, name):
    """At the best of at most six loads: other processes may be busy."""
    if book.alive[name] >= SECOND:
        book.open(name)
    print(f"{name}: alive after {book.alive[name]:.0f} ms")
    assert book.alive[name] < SECOND


@by_page
def test_axe_finds_nothing(whole, book):
    """With answers and mistakes shown."""
    book.name = None  # the page is no page for other tests without its text, which costs axe time
    whole.evaluate(
        """() => {
          const near = (one) => views.some(([, view]) => one.contains(view) || view.contains(one));
          for (const one of document.querySelectorAll("article *")) if (!near(one)) one.remove();
        }"""
    )
    for box in whole.get_by_label("your answer").all():
        box.fill("1, 7")
        box.press("Enter")
    for cell in whole.locator("[role=grid][aria-readonly=false] .ce-input").all()[:1]:
        cell.dblclick()
        whole.locator(".ce-edit").fill("no number")
    assert violations(whole) == []
