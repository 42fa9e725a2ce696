"""A real Chromium that sees the built site and nothing else."""

import json
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import chromium
import lab
import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
HOST = ROOT / "chapters" / "_book" / "widget_host.js"

# Formulas are set and widgets drawn only after the page has loaded.
SETTLED = """async () => {
  const busy = () => document.querySelector('.widget-view[aria-busy="true"]');
  while (busy()) await new Promise((resume) => setTimeout(resume, 20));
  await globalThis.MathJax?.startup?.promise;
  await new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)));
}"""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


class Visit:
    """A page of the site, opened, with everything that went wrong on the way."""

    def __init__(self, page, base):
        self.page = page
        self.base = base
        self.foreign_requests = []
        self.errors = []
        page.on("request", self._note_request)
        page.on("websocket", lambda socket: self.foreign_requests.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        page.on("console", self._note_console)
        page.on("response", self._note_response)

    def _note_request(self, request):
        here = urlsplit(self.base)
        there = urlsplit(request.url)
        if there.scheme not in ("data", "blob") and there[:2] != here[:2]:
            self.foreign_requests.append(request.url)

    def _note_console(self, message):
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url')})")

    def _note_response(self, response):
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")

    def open(self, address):
        self.page.goto(self.base + address)
        self.page.evaluate(SETTLED)
        return self.page


def site_pages():
    """Every page of the built site, as a path below it; index.html only leads to the first one."""
    pages = {path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html")}
    return sorted(page for page in pages - {"index.html"} if not page.startswith("_static/"))


@pytest.fixture(scope="session")
def site():
    assert (SITE / "index.html").exists(), "there is no built book: run `make book` first"
    return SITE


@pytest.fixture(scope="session")
def server(site):
    handler = partial(QuietHandler, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}/"
        http.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser():
    path = chromium.find_or_get()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.LAUNCH_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory):
    """One JupyterLab for all tests: its address and the folder that it works in."""
    folder = tmp_path_factory.mktemp("jupyter")
    with lab.served(folder) as address:
        yield address, folder


@pytest.fixture(scope="module")
def visit(browser, server, site):
    """Makes a Visit, which has opened nothing yet; `scheme` is "http" or "file"."""
    contexts = []
    # Only the site's own server may answer; a request for anything else is noted and refused.
    elsewhere = re.compile(f"^(https?|wss?)://(?!{re.escape(urlsplit(server).netloc)}/)")

    def new_visit(scheme="http", **options):
        context = browser.new_context(reduced_motion="reduce", **options)
        context.route(elsewhere, lambda route: route.abort())
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visit(context.new_page(), server if scheme == "http" else site.as_uri() + "/")

    yield new_visit
    for context in contexts:
        context.close()


@pytest.fixture
def show(visit, tmp_path):
    """Open, from a file, a page with stored models that shows some of them in turn."""

    def open_page(models, *shown):
        state = json.dumps({"state": models})
        views = "".join(
            '<script type="application/vnd.jupyter.widget-view+json">'
            f"{json.dumps({'model_id': model_id})}</script>"
            for model_id in shown
        )
        path = tmp_path / "page.html"
        path.write_text(
            "<!doctype html><meta charset=utf-8><link rel=icon href='data:,'>"
            f'<body><script type="application/vnd.jupyter.widget-state+json">{state}</script>'
            f"{views}<script>{HOST.read_text(encoding='utf-8')}</script>",
            encoding="utf-8",
        )
        seen = visit("file")
        seen.base = path.as_uri()
        seen.open("")
        return seen

    return open_page
