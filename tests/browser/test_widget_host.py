"""chapters/_book/widget_host.js brings widgets to life on a page without Python."""

import base64

import pytest

COUNTER = """
export default {
  initialize({ model }) { model.set("started", model.get("started") + 1); },
  render({ model, el }) {
    const button = document.createElement("button");
    const draw = () => {
      button.textContent = `${model.get("n")} started ${model.get("started")}`;
    };
    button.addEventListener("click", () => {
      model.set("n", model.get("n") + 1);
      model.save_changes();
    });
    model.on("change:n", draw);
    draw();
    el.append(button);
  },
};
"""


def widget(source, **state):
    return {"state": {"_esm": source, "_anywidget_id": "a.Widget", **state}}


def test_views_of_one_model_share_it(show):
    seen = show({"m": widget(COUNTER, n=4, started=0)}, "m", "m")
    buttons = seen.page.get_by_role("button")
    buttons.first.click()
    assert buttons.all_inner_texts() == ["5 started 1", "5 started 1"]
    assert seen.errors == []


def test_style_is_applied_once(show):
    models = {name: widget(COUNTER, n=0, started=0, _css="button { color: red }") for name in "ab"}
    page = show(models, "a", "b").page
    assert page.locator("style").count() == 1
    colour = page.get_by_role("button").first.evaluate("el => getComputedStyle(el).color")
    assert colour == "rgb(255, 0, 0)"


def test_off_forgets_the_listeners_of_one_view_only(show):
    source = """export default { render({ model, el }) {
      const note = () => { el.textContent += "+"; };
      model.on("change:a change:b", note);
      model.on("change", note);
      model.off("change", note);
      if (el !== document.querySelector(".widget-view")) model.off();
      globalThis.model = model;
    } };"""
    page = show({"m": widget(source, a=0, b=[1])}, "m", "m").page
    page.evaluate("model.set({ a: 1, b: [1] })")
    assert page.locator(".widget-view").all_inner_texts() == ["+", ""]
    page.evaluate("model.set('b', [2])")
    page.evaluate("model.set('b', [2])")  # the same again is no change
    assert page.locator(".widget-view").all_inner_texts() == ["++", ""]


def test_bytes_come_back_where_they_belong(show):
    source = """export default () => ({ render({ model, el }) {
      el.textContent = `${model.get("image").pixels.getUint8(1)} ${model.get("n")}`;
    } });"""
    stored = widget(source, image={}, n=3)
    data = base64.b64encode(b"\1\7").decode()
    stored["buffers"] = [{"encoding": "base64", "path": ["image", "pixels"], "data": data}]
    assert show({"m": stored}, "m").page.locator(".widget-view").inner_text() == "7 3"


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (
            {"m": widget("export default { render() { throw new Error('no window') } }")},
            "no window",
        ),
        ({"m": widget("this is not JavaScript")}, "Unexpected"),
        ({}, "its state is not stored in the notebook"),
    ],
    ids=["raises", "does not parse", "no state"],
)
def test_errors_are_told_in_place_and_spare_the_others(show, models, message):
    seen = show(models | {"good": widget(COUNTER, n=1, started=0)}, "m", "good")
    assert message in seen.page.get_by_role("alert").inner_text()
    assert seen.page.get_by_role("button").inner_text() == "1 started 1"
    assert len(seen.errors) == 1


def test_a_control_that_needs_python_shows_its_stored_output(show):
    pixel = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
        "rkJggg=="
    )
    image = {"output_type": "display_data", "data": {"image/png": pixel, "text/plain": "<Figure>"}}
    lines = {"output_type": "stream", "name": "stdout", "text": "four\n"}
    models = {
        "box": {"state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_out"]}},
        "slider": {"state": {"value": 3}},
        "out": {"state": {"outputs": [image, lines]}},
    }
    page = show(models, "box").page
    assert page.get_by_role("img").get_attribute("alt")
    assert page.get_by_text("four").is_visible()
    assert page.get_by_text("needs Python").count() == 1


def test_a_box_of_anywidgets_needs_no_python(show):
    models = {
        "box": {"state": {"children": ["IPY_MODEL_a", "IPY_MODEL_b"]}},
        "a": widget(COUNTER, n=1, started=0),
        "b": widget(COUNTER, n=2, started=0),
    }
    page = show(models, "box").page
    assert page.get_by_role("button").all_inner_texts() == ["1 started 1", "2 started 1"]
    assert page.get_by_text("needs Python").count() == 0
