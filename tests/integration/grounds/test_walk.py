"""Consent refused at the agency: withheld, put to officers, confirmed, shown, revoked, gone; and the emergency."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import grpc
import pytest
from sharing.v1 import grounds_pb2, questions_pb2

from hub.model.catalogue import Listing
from tests.integration.grounds.seats import (
    NURSE,
    OTHER,
    WORKER,
    at_hand,
    break_glass,
    child,
    decide,
    duties,
    listed,
    notices,
    put,
    revoke,
    turn,
)
from tests.integration.journey.refusing import said_by
from tests.lib.administration import Administration, Seat, guardian, officer, refusal_of
from tests.lib.going_without import CASE, GROUND, QUESTION
from tests.lib.good_adapter import connected
from tests.lib.refusing_adapter import RefusingAdapter
from tests.lib.requester import Answer

INFORMED = questions_pb2.Informed(state=questions_pb2.INFORMED_STATE_NO_UNSAFE)
ON_GROUND: dict[str, Any] = {"ground": GROUND, "override_reason": "CHILD_RISK", "informed": INFORMED}


@pytest.fixture
async def health(administration: Administration) -> AsyncIterator[RefusingAdapter]:
    adapter = RefusingAdapter("health")
    async with connected(administration.deployment, administration.hub.links_port, adapter):
        yield adapter


async def ask(seat: Seat, **changed: Any) -> Answer:
    """Ask about concerns, and read the answer to its end."""
    request: dict[str, Any] = {
        "question": QUESTION,
        "person": child(),
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "case_reference": CASE,
        "needs_more": True,
    }
    sent = questions_pb2.AskRequest(**request | changed)
    call = seat.questions.Ask(sent, metadata=seat.metadata, timeout=10)
    began = time.monotonic()
    parts = [response.part async for response in call]
    return Answer(person=sent.person, parts=tuple(parts), seconds=time.monotonic() - began)


def concern(answer: Answer) -> tuple[str, str, list[str]]:
    """Return what became of health, and what it shows."""
    outcome, reason = answer.outcome("health")
    return outcome, reason, answer.column("health", "concern_kind")


SHOWN = ("held", "unspecified", ["neglect"])


async def test_from_refused_to_confirmed_to_revoked(administration: Administration, health: RefusingAdapter) -> None:
    worker, decider = await administration.seats(WORKER, officer("health"))
    assert concern(await ask(worker))[2] in ([], [""])
    assert concern(await ask(worker, **ON_GROUND))[2] in ([], [""])
    confirmation = await put(worker)
    waiting = await ask(worker, **ON_GROUND, confirmation=confirmation.id)
    assert concern(waiting)[2] in ([], [""])
    await decide(decider, confirmation.id)
    shown = await ask(worker, **ON_GROUND, confirmation=confirmation.id)
    assert concern(shown)[2] == ["neglect"]
    began = time.monotonic()
    assert (await revoke(decider, confirmation.id)).dropped_answers >= 1
    assert time.monotonic() - began < 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await worker.view(shown.request_id)
    assert said_by(refused.value).reason == "WITHDRAWN"
    assert concern(await ask(worker, **ON_GROUND, confirmation=confirmation.id))[2] in ([], [""])
    assert health.asks


async def test_a_confirmation_counts_though_its_officer_is_none_any_more(
    administration: Administration, health: RefusingAdapter
) -> None:
    worker, decider = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    await decide(decider, confirmation.id)
    administration.write("UPDATE account SET disabled = 1, access_level = '' WHERE user_name = ?", officer("health"))
    assert concern(await ask(worker, **ON_GROUND, confirmation=confirmation.id))[2] == ["neglect"]
    assert health.asks


@pytest.mark.parametrize(
    "changed",
    [
        {"person": child(OTHER)},
        {"person": child(given_name="Ada", family_name="Testcase", date_of_birth="2015-01-02")},
        {"case_reference": "SC/2026-999"},
        {"purpose": "early_help"},
        {"confirmation": "0000000000"},
    ],
    ids=["person", "more of the person", "case", "purpose", "confirmation"],
)
@pytest.mark.usefixtures("health")
async def test_a_confirmation_counts_for_exactly_what_was_put(
    administration: Administration, changed: dict[str, Any]
) -> None:
    worker, decider = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    await decide(decider, confirmation.id)
    refused = await refusal_of(ask(worker, **{**ON_GROUND, "confirmation": confirmation.id, **changed}))
    assert refused in {"CONFIRMATION_UNKNOWN", "PURPOSE_NOT_ALLOWED"}


@pytest.mark.usefixtures("health")
async def test_a_colleague_s_confirmation_is_nobody_else_s(administration: Administration) -> None:
    worker, nurse = await administration.seats(WORKER, NURSE)
    confirmation = await put(worker)
    assert await refusal_of(ask(nurse, **ON_GROUND, confirmation=confirmation.id)) == "CONFIRMATION_UNKNOWN"
    assert not await listed(nurse)


@pytest.mark.usefixtures("health")
async def test_a_confirmation_ends_by_itself(administration: Administration) -> None:
    worker, decider = await administration.seats(WORKER, officer("health"))
    confirmation = await put(worker)
    await decide(decider, confirmation.id, valid_days=1)
    later = turn(administration, days=1, seconds=1)
    administration.hub.asking._now = lambda: later
    assert concern(await ask(worker, **ON_GROUND, confirmation=confirmation.id))[2] in ([], [""])


async def test_break_glass_opens_what_is_refused_and_closing_drops_it(
    administration: Administration, health: RefusingAdapter
) -> None:
    worker = await at_hand(administration)
    assert concern(await ask(worker))[2] in ([], [""])
    opened = await break_glass(worker)
    shown = await ask(worker, break_glass=opened.id)
    assert concern(shown)[2] == ["neglect"]
    assert shown.parts[0].opening.break_glass_until_ms == opened.until_ms
    assert health.asks[-1].break_glass
    closed = await worker.call(worker.grounds.CloseBreakGlass, grounds_pb2.CloseBreakGlassRequest(id=opened.id))
    assert (closed.closed, closed.dropped_answers) == (1, 1)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await worker.view(shown.request_id)
    assert said_by(refused.value).reason == "WITHDRAWN"
    assert await refusal_of(ask(worker, break_glass=opened.id)) == "BREAK_GLASS_NOT_OPEN"


@pytest.mark.usefixtures("health")
async def test_break_glass_is_for_one_person_one_question_and_one_session(administration: Administration) -> None:
    worker, colleague = await at_hand(administration), await administration.seat(WORKER)
    opened = await break_glass(worker)
    refused = [
        await refusal_of(ask(seat, **{"break_glass": opened.id, **changed}))
        for seat, changed in (
            (worker, {"person": child(OTHER)}),
            (worker, {"person": child(given_name="A", family_name="B", date_of_birth="2015-01-02")}),
            (worker, {"question": "staff_safety"}),
            (worker, {"break_glass": "0000000000"}),
            (colleague, {}),
        )
    ]
    assert refused == ["BREAK_GLASS_NOT_OPEN"] * 5
    assert await refusal_of(ask(await administration.seat(NURSE), break_glass=opened.id)) == "BREAK_GLASS_NOT_ALLOWED"


@pytest.mark.usefixtures("health")
async def test_break_glass_reaches_no_agency_that_was_not_told_of_it(administration: Administration) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    policy = administration.hub.in_force.policy
    catalogue, found = policy.catalogue, policy.catalogue.questions[QUESTION]
    questions = Listing({**catalogue.questions, QUESTION: replace(found, agencies=(*found.agencies, "connexions"))})
    administration.hub.in_force.put(replace(policy, catalogue=replace(catalogue, questions=questions)))
    assert await refusal_of(ask(worker, break_glass=opened.id)) == "BREAK_GLASS_NOT_OPEN"
    administration.hub.in_force.put(policy)
    assert concern(await ask(worker, break_glass=opened.id))[2] == ["neglect"]


@pytest.mark.usefixtures("health")
async def test_break_glass_ends_by_whichever_clock_is_ahead(administration: Administration) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    now = administration.hub.asking._now
    administration.hub.asking._now = lambda: turn(administration, minutes=45)
    assert await refusal_of(ask(worker, break_glass=opened.id)) == "BREAK_GLASS_NOT_OPEN"
    administration.hub.asking._now = now
    turn(administration)
    assert concern(await ask(worker, break_glass=opened.id))[2] == ["neglect"]
    (session,) = (found for found in administration.hub.sessions if found.windows)
    clock, session._clock = session._clock, lambda: clock() + 45 * 60
    session._rules = administration.hub.sessions.rules
    session.last_used = session._clock()
    assert await refusal_of(ask(worker, break_glass=opened.id)) == "BREAK_GLASS_NOT_OPEN"


@pytest.mark.usefixtures("health")
async def test_a_question_that_promises_to_tell_somebody_leaves_a_duty(administration: Administration) -> None:
    worker, nurse = await administration.seats(WORKER, NURSE)
    later = questions_pb2.Informed(state=questions_pb2.INFORMED_STATE_LATER, by="2099-01-31")
    asked = await ask(worker, **{**ON_GROUND, "informed": later})
    await ask(worker, **{**ON_GROUND, "informed": later})
    (duty,) = await duties(worker)
    assert (duty.kind, duty.about, duty.case_reference) == (grounds_pb2.DUTY_KIND_INFORM, asked.request_id, CASE)
    assert not await duties(nurse)
    request = grounds_pb2.FulfilDutyRequest(duty=duty.id, evidence="SC/2026-114/7")
    assert await refusal_of(nurse.call(nurse.grounds.FulfilDuty, request)) == "NO_SUCH_THING"
    done = (await worker.call(worker.grounds.FulfilDuty, request)).duty
    assert (done.fulfilled_by, done.evidence) == (WORKER, "SC/2026-114/7")
    assert await refusal_of(worker.call(worker.grounds.FulfilDuty, request)) == "DONE_ALREADY"
    assert not await duties(worker)


@pytest.mark.usefixtures("health")
async def test_a_consent_form_is_owed_in_a_week_and_outstanding_after_that(administration: Administration) -> None:
    worker, own = await administration.seats(WORKER, guardian("social_care"))
    await ask(worker, question="child_services", lawful_basis="A6_A")
    (duty,) = await duties(worker)
    assert duty.kind == grounds_pb2.DUTY_KIND_CONSENT_FORM
    assert not await notices(worker)
    turn(administration, days=8)
    for told in (worker, own):
        (notice,) = await notices(told)
        assert notice.startswith("Form outstanding")
        assert CASE in notice
    assert not await notices(await administration.seat(NURSE))
    (overdue,) = await duties(worker)
    assert overdue.is_overdue
    request = grounds_pb2.FulfilDutyRequest(duty=duty.id, evidence="a form")
    assert await refusal_of(worker.call(worker.grounds.FulfilDuty, request)) == "REFERENCE_INVALID"
