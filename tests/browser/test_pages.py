"""What holds for every page of the built book."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import site_pages

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

# Each page is opened in these ways: both schemes in both colours, each colour on both screens.
WAYS = {
    "http-light-desktop": ("http", "light", DESKTOP),
    "http-dark-phone": ("http", "dark", PHONE),
    "file-light-phone": ("file", "light", PHONE),
    "file-dark-desktop": ("file", "dark", DESKTOP),
}

ARTICLE = "article.bd-article"
VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]'
STATE = 'script[type="application/vnd.jupyter.widget-state+json"]'
FILE_NAME = re.compile(r"\.(png|jpe?g|gif|svg|webp)$|^[0-9a-f]{16,}|^\S*/\S*$", re.IGNORECASE)


@pytest.fixture(
    scope="module",
    params=[
        # One group to a visit: on several processes, its tests still share the one opened page.
        pytest.param(
            (name, way), id=f"{name} {way}", marks=pytest.mark.xdist_group(f"{name} {way}")
        )
        for name in site_pages()
        for way in WAYS
    ],
)
def seen(request, visit):
    """A page, opened in one of the ways; the tests only look at it."""
    name, way = request.param
    scheme, colours, viewport = WAYS[way]
    seen = visit(scheme, color_scheme=colours, viewport=viewport)
    seen.open(name)
    yield seen
    seen.page.context.close()


def test_there_are_pages(site):
    assert "chapters/introduction.html" in site_pages()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_index_leads_to_the_introduction(visit, scheme):
    opened = visit(scheme)
    opened.page.goto(opened.base + "index.html", wait_until="commit")
    opened.page.wait_for_url("**/chapters/introduction.html")


def test_chinese_words_are_marked_as_such(visit):
    terms = visit("http").open("chapters/glossary.html").locator("dl.glossary > dt")
    chinese = terms.filter(has_text=re.compile("[\u4e00-\u9fff]"))
    assert chinese.count() == chinese.locator("span[lang=zh-Hans]").count() > 50


def test_asks_no_other_host_and_reports_no_error(seen):
    assert seen.foreign_requests == []
    assert seen.errors == []


def test_never_scrolls_sideways(seen):
    page = seen.page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]
    # What sticks out of the article is cut off, even where the page does not scroll.
    sticking_out = page.evaluate(
        """(article) => {
          const edge = document.querySelector(article)?.getBoundingClientRect().right + 1;
          return [...document.querySelectorAll(`${article} section > *, ${article} .widget-view`)]
            .filter((element) => element.getBoundingClientRect().right > edge)
            .map((element) => element.outerHTML.slice(0, 120));
        }""",
        ARTICLE,
    )
    assert sticking_out == []


def test_images_have_alternative_text(seen):
    alternatives = {
        image.get_attribute("src")[-60:]: image.get_attribute("alt")
        for image in seen.page.locator(f"{ARTICLE} img").all()
    }
    assert {src: alt for src, alt in alternatives.items() if not alt or FILE_NAME.search(alt)} == {}


def test_figures_have_type_of_the_size_of_the_text(seen):
    """120 of the 150 pixels of an inch, where there is room; on a phone the whole width."""
    phone = seen.page.viewport_size == PHONE
    for image in seen.page.locator(f"{ARTICLE} figure img").all():
        drawn, room = image.evaluate("i => [i.naturalWidth, i.closest('figure').clientWidth - 16]")
        wanted = room if phone else min(0.8 * drawn, room)
        assert image.bounding_box()["width"] == pytest.approx(wanted, abs=1)
        assert not phone or room >= PHONE["width"] - 16


def test_what_a_check_says_stands_on_the_page_itself(seen):
    grounds = seen.page.locator(f"{ARTICLE} .text_html:not(:has(table))").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).backgroundColor)"
    )
    assert set(grounds) <= {"rgba(0, 0, 0, 0)"}


def test_formulas_are_set(seen):
    formulas = seen.page.locator(f"{ARTICLE} .math")
    assert all(formula.locator("mjx-container").count() for formula in formulas.all())
    assert seen.page.locator("mjx-merror").count() == 0


def test_widgets_are_alive(seen):
    page = seen.page
    scripts = page.locator(VIEW).all()
    views = page.locator(".widget-view").all()
    assert page.locator(".widget-error").all_inner_texts() == []
    for script, view in zip(scripts, views, strict=True):
        model = json.loads(script.text_content())["model_id"]
        state = json.loads(page.locator(STATE).text_content())["state"][model]["state"]
        # A folded cell is opened first: what is inside a closed one has no size.
        view.evaluate("view => view.closest('details')?.setAttribute('open', '')")
        box = view.bounding_box()
        assert box["width"] > 20, f"{model} is blank"
        assert box["height"] > 10, f"{model} is blank"
        assert view.evaluate("view => view.childElementCount") > 0, f"{model} is blank"
        # What needs Python says so; a box may hold nothing that does.
        notes = view.locator(".stored-note").count()
        assert notes == 0 if "_esm" in state else notes == 1 or "children" in state


def test_axe_finds_nothing_serious(seen):
    found = [
        f"{violation['id']}: {node['target']}"
        for violation in Axe().run(seen.page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert found == []
