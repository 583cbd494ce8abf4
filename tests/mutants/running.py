"""Run mutants: each on a copy of the tree, with the tests that must notice it."""

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue

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


def red_untouched(tree: Path, mutants: Iterable[Mutant] = MUTANTS, at_once: int = 1) -> list[str]:
    """Name the tests that are red although nothing is changed: red must be a mutant's doing."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    all_of_them = ["--numprocesses", str(at_once), *tests]
    if _pytest(tree, all_of_them, seconds=LONGEST_SECONDS * max(1, len(tests))) == PASSED:
        return []
    return [test for test in tests if _pytest(tree, [test]) != PASSED]


def verdicts(mutants: Iterable[Mutant], at_once: int) -> Iterator[Verdict]:
    """Judge mutants, several at once, each on a copy that no other one changes; in their order."""
    with ExitStack() as copies, ThreadPoolExecutor(at_once) as pool:
        trees: SimpleQueue[Path] = SimpleQueue()
        for _ in range(at_once):
            trees.put(copies.enter_context(copy_of_the_tree()))
        yield from pool.map(partial(_judge_somewhere, trees), mutants)


def _judge_somewhere(trees: SimpleQueue[Path], mutant: Mutant) -> Verdict:
    tree = trees.get()
    try:
        return judge(tree, mutant)
    finally:
        trees.put(tree)


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
