"""The adapter of examples/node-adapter as a program of its own, in a copy that a test may change and break."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.lib.deployment import environment
from tests.lib.node import require_node

EXAMPLE = Path("examples") / "node-adapter"
COMMAND = "node adapter.js club/members.json"
COPIED = shutil.ignore_patterns("node_modules")


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAdapter:
    """A copy of the example, and an environment in which `node` and `adapter` are found."""

    folder: Path
    environment: Mapping[str, str] = field(repr=False)

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a passage of one of its files; raises ValueError when it is not there exactly once."""
        text = (self.folder / file).read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{file} has {text.count(old)} times: {old}")
        (self.folder / file).write_text(text.replace(old, new), encoding="utf-8")

    def judged(self, level: str) -> "subprocess.CompletedProcess[str]":
        """Have it judged up to a level."""
        return self.typed(f"adapter conformance --command '{COMMAND}' --people people.yaml --level {level}")

    def typed(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Type a command in its folder, and wait until it has ended."""
        return subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def copied(repository: Path, into: Path) -> NodeAdapter:
    """Copy the example, beside the contract and the policies that it reads; without Node the test is skipped."""
    node = require_node(repository / EXAMPLE)
    folder, tools = into / EXAMPLE, into / "tools"
    shutil.copytree(node.folder, folder, ignore=COPIED)
    for name in ("protos", "policies", EXAMPLE / "node_modules"):
        (into / name).symlink_to(repository / name)
    tools.mkdir()
    (tools / "node").symlink_to(node.binary)
    adapter = tools / "adapter"
    adapter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m adapters "$@"\n', encoding="utf-8")
    adapter.chmod(0o755)
    found = os.pathsep.join((str(tools), os.environ["PATH"]))
    return NodeAdapter(folder=folder, environment=environment() | {"PATH": found})
