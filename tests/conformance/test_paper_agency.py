"""The suite against an adapter that keeps the contract, and against the same going wrong in one way after another."""

import sys
from pathlib import Path

import pytest

from adapters.conformance.listing import rules
from adapters.conformance.rules import Level, State
from adapters.conformance.running import Candidate
from tests.conformance.judging import broken, judged, told
from tests.conformance.paper.adapter import AGENCY, SECRET
from tests.conformance.paper.people import write_people
from tests.conformance.paper.wrongs import Wrong
from tests.lib.deployment import environment

EVERY = {rule.id: rule for rule in rules()}
UP_TO_SILVER = [wrong for wrong in Wrong if EVERY[wrong.rule].level is not Level.GOLD]
GOLDEN = [wrong for wrong in Wrong if EVERY[wrong.rule].level is Level.GOLD]
QUICK = (Wrong.SENDS_ALL_FIELDS, Wrong.ERROR_FOR_UNKNOWN)


@pytest.fixture
def people_file(tmp_path: Path, repository: Path) -> Path:
    file = write_people(tmp_path, repository)
    (tmp_path / "run").mkdir()
    return file


def paper(folder: Path, wrong: Wrong | None = None) -> Candidate:
    arguments = (str(folder), *((wrong.value,) if wrong else ()))
    return Candidate(
        agency=AGENCY,
        command=(sys.executable, "-m", "tests.conformance.paper.adapter", *arguments),
        environment=environment() | {SECRET: "a secret of the paper agency"},
        secrets=("a secret of the paper agency",),
    )


def test_for_every_rule_there_is_an_adapter_that_breaks_it() -> None:
    assert {wrong.rule for wrong in Wrong} == EVERY.keys()


@pytest.mark.slow
async def test_an_adapter_that_keeps_the_contract_reaches_gold(people_file: Path, tmp_path: Path) -> None:
    report = await judged(paper(tmp_path), people_file, tmp_path / "run", Level.GOLD)
    assert {verdict.state for verdict in report.verdicts} == {State.KEPT}, told(report)
    assert report.has_passed


@pytest.mark.parametrize("wrong", QUICK)
async def test_an_adapter_that_says_too_much_or_errs_is_told_just_that(
    people_file: Path, tmp_path: Path, wrong: Wrong
) -> None:
    report = await judged(paper(tmp_path, wrong), people_file, tmp_path / "run", Level.BRONZE)
    assert broken(report) == [wrong.rule], told(report)
    assert report.level is None


async def test_of_a_program_that_ends_nothing_but_that_is_said(people_file: Path, tmp_path: Path) -> None:
    candidate = Candidate(agency=AGENCY, command=(sys.executable, "-c", "raise SystemExit(3)"), environment={})
    report = await judged(candidate, people_file, tmp_path / "run", Level.SILVER)
    assert broken(report) == ["connects"]
    assert "came:     the program ended with 3" in told(report)
    assert all(verdict.is_waiting for verdict in report.verdicts[1:])


@pytest.mark.slow
@pytest.mark.parametrize("wrong", UP_TO_SILVER)
async def test_an_adapter_that_goes_wrong_in_one_way_breaks_one_rule(
    people_file: Path, tmp_path: Path, wrong: Wrong
) -> None:
    report = await judged(paper(tmp_path, wrong), people_file, tmp_path / "run", Level.SILVER)
    assert broken(report) == [wrong.rule], told(report)
    assert not report.has_passed


@pytest.mark.slow
@pytest.mark.parametrize("wrong", GOLDEN)
async def test_an_adapter_that_does_not_bear_faults_breaks_one_rule(
    people_file: Path, tmp_path: Path, wrong: Wrong
) -> None:
    # What silver asks for is tried with each of the others.
    report = await judged(
        paper(tmp_path, wrong), people_file, tmp_path / "run", Level.GOLD, leaving_out=(Level.SILVER,)
    )
    assert broken(report) == [wrong.rule], told(report)
