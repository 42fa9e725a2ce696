"""Who may import whom, and what `import convlib` loads."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# What each module of convlib may import of convlib, from the ground up.
GROUND = {"arguments"}
NEEDED = {"activations", "initializers", "regularizers", "constraints", "padding", "correlation"}
MAY_IMPORT = {
    "arguments": set(),
    "padding": GROUND,
    "windows": GROUND | {"padding"},
    "correlation": GROUND | {"padding", "windows"},
    "activations": GROUND,
    "initializers": GROUND,
    "regularizers": GROUND,
    "constraints": GROUND,
    "datasets": set(),
    "layers": GROUND | NEEDED | {"layers"},
    "losses": GROUND | {"activations"},
    "optimizers": GROUND,
    "training": GROUND | {"initializers", "losses", "optimizers"},
    "models": {"layers", "training"},
    "utils": GROUND | {"layers"},
}


def imported(path):
    """The modules that a file imports, anywhere in it, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms(path):
    """The top rooms of convlib that a file imports: {"padding", "layers", ...}."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("convlib.")}


def test_import_graph():
    for path in (ROOT / "convlib").rglob("*.py"):
        parts = path.relative_to(ROOT / "convlib").with_suffix("").parts
        if parts[0] in ("__init__", "visuals"):
            continue
        assert rooms(path) <= MAY_IMPORT[parts[0]], path


def test_convlib_stands_on_numpy_and_the_standard_library():
    for path in (ROOT / "convlib").rglob("*.py"):
        if path.parent.name != "visuals":
            others = {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names)
            # tqdm draws the progress bar of `fit`, where it is installed.
            allowed = {"numpy", "convlib"} | ({"tqdm"} if path.name == "training.py" else set())
            assert others <= allowed, path


def test_import_loads_numpy_only():
    code = (
        "import sys, numpy; before = set(sys.modules); import convlib; "
        "print(*(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    others = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert others <= {"numpy", "convlib"}
    assert "convlib.layers" in loaded


def test_padding_words_are_compared_in_one_place():
    """No other module of convlib compares anything with "valid", "same" or "causal"."""
    for path in (ROOT / "convlib").rglob("*.py"):
        if path.name == "padding.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare):
                words = {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}
                assert not words & {"valid", "same", "causal"}, f"{path}:{node.lineno}"


def test_the_oracle_is_independent():
    assert {name.split(".")[0] for name in imported(ROOT / "tests" / "naive.py")} <= {
        "itertools",
        "numpy",
    }
