"""Sphinx extension: what the site needs beside the pages, so that it asks no other host for
anything.

The book's colours, style and scripts, and a reading time for each page.

MathJax comes out of the installed wheel `sphinx-mathjax-offline`. Used as an extension, that wheel
would copy 24 MB; the script and the fonts that this book's pages load are 1.5 MB.
"""

import re
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util.osutil import copyfile

from convlib.visuals import palette

HERE = Path(__file__).parent
WHEEL = "sphinx-mathjax-offline"
MATHJAX = f"{WHEEL}/static/mathjax/"
SCRIPT = "tex-chtml.js"
FONTS = "output/chtml/fonts/woff-v2/"

# The search page fetches the pages it found, to quote them; opened from a file it may not.
NO_SUMMARIES_FROM_FILES = (
    'if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;'
)


def mathjax_files():
    """Map each needed MathJax file's path, as MathJax asks for it, to the installed file."""
    try:
        installed = files(WHEEL) or []
    except PackageNotFoundError:
        installed = []
    found = {}
    for file in installed:
        name = file.as_posix().removeprefix(MATHJAX)
        if name == SCRIPT or name.startswith(FONTS):
            found[name] = Path(file.locate())
    if SCRIPT not in found or len(found) < 2:
        raise ExtensionError(
            f"The package {WHEEL} is missing or incomplete, so formulas could not be shown: "
            "install requirements.txt."
        )
    return found


def add_files(app):
    """Write the book's own style and scripts, and MathJax, under _static/book."""
    if app.builder.format != "html":
        return
    book = Path(app.outdir, "_static", "book")
    sources = {name: HERE / name for name in ("theme.css", "widget_host.js")}
    sources |= {f"mathjax/{name}": path for name, path in mathjax_files().items()}
    for name, path in sources.items():
        target = book / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copyfile(path, target)
    (book / "palette.css").write_text(palette.css(), encoding="utf-8")


def add_reading_time(app, doctree, docname):
    """Say under a chapter's title how long it takes: prose at 200 words a minute, code at 100."""
    title = next(iter(doctree.findall(nodes.title)), None)
    if title is None or not docname.startswith("chapters/"):
        return
    code = sum(len(block.astext().split()) for block in doctree.findall(nodes.literal_block))
    prose = sum(len(block.astext().split()) for block in doctree.findall(nodes.paragraph))
    minutes = max(5 * round((prose / 200 + code / 100) / 5), 5)
    note = nodes.paragraph("", f"About {minutes} minutes to read.", classes=["reading-time"])
    title.parent.insert(title.parent.index(title) + 1, note)


def literal_ticks(app, what, name, obj, options, lines):
    """Docstrings mark code with single backticks, as Markdown does; reStructuredText wants two."""
    example = False
    for i, line in enumerate(lines):
        example = bool(line.strip()) and (example or line.lstrip().startswith(">>>"))
        if not example:
            lines[i] = re.sub(r"(?<!`)`([^`]+)`(?![`_])", r"``\1``", line)


# What assistive technology and the keyboard need, and the theme leaves out.
MENDED = {
    'role="doc-biblioentry"': 'role="listitem"',  # an entry of a bibliography is an item of a list
    '<div class="pst-scrollable-table-container">': (
        '<div class="pst-scrollable-table-container" tabindex="0">'  # scrolls by keys
    ),
    '<summary><span class="toctree-toggle"': (
        '<summary aria-label="Its pages"><span class="toctree-toggle"'  # it shows a chevron only
    ),
}


CHINESE = re.compile(r"(?<=>)[^<>]*[\u4e00-\u9fff][^<>]*(?=<)")  # a whole text


def with_widths(app, html):
    """Tell theme.css how many pixels wide each figure is, so that all have type of one size."""
    sources = {name: source for source, name in app.builder.images.items()}

    def wide(image):
        with Path(app.srcdir, sources[image[1]]).open("rb") as file:
            width = int.from_bytes(file.read(20)[16:], "big")  # the PNG format's place for it
        return f'{image[0]} style="--width: {width}"'

    return re.sub(r'_images/(\w+\.png)"', wide, html)


def mend(app, pagename, templatename, context, doctree):
    def mended(html):
        for old, new in MENDED.items():
            html = html.replace(old, new)
        return CHINESE.sub(r'<span lang="zh-Hans">\g<0></span>', html)

    toctree = context["generate_toctree_html"]
    context["generate_toctree_html"] = lambda *args, **kw: mended(str(toctree(*args, **kw)))
    if "body" in context:
        context["body"] = with_widths(app, mended(context["body"]))


def setup(app):
    app.connect("builder-inited", add_files)
    app.connect("doctree-resolved", add_reading_time)
    app.connect("html-page-context", mend, priority=900)  # after the theme
    app.connect("autodoc-process-docstring", literal_ticks)
    app.add_css_file("book/palette.css", priority=900)  # after the theme's own
    app.add_css_file("book/theme.css", priority=901)
    app.add_js_file(None, body=NO_SUMMARIES_FROM_FILES, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
