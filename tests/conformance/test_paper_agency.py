"""The suite against an adapter that keeps the contract, and against the same going wrong in one way after another."""

import sys
from pathlib import Path

import pytest

from adapters.conformance.listing import rules
from adapters.conformance.rules import Level, State
from adapters.conformance.running import Candidate
from tests.conformance.judging import broken, judged, told
from tests.conformance.paper import source
from tests.conformance.paper.adapter import AGENCY, SECRET
from tests.conformance.paper.wrongs import Wrong
from tests.lib.deployment import environment

PEOPLE = """
conformance: 1
agency: paper
catalogue: {policies}
secrets: [PAPER_KEY]
known:
  - keys: {{nhs_number: "9434765919"}}
    answers:
      child_basics: {{given_name: Samira, gender: male}}
      child_services: {{service: Reading help}}
  - keys: {{given_name: Tobias, family_name: Vellum-Quire, date_of_birth: "2012-03-07"}}
    answers: {{child_basics: {{nhs_number: "9434765870"}}}}
unknown:
  - keys: {{nhs_number: "{unknown}"}}
shielded:
  - {{keys: {{nhs_number: "9434765862"}}, questions: [child_basics]}}
  - {{keys: {{nhs_number: "9434765854"}}, questions: [child_services], absolute: true}}
withheld:
  - {{keys: {{nhs_number: "9434765846"}}, questions: [child_basics]}}
refused: [child_health]
hostile:
  - {{keys: {{nhs_number: "9434765838"}}, questions: [child_basics]}}
changes:
  - keys: {{nhs_number: "9434765919"}}
    question: child_basics
    begin: "{switch} consent refused"
    end: "{switch} consent given"
    within_seconds: 2
faults:
  stopped: {{begin: "{switch} mode stopped", end: "{switch} mode ok"}}
  slow: {{begin: "{switch} mode slow", end: "{switch} mode ok"}}
  garbled: {{begin: "{switch} mode garbled", end: "{switch} mode ok"}}
  stale: {{begin: "{switch} mode stale", end: "{switch} mode ok"}}
"""
EVERY = {rule.id: rule for rule in rules()}
UP_TO_SILVER = [wrong for wrong in Wrong if EVERY[wrong.rule].level is not Level.GOLD]
GOLDEN = [wrong for wrong in Wrong if EVERY[wrong.rule].level is Level.GOLD]
QUICK = (Wrong.SENDS_ALL_FIELDS, Wrong.ERROR_FOR_UNKNOWN)


@pytest.fixture
def people_file(tmp_path: Path, repository: Path) -> Path:
    source.write(tmp_path)
    switch = f"{sys.executable} -m tests.conformance.paper.switch {tmp_path}"
    file = tmp_path / "people.yaml"
    text = PEOPLE.format(policies=repository / "policies", unknown=source.UNKNOWN, switch=switch)
    file.write_text(text, encoding="utf-8")
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
