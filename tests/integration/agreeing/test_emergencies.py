"""Emergencies: what one administrator may do alone, who is told of it, and who reviews it."""

import time

from sharing.v1 import policies_pb2, status_pb2, status_pb2_grpc

from tests.lib.administration import (
    AUDITOR,
    COLLEAGUE,
    FIRST,
    SECOND,
    Administration,
    Seat,
    guardian,
    office,
    refusal_of,
)
from tests.lib.drafts import CLOSING, OPENING, WITHOUT_STEP_UP

WHY = "Somebody reads what they must not."
DAY_MS = 24 * 60 * 60 * 1_000


async def notices_of(seat: Seat) -> list[str]:
    """Return what somebody is told who looks at how the hub is doing."""
    stub = status_pb2_grpc.StatusServiceStub(seat.channel)
    return list((await seat.call(stub.GetStatus, status_pb2.GetStatusRequest())).notices)


async def review(seat: Seat, number: int, finding: str = "justified") -> policies_pb2.Publication:
    request = policies_pb2.ReviewRequest(publication=number, finding=finding)
    return (await seat.call(seat.policies.Review, request)).publication


async def test_one_administrator_closes_at_once_and_everybody_who_sets_rules_is_told(
    administration: Administration,
) -> None:
    first = await administration.seat(FIRST)
    proposal = await first.propose(CLOSING)
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert await refusal_of(first.publish(proposal, emergency="now!")) == "REASON_MISSING"
    published = (await first.publish(proposal, emergency=WHY)).publication
    assert (published.emergency, published.review) == (WHY, "")
    assert 2 * DAY_MS < published.review_due_ms - published.at_ms <= 3 * DAY_MS
    for told in (FIRST, SECOND, AUDITOR, guardian("health")):
        (notice,) = (await administration.sign_in(told)).notices
        assert (WHY in notice, FIRST in notice, "OVERDUE" in notice) == (True, True, False)
        assert await notices_of(await administration.seat(told, fresh=False)) == [notice]
    for untold in ("n.okafor", "s.patel", "a.brown"):
        assert not (await administration.sign_in(untold)).notices
        assert not await notices_of(await administration.seat(untold))
    (entry,) = (one for one in administration.audited() if one["kind"] == "publishing")
    assert (entry["is_emergency"], len(entry["lacking"]), entry["publisher"]) == (True, 1, FIRST)


async def test_opening_in_an_emergency_takes_a_second_person_and_leaves_the_guardian_for_the_review(
    administration: Administration,
) -> None:
    first, second, health = await administration.seats(FIRST, SECOND, guardian("health"))
    for draft in (OPENING, WITHOUT_STEP_UP):
        assert await refusal_of(first.publish(await first.propose(draft), emergency=WHY)) == "APPROVALS_MISSING"
    proposal = await first.propose(OPENING)
    assert await refusal_of(health.publish(proposal, emergency=WHY)) == "NOT_YOUR_OFFICE"
    await second.approve(proposal)
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert (await first.publish(proposal, emergency=WHY)).publication.number == 2
    (entry,) = (one for one in administration.audited() if one["kind"] == "publishing")
    assert (entry["approvers"], entry["lacking"]) == ([SECOND], ["a guardian of schools"])


async def test_no_emergency_lets_one_person_alone_give_an_account_anything(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    keeps = {"user_name": "s.patel", "keep_office": True}
    for change in (
        office(FIRST, "social_worker", "social_care"),
        office("s.patel", "policy_administrator", "social_care"),
        policies_pb2.AccountChange(**keeps, enable=True),
        policies_pb2.AccountChange(**keeps, remove_factors=True),
        policies_pb2.AccountChange(user_name="s.patel", enable=True),
    ):
        assert await refusal_of(first.publish(await first.propose_accounts(change), emergency=WHY)) == (
            "APPROVALS_MISSING"
        )
    taking = await first.propose_accounts(office("s.patel", "", ""))
    assert (await first.publish(taking, emergency=WHY)).publication.number == 2


async def test_an_emergency_is_reviewed_once_by_somebody_else(administration: Administration) -> None:
    first, colleague, auditor, nurse = await administration.seats(FIRST, COLLEAGUE, AUDITOR, "n.okafor")
    await first.publish(await first.propose(CLOSING), emergency=WHY)
    assert await refusal_of(review(first, 2)) == "OWN_PUBLICATION"
    assert await refusal_of(review(nurse, 2)) == "NOT_YOUR_OFFICE"
    assert await refusal_of(review(await administration.seat(AUDITOR, fresh=False), 2)) == "STEP_UP_NEEDED"
    assert await refusal_of(review(auditor, 2, "splendid")) == "NO_FINDING"
    for never in (0, 1, 3, 2**64 - 1):
        assert await refusal_of(review(auditor, never)) == "NO_REVIEW_DUE"
    reviewed = await review(auditor, 2, "not_justified")
    assert (reviewed.review, reviewed.reviewer) == ("not_justified", AUDITOR)
    assert await refusal_of(review(colleague, 2)) == "NO_REVIEW_DUE"
    assert not (await administration.sign_in(SECOND)).notices
    assert (await colleague.history())[0].review == "not_justified"
    (entry,) = (one for one in administration.audited() if one["kind"] == "reviewed")
    assert (entry["publication"], entry["reviewer"], entry["finding"]) == (2, AUDITOR, "not_justified")


async def test_nobody_who_took_part_in_an_emergency_reviews_it(administration: Administration) -> None:
    first, colleague, second, auditor = await administration.seats(FIRST, COLLEAGUE, SECOND, AUDITOR)
    proposal = await colleague.propose(OPENING)
    await second.approve(proposal)
    number = (await first.publish(proposal, emergency=WHY)).publication.number
    for part in (first, colleague, second):
        assert await refusal_of(review(part, number)) == "OWN_PUBLICATION"
    assert (await review(auditor, number)).reviewer == AUDITOR


async def test_a_review_that_nobody_makes_is_overdue_for_all_to_see(administration: Administration) -> None:
    first = await administration.seat(FIRST)
    await first.publish(await first.propose(CLOSING), emergency=WHY)
    administration.change_process(now_ms=lambda: time.time_ns() // 1_000_000 + 4 * DAY_MS)
    (notice,) = (await administration.sign_in(SECOND)).notices
    assert "OVERDUE" in notice
    weighed = await first.weigh(weighing=policies_pb2.WEIGHING_REVIEWS, days=30)
    (emergency,) = weighed.said["emergencies"]
    assert (emergency["number"], emergency["is_overdue"], emergency["publisher"]) == (2, True, FIRST)
