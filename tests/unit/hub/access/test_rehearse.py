"""Rehearsals against asking the same again one by one, and what is read out of the audit log for them."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from hub.access.authorise import authorise
from hub.access.past_requests import PastRequest, past_request
from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.access.rehearse import AgencyChange, Rehearsal, RequestChange, rehearse
from hub.audit import entries, journey
from hub.audit.pseudonyms import Pseudonym
from hub.errors import RequestError
from hub.model.entry import Entry
from hub.model.person import person_keys
from hub.model.policy import Office, Rulebook
from hub.model.request import Request, Requester
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.lib.policy_pairs import AGENCIES, AREAS, AT, BASES, LEVELS, PURPOSES, QUESTIONS, pairs, put

ADAPTER = TypeAdapter(Rehearsal)
REQUESTER = Requester(
    user_name="amara.visitor",
    display_name="Amara Visitor",
    access_level="health_visitor",
    agency="health",
    areas=("bolton",),
)
NOW_MS = int(AT.timestamp() * 1_000)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


@pytest.fixture(scope="module")
def shipped(book: Rulebook) -> Policy:
    return compile_policy(book)


def _past(**changes: object) -> PastRequest:
    usual = PastRequest(
        request_id="a1",
        position=7,
        at_ms=NOW_MS,
        level="health_visitor",
        agency="health",
        areas=("bolton",),
        question="child_services",
        purpose="safeguarding",
        lawful_basis="A6_E",
        was_refused=False,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # whatever a test changes


def _asked_again(policy: Policy, past: PastRequest) -> tuple[bool, bool, set[tuple[str, str]]]:
    """Return whether it is refused, whether it needs a second factor, and every field of every agency."""
    office = Office(past.level, past.agency, past.areas or ())
    asked = {"question": past.question, "purpose": past.purpose, "basis": past.lawful_basis}
    try:
        permits = authorise(policy, office, **asked, at=AT, is_stepped_up=True)
    except RequestError:
        return True, False, set()
    step_up = False
    try:
        authorise(policy, office, **asked, at=AT, is_stepped_up=False)
    except RequestError as refused:
        step_up = refused.reason == "STEP_UP_NEEDED"
    return False, step_up, {(permit.agency, field) for permit in permits for field in permit.fields}


def _every_request() -> Iterator[PastRequest]:
    areas = [*((area,) for area in AREAS), AREAS]
    cells = product(LEVELS, AGENCIES, areas, QUESTIONS, PURPOSES, BASES)
    for position, (level, agency, some, question, purpose, basis) in enumerate(cells):
        yield PastRequest(
            request_id=f"request-{position}",
            position=position,
            at_ms=NOW_MS,
            level=level,
            agency=agency,
            areas=some,
            question=question,
            purpose=purpose,
            lawful_basis=basis,
            was_refused=False,
        )


def _pairs_of(changes: tuple[AgencyChange, ...], which: str) -> set[tuple[str, str]]:
    return {(change.agency, field) for change in changes for field in getattr(change, which)}


@settings(suppress_health_check=list(HealthCheck), max_examples=25)
@given(pair=pairs(), seed=st.integers(0, 1_000))
def test_a_rehearsal_is_what_comes_of_asking_again_one_by_one(pair: tuple[Rulebook, Rulebook], seed: int) -> None:
    old, new = (compile_policy(book) for book in pair)
    past = random.Random(seed).choices(list(_every_request()), k=200)
    found = rehearse(past, old, new, AT)
    assert (found.judged, found.unsure) == (200, 0)
    changes = iter(found.changes)
    for request in past:
        before, after = _asked_again(old, request), _asked_again(new, request)
        if before == after:
            continue
        change = next(changes)
        assert (change.request_id, change.position) == (request.request_id, request.position)
        assert (bool(change.refusal_before), bool(change.refusal_after)) == (before[0], after[0])
        assert (change.step_up_before, change.step_up_after) == (before[1], after[1])
        assert _pairs_of(change.agencies, "gained") == after[2] - before[2]
        assert _pairs_of(change.agencies, "lost") == before[2] - after[2]
    assert next(changes, None) is None
    assert ADAPTER.validate_json(ADAPTER.dump_json(found)) == found


def test_one_policy_rehearsed_against_itself_changes_nothing(shipped: Policy) -> None:
    found = rehearse([_past(), _past(level="nobody")], shipped, shipped, AT)
    assert (found.judged, found.changes) == (2, ())


def test_what_a_request_would_lose_and_gain_is_told_agency_by_agency(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["health_visitor"]
    narrower = replace(level.grants[0], agencies=("social_care", "health"), classes=("basic",))
    draft = compile_policy(put(book, "levels", level, grants=(narrower, *level.grants[1:])))
    found = rehearse([_past()], shipped, draft, AT)
    (change,) = found.changes
    fields = shipped.catalogue.questions["child_services"].fields
    involvement = tuple(name for name in fields if shipped.catalogue.fields[name].field_class == "involvement")
    assert change.agencies == (
        AgencyChange(agency="social_care", gained=(), lost=involvement),
        AgencyChange(agency="health", gained=(), lost=involvement),
        *(AgencyChange(agency=name, gained=(), lost=fields) for name in ("schools", "youth_offending", "connexions")),
    )
    assert (found.newly_refused, found.newly_allowed) == (0, 0)
    back = rehearse([_past()], draft, shipped, AT)
    assert back.changes[0].agencies[0] == AgencyChange(agency="social_care", gained=involvement, lost=())


def test_what_is_refused_now_and_allowed_by_the_draft_is_counted_and_the_other_way_round(
    book: Rulebook, shipped: Policy
) -> None:
    level = book.levels["health_visitor"]
    draft = compile_policy(put(book, "levels", level, grants=level.grants[1:]))
    found = rehearse([_past()], shipped, draft, AT)
    (change,) = found.changes
    assert (change.refusal_before, change.refusal_after) == ("", "NOT_ON_MENU")
    assert (found.newly_refused, found.newly_allowed) == (1, 0)
    back = rehearse([_past(was_refused=True)], draft, shipped, AT)
    assert (back.newly_refused, back.newly_allowed) == (0, 1)


def test_a_second_factor_that_falls_away_is_a_change_though_the_fields_are_the_same(
    book: Rulebook, shipped: Policy
) -> None:
    draft = compile_policy(put(book, "field_classes", book.catalogue.field_classes["health"], step_up=False))
    past = _past(question="child_health", purpose="health_care")
    (change,) = rehearse([past, _past()], shipped, draft, AT).changes
    assert (change.step_up_before, change.step_up_after, change.agencies) == (True, False, ())


def test_both_policies_are_judged_as_of_one_instant_whenever_the_request_was_made(
    book: Rulebook, shipped: Policy
) -> None:
    agreement = book.agreements["safeguarding_all_partners"]
    draft = compile_policy(put(book, "agreements", agreement, ends=AT + timedelta(days=30)))
    long_ago = _past(at_ms=0, purpose="safeguarding")
    assert not rehearse([long_ago], shipped, draft, AT).changes
    assert rehearse([long_ago], shipped, draft, AT + timedelta(days=30)).changes


def test_a_request_of_a_time_before_areas_counts_for_all_areas_of_its_agency(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["health_visitor"]
    draft = compile_policy(put(book, "levels", level, grants=()))
    assert rehearse([_past(areas=None)], shipped, draft, AT).changes
    assert not rehearse([_past(areas=())], shipped, draft, AT).changes
    assert not rehearse([_past(areas=None, agency="nowhere")], shipped, draft, AT).changes


def test_where_the_lawful_basis_was_not_recorded_any_that_is_accepted_counts_and_doubt_is_counted(
    book: Rulebook, shipped: Policy
) -> None:
    refused = _past(request_id="", lawful_basis="", was_refused=True, question="youth_order", purpose="youth_justice")
    question = book.catalogue.questions["youth_order"]
    draft = compile_policy(put(book, "questions", question, lawful_bases=("A6_E",)))
    found = rehearse([refused, _past()], shipped, draft, AT)
    assert (found.judged, found.unsure, found.changes) == (2, 1, ())
    assert rehearse([refused], shipped, shipped, AT).unsure == 0


def _request() -> Request:
    person = person_keys(
        nhs_number="", upn="", given_name="Amelia", family_name="Ashworth", date_of_birth="2019-04-01", today=AT.date()
    )
    return Request(
        request_id="a1",
        requester=REQUESTER,
        question="child_services",
        person=person,
        purpose="safeguarding",
        lawful_basis="A6_E",
        case_reference="HV/2026/17",
        asked_at_ms=NOW_MS,
    )


def _intent() -> Entry:
    return journey.intent(
        _request(),
        person=Pseudonym(epoch=1, ways=("pseudonym",)),
        policy_version="1",
        asked={"health": ["upn"]},
        not_permitted=[],
        agreements={},
    )


def test_an_intent_is_read_without_anything_of_its_case() -> None:
    found = past_request(_intent(), 7)
    assert found == _past()
    assert not any(word in repr(found) for word in ("HV/2026/17", "pseudonym", "amara", "upn"))


def test_a_refusal_is_read_with_the_words_of_the_vocabulary_that_were_recorded() -> None:
    said = {"question": "", "purpose": "safeguarding", "lawful_basis": "A6_C"}
    entry = journey.refusal(REQUESTER, NOW_MS, **said, reason="NOT_ON_MENU")
    assert past_request(entry, 7) == _past(request_id="", question="", lawful_basis="A6_C", was_refused=True)


def test_an_entry_of_a_time_before_areas_says_so() -> None:
    entry = _intent()
    body = orjson.loads(entry.body)
    del body["areas"]
    found = past_request(replace(entry, body=orjson.dumps(body).decode()), 7)
    assert found == _past(areas=None)


def test_other_entries_are_no_requests_and_a_mangled_one_is_not_passed_over() -> None:
    assert past_request(entries.policy_in_force("1", NOW_MS, publication=1)) is None
    assert past_request(entries.signed_in(REQUESTER, NOW_MS)) is None
    with pytest.raises(KeyError):
        past_request(Entry(kind="intent", at_ms=NOW_MS, body="{}"))


def test_a_change_names_who_might_be_surprised_and_nobody_by_name(book: Rulebook, shipped: Policy) -> None:
    level = book.levels["health_visitor"]
    draft = compile_policy(put(book, "levels", level, grants=()))
    past = past_request(_intent(), 7)
    assert past is not None
    (change,) = rehearse([past], shipped, draft, datetime(2026, 11, 24, tzinfo=UTC)).changes
    assert isinstance(change, RequestChange)
    assert (change.request_id, change.position, change.level) == ("a1", 7, "health_visitor")
    assert "amara" not in repr(change)
