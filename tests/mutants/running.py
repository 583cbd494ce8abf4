"""Run mutants: each on a copy of the tree, with the tests that must notice it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants import (
    agreeing,
    external,
    external_flow,
    holding_accounts,
    keeping,
    language,
    proving,
    publishing,
    releasing,
    signing_in,
    weighing,
)
from tests.mutants.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]
MUTANTS = (
    *agreeing.MUTANTS,
    *external.MUTANTS,
    *external_flow.MUTANTS,
    *holding_accounts.MUTANTS,
    *keeping.MUTANTS,
    *language.MUTANTS,
    *proving.MUTANTS,
    *publishing.MUTANTS,
    *releasing.MUTANTS,
    *signing_in.MUTANTS,
    *weighing.MUTANTS,
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
    return _pytest(tree, sorted({test for mutant in mutants for test in mutant.tests})) == PASSED


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


def _pytest(tree: Path, tests: list[str]) -> int:
    """Run tests in a tree; 0 all green, 1 some red, anything else is neither: not found, not importable, too slow."""
    environment = os.environ | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'protos'}",
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, check=False, timeout=LONGEST_SECONDS
        ).returncode
    except subprocess.TimeoutExpired:
        return -1
