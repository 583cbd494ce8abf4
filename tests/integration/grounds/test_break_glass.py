"""Break-glass access over the wire: who opens it and how, who is told, how it ends, and who reviews it."""

from dataclasses import replace
from typing import Any

import pytest
from sharing.v1 import grounds_pb2

from hub.audit.entries import entry
from hub.model.catalogue import Listing
from tests.integration.grounds.seats import (
    CHILD,
    NURSE,
    OTHER,
    WORKER,
    at_hand,
    break_glass,
    child,
    duties,
    notices,
    receipts,
    review,
    turn,
    uses,
)
from tests.lib.administration import AUDITOR, FIRST, Administration, Seat, administration_of, guardian, refusal_of
from tests.lib.deployment import Deployment
from tests.lib.going_without import QUESTION

TOLD = ["social_care", "health", "schools", "youth_offending"]
MINUTE_MS, DAY_MS = 60 * 1_000, 24 * 60 * 60 * 1_000


def age(administration: Administration, user_name: str, seconds: float) -> None:
    """Let the second factor of somebody's sessions be so many seconds older."""
    for session in administration.hub.sessions:
        if session.requester.user_name == user_name:
            assert session._stepped_up_at is not None
            session._stepped_up_at -= seconds


def opening(seat: Seat, **changed: Any) -> Any:
    request: dict[str, Any] = {
        "question": QUESTION,
        "person": child(),
        "reason": grounds_pb2.BREAK_GLASS_REASON_CHILD_MISSING,
    }
    return seat.call(seat.grounds.BreakGlass, grounds_pb2.BreakGlassRequest(**request | changed))


async def test_it_is_said_beforehand_what_is_opened_and_who_is_told(administration: Administration) -> None:
    worker = await administration.seat(WORKER, fresh=False)
    request = grounds_pb2.PreviewBreakGlassRequest(question=QUESTION)
    preview = await worker.call(worker.grounds.PreviewBreakGlass, request)
    assert [agency.id for agency in preview.told] == TOLD
    assert "concern_kind" in {field.id for field in preview.fields}
    assert (preview.reviewed_by.id, preview.review_days, preview.minutes) == ("social_care", 7, 45)
    assert not (await uses(worker)).uses


async def test_it_opens_for_as_long_as_the_policy_says_and_everybody_is_told_at_once(
    administration: Administration,
) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    assert [agency.id for agency in opened.told] == TOLD
    entries = [one for one in administration.audited() if one["kind"] == "break_glass_opened"]
    assert [one["agency"] for one in entries] == TOLD
    for agency in TOLD:
        (receipted,) = receipts(administration.deployment, agency)
        assert (receipted["kind"], receipted["access"]) == ("break_glass_opened", opened.id)
    assert {(one["requester"], one["until_ms"], one["reason"]) for one in entries} == {
        (WORKER, opened.until_ms, "life_at_risk")
    }
    (use,) = (await uses(worker)).uses
    assert (use.until_ms - use.opened_at_ms, use.is_open, use.access_level) == (45 * MINUTE_MS, True, "social_worker")
    for told in (guardian("social_care"), guardian("health"), AUDITOR):
        (notice,) = (await administration.sign_in(told)).notices
        assert (WORKER in notice, "OVERDUE" in notice, CHILD in notice) == (True, False, False)
        assert [one.id for one in (await uses(await administration.seat(told))).uses] == [opened.id]
    for untold in (guardian("connexions"), FIRST, NURSE):
        assert not (await administration.sign_in(untold)).notices
    assert CHILD.encode() not in administration.deployment.kept()


async def test_whoever_has_it_open_is_told_wherever_they_are_signed_in(administration: Administration) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    (notice,) = await notices(worker)
    assert notice.startswith("BREAK-GLASS IS OPEN until")
    assert opened.id in notice
    assert (await administration.sign_in(WORKER)).notices == [notice]
    turn(administration, minutes=46)
    assert not await notices(worker)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"question": "no_such_question"}, "NOT_ON_MENU"),
    ({"question": ""}, "NOT_ON_MENU"),
    ({"person": child("999")}, "NHS_NUMBER_INVALID"),
    ({"person": child("")}, "PERSON_MISSING"),
    ({"person": child(given_name="Ada", family_name="Testcase", date_of_birth="2015-01-02")}, "SEVERAL_WAYS"),
    ({"reason": grounds_pb2.BREAK_GLASS_REASON_UNSPECIFIED}, "CODE_UNKNOWN"),
    ({"reason": 77}, "CODE_UNKNOWN"),
]


@pytest.mark.parametrize(
    ("changed", "reason"), REFUSED, ids=[f"{reason}-{at}" for at, (_, reason) in enumerate(REFUSED)]
)
async def test_what_is_not_whole_opens_nothing_and_spends_no_factor(
    administration: Administration, changed: dict[str, Any], reason: str
) -> None:
    worker = await at_hand(administration)
    assert await refusal_of(opening(worker, **changed)) == reason
    assert not (await uses(worker)).uses
    assert (await break_glass(worker)).id


async def test_only_levels_that_may_open_it_do(administration: Administration) -> None:
    nurse = await administration.seat(NURSE)
    assert await refusal_of(opening(nurse)) == "NO_BREAK_GLASS"
    request = grounds_pb2.PreviewBreakGlassRequest(question=QUESTION)
    assert await refusal_of(nurse.call(nurse.grounds.PreviewBreakGlass, request)) == "NO_BREAK_GLASS"


async def test_the_second_factor_must_have_been_given_within_two_minutes(administration: Administration) -> None:
    # What was given at sign-in opens delicate fields, and no emergency.
    for is_fresh in (False, True):
        seat = await administration.seat(WORKER, fresh=is_fresh)
        assert await refusal_of(opening(seat)) == "FRESH_FACTOR_NEEDED"
        await seat.sign_out()
    worker = await at_hand(administration)
    age(administration, WORKER, 120)
    assert await refusal_of(opening(worker)) == "FRESH_FACTOR_NEEDED"
    age(administration, WORKER, -1)
    assert (await opening(worker)).id


async def test_one_second_factor_opens_one_access_and_renews_none(administration: Administration) -> None:
    worker = await at_hand(administration)
    first = await break_glass(worker)
    assert await refusal_of(opening(worker)) == "FRESH_FACTOR_NEEDED"
    assert await refusal_of(opening(worker, person=child(OTHER))) == "FRESH_FACTOR_NEEDED"
    worker.hold(administration.hub.sessions.step_up(worker.token))
    second = await break_glass(worker)
    assert first.id != second.id
    assert len([one for one in administration.audited() if one["kind"] == "break_glass_opened"]) == 2 * len(TOLD)


async def test_access_is_closed_early_by_who_opened_it_and_by_nobody_else(administration: Administration) -> None:
    worker, colleague = await at_hand(administration), await administration.seat(WORKER)
    opened = await break_glass(worker)
    request = grounds_pb2.CloseBreakGlassRequest(id=opened.id)
    assert await refusal_of(colleague.call(colleague.grounds.CloseBreakGlass, request)) == "NO_SUCH_THING"
    closed = await worker.call(worker.grounds.CloseBreakGlass, request)
    assert (closed.closed, closed.dropped_answers) == (1, 0)
    assert await refusal_of(worker.call(worker.grounds.CloseBreakGlass, request)) == "NO_SUCH_THING"
    (use,) = (await uses(worker)).uses
    assert not use.is_open
    everything = await worker.call(worker.grounds.CloseBreakGlass, grounds_pb2.CloseBreakGlassRequest())
    assert everything.closed == 0


async def test_access_ends_with_its_session_and_the_record_says_so(administration: Administration) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    await worker.sign_out()
    await administration.hub.audit.record(entry("looked", 0))
    (closed,) = (one for one in administration.audited() if one["kind"] == "break_glass_closed")
    assert (closed["access"], closed["why"]) == (opened.id, "sign_out")
    (use,) = (await uses(await administration.seat(WORKER))).uses
    assert not use.is_open


async def test_access_ends_when_its_level_may_open_it_no_more(administration: Administration) -> None:
    worker = await at_hand(administration)
    opened = await break_glass(worker)
    policy = administration.hub.in_force.policy
    levels = (
        replace(level, break_glass=False) if level.id == "social_worker" else level for level in policy.levels.values()
    )
    administration.hub.in_force.put(replace(policy, levels=Listing.of(tuple(levels))))
    await administration.hub.audit.record(entry("looked", 0))
    (closed,) = (one for one in administration.audited() if one["kind"] == "break_glass_closed")
    assert (closed["access"], closed["why"]) == (opened.id, "forbidden")
    (use,) = (await uses(worker)).uses
    assert not use.is_open
    assert await refusal_of(opening(worker)) == "NO_BREAK_GLASS"


async def test_access_is_gone_after_a_restart_and_its_review_is_not(deployment: Deployment) -> None:
    async with administration_of(deployment) as before:
        opened = await break_glass(await at_hand(before))
    async with administration_of(deployment) as after:
        reviewer = await after.seat(guardian("social_care"))
        (use,) = (await uses(reviewer)).uses
        (duty,) = await duties(reviewer)
        assert (use.id, use.is_open, duty.about) == (opened.id, False, opened.id)


async def test_a_use_is_reviewed_once_by_somebody_else_of_the_requester_s_agency_or_an_auditor(
    administration: Administration,
) -> None:
    worker = await at_hand(administration)
    own, foreign = await administration.seats(guardian("social_care"), guardian("health"))
    opened = await break_glass(worker)
    (duty,) = await duties(own)
    assert (duty.kind, duty.about, duty.agency) == (grounds_pb2.DUTY_KIND_BREAK_GLASS_REVIEW, opened.id, "social_care")
    assert duty.due_ms - duty.made_at_ms == 7 * DAY_MS
    request = grounds_pb2.ReviewBreakGlassRequest(id=opened.id, finding=grounds_pb2.REVIEW_FINDING_TRAINING)
    assert await refusal_of(worker.call(worker.grounds.ReviewBreakGlass, request)) == "NOT_YOUR_OFFICE"
    assert await refusal_of(foreign.call(foreign.grounds.ReviewBreakGlass, request)) == "NO_SUCH_THING"
    use = await review(own, opened.id, grounds_pb2.REVIEW_FINDING_TRAINING)
    assert (use.finding, use.reviewer) == (grounds_pb2.REVIEW_FINDING_TRAINING, guardian("social_care"))
    auditor = await administration.seat(AUDITOR)
    assert await refusal_of(auditor.call(auditor.grounds.ReviewBreakGlass, request)) == "DONE_ALREADY"
    assert not await duties(own)
    (done,) = await duties(own, everything=True)
    assert (done.fulfilled_by, done.evidence) == (guardian("social_care"), "training")
    assert not (await administration.sign_in(guardian("health"))).notices


async def test_nobody_reviews_a_use_of_their_own(administration: Administration) -> None:
    opened = await break_glass(await at_hand(administration))
    # Whoever opened it has become the guardian who is to review it.
    administration.write("UPDATE break_glass_use SET requester = ?", guardian("social_care"))
    own = await administration.seat(guardian("social_care"))
    request = grounds_pb2.ReviewBreakGlassRequest(id=opened.id, finding=grounds_pb2.REVIEW_FINDING_JUSTIFIED)
    assert await refusal_of(own.call(own.grounds.ReviewBreakGlass, request)) == "OWN_USE"


async def test_with_three_unreviewed_uses_one_of_them_overdue_no_other_is_opened(
    administration: Administration,
) -> None:
    worker = await at_hand(administration)
    first, *_ = [await _another(administration, worker) for _ in range(3)]
    assert (await _another(administration, worker)).id
    turn(administration, days=7, seconds=1)
    worker.hold(administration.hub.sessions.step_up(worker.token))
    assert await refusal_of(opening(worker)) == "REVIEWS_OVERDUE"
    own = await administration.seat(guardian("social_care"))
    assert all("OVERDUE" in notice for notice in await notices(own))
    # A refusal has spent nothing.
    for use in (await uses(own)).uses[:2]:
        await review(own, use.id)
    assert (await break_glass(worker)).id != first.id


async def test_uses_are_counted_by_user(administration: Administration) -> None:
    worker, own = await administration.seats(WORKER, guardian("social_care"))
    first, second, _ = [await _another(administration, worker) for _ in range(3)]
    await review(own, first.id)
    await review(own, second.id, grounds_pb2.REVIEW_FINDING_NOT_JUSTIFIED)
    (count,) = (await uses(own)).by_user
    assert (count.requester, count.uses, count.unreviewed, count.not_justified) == (WORKER, 3, 1, 1)
    assert not (await uses(await administration.seat(NURSE))).by_user


async def _another(administration: Administration, worker: Seat) -> grounds_pb2.BreakGlassResponse:
    worker.hold(administration.hub.sessions.step_up(worker.token))
    return await break_glass(worker)
