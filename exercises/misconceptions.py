"""The catalogue of known mistakes, each with a function that makes it.

A mistake has a name for reports, a title that ends the sentence "This is what comes of …", an
explanation with the true rule, and a next step. Calling it makes the mistake; exercises adapt the
call where their own arguments differ.
"""

import functools

CATALOGUE = {}


class Misconception:
    """A known mistake; calling it makes the mistake."""

    def __init__(self, rule, title, explanation, next_step):
        functools.update_wrapper(self, rule)
        self.name, self.rule = rule.__name__, rule
        self.title, self.explanation, self.next_step = title, explanation, next_step

    def __call__(self, *arguments):
        return self.rule(*arguments)


def misconception(title, explanation, next_step):
    """Put the function below into the catalogue."""

    def register(rule):
        made = Misconception(rule, title, explanation, next_step)
        CATALOGUE[made.name] = made
        return made

    return register


# -- sizes and pads, one axis


@misconception(
    "padding that is the same whatever the stride",
    "floor((k - 1) / 2) zeros before and ceil((k - 1) / 2) after is right for a stride of 1 only. "
    "Keras adds just what the last of its ceil(n / s) windows lacks.",
    "Find where the last window ends, and how many cells are missing there.",
)
def symmetric_same(length, kernel_size, strides=1, dilation_rate=1):
    total = (kernel_size - 1) * dilation_rate
    return total // 2, total - total // 2


@misconception(
    "putting the odd zero before instead of after",
    "When the number of zeros is odd, Keras puts the odd one after: before = total // 2.",
    "Swap the two numbers, and try an even kernel.",
)
def odd_zero_before(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = max((out - 1) * strides + (kernel_size - 1) * dilation_rate + 1 - length, 0)
    return total - total // 2, total // 2


@misconception(
    "forgetting the dilation",
    "A dilated kernel covers (k - 1) * d + 1 cells, its span, and the span counts, not k.",
    "Put the span where you have the kernel size.",
)
def forgotten_dilation(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = max((out - 1) * strides + kernel_size - length, 0)
    return total // 2, total - total // 2


@misconception(
    "rounding down where Keras rounds up",
    "Under `same` there are ceil(n / s) windows: the last one may hang over the end.",
    "Use -(-n // s), which rounds up.",
)
def floor_for_ceil(length, strides):
    return length // strides


@misconception(
    "rounding up where Keras rounds down",
    "Under `valid` a window must lie inside the input: floor((n - span) / s) + 1 of them do.",
    "Use // and add 1.",
)
def ceil_for_floor(length, span, strides):
    return -(-(length - span) // strides) + 1


@misconception(
    "forgetting the window at the start",
    "(n - span) / s counts the steps between windows; there is one window more than steps.",
    "Add 1.",
)
def forgotten_first_window(length, span, strides):
    return (length - span) // strides


@misconception(
    "a negative number of zeros",
    "Where windows leave cells out, nothing is missing: the total is at least 0.",
    "Take the maximum with 0.",
)
def negative_padding(length, kernel_size, strides=1, dilation_rate=1):
    out = -(-length // strides)
    total = (out - 1) * strides + (kernel_size - 1) * dilation_rate + 1 - length
    return total // 2, total - total // 2
