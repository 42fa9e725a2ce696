"""The wheel: it holds all of convlib, needs NumPy alone, and runs the README's example."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Runs a program on an unpacked wheel in a Python that finds NumPy and nothing else installed.
ALONE = """
import importlib.abc, sys
sys.path.insert(0, sys.argv[1])

class NumPyOnly(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in {*sys.stdlib_module_names, "numpy", "convlib", "exercises"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, NumPyOnly())
exec(sys.stdin.read())
import convlib
assert convlib.__file__.startswith(sys.argv[1])
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The content of the wheel, built from a copy of the sources."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in ("convlib", "exercises"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def run_alone(unpacked, program, folder):
    """What a program prints that finds the wheel and NumPy and nothing else."""
    run = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, unpacked],
        input=program,
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_wheel_holds_the_whole_package(unpacked):
    sources = [*ROOT.glob("convlib/**/*"), *ROOT.glob("exercises/**/*.py")]
    wanted = {path.relative_to(ROOT) for path in sources if path.is_file()}
    wanted = {path for path in wanted if "__pycache__" not in path.parts}
    found = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    assert {path for path in found if not path.parts[0].endswith(".dist-info")} == wanted
    (metadata,) = unpacked.glob("*.dist-info/METADATA")
    needed = [
        line for line in metadata.read_text().splitlines() if line.startswith("Requires-Dist")
    ]
    assert [line for line in needed if "extra ==" not in line] == ["Requires-Dist: numpy>=2.2"]


def test_the_readmes_example_needs_numpy_alone(unpacked, tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    printed = run_alone(unpacked, example, tmp_path)
    assert "conv2d (Conv2D)" in printed
    assert printed.endswith("(2, 10)\n")


def test_exercises_check_themselves_with_numpy_alone(unpacked, tmp_path):
    program = "import exercises; print(exercises.padding.same_pads.check(lambda *case: (0, 0)))"
    assert run_alone(unpacked, program, tmp_path).startswith("✗ FAILED")
