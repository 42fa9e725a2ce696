"""What the widgets share in Python: their script and style, and the tables of rules they carry.

A widget's JavaScript is written as plain ES modules in `static/`, which tests can import one by
one. The browser is given one module: the widget's own with the modules it imports put before it.
"""

import re
from functools import cache
from itertools import product
from pathlib import Path

from convlib.padding import output_length, pads
from convlib.visuals import palette

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def style():
    """Return the style sheet of all widgets, with the palette's colours."""
    return palette.css() + (STATIC / "widgets.css").read_text()


@cache
def bundle(name):
    """Return the module `static/<name>.js` with the modules that it imports put before it."""
    parts = {}

    def collect(module):
        if module in parts:
            return
        source = (STATIC / f"{module}.js").read_text()
        parts[module] = None  # its place is kept while what it imports comes first
        for needed in _IMPORT.findall(source):
            collect(needed)
        del parts[module]
        parts[module] = _IMPORT.sub("", source)

    collect(name)
    *needed, own = parts.values()
    return "".join(re.sub(r"^export ", "", part, flags=re.MULTILINE) for part in needed) + own


@cache
def window_rules(size=12, kernel_size=5, strides=4, dilation_rate=3):
    """Return every output length and pad that the controls can reach, computed by convlib.padding.

    `limits` are the largest settings; `table[padding]` has three base-36 digits, output length, pad
    before and pad after, for each setting in order, the last setting counting fastest, and `---`
    where no window fits.
    """
    limits = (size, kernel_size, strides, dilation_rate)
    table = dict.fromkeys(("valid", "same", "causal"), "")
    for padding in table:
        for n, k, s, d in product(*(range(1, limit + 1) for limit in limits)):
            try:
                numbers = (output_length(n, k, s, padding, d), *pads(n, k, s, padding, d))
                table[padding] += "".join(_DIGITS[number] for number in numbers)
            except ValueError:
                table[padding] += "---"
    return {"limits": list(limits), "table": table}
