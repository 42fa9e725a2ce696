"""Turn what a caller may write into what the rest of the package expects, or say what is wrong.

Every message names the argument in backticks, says what it must be and ends with what was received.
"""

import numbers
import operator


def integer(value, name, *, minimum=1):
    """Return `value` as an int that is at least `minimum`, or any int if that is None.

    A `ValueError` names the argument if `value` is no whole number (a bool is none) or too small.

    >>> integer(3, "filters")
    3
    >>> integer(2.5, "filters")
    Traceback (most recent call last):
    ValueError: `filters` must be a positive integer. Received: filters=2.5
    """
    number = _index(value)
    if number is None or (minimum is not None and number < minimum):
        raise ValueError(f"`{name}` must be {_kind(minimum)}. Received: {name}={value!r}")
    return number


def integers(value, length, name, *, minimum=1):
    """Return `value`, one integer or a sequence of `length` integers, as a tuple of `length` ints.

    >>> integers(3, 2, "kernel_size")
    (3, 3)
    >>> integers([3, 5], 2, "kernel_size")
    (3, 5)
    >>> integers((3, 0), 2, "kernel_size")
    Traceback (most recent call last):
    ValueError: `kernel_size` must be a positive integer or a tuple of 2 of them. \
Received: kernel_size=(3, 0)
    """
    items = value if isinstance(value, (tuple, list)) else (value,) * length
    numbers = tuple(_index(item) for item in items)
    if len(numbers) != length or any(n is None or n < minimum for n in numbers):
        raise ValueError(
            f"`{name}` must be {_kind(minimum)} or a tuple of {length} of them. "
            f"Received: {name}={value!r}"
        )
    return numbers


def choice(value, options, name, *, any_case=True):
    """Return `value` in lower case if it is one of the strings in `options`.

    With `any_case` capital letters are as good as small ones.

    >>> choice("SAME", ("valid", "same"), "padding")
    'same'
    >>> choice("smae", ("valid", "same"), "padding")
    Traceback (most recent call last):
    ValueError: `padding` must be one of 'valid', 'same'. Received: padding='smae'. \
Did you mean 'same'?
    """
    if isinstance(value, str) and (value.lower() if any_case else value) in options:
        return value.lower()
    listed = ", ".join(map(repr, options))
    raise ValueError(
        f"`{name}` must be one of {listed}. Received: {name}={value!r}{_suggestion(value, options)}"
    )


def data_format(value):
    """Return "channels_last" (also for None) or "channels_first"."""
    return choice(value or "channels_last", ("channels_last", "channels_first"), "data_format")


def lookup(identifier, table, kind):
    """Return the entry of `table` for a name, or what a dict or a ready object stands for.

    `None` stays None; a string is looked up in `table`, and a class found there is instantiated; a
    dict `{"class_name": ..., "config": {...}}` is instantiated with its config; any other callable
    is returned as it is. `kind` names what is looked up ("initializer") in the error.
    """
    config = {}
    if isinstance(identifier, dict):
        identifier, config = identifier.get("class_name"), identifier.get("config", {})
    if identifier is None or callable(identifier) or isinstance(identifier, Configured):
        found = identifier
    elif isinstance(identifier, str) and identifier in table:
        found = table[identifier]
    else:
        raise ValueError(
            f"`{kind}` must be None, a callable, a dict or one of the names "
            f"{', '.join(map(repr, table))}. Received: {kind}={identifier!r}"
            f"{_suggestion(identifier, table)}"
        )
    return found(**config) if isinstance(found, type) else found


class Configured:
    """Remembers its constructor's arguments: each is an attribute of the argument's name."""

    def get_config(self):
        """Return the constructor's arguments as a dict of plain values.

        >>> from convlib.regularizers import L2
        >>> L2(0.1).get_config()
        {'l2': 0.1}
        """
        return {name: _plain(getattr(self, name)) for name in argument_names(type(self))}

    @classmethod
    def from_config(cls, config):
        """Return an object made from what `get_config` returned."""
        return cls(**config)


def is_number(value):
    """Whether `value` is a real number; a bool is none.

    >>> is_number(0.5), is_number(True), is_number("1")
    (True, False, False)
    """
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def fraction(value, name):
    """Return `value` if it is a number from 0 to 1.

    >>> fraction(0.5, "rate")
    0.5
    """
    if not is_number(value) or not 0 <= value <= 1:
        raise ValueError(f"`{name}` must be a number from 0 to 1. Received: {name}={value!r}")
    return value


def argument_names(cls):
    """Return the names of the arguments of the constructor of `cls`, in order."""
    code = cls.__init__.__code__
    return code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]


def _plain(value):
    if isinstance(value, Configured):
        return {"class_name": type(value).__name__, "config": value.get_config()}
    return value.__name__ if callable(value) else value


def _index(value):
    """`value` as an int if it is a whole number and no bool, else None."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)
    except TypeError:
        return None


def _kind(minimum):
    kinds = {None: "an integer", 0: "an integer that is not negative", 1: "a positive integer"}
    return kinds[minimum]


def _suggestion(value, options):
    import difflib  # only mistakes pay for it

    close = difflib.get_close_matches(str(value).lower(), list(options), n=1)
    return f". Did you mean {close[0]!r}?" if close else ""
