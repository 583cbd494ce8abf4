import json

from hub.audit import entries
from hub.model.answer import AgencyAnswer
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from tests.unit.hub.making import REQUESTER, nhs_number, question_about, table

SECRET = "Qwertina"
PERSON = PersonKeys(nhs_number=nhs_number(1), given_name=SECRET, family_name=SECRET, date_of_birth="2016-03-09")


def test_an_intent_says_who_asks_what_why_and_of_whom_and_nothing_of_the_person() -> None:
    entry = entries.intent(
        question_about(PERSON),
        person=["3f"],
        policy_version="1",
        asked={"health": ("nhs_number", "service")},
        not_permitted=["schools"],
        agreements={"health": ["partnership"]},
    )
    assert json.loads(entry.body) == {
        "request": "r1",
        "requester": "n.okafor",
        "agency": "health",
        "access_level": "health_visitor",
        "areas": ["bolton"],
        "question": "child_services",
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "special_condition": "",
        "ground": "",
        "override_reason": "",
        "informed": "not_said",
        "informed_by": None,
        "confirmation": "",
        "confirmed_by": {},
        "break_glass": "",
        "needs_more": False,
        "agreements": {"health": ["partnership"]},
        "case_reference": "HV/1",
        "person": ["3f"],
        "policy_version": "1",
        "asked": {"health": ["nhs_number", "service"]},
        "not_permitted": ["schools"],
    }


def test_a_disclosure_names_fields_and_counts_records_and_holds_no_value() -> None:
    answers = [
        AgencyAnswer(agency="health", outcome=Outcome.HELD, records=table({"service": SECRET}, {"service": "x"})),
        AgencyAnswer(agency="schools", outcome=Outcome.NO_ANSWER, reason=Reason.LATE),
        AgencyAnswer(
            agency="social_care", outcome=Outcome.NO_ANSWER, reason=Reason.MALFORMED, unasked_rows=2, unasked_cells=1
        ),
    ]
    entry = entries.disclosure("r1", 7, answers)
    assert json.loads(entry.body) == {
        "request": "r1",
        "agencies": [
            {"agency": "health", "outcome": "held", "reason": None, "fields": ["service"], "records": 2},
            {"agency": "schools", "outcome": "no_answer", "reason": "late"},
            {"agency": "social_care", "outcome": "no_answer", "reason": "malformed", "dropped": 3},
        ],
    }
    assert entry.at_ms == 7


def test_the_name_that_an_agency_gives_its_source_is_not_recorded() -> None:
    records = table({"service": "x"})
    assert (
        "Care Records"
        not in entries.disclosure("r1", 7, [AgencyAnswer(agency="a", outcome=Outcome.HELD, records=records)]).body
    )


def test_an_entry_is_spelt_in_one_way_only() -> None:
    one = entries.session_ended("n.okafor", 1, why="idle", dropped=0)
    assert one.body == '{"dropped":0,"requester":"n.okafor","why":"idle"}'


def test_each_kind_of_entry_has_its_name() -> None:
    made = [
        entries.ended_early("r1", 1, without=["health"]),
        entries.refusal(REQUESTER, 1, question="", purpose="", lawful_basis="", reason="NOT_ON_MENU"),
        entries.signed_in(REQUESTER, 1),
        entries.sign_in_refused(1, account=""),
        entries.session_ended("n.okafor", 1, why="idle", dropped=0),
        entries.policy_in_force("1", 1, publication=1),
    ]
    assert [entry.kind for entry in made] == [
        "ended_early",
        "refusal",
        "signed_in",
        "sign_in_refused",
        "session_ended",
        "policy_in_force",
    ]
    assert all(json.loads(entry.body) for entry in made)
