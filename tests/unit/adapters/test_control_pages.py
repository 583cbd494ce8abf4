"""What the pages on control and on running say can be written is accepted, and what can be typed is there."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from adapters.cli import app
from adapters.kit.manifest_file import load_manifest
from tests.architecture.test_documentation import commands_of

PAGES = ("control", "running")
GOOD = """
manifest: 1
agency: schools
title: Schools
hub: {addresses: ["localhost:7401"], ca: ca.pem, certificate: c.pem, key: c.key}
journal: journal.sqlite
questions: {child_health: sims.pupil, child_plan: sims.pupil}
sources:
  sims:
    kind: sql
    name: SIMS
    url: sqlite:///sims.sqlite
    records: {pupil: {table: pupil, keys: {upn: upn}, fields: {upn: upn}}}
"""


def blocks(repository: Path, page: str, kind: str) -> list[str]:
    text = (repository / "docs" / "adapters" / f"{page}.md").read_text(encoding="utf-8")
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for of_kind, block in fenced if of_kind == kind]


@pytest.mark.parametrize("page", PAGES)
def test_every_piece_of_a_manifest_is_one(repository: Path, tmp_path: Path, page: str) -> None:
    pieces = blocks(repository, page, "yaml")
    assert pieces
    for piece in (*pieces, *(re.sub(r"^(\s*)# (\w+: )", r"\1\2", piece, flags=re.MULTILINE) for piece in pieces)):
        # Of two ways to write one setting the later one is read.
        whole = yaml.load(GOOD, yaml.BaseLoader) | yaml.load(piece, yaml.BaseLoader)  # noqa: S506  text only, and ours
        file = tmp_path / "agency.yaml"
        file.write_text(yaml.safe_dump(whole), encoding="utf-8")
        assert load_manifest(file, {"PROXY_PASSWORD": "x", "INSTANCE": "one"}).agency == "schools"


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_there(repository: Path, page: str) -> None:
    there = set(commands_of(typer.main.get_command(app), "adapter"))
    typed = [line for block in blocks(repository, page, "") for line in block.splitlines() if "adapter " in line]
    commands = [match[0] for line in typed for match in re.finditer(r"(?<!/)\badapter (?:journal )?[a-z][a-z-]+", line)]
    assert [command for command in commands if command not in there and "ExecStart" not in command] == []
