"""What a newcomer sees: `make demo` and `make demo ONCE=1`, whole, with every command that they print."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.acceptance.demonstration import STOP_SECONDS, Demonstration, demonstration

AGENCIES = {"social_care", "health", "schools", "youth_offending", "connexions"}


@pytest.fixture(scope="module")
def running(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    with demonstration(repository, tmp_path_factory.mktemp("demo folder with spaces")) as one:
        yield one


def test_every_command_that_it_prints_works_when_pasted(running: Demonstration) -> None:
    commands = running.commands()
    assert len(commands) == 24
    for command in commands:
        done = running.type(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_one_question_brings_the_facts_of_several_systems_together_as_one_document(running: Demonstration) -> None:
    sign_in, ask, sign_out = running.commands()[:3]
    assert running.type(sign_in).returncode == 0
    done = running.type(f"{ask} --json")
    answer = json.loads(done.stdout)
    assert running.type(sign_out).returncode == 0

    assert answer["question"] == "child_services"
    assert answer["purpose"] == "safeguarding"
    assert answer["complete"] is True
    assert set(answer["outcomes"]) == AGENCIES
    assert {one["outcome"] for one in answer["outcomes"].values()} == {"held", "nothing_held"}
    assert all(one["elapsed_ms"] >= 0 for one in answer["outcomes"].values())
    child = answer["people"][0]
    assert child["identity"]["nhs_number"] == "9990000115"
    assert {value["agency"] for value in child["fields"]["address"]} >= {"social_care", "health", "schools"}
    assert {"address", "family_name"} <= {one["field"] for one in child["disagreements"]}
    value = child["fields"]["address"][0]
    assert value.keys() >= {"value", "agency", "source", "record_date", "retrieved_at"}


def test_a_child_whom_nobody_knows_is_not_met_with_silence(running: Demonstration) -> None:
    sign_in, ask, sign_out = running.commands()[6:9]
    running.type(sign_in)
    answer = json.loads(running.type(f"{ask} --json").stdout)
    running.type(sign_out)
    assert answer["people"] == []
    assert {one["outcome"] for one in answer["outcomes"].values()} == {"nothing_held"}
    assert answer["complete"] is True


def test_agencies_that_a_level_does_not_reach_are_named_and_the_answer_is_not_complete(running: Demonstration) -> None:
    sign_in, ask, sign_out = running.commands()[9:12]
    running.type(sign_in)
    answer = json.loads(running.type(f"{ask} --json").stdout)
    running.type(sign_out)
    assert answer["outcomes"]["youth_offending"]["outcome"] == "not_permitted"
    assert answer["outcomes"]["youth_offending"]["reason"] == "access_level"
    assert answer["complete"] is False


def test_a_name_that_was_misheard_brings_somebody_possibly_meant_whose_details_and_judgement_are_a_paste_away(
    running: Demonstration,
) -> None:
    sign_in, ask, sign_out = running.commands()[18:21]
    hub = ask.split(" ask ")[0]
    running.type(sign_in)
    screen = running.type(ask).stdout
    assert "Card 1: possibly the same person." in screen
    assert "domestic_abuse" not in screen
    details, same = (
        next(line.rpartition(f"hub {word} ")[2] for line in screen.splitlines() if f"hub {word} " in line)
        for word in ("details", "judge")
    )
    more = running.type(f"{hub} details {details} --yes")
    assert more.returncode == 0, more.stderr
    assert "domestic_abuse" in more.stdout
    judged = running.type(f"{hub} judge {same}")
    assert judged.returncode == 0, judged.stderr
    assert "Card 1: the same person, by your word for this case." in judged.stdout
    assert running.type(sign_out).returncode == 0


def test_ctrl_c_leaves_nothing_running_and_nothing_lying_about(repository: Path, tmp_path: Path) -> None:
    with demonstration(repository, tmp_path) as one:
        children = psutil.Process(one.process.pid).children(recursive=True)
        assert len(children) == 8, "the hub, five adapters and two back-office servers"
        one.process.send_signal(signal.SIGINT)
        one.process.wait(STOP_SECONDS)
    assert one.process.returncode == 0
    assert not [child for child in children if child.is_running()]
    assert [path.name for path in tmp_path.iterdir()] == ["printed"]


def test_once_asks_a_question_shows_it_signs_out_and_shows_that_nothing_is_held(
    repository: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{repository}:{repository / 'protos'}", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "demo", "examples/bolton", "--once"],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Kayden Whitworth" in done.stdout
    assert "5 of 5 agencies answered" in done.stdout
    assert "has dropped it" in done.stdout
    assert "The hub holds no answers for you." in done.stdout
    assert not list(tmp_path.iterdir())
