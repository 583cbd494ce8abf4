"""docs/grounds.md, walked through as it stands there: real commands on terminals, and a real hub beside them."""

import re
from pathlib import Path

import pytest
import typer

from hub.cli import app
from tests.acceptance.walking import Person, Walk, init, steps_of, take_seat
from tests.architecture.test_documentation import commands_of
from tests.lib.contacted_adapter import ContactedAdapter
from tests.lib.deployment import hub_process, open_deployment
from tests.lib.good_adapter import connected

PAGE = "docs/grounds.md"
NAMES, OPERATOR = ("sam", "dana", "gus"), "operator"
SHOWN = [
    name
    for name in commands_of(typer.main.get_command(app), "hub")
    if name.startswith(("hub officer", "hub break-glass", "hub duty", "hub contact"))
]


@pytest.mark.slow
async def test_every_command_of_the_page_does_what_it_says(tmp_path: Path, repository: Path) -> None:
    folder, desk = tmp_path / "deployment", tmp_path / "desk"
    init(folder)
    desk.mkdir()
    people = {name: Person(name=name, folder=tmp_path / name) for name in (*NAMES, OPERATOR)}
    walk = Walk(desk=desk, people=people, words={"FOLDER": str(folder)})
    first, *steps = steps_of(repository / PAGE)
    assert first.where == OPERATOR
    await walk.take(first)
    deployment, health = open_deployment(folder), ContactedAdapter("health")
    with hub_process(deployment) as served:
        async with connected(deployment, served.ports.links, health):
            for name in NAMES:
                take_seat(people[name].folder, deployment.authority.certificate, served.ports.requesters)
            for step in steps:
                await walk.take(step)
    typed = [" ".join(["hub", *words]) for words in walk.done]
    assert not [name for name in SHOWN if not any(line.startswith(name) for line in typed)]
    assert [contact.case_reference for contact in health.contacts] == ["SC/2026-114"]


def test_every_command_of_the_page_is_in_a_block_that_is_run_or_in_a_sentence(repository: Path) -> None:
    page = (repository / PAGE).read_text(encoding="utf-8")
    blocks = re.findall(r"(<!-- run: (\w+) -->\n)?```sh\n", page)
    assert len(blocks) == page.count("```sh")
    assert {who for _, who in blocks} == {*NAMES, OPERATOR}
