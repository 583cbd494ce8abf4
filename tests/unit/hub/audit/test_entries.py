"""Every kind of entry: what it says, and that nothing of a case is in it."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_type_hints

import pytest

from hub.audit import agreed, entries, grounds, journey, leaves, membership, oversight
from hub.audit.pseudonyms import Pseudonym, Pseudonyms
from hub.model.answer import AgencyAnswer
from hub.model.break_glass import BreakGlassReason, Use
from hub.model.confirmation import Confirmation, OfficerWord, Verdict
from hub.model.duty import Duty
from hub.model.entry import Entry
from hub.model.grounds import Confirmed, DutyKind
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from hub.model.proposal import AccountChange, Proposal, ProposalKind, ProposalState, Publication
from hub.model.records import Records
from hub.model.request import Request, Requester
from hub.model.terms import Consent, ConsentState
from tests.unit.hub.making import REQUESTER, nhs_number, question_about, table, upn

SECRET = "Qwertina"
PERSON = PersonKeys(
    nhs_number=nhs_number(1), upn=upn(1), given_name=SECRET, family_name=SECRET, date_of_birth="2016-03-09"
)
NAMED = Pseudonyms({1: bytes(32)}).of(PERSON)
REQUEST = question_about(PERSON)
J_HALE = Confirmed(agency="schools", officer="j.hale", until=datetime(2027, 1, 1, tzinfo=UTC))
ASKED = {
    "v": 1,
    "request": "r1",
    "requester": "n.okafor",
    "requester_agency": "health",
    "access_level": "health_visitor",
    "question": "child_services",
    "purpose": "safeguarding",
    "lawful_basis": "A6_E",
    "special_condition": "",
    "ground": "",
    "override_reason": "",
    "informed": "not_said",
    "informed_by": None,
    "break_glass": "",
    "case_reference": "HV/1",
    "policy_version": "1",
    "epoch": 1,
    "person": ["3f"],
}
PROPOSAL = Proposal(
    id="p1",
    kind=ProposalKind.ACCOUNTS,
    state=ProposalState.OPEN,
    digest="3f",
    base=1,
    proposer="a.clark",
    proposer_agency="health",
    proposer_guards="",
    reason=SECRET,
    made_at_ms=1,
    changes=(AccountChange(user_name="n.okafor"),),
)
PUBLICATION = Publication(number=2, version="2", kind=ProposalKind.ACCOUNTS, at_ms=1, reason=SECRET, emergency=SECRET)
ABOUT: dict[str, Any] = {
    "requester": "n.okafor",
    "requester_agency": "health",
    "question": "child_concerns",
    "epoch": NAMED.epoch,
    "person": NAMED.ways,
}
CONFIRMATION = Confirmation(
    id="c1",
    **ABOUT,
    purpose="safeguarding",
    lawful_basis="A6_E",
    ground="G4",
    override_reason="CHILD_RISK",
    case_reference="HV/1",
    put_at_ms=1,
    decide_by_ms=2,
    words=(),
)
USE = Use(
    id="b1",
    **ABOUT,
    access_level="health_visitor",
    reason=BreakGlassReason.LIFE_AT_RISK,
    told=("agency-1",),
    opened_at_ms=1,
    until_ms=2,
    review_due_ms=3,
)
DUTY = Duty(
    id="d1",
    kind=DutyKind.CONSENT_FORM,
    agency="health",
    requester="n.okafor",
    about="r1",
    case_reference="HV/1",
    epoch=NAMED.epoch,
    person=NAMED.ways,
    made_at_ms=1,
    due_ms=2,
)
MODULES = (agreed, entries, grounds, journey, membership, oversight)


def said(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.body)
    return found


def test_an_intent_says_who_asks_what_why_and_of_whom_and_nothing_of_the_person() -> None:
    entry = journey.intent(
        replace(REQUEST, confirmed=(J_HALE,)),
        person=Pseudonym(epoch=1, ways=("3f",)),
        policy_version="1",
        asked={"health": ("nhs_number", "service")},
        not_permitted=["schools"],
        agreements={"health": ["bolton"]},
    )
    assert said(entry) == ASKED | {
        "kind": "intent",
        "at_ms": REQUEST.asked_at_ms,
        "areas": ["bolton"],
        "asked": {"health": ["nhs_number", "service"]},
        "not_permitted": ["schools"],
        "confirmation": "",
        "confirmed_by": {"schools": "j.hale"},
        "needs_more": False,
        "agreements": {"health": ["bolton"]},
    }
    assert entry.agency == ""


def test_a_disclosure_is_of_one_agency_which_is_told_what_of_its_records_went_to_whom_and_why() -> None:
    entry = journey.disclosure(
        replace(REQUEST, confirmed=(J_HALE, replace(J_HALE, agency="health", officer="k.dunn"))),
        AgencyAnswer(
            agency="schools",
            outcome=Outcome.HELD,
            records=table({"service": SECRET}, {"service": "x"}),
            withheld=(("health", Reason.NO_CONSENT),),
            consents=(
                Consent(state=ConsentState.EXPLICIT, until="2027-06-30"),
                Consent(state=ConsentState.IMPLIED_BY_STATUTE, until="2026-12-31"),
                Consent(state=ConsentState.EXPLICIT, until="1969-12-31"),
                Consent(state=ConsentState.REFUSED, until="2026-01-31"),
                Consent(),
            ),
            consent_of_row=(1, 2),
        ),
        at_ms=7,
        person=Pseudonym(epoch=1, ways=("3f",)),
        policy_version="1",
        agreements=["bolton"],
    )
    assert said(entry) == ASKED | {
        "kind": "disclosure",
        "at_ms": 7,
        "agency": "schools",
        "confirmed_by": "j.hale",
        "agreements": ["bolton"],
        "fields": ["service"],
        "records": 2,
        "withheld": {"health": "no_consent"},
        "until": "2026-12-31",
        "dropped": 0,
    }
    assert (entry.kind, entry.at_ms, entry.agency) == ("disclosure", 7, "schools")
    assert "k.dunn" not in entry.body


def test_outcomes_without_records_stand_together_and_are_receipted_to_nobody() -> None:
    answers = [
        AgencyAnswer(agency="schools", outcome=Outcome.NO_ANSWER, reason=Reason.LATE),
        AgencyAnswer(
            agency="social_care", outcome=Outcome.NO_ANSWER, reason=Reason.MALFORMED, unasked_rows=2, unasked_cells=1
        ),
    ]
    entry = journey.outcomes("r1", 7, answers)
    assert said(entry) == {
        "v": 1,
        "kind": "outcomes",
        "at_ms": 7,
        "request": "r1",
        "agencies": [
            {"agency": "schools", "outcome": "no_answer", "reason": "late"},
            {"agency": "social_care", "outcome": "no_answer", "reason": "malformed", "dropped": 3},
        ],
    }
    assert entry.agency == ""


def test_the_name_that_an_agency_gives_its_source_is_not_recorded() -> None:
    answer = AgencyAnswer(agency="a", outcome=Outcome.HELD, records=table({"service": "x"}))
    entry = journey.disclosure(REQUEST, answer, at_ms=7, person=NAMED, policy_version="1", agreements=())
    assert "Care Records" not in entry.body


def test_an_entry_is_spelt_in_one_way_only() -> None:
    one = entries.session_ended("n.okafor", 1, why="idle", dropped=0)
    assert one.body == '{"at_ms":1,"dropped":0,"kind":"session_ended","requester":"n.okafor","v":1,"why":"idle"}'
    assert leaves.read_leaf(one.leaf) == json.loads(one.body)
    for other in (one.body.replace(":", ": "), one.body.replace('"v":1', '"v":2'), "[]", "{", '{"v":1,"at_ms":1}', ""):
        with pytest.raises(ValueError, match="leaf"):
            leaves.read_leaf(other.encode())


def constructors() -> Iterator[tuple[str, Callable[..., Entry]]]:
    """Yield everything in these modules that makes an entry."""
    for module in MODULES:
        for name, made in inspect.getmembers(module, inspect.isfunction):
            if made.__module__ == module.__name__ and get_type_hints(made).get("return") is Entry:
                yield name, made


def given(name: str, wanted: object) -> object:
    """Return something for a parameter, with a secret in everything that is of a case."""
    request = replace(REQUEST, requester=replace(REQUESTER, display_name=SECRET))
    answer = AgencyAnswer(agency="health", outcome=Outcome.HELD, records=table({"service": SECRET}))
    fitting = {
        Request: request,
        Requester: request.requester,
        Records: table({"service": SECRET}),
        Pseudonym: NAMED,
        Pseudonym | None: NAMED,
        Confirmation: CONFIRMATION,
        OfficerWord: OfficerWord(agency="agency-1", officer="j.hale", verdict=Verdict.CONFIRMED),
        Use: USE,
        Duty: DUTY,
        str: f"{name}-1",
        int: 7,
        bool: True,
    }
    if wanted in fitting:
        return fitting[wanted]
    if wanted is AgencyAnswer:
        return replace(answer, agency="agency-1")
    if name == "answers":
        return [answer]
    if name in ("proposal", "publication"):
        return PROPOSAL if name == "proposal" else PUBLICATION
    return {"health": ["service"]} if name in ("asked", "agreements") else ["one"]


EVERY = dict(constructors())


@pytest.mark.parametrize("name", EVERY)
def test_no_entry_of_any_kind_holds_anything_of_a_case(name: str) -> None:
    hints = get_type_hints(EVERY[name])
    parameters = inspect.signature(EVERY[name]).parameters
    arguments = {one: given(one, hints[one]) for one in parameters}
    entry = EVERY[name](**arguments)
    assert leaves.read_leaf(entry.leaf)["kind"] == entry.kind
    case = (SECRET, PERSON.nhs_number, PERSON.upn, PERSON.date_of_birth, "Care Records")
    assert not [value for value in case if value and value.casefold() in entry.body.casefold()]
    assert entry.agency in ("", "agency-1")
    # Whom it concerns it names, and is about.
    assert not entry.agency or said(entry)["agency"] == entry.agency


def test_what_is_walked_through_is_all_there_is() -> None:
    assert set(EVERY) >= {
        "intent",
        "disclosure",
        "outcomes",
        "refusal",
        "looked",
        "look_refused",
        "journal_asked",
        "duty_made",
    }


@pytest.mark.parametrize(
    "name",
    [
        "disclosure",
        "break_glass_opened",
        "confirmation_put",
        "confirmation_decided",
        "confirmation_revoked",
        "contact_passed_on",
        "journal_asked",
    ],
)
def test_an_agency_gets_a_receipt_of_what_concerns_it(name: str) -> None:
    hints = get_type_hints(EVERY[name])
    arguments = {one: given(one, hints[one]) for one in inspect.signature(EVERY[name]).parameters}
    entry = EVERY[name](**arguments)
    # It names the agency, too: a journal refuses what it is brought of another's.
    assert entry.agency == json.loads(entry.body)["agency"] == "agency-1"


@pytest.mark.parametrize(("to", "of"), [("", "health"), ("health", ""), ("health", "schools")])
def test_an_entry_that_is_of_an_agency_is_receipted_to_it_and_to_no_other(to: str, of: str) -> None:
    with pytest.raises(ValueError, match="receipted"):
        leaves.entry("disclosure", 1, to, agency=of)
