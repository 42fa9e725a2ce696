"""Every public name is on the API page, documented, with an example that runs."""

import inspect
import re
from pathlib import Path

import pytest

import convlib
from convlib.activations import _pullbacks

PAGE = (Path(__file__).parents[1] / "chapters" / "api.md").read_text(encoding="utf-8")


def public():
    """Every public class and function of convlib, {dotted name: object}, visuals apart."""
    modules = [
        convlib.layers,
        convlib.models,
        convlib.losses,
        convlib.optimizers,
        convlib.initializers,
        convlib.regularizers,
        convlib.constraints,
        convlib.activations,
        convlib.padding,
        convlib.datasets,
        convlib.utils,
    ]
    found = {}
    for module in modules:
        for name, value in vars(module).items():
            here = getattr(value, "__module__", "").startswith(module.__name__)
            if not name.startswith("_") and callable(value) and here:
                found[f"{module.__name__}.{value.__name__}"] = value
    return found


PUBLIC = public()


def test_the_list_is_not_empty():
    assert len(PUBLIC) > 100
    assert {f.__name__ for f in _pullbacks} <= {name.split(".")[-1] for name in PUBLIC}


# What is only a base for others, or a lookup that a section's introduction tells of.
BASES = {"Loss", "Optimizer", "Regularizer", "Layer", "get"}


@pytest.mark.parametrize("name", [n for n in PUBLIC if n.split(".")[-1] not in BASES])
def test_public_name(name):
    value = PUBLIC[name]
    assert re.search(rf":: \S*\.{re.escape(value.__name__)}$", PAGE, re.MULTILINE), (
        "not on the page"
    )
    assert ">>>" in inspect.getdoc(value), "no example"


def test_layers_link_to_keras():
    for name in convlib.layers.__all__:
        value = getattr(convlib.layers, name)
        if name not in ("Layer", "InputLayer"):
            assert "https://keras.io/api/layers/" in inspect.getdoc(value), name
