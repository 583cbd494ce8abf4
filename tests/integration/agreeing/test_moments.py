"""Publishing at a moment: the clock is turned, never waited for."""

import time

import pytest
from sharing.v1 import accounts_pb2, policies_pb2

from tests.integration.journey.waiting import until
from tests.lib.administration import COLLEAGUE, FIRST, SECOND, Administration, Seat, administration_of, refusal_of
from tests.lib.deployment import Deployment
from tests.lib.drafts import CLOSING, REWORDED, Texts

HOUR_MS = 60 * 60 * 1_000
OPEN, SCHEDULED = policies_pb2.PROPOSAL_STATE_OPEN, policies_pb2.PROPOSAL_STATE_SCHEDULED


class Clock:
    """Tells milliseconds since 1970, by as much before or after now as it is turned."""

    def __init__(self) -> None:
        self.turned_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.turned_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def approved(first: Seat, second: Seat, texts: Texts) -> policies_pb2.Proposal:
    return await second.approve(await first.propose(texts))


async def test_a_proposal_comes_into_force_at_its_moment_and_not_before(
    administration: Administration, clock: Clock
) -> None:
    administration.change_process(now_ms=clock)
    first, second = await administration.seats(FIRST, SECOND)
    before = administration.hub.in_force.policy.version
    proposal = await approved(first, second, CLOSING)
    moment = clock() + HOUR_MS
    said = await second.publish(proposal, at_ms=moment)
    assert (said.proposal.state, said.proposal.publish_at_ms, said.publication.number) == (SCHEDULED, moment, 0)
    assert administration.hub.in_force.policy.version == before
    assert await refusal_of(first.propose(REWORDED, proposal=proposal.id)) == "NOT_OPEN"
    clock.turned_ms = HOUR_MS
    await administration.until_published()
    newest = (await first.history())[0]
    assert (newest.number, newest.publisher, newest.proposal) == (2, SECOND, proposal.id)
    assert newest.at_ms >= moment


async def test_a_moment_must_be_ahead_and_within_a_year_and_needs_its_approvals_now(
    administration: Administration, clock: Clock
) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose(CLOSING)
    assert await refusal_of(first.publish(proposal, at_ms=clock() + HOUR_MS)) == "APPROVALS_MISSING"
    await second.approve(proposal)
    for moment in (1, clock() - 1, clock() + 367 * 24 * HOUR_MS, 2**63 - 1, -1):
        assert await refusal_of(first.publish(proposal, at_ms=moment)) == "MOMENT_UNFIT"
    hurried = first.publish(proposal, at_ms=clock() + HOUR_MS, emergency="It cannot wait, and yet it shall.")
    assert await refusal_of(hurried) == "MOMENT_UNFIT"


async def test_one_whose_base_has_moved_is_open_again_at_its_moment_and_that_is_recorded(
    administration: Administration, clock: Clock
) -> None:
    administration.change_process(now_ms=clock)
    first, second = await administration.seats(FIRST, SECOND)
    waiting, sooner = [await approved(first, second, texts) for texts in (CLOSING, REWORDED)]
    await first.publish(waiting, at_ms=clock() + HOUR_MS)
    await first.publish(sooner)
    in_force = administration.hub.in_force.policy.version
    clock.turned_ms = HOUR_MS
    await until(lambda: any(one["kind"] == "reopened" for one in administration.audited()))
    (reopened,) = (one for one in administration.audited() if one["kind"] == "reopened")
    assert (reopened["proposal"], reopened["why"], reopened["publisher"]) == (waiting.id, "OUT_OF_DATE", FIRST)
    stores = administration.hub.rooms.publishing._process.proposals
    await until(lambda: not stores.scheduled())
    (again,) = await first.proposals()
    assert (again.state, again.publish_at_ms) == (OPEN, 0)
    assert administration.hub.in_force.policy.version == in_force


async def test_one_whose_publisher_has_gone_is_open_again_at_its_moment(
    administration: Administration, clock: Clock
) -> None:
    administration.change_process(now_ms=clock)
    first, second, colleague = await administration.seats(FIRST, SECOND, COLLEAGUE)
    waiting = await approved(first, second, CLOSING)
    await colleague.publish(waiting, at_ms=clock() + HOUR_MS)
    await first.call(first.accounts.DisableAccount, accounts_pb2.DisableAccountRequest(user_name=COLLEAGUE))
    clock.turned_ms = HOUR_MS
    await until(lambda: any(one["kind"] == "reopened" for one in administration.audited()))
    (reopened,) = (one for one in administration.audited() if one["kind"] == "reopened")
    assert (reopened["why"], reopened["publisher"]) == ("PUBLISHER_GONE", COLLEAGUE)
    stores = administration.hub.rooms.publishing._process.proposals
    await until(lambda: not stores.scheduled())
    assert (await second.publish(waiting)).publication.number == 2


async def test_what_waits_can_be_withdrawn_or_published_at_once(administration: Administration, clock: Clock) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    dropped, hurried = [await approved(first, second, texts) for texts in (CLOSING, REWORDED)]
    for proposal in (dropped, hurried):
        await first.publish(proposal, at_ms=clock() + HOUR_MS)
    request = policies_pb2.WithdrawRequest(proposal=dropped.id)
    withdrawn = (await first.call(first.policies.Withdraw, request)).proposal
    assert withdrawn.state == policies_pb2.PROPOSAL_STATE_WITHDRAWN
    assert (await second.publish(hurried)).publication.number == 2


async def test_a_scheduled_one_outlives_the_hub_and_is_published_by_the_next(
    deployment: Deployment, clock: Clock
) -> None:
    clock.turned_ms = -2 * HOUR_MS
    async with administration_of(deployment) as administration:
        administration.change_process(now_ms=clock)
        first, second = await administration.seats(FIRST, SECOND)
        proposal = await approved(first, second, CLOSING)
        await first.publish(proposal, at_ms=clock() + HOUR_MS)
    async with administration_of(deployment) as administration:
        if len(await (await administration.seat(FIRST)).history()) == 1:
            await administration.until_published()
        newest = (await (await administration.seat(FIRST)).history())[0]
        assert (newest.number, newest.proposal) == (2, proposal.id)
        assert newest.policy_version == administration.hub.in_force.policy.version


async def test_one_that_cannot_be_recorded_at_its_moment_keeps_waiting(
    administration: Administration, clock: Clock
) -> None:
    administration.change_process(now_ms=clock)
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await approved(first, second, CLOSING)
    await first.publish(proposal, at_ms=clock() + HOUR_MS)
    store = administration.hub.audit._store
    full = Full()
    administration.hub.audit._store = full
    clock.turned_ms = HOUR_MS
    await until(lambda: full.tries > 0)
    administration.hub.audit._store = store
    await administration.until_published()
    assert (await first.history())[0].proposal == proposal.id


class Full:
    """Stands for the store of an audit log whose disk is full."""

    def __init__(self) -> None:
        self.tries = 0

    def append(self, entries: list[object]) -> int:
        self.tries += 1
        raise OSError(f"no space for {len(entries)} entries")
