"""What was put to officers: for which questions it counts, and how each agency's word stands at an instant."""

from dataclasses import replace
from typing import Any

import pytest

from hub.model.confirmation import Confirmation, OfficerWord, Verdict, WordState
from hub.model.person import PersonKeys
from tests.unit.hub.making import nhs_number, question_about

REQUEST = replace(
    question_about(PersonKeys(nhs_number=nhs_number(1))),
    question="child_concerns",
    ground="G4",
    override_reason="CHILD_RISK",
    case_reference="HV/1",
)
PUT = Confirmation(
    id="c1",
    requester=REQUEST.requester.user_name,
    requester_agency=REQUEST.requester.agency,
    question=REQUEST.question,
    purpose=REQUEST.purpose,
    lawful_basis=REQUEST.lawful_basis,
    ground=REQUEST.ground,
    override_reason=REQUEST.override_reason,
    case_reference=REQUEST.case_reference,
    epoch=1,
    person=("a number", "a name"),
    put_at_ms=0,
    decide_by_ms=100,
    words=(),
)
CONFIRMED = OfficerWord(agency="health", verdict=Verdict.CONFIRMED, valid_until_ms=50)


@pytest.mark.parametrize("person", [("a number",), ("a name",), ("a name", "a number")])
def test_it_counts_for_what_was_put_however_the_person_is_named_of_the_ways_that_were_given(
    person: tuple[str, ...],
) -> None:
    assert PUT.is_for(REQUEST, person)


@pytest.mark.parametrize("person", [(), ("another number",), ("a number", "another name")])
def test_it_counts_for_nobody_else_and_not_for_somebody_who_is_named_in_one_way_more(person: tuple[str, ...]) -> None:
    assert not PUT.is_for(REQUEST, person)


@pytest.mark.parametrize(
    "changed",
    [
        {"requester": replace(REQUEST.requester, user_name="s.ward")},
        {"requester": replace(REQUEST.requester, agency="schools")},
        {"question": "child_services"},
        {"purpose": "early_help"},
        {"lawful_basis": "A6_A"},
        {"ground": "G2"},
        {"ground": ""},
        {"override_reason": "SERIOUS_CRIME"},
        {"case_reference": "HV/2"},
    ],
    ids=["user", "agency", "question", "purpose", "basis", "ground", "no ground", "reason", "case"],
)
def test_it_counts_for_no_other_question(changed: dict[str, Any]) -> None:
    assert not PUT.is_for(replace(REQUEST, **changed), PUT.person)


@pytest.mark.parametrize(
    ("word", "at_ms", "state"),
    [
        (OfficerWord(agency="health"), 99, WordState.WAITING),
        (OfficerWord(agency="health"), 100, WordState.UNDECIDED),
        (CONFIRMED, 49, WordState.CONFIRMED),
        (CONFIRMED, 50, WordState.ENDED),
        (replace(CONFIRMED, revoked_by="j.hale"), 49, WordState.REVOKED),
        (OfficerWord(agency="health", verdict=Verdict.DECLINED), 49, WordState.DECLINED),
    ],
)
def test_a_word_stands_as_the_moment_has_it(word: OfficerWord, at_ms: int, state: WordState) -> None:
    assert PUT.state_of(word, at_ms) is state
