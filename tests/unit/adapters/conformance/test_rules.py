"""What makes up a level, what an exemption does, and how a report tells it."""

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from adapters.conformance.listing import rules
from adapters.conformance.report import Report, as_document, as_junit, closing, progress
from adapters.conformance.rules import Level, Rule, State, Verdict, excused, reached

EVERY = rules()
KEPT = [Verdict(rule=rule, state=State.KEPT) for rule in EVERY]


def with_state(name: str, state: State, **more: str) -> list[Verdict]:
    return [replace(one, state=state, **more) if one.rule.id == name else one for one in KEPT]


def test_every_rule_has_a_name_of_its_own_and_needs_rules_that_are_tried_before() -> None:
    names = [rule.id for rule in EVERY]
    assert len(set(names)) == len(names)
    in_turn = [rule.id for rule in sorted(EVERY, key=lambda rule: rule.last)]
    for rule in EVERY:
        assert all(in_turn.index(need) < in_turn.index(rule.id) for need in rule.needs)
        assert all(one(rule.says) for one in (str.strip, lambda said: said.endswith(".")))


@pytest.mark.parametrize("level", Level)
def test_a_level_is_reached_when_every_rule_up_to_it_is_kept(level: Level) -> None:
    assert reached(KEPT, level) is level


def test_a_broken_rule_keeps_its_level_and_all_above_from_being_reached() -> None:
    assert reached(with_state("unknown-is-nothing", State.BROKEN), Level.GOLD) is None
    assert reached(with_state("veto-honoured", State.BROKEN), Level.GOLD) is Level.BRONZE
    assert reached(with_state("comes-back", State.BROKEN), Level.GOLD) is Level.SILVER


def test_what_was_not_tried_counts_as_not_kept() -> None:
    assert reached(with_state("veto-honoured", State.NOT_TRIED), Level.SILVER) is Level.BRONZE
    assert reached(with_state("veto-honoured", State.EXEMPT), Level.SILVER) is Level.SILVER


@pytest.mark.parametrize(
    ("state", "is_waiting", "expected"),
    [
        (State.NOT_TRIED, False, State.EXEMPT),
        (State.NOT_TRIED, True, State.NOT_TRIED),
        (State.BROKEN, False, State.BROKEN),
        (State.KEPT, False, State.KEPT),
    ],
)
def test_an_exemption_is_for_what_could_not_be_tried_and_excuses_nothing_that_is_broken(
    state: State, *, is_waiting: bool, expected: State
) -> None:
    verdict = Verdict(rule=EVERY[0], state=state, is_waiting=is_waiting)
    assert excused(verdict, {EVERY[0].id: "a reason that says why"}).state is expected
    assert excused(verdict, {}).state is state


def report_of(verdicts: list[Verdict], wanted: Level = Level.SILVER) -> Report:
    return Report(agency="schools", program="adapter.js 1", wanted=wanted, verdicts=verdicts)


def test_a_report_says_what_was_expected_what_came_and_the_mend() -> None:
    verdicts = with_state("veto-honoured", State.BROKEN, expected="WITHHELD", came="rows", mend="Apply the veto.")
    broken = next(one for one in verdicts if one.state is State.BROKEN)
    for words in ("BROKEN", "veto-honoured", "expected: WITHHELD", "came:     rows", "mend:     Apply the veto."):
        assert words in progress(broken)
    assert "bronze reached; wanted was silver" in closing(report_of(verdicts))
    assert "silver reached." in closing(report_of(KEPT))
    assert "complete the people file" in closing(report_of(with_state("veto-honoured", State.NOT_TRIED)))


def test_the_documents_hold_every_rule_with_what_became_of_it() -> None:
    verdicts = with_state("veto-honoured", State.BROKEN, came="rows", mend="Apply the veto.")
    verdicts = [
        replace(one, state=State.EXEMPT, note="none here") if _is(one, "shield-travels") else one for one in verdicts
    ]
    verdicts = [replace(one, state=State.NOT_TRIED) if _is(one, "takes-back") else one for one in verdicts]
    document = json.loads(json.dumps(as_document(report_of(verdicts))))
    assert (document["reached"], document["passed"]) == ("bronze", False)
    assert [rule["id"] for rule in document["rules"]] == [rule.id for rule in EVERY]
    suite = ET.fromstring(as_junit(report_of(verdicts)))  # noqa: S314  written by ourselves
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == (str(len(EVERY)), "2", "1")
    assert {case.get("name") for case in suite if case.find("failure") is not None} == {"veto-honoured", "takes-back"}
    assert {case.get("name") for case in suite if case.find("skipped") is not None} == {"shield-travels"}


def _is(verdict: Verdict, name: str) -> bool:
    rule: Rule = verdict.rule
    return rule.id == name
