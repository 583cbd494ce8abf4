"""docs/auditing.md, walked through as it stands there: Bolton with its hub and adapters, and people on terminals."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import typer

from hub.cli import app
from hub.cli.demonstration.deployment import Deployment, running_deployment
from hub.cli.demonstration.script import Person as Account
from hub.cli.demonstration.script import read_script
from tests.acceptance.walking import Person, Walk, steps_of
from tests.architecture.test_documentation import commands_of
from tests.lib.deployment import environment, hub_process, make_deployment
from tests.lib.terminal import on_terminal

PAGE = "docs/auditing.md"
EXAMPLE = "examples/bolton"
OPERATOR, VISITOR = "operator", "n.adeyemi"
OFFICES = {"ida": ("auditor", "social_care"), "gus": ("data_guardian", "health")}
ASK = ("ask", "child_services", "--nhs-number", "999 000 0115", "--name", "Kayden Whitworth", "--born", "2017-03-14")
WHY = ("--purpose", "safeguarding", "--basis", "A6_E", "--case", "HV/2026/0118")
SHOWN = [name for name in commands_of(typer.main.get_command(app), "hub") if name.startswith("hub audit")]


@pytest.fixture(scope="module")
def bolton(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Run Bolton with an auditor and a guardian among its people."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.chdir(repository)
        patch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
        script = read_script(Path(EXAMPLE))
        added = tuple(
            Account(user_name=name, display_name=name.title(), level=level, agency=agency)
            for name, (level, agency) in OFFICES.items()
        )
        folder = tmp_path_factory.mktemp("bolton audited")
        script = script.model_copy(update={"people": [*script.people, *added]})
        yield stack.enter_context(running_deployment(Path(EXAMPLE), script, folder))


def person(bolton: Deployment, name: str) -> Person:
    """Seat somebody of Bolton."""
    seat = bolton.seat(name)
    return Person(name=name, folder=seat, password=(seat / "password").read_text(encoding="utf-8").strip())


async def ask(bolton: Deployment, desk: Path) -> None:
    """Have a health visitor ask about the child of the page."""
    visitor = person(bolton, VISITOR)
    walk = Walk(desk=desk, people={VISITOR: visitor}, words={})
    for words in (["signin", VISITOR], [*ASK, *WHY], ["signout"]):
        seen = await on_terminal(
            words,
            walk._answers(visitor, words),
            environment=environment() | {"HUB_AT": str(visitor.folder), "TERM": "dumb", "COLUMNS": "300"},
            folder=desk,
            seconds=60,
        )
        assert seen.code == 0, seen.shown


@pytest.mark.slow
async def test_every_command_of_the_auditors_page_does_what_it_says(
    bolton: Deployment, tmp_path: Path, repository: Path
) -> None:
    await ask(bolton, tmp_path)
    people = {name: person(bolton, name) for name in OFFICES}
    people[OPERATOR] = Person(name=OPERATOR, folder=tmp_path)
    # The operator's part is on a deployment of its own, since Bolton's hub cannot be started again.
    kept = make_deployment(tmp_path / "deployment")
    walk = Walk(desk=tmp_path, people=people, words={"FOLDER": str(kept.folder)})
    with hub_process(kept):
        pass
    for step in steps_of(repository / PAGE):
        if "destroy-epoch" in step.text:
            with hub_process(kept):
                pass
        await walk.take(step)
    typed = [" ".join(["hub", *words]) for words in walk.done]
    assert not [name for name in SHOWN if not any(line.startswith(name) for line in typed)]


def test_every_command_of_the_page_is_in_a_block_that_is_run(repository: Path) -> None:
    page = (repository / PAGE).read_text(encoding="utf-8")
    blocks = re.findall(r"(<!-- run: (\w+) -->\n)?```sh\n", page)
    assert len(blocks) == page.count("```sh")
    assert {who for _, who in blocks} == {*OFFICES, OPERATOR}
