"""The book's own search."""

import pytest


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_a_word(visit, scheme):
    seen = visit(scheme)
    page = seen.open("search.html?q=padding")
    page.locator('#search-results a[href*="chapters/padding.html"]').first.wait_for()
    assert seen.foreign_requests == []
    assert seen.errors == []


def test_search_says_when_there_is_nothing(visit):
    page = visit().open("search.html?q=xylophone")
    page.get_by_text("did not match any documents").wait_for()
    assert page.locator("#search-results a").count() == 0
