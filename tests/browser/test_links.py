"""Every link inside the built book leads somewhere: to a file, and to a place in it."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from conftest import SITE, site_pages


class Links(HTMLParser):
    """The addresses a page leads to, and the names of its own places."""

    def __init__(self, text):
        super().__init__()
        self.addresses, self.places = set(), {""}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.places |= {attributes.get("id"), attributes.get("name")}
        self.addresses |= {attributes.get("href"), attributes.get("src")} - {None}


@cache
def links(path):
    return Links(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", site_pages())
def test_links_lead_somewhere(name):
    page = SITE / name
    lost = []
    for address in links(page).addresses:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file() or (
            target.suffix == ".html" and unquote(parts.fragment) not in links(target).places
        ):
            lost.append(address)
    assert lost == []
    assert links(page).addresses
