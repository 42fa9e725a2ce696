"""What a learner's code returns: made plain, so that no code of it runs any more, and compared."""

import re

import numpy as np

from exercises import report

_MOST = 100_000  # numbers or letters that are looked at
_MOST_OBJECTS = 10  # in an array that is taken for a shape, with None among its numbers
_DEEPEST = 32
_PLAIN = {int, float, complex, bool, str, type(None), type(...)}


class Strange:
    """Stands for an object of a kind that no answer is made of."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def plain(value):
    """Return a copy of a value made of Python's numbers, lists and so on and of NumPy's arrays.

    Objects of other kinds are replaced by a `Strange` one. This may run any code of theirs.
    """
    left = _MOST

    def convert(value, depth):
        nonlocal left
        left -= 1
        if left < 0 or depth > _DEEPEST:
            raise OverflowError
        kind = type(value)  # isinstance would believe what the object says about itself
        if kind in _PLAIN:
            return value[:_MOST] if kind is str else value
        if issubclass(kind, (np.ndarray, np.generic)):
            array = np.array(value, copy=None, subok=False)
            if array.dtype == object and array.size <= _MOST_OBJECTS:
                items = array.tolist()
                if isinstance(items, list) and {type(i) for i in items} == {int, type(None)}:
                    return items  # a shape
            return _array(array)
        if issubclass(kind, dict):
            pairs = dict.items(value)
            return {convert(k, depth + 1): convert(v, depth + 1) for k, v in pairs}
        for sequence in (list, tuple, range):
            if issubclass(kind, sequence):
                items = [convert(v, depth + 1) for v in sequence.__iter__(value)]
                return tuple(items) if sequence is tuple else items
        if hasattr(kind, "__array__"):
            return _array(np.array(value, subok=False))
        if hasattr(kind, "__next__"):
            return Strange(f"a {kind.__name__}, which has no values before list() makes them")
        return Strange(re.sub(" at 0x[0-9a-fA-F]+", "", report.own_text(value)))

    try:
        return convert(value, 0)
    except OverflowError:
        return Strange(f"a {type(value).__name__} with too many values or levels to look at")


def _array(array):
    """A copy; but only the shape and dtype of an array that is large, or holds objects."""
    if array.size > _MOST or array.dtype.hasobject:
        return np.broadcast_to(np.zeros((), array.dtype), array.shape)
    return array.copy()[()]  # a scalar, if it has no axes


def identical(a, b):
    """Whether two plain values are the same in every bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        same = a.shape == b.shape and a.dtype == b.dtype
        return same and np.array_equal(a, b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return identical(list(a.items()), list(b.items()))
    return a == b


def difference(yours, expected):
    """How a plain value differs first, in shape or else in a value, as a sentence; or "".

    Where numbers are expected, whole numbers and floats are compared by value, whatever their
    dtype; complex numbers, bools, words, objects and the imprecise float16 are told as such.
    """
    theirs = np.asarray(expected)
    if theirs.dtype.kind not in "iuf":  # words, shapes with None, configurations
        return "" if _listed(yours) == _listed(expected) else _sentence(yours, expected)
    try:
        mine = np.asarray(yours)
    except ValueError:  # lists of unequal lengths
        return _sentence(yours, expected)
    is_array = isinstance(yours, (np.ndarray, np.generic))
    if not is_array and mine.dtype.kind not in "iuf":
        return _sentence(yours, expected)
    if mine.shape != theirs.shape:
        return f"you gave the shape {mine.shape}, expected {theirs.shape}."
    if mine.dtype.kind not in "iuf" or mine.dtype == np.float16:
        return f"you gave the dtype {mine.dtype}, expected {theirs.dtype}."
    unlike = _unlike(mine, theirs)
    if not unlike.any():
        return ""
    index = tuple(int(i) for i in np.argwhere(unlike)[0]) if mine.shape else ()
    at = f"at index {index if len(index) != 1 else index[0]}, " if index else ""
    return f"{at}you gave {report.short(mine[index])}, expected {report.short(theirs[index])}."


def _unlike(mine, theirs):
    """Where two arrays of numbers differ; whole numbers are right or wrong."""
    relative = 1e-5 if theirs.dtype.kind == "f" else 0
    with np.errstate(all="ignore"):
        return ~np.isclose(mine, theirs, rtol=relative, atol=1e-6, equal_nan=True)


def misplaced(yours, expected):
    """Say that a value is wrong, or which ones of a tuple, but not what is right; or ""."""
    if not difference(yours, expected):
        return ""
    gave, listed = f"You gave {report.short(yours)}", _listed(yours)
    if not isinstance(expected, tuple):
        is_number = isinstance(yours, (int, float, np.integer, np.floating))
        return f"{gave}, which is not right." if is_number else f"{gave}. A number is asked for."
    if not isinstance(listed, list) or len(listed) != len(expected):
        return f"{gave}. A tuple of {len(expected)} values is asked for."
    wrong = [
        str(i) for i, pair in enumerate(zip(listed, expected, strict=True)) if difference(*pair)
    ]
    return f"{gave}. Not right: what stands at index {' and '.join(wrong)}."


def single(value):
    """The number that an argument of a layer has on every axis, written in whichever way, or None.

    >>> single(3), single((3, 3)), single([3]), single((3, 2)), single("same")
    (3, 3, 3, None, None)
    """
    numbers = set(value) if isinstance(value, (list, tuple)) else {value}
    number = numbers.pop() if len(numbers) == 1 else None
    return number if isinstance(number, int) else None


def drawable(yours, expected):
    """Both as arrays of one shape, and where they differ; None if they are no such arrays."""
    try:
        mine = np.asarray(yours)
    except ValueError:
        return None
    fits = isinstance(expected, np.ndarray) and mine.shape == expected.shape
    if not fits or mine.dtype.kind not in "iuf" or expected.dtype.kind not in "iufb":
        return None
    return mine, expected, _unlike(mine, expected)


def _sentence(yours, expected):
    return f"you gave {report.short(yours)}, expected {report.short(expected)}."


def _listed(value):
    """A plain value with lists in the place of tuples and arrays, so that == compares it."""
    if isinstance(value, (list, tuple)):
        return [_listed(v) for v in value]
    if isinstance(value, dict):
        return {key: _listed(v) for key, v in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value
