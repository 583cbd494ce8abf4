"""Run mutants: each on a copy of the tree, with the tests that must notice it."""

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Mutant

_OTHERS = frozenset({"__main__", "mutant", "running", "test_mutants"})

ROOT = Path(__file__).resolve().parents[2]
# Every module beside this one that has mutants; none can be forgotten.
MODULES = sorted(
    found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.name not in _OTHERS
)
MUTANTS: tuple[Mutant, ...] = tuple(
    one for name in MODULES for one in importlib.import_module(f"tests.mutants.{name}").MUTANTS
)
# What tests need of the tree; compiled files stay behind, since a changed file may be as old and as long as before.
NEEDED = ("hub", "adapters", "protos", "policies", "tests", "pyproject.toml")
LEFT = shutil.ignore_patterns("__pycache__", "*.pyc", "bench")
LONGEST_SECONDS = 120
PASSED, FAILED = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one mutant: noticed if each of its tests was red; `green` names those that were not."""

    mutant: Mutant
    green: tuple[str, ...]

    @property
    def is_noticed(self) -> bool:
        """Tell whether every named test was red."""
        return not self.green


@contextmanager
def copy_of_the_tree() -> Iterator[Path]:
    """Copy what tests need into a folder that vanishes afterwards."""
    with tempfile.TemporaryDirectory(prefix="mutants ") as folder:
        copy = Path(folder) / "tree"
        copy.mkdir()
        for name in NEEDED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=LEFT)
            else:
                shutil.copy(ROOT / name, copy / name)
        yield copy


def untouched_is_green(tree: Path, mutants: Iterable[Mutant] = MUTANTS) -> bool:
    """Tell whether all named tests are green as long as nothing is changed: red must be the mutant's doing."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    return _pytest(tree, tests, seconds=LONGEST_SECONDS * max(1, len(tests))) == PASSED


def judge(tree: Path, mutant: Mutant) -> Verdict:
    """Change a copy of the tree, run each named test, and put the copy right again."""
    files = {change.file: (tree / change.file).read_text(encoding="utf-8") for change in mutant.changes}
    try:
        for change in mutant.changes:
            change.apply(tree)
        green = tuple(test for test in mutant.tests if _pytest(tree, [test]) != FAILED)
    finally:
        for file, text in files.items():
            (tree / file).write_text(text, encoding="utf-8")
    return Verdict(mutant=mutant, green=green)


def _pytest(tree: Path, tests: list[str], *, seconds: float = LONGEST_SECONDS) -> int:
    """Run tests in a tree; 0 all green, 1 some red, anything else is neither: not found, not importable, too slow."""
    environment = os.environ | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'protos'}",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, check=False, timeout=seconds
        ).returncode
    except subprocess.TimeoutExpired:
        return -1
