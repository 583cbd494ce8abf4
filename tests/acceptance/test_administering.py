"""docs/administering.md, walked through as it stands there: real commands on terminals, and a real hub beside them."""

import re
from pathlib import Path

import pytest
import typer

from hub.cli import app
from tests.acceptance.walking import Person, Walk, init, steps_of, take_seat
from tests.architecture.test_documentation import commands_of
from tests.lib.deployment import hub_process, open_deployment

PAGE = "docs/administering.md"
NAMES, OPERATOR = ("ada", "bea", "gus"), "operator"

# What the page leaves to its tables: tying an account takes a provider, and a proposal is edited as it is made. What
# makes a certificate by hand belongs to docs/operating.md.
LEFT_OUT = {"hub account tie", "hub agency certificate"}
SHOWN = [
    name
    for name in commands_of(typer.main.get_command(app), "hub")
    if name.startswith(("hub policy", "hub account", "hub agency", "hub keys")) and name not in LEFT_OUT
]


@pytest.mark.slow
async def test_every_command_of_the_administrators_page_does_what_it_says(tmp_path: Path, repository: Path) -> None:
    folder, desk = tmp_path / "deployment", tmp_path / "desk"
    init(folder)
    desk.mkdir()
    people = {name: Person(name=name, folder=tmp_path / name) for name in (*NAMES, OPERATOR)}
    walk = Walk(desk=desk, people=people, words={"FOLDER": str(folder)})
    first, *steps = steps_of(repository / PAGE)
    assert first.where == OPERATOR
    await walk.take(first)
    deployment = open_deployment(folder)
    with hub_process(deployment) as served:
        for name in NAMES:
            take_seat(people[name].folder, deployment.authority.certificate, served.ports.requesters)
        for step in steps:
            await walk.take(step)
    typed = [" ".join(["hub", *words]) for words in walk.done]
    assert not [name for name in SHOWN if not any(line.startswith(name) for line in typed)]


def test_every_command_of_the_page_is_in_a_block_that_is_run_or_in_a_sentence(repository: Path) -> None:
    page = (repository / PAGE).read_text(encoding="utf-8")
    blocks = re.findall(r"(<!-- run: (\w+) -->\n)?```sh\n", page)
    assert len(blocks) == page.count("```sh")
    assert {who for _, who in blocks} == {*NAMES, OPERATOR}
