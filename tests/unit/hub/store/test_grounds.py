"""The rows of going without consent: nothing is decided, reviewed or done twice, however two people overlap."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.model.break_glass import BreakGlassReason, ReviewFinding, Use
from hub.model.confirmation import Because, Confirmation, OfficerWord, Verdict
from hub.model.duty import Duty
from hub.model.grounds import DutyKind
from hub.store.break_glass import BreakGlassUses
from hub.store.confirmations import Confirmations
from hub.store.duties import Duties

ABOUT: dict[str, Any] = {"requester": "n.okafor", "requester_agency": "health", "epoch": 1, "person": ("3f", "a0")}
PUT = Confirmation(
    id="c1",
    **ABOUT,
    question="child_concerns",
    purpose="safeguarding",
    lawful_basis="A6_E",
    ground="G4",
    override_reason="CHILD_RISK",
    case_reference="HV/1",
    put_at_ms=1,
    decide_by_ms=100,
    words=(OfficerWord(agency="schools"), OfficerWord(agency="social_care")),
)
WORD = OfficerWord(
    agency="schools",
    verdict=Verdict.CONFIRMED,
    grounds=("G4", "G7"),
    because=(Because.RISK_OUTWEIGHS,),
    own_reference="DO/1",
    officer="j.hale",
    decided_at_ms=5,
    valid_until_ms=50,
)
USE = Use(
    id="b1",
    **ABOUT,
    access_level="health_visitor",
    question="child_concerns",
    reason=BreakGlassReason.CHILD_MISSING,
    told=("schools", "social_care"),
    opened_at_ms=1,
    until_ms=2,
    review_due_ms=3,
)
DUTY = Duty(
    id="d1",
    kind=DutyKind.BREAK_GLASS_REVIEW,
    agency="health",
    requester="n.okafor",
    about="b1",
    case_reference="",
    epoch=1,
    person=("3f",),
    made_at_ms=1,
    due_ms=3,
)


@pytest.fixture
def confirmations(engine: Engine) -> Confirmations:
    kept = Confirmations(engine)
    kept.add(PUT)
    return kept


def test_what_was_put_is_read_as_it_was(confirmations: Confirmations) -> None:
    assert confirmations.find("c1") == PUT
    assert confirmations.find("c2") is None
    assert confirmations.decide("c1", WORD)
    assert confirmations.find("c1") == replace(PUT, words=(WORD, PUT.words[1]))


def test_an_agency_says_something_once_and_takes_a_confirmation_back_once(confirmations: Confirmations) -> None:
    assert not confirmations.revoke("c1", "schools", "j.hale")
    assert confirmations.decide("c1", WORD)
    assert not confirmations.decide("c1", replace(WORD, verdict=Verdict.DECLINED))
    assert not confirmations.decide("c1", replace(WORD, agency="health"))
    assert not confirmations.revoke("c1", "social_care", "k.dunn")
    assert confirmations.revoke("c1", "schools", "k.dunn")
    assert not confirmations.revoke("c1", "schools", "k.dunn")


def test_what_is_listed_is_what_somebody_can_still_decide_on_or_rest_on(confirmations: Confirmations) -> None:
    def listed(at_ms: int | None, **of: str) -> int:
        return len(confirmations.listed(10, live_at_ms=at_ms, **of))

    assert (listed(99), listed(100), listed(None)) == (1, 0, 1)
    confirmations.decide("c1", replace(WORD, valid_until_ms=200))
    assert (listed(150), listed(200)) == (1, 0)
    assert (listed(150, agency="social_care"), listed(99, agency="social_care")) == (0, 1)
    assert (listed(None, agency="health"), listed(None, requester="s.ward"), listed(0, requester="n.okafor")) == (
        0,
        0,
        1,
    )
    confirmations.revoke("c1", "schools", "j.hale")
    assert listed(150) == 0
    assert (confirmations.waiting("n.okafor", 99), confirmations.waiting("n.okafor", 100)) == (1, 0)


def test_a_use_is_reviewed_once_and_the_duty_is_done_with_it(engine: Engine) -> None:
    uses, duties = BreakGlassUses(engine), Duties(engine)
    uses.add(USE, DUTY)
    assert uses.find("b1") == USE
    assert [len(uses.listed(9, with_reviewed=False, agency=name)) for name in ("health", "schools", "school")] == [
        1,
        1,
        0,
    ]
    assert uses.review("b1", finding=ReviewFinding.REFERRED, reviewer="gus", at_ms=9)
    assert not uses.review("b1", finding=ReviewFinding.JUSTIFIED, reviewer="ida", at_ms=10)
    found, done = uses.find("b1"), duties.find("d1")
    assert found is not None
    assert (found.finding, found.reviewer) == (ReviewFinding.REFERRED, "gus")
    assert done == replace(DUTY, fulfilled_at_ms=9, fulfilled_by="gus", evidence="referred")
    (count,) = uses.counts()
    assert (count.uses, count.unreviewed, count.not_justified) == (1, 0, 1)
    assert not uses.listed(9, with_reviewed=False)


def test_a_duty_is_done_once_and_owed_once_for_one_person_and_case(engine: Engine) -> None:
    duties = Duties(engine)
    owed = replace(DUTY, id="d2", kind=DutyKind.INFORM, case_reference="HV/1", due_ms=10)
    duties.add([owed])
    assert duties.is_owed(owed)
    assert duties.is_owed(replace(owed, due_ms=11))
    others: list[dict[str, Any]] = [
        {"due_ms": 9},
        {"person": ("a0",)},
        {"epoch": 2},
        {"case_reference": "HV/2"},
        {"requester": "s.ward"},
        {"agency": "schools"},
        {"kind": DutyKind.CONSENT_FORM},
    ]
    assert not [other for other in others if duties.is_owed(replace(owed, **other))]
    assert (duties.overdue(9), duties.overdue(10), duties.overdue(10, agency="schools")) == ((), (owed,), ())
    assert duties.fulfil("d2", by="n.okafor", evidence="HV/1-7", at_ms=9)
    assert not duties.fulfil("d2", by="s.ward", evidence="HV/1-8", at_ms=9)
    assert not duties.is_owed(owed)
    assert not duties.overdue(99)
    assert not duties.listed(9, agency=None, with_done=False)
    assert [duty.evidence for duty in duties.listed(9, agency="health", with_done=True)] == ["HV/1-7"]
