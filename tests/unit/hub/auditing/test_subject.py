"""Who looked at a person, out of journals that answer, hang and lie: one outcome each, and nothing held back shows."""

from dataclasses import replace

import pytest

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.auditing.subject import SubjectOpening, SubjectOutcome, Subjects
from hub.auditing.telling import DAY_MS, Look
from hub.errors import InvalidRequest
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from tests.unit.hub.auditing.office import PERSON, Office, whom
from tests.unit.hub.auditing.scene import AUDITOR
from tests.unit.hub.auditing.test_telling import ENTRY, NOW_MS, with_rule

AGENCIES = ("social_care", "health", "schools", "youth_offending", "connexions")
OLD = replace(ENTRY, request_id="1" * 18, purpose="safeguarding", disclosed_at_ms=NOW_MS - 200 * DAY_MS)
NEW = replace(ENTRY, request_id="2" * 18, purpose="early_help", disclosed_at_ms=NOW_MS - DAY_MS)


async def told(
    office: Office, subjects: Subjects | None = None, agencies: tuple[str, ...] = ()
) -> tuple[SubjectOpening, dict[str, SubjectOutcome], list[Look]]:
    """Ask who looked, and sort the parts."""
    asked = (subjects or office.rooms.subjects).looked_at(AUDITOR, whom, agencies=agencies, filed_as="SAR/7")
    opening, *parts = [part async for part in asked]
    assert isinstance(opening, SubjectOpening)
    outcomes = [part for part in parts if isinstance(part, SubjectOutcome)]
    assert sorted(one.agency for one in outcomes) == sorted(opening.planned)
    assert parts[: len(outcomes)] == outcomes
    return opening, {one.agency: one for one in outcomes}, [part for part in parts if isinstance(part, Look)]


def ruled(office: Office, policy: Policy) -> Subjects:
    """Ask under another policy, on the same record."""
    office.rooms.subjects._noting.now_ms = lambda: NOW_MS
    return Subjects(office.journals, PolicyInForce(policy), office.rooms.subjects._noting)


async def test_every_planned_agency_has_one_outcome_and_looks_come_newest_first(office: Office) -> None:
    office.journals.entries = {"schools": [OLD, NEW], "social_care": [NEW]}
    office.journals.reasons = {"connexions": Reason.LATE}
    opening, outcomes, looks = await told(office)
    assert opening.planned == AGENCIES
    assert {agency: (one.outcome, one.reason, one.looks) for agency, one in outcomes.items()} == {
        "social_care": (Outcome.HELD, None, 1),
        "health": (Outcome.NOTHING_HELD, None, 0),
        "schools": (Outcome.HELD, None, 2),
        "youth_offending": (Outcome.NOTHING_HELD, None, 0),
        "connexions": (Outcome.NO_ANSWER, Reason.LATE, 0),
    }
    assert [(look.at_ms, look.sources) for look in looks] == [
        (NEW.disclosed_at_ms, ("Children's Social Care", "Schools")),
        (OLD.disclosed_at_ms, ("Schools",)),
    ]


async def test_only_agencies_that_are_named_are_asked(office: Office) -> None:
    opening, _, _ = await told(office, agencies=("schools",))
    assert opening.planned == ("schools",)
    assert [agency for agency, _, _ in office.journals.asked] == ["schools"]


@pytest.mark.parametrize("rule", [{"never_told": True}, {"told_after_days": 2}], ids=lambda rule: next(iter(rule)))
async def test_what_is_held_back_leaves_no_trace(office: Office, policy: Policy, rule: dict[str, int]) -> None:
    kept = with_rule(policy, "early_help", **rule)  # type: ignore[arg-type]  # one rule or the other
    office.journals.entries = {"schools": [NEW], "social_care": [OLD, NEW]}
    with_it = (await told(office, ruled(office, kept)))[1:]
    office.journals.entries = {"schools": [], "social_care": [OLD]}
    without_it = (await told(office, ruled(office, kept)))[1:]
    assert with_it == without_it
    assert with_it[0]["schools"].outcome is Outcome.NOTHING_HELD


async def test_a_look_is_told_once_its_days_have_passed(office: Office, policy: Policy) -> None:
    office.journals.entries = {"schools": [NEW]}
    _, _, looks = await told(office, ruled(office, with_rule(policy, "early_help", told_after_days=1)))
    assert len(looks) == 1


async def test_a_journal_that_repeats_itself_is_told_once(office: Office) -> None:
    office.journals.entries = {"schools": [NEW, NEW, replace(NEW, fields=("attendance_percent",))]}
    _, outcomes, looks = await told(office)
    assert outcomes["schools"].looks == 1
    assert [look.kinds for look in looks] == [("Basic details", "Involvement", "Education")]


async def test_each_agency_that_is_asked_gets_a_receipt_of_it_before_it_is_asked(office: Office) -> None:
    opening, _, _ = await told(office)
    noted = office.noted()
    assert [(one["kind"], one["agency"]) for one in noted] == [("journal_asked", agency) for agency in AGENCIES]
    assert {one["request"] for one in noted} == {opening.request_id}
    assert {one["case_reference"] for one in noted} == {"SAR/7"}
    assert {tuple(one["person"]) for one in noted} == {office.pseudonyms.of(PERSON).ways}
    assert [office.ledger.last_number(agency) for agency in AGENCIES] == [1] * len(AGENCIES)
    assert {request_id for _, _, request_id in office.journals.asked} == {opening.request_id}


@pytest.mark.parametrize(
    ("filed_as", "agencies", "reason"),
    [
        ("", (), "CASE_MISSING"),
        ("for Jane", (), "CASE_INVALID"),
        ("SAR/7", ("nobody",), "AGENCY_UNKNOWN"),
    ],
)
async def test_what_is_wrong_with_the_wish_is_said_before_anybody_is_asked(
    office: Office, filed_as: str, agencies: tuple[str, ...], reason: str
) -> None:
    looked = office.rooms.subjects.looked_at(AUDITOR, whom, agencies=agencies, filed_as=filed_as)
    with pytest.raises(InvalidRequest) as refused:
        await anext(looked)
    assert refused.value.reason == reason
    assert not office.journals.asked
    assert not office.noted()


async def test_whoever_goes_away_leaves_no_journal_being_asked(office: Office) -> None:
    looked = office.rooms.subjects.looked_at(AUDITOR, lambda: PersonKeys(upn="x"), agencies=(), filed_as="SAR/7")
    await anext(looked)
    await looked.aclose()
    assert not office.journals.asked
