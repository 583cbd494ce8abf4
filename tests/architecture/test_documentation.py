import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from pydantic import BaseModel
from typer.core import TyperGroup

from hub.settings import Settings
from tests.architecture.code import ROOT, tree_of

ERROR_TREES = ("hub/errors.py", "hub/client/errors.py", "adapters/kit/errors.py")
BRANCH = re.compile(r"^(?P<indent>(?:│   |    |├── |└── )*)(?P<name>[A-Z]\w*)")

# The words of the project; what each means stands in GLOSSARY.md.
WORDS = """
    access level, access matrix, access profile, adapter, agency, agreement, answer, approval, area, ask, authorise,
    break-glass, case reference, checkpoint, close, combine, confirmation, contact, data subject, decision,
    designated officer, difference, disclosure, duty, explanation, field, field class, gateway, gather, ground,
    grounds, guardian, issuer, journal, lawful basis, link, menu, office, outcome, person, place, plan,
    policy store, policy test, policy version, proposal, provenance, publication, purpose, question, receipt,
    record, rehearsal, release, requester, shielded, source, step-up, view, weigh, withheld, workshop
""".replace("\n", " ")

PROGRAMS = {"hub": "hub.cli", "adapter": "adapters.cli"}


def commands_of(command: Any, path: str) -> Iterator[str]:
    """Yield every command of a program as it is typed; Typer has a click of its own, whose groups are no others."""
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            yield from commands_of(below, f"{path} {name}")
    else:
        yield path


def settings_of(table: type[BaseModel], path: str = "") -> Iterator[str]:
    """Yield the dotted name of every setting that hub.toml may hold."""
    for name, field in table.model_fields.items():
        # A table is one of itself or, as `[[issuers]]` is, the first part of a list of tables.
        within = next(iter(get_args(field.annotation)), field.annotation)
        if isinstance(within, type) and issubclass(within, BaseModel):
            yield from settings_of(within, f"{path}{name}.")
        elif name != "folder":  # where hub.toml is, not what it says
            yield f"{path}{name}"


def drawn(docstring: str) -> dict[str, str | None]:
    """Read a tree as it is drawn, in the docstring's second paragraph: each error with the one above it."""
    above: list[str] = []
    found: dict[str, str | None] = {}
    for match in filter(None, map(BRANCH.match, docstring.split("\n\n")[1].splitlines())):
        depth = len(match["indent"]) // 4
        del above[depth:]
        found[match["name"]] = above[-1] if above else None
        above.append(match["name"])
    return found


def written(path: Path) -> dict[str, str | None]:
    """Read a tree as it is coded: each error with the one that it derives from."""
    bases = {
        node.name: ast.unparse(node.bases[0])
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and node.bases
    }
    known: dict[str, str | None] = {}
    for name, base in bases.items():
        if base == "Exception":
            known[name] = None
        elif base in known:
            known[name] = base
    return known


@pytest.fixture(scope="module")
def documentation(repository: Path) -> str:
    pages = [repository / "README.md", *sorted((repository / "docs").rglob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_named_in_the_documentation(program: str, documentation: str) -> None:
    app = typer.main.get_command(importlib.import_module(PROGRAMS[program]).app)
    commands = list(commands_of(app, program))
    unnamed = [command for command in commands if not re.search(rf"\b{command}\b", documentation)]
    assert len(commands) > 1
    assert not unnamed


@pytest.mark.parametrize("file", ERROR_TREES)
def test_every_error_stands_in_the_tree_of_its_module(file: str) -> None:
    docstring = ast.get_docstring(tree_of(ROOT / file)) or ""
    assert drawn(docstring) == written(ROOT / file)


def test_an_error_that_the_tree_leaves_out_is_noticed() -> None:
    assert drawn("Errors.\n\nA\n├── B   one\n│   └── C   two\n└── D   three\n\nNo error.") == {
        "A": None,
        "B": "A",
        "C": "B",
        "D": "A",
    }


def test_every_setting_is_described_where_the_hub_s_own_errors_point(repository: Path) -> None:
    page = (repository / "docs" / "operating.md").read_text(encoding="utf-8")
    undescribed = [name for name in settings_of(Settings) if f"`{name}`" not in page]
    assert not undescribed


def test_every_word_of_the_project_is_explained_in_two_sentences(repository: Path) -> None:
    glossary = (repository / "GLOSSARY.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^\*\*([\w -]+)\*\*(.+?)(?=\n\n|\Z)", glossary, re.MULTILINE | re.DOTALL))
    assert {word.strip() for word in WORDS.split(",")} <= entries.keys()
    assert not [word for word, said in entries.items() if len(re.findall(r"[.?!](?=\s|$)", said)) != 2]


def test_decisions_are_numbered_without_a_gap_and_have_their_three_parts(repository: Path) -> None:
    pages = sorted((repository / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    parts = ("## Context", "## Decision", "## Consequences")
    assert not [page.name for page in pages if not all(part in page.read_text(encoding="utf-8") for part in parts)]


def test_every_target_of_the_makefile_that_people_use_says_what_it_does(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    said = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {"demo", "test", "test-slow", "check", "fix", "gen", "bench", "clean"} <= said


def test_links_between_pages_lead_somewhere(repository: Path) -> None:
    pages = [*repository.glob("*.md"), *(repository / "docs").rglob("*.md")]
    broken = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken
