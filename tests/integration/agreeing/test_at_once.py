"""Two who publish at once, one who goes away meanwhile, and what has changed since a proposal was approved."""

import asyncio
from collections.abc import Mapping

import grpc
import pytest
from sharing.v1 import accounts_pb2, policies_pb2

from hub.access.policy import Policy
from tests.lib.administration import FIRST, SECOND, Administration, guardian, office, refusal_of
from tests.lib.drafts import CLOSING, OPENING, REWORDED
from tests.lib.gate import PATIENCE_SECONDS, Gate


async def agreed(administration: Administration, *drafts: Mapping[str, bytes]) -> list[policies_pb2.Proposal]:
    """Propose drafts and have a second person agree to each."""
    first, second = await administration.seats(FIRST, SECOND)
    proposals = [await first.propose(draft) for draft in drafts]
    return [await second.approve(proposal) for proposal in proposals]


async def test_of_two_who_publish_at_once_one_does_and_the_other_is_out_of_date(
    administration: Administration,
) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    closing, reworded = await agreed(administration, CLOSING, REWORDED)
    outcomes = await asyncio.gather(first.publish(closing), second.publish(reworded), return_exceptions=True)
    (lost,) = (one for one in outcomes if isinstance(one, grpc.aio.AioRpcError))
    (won,) = (one for one in outcomes if not isinstance(one, BaseException))
    assert lost.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [one.number for one in await first.history()] == [2, 1]
    assert administration.hub.in_force.policy.version == won.publication.policy_version


async def test_one_proposal_is_published_once_though_two_do_it_at_once(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    (closing,) = await agreed(administration, CLOSING)
    outcomes = await asyncio.gather(first.publish(closing), second.publish(closing), return_exceptions=True)
    assert sum(isinstance(one, grpc.aio.AioRpcError) for one in outcomes) == 1
    assert [one.number for one in await first.history()] == [2, 1]


async def test_what_was_compared_with_an_older_policy_is_proposed_again(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    closing, reworded = await agreed(administration, CLOSING, REWORDED)
    await first.publish(reworded)
    assert await refusal_of(first.publish(closing)) == "OUT_OF_DATE"
    again = await first.propose(CLOSING, proposal=closing.id)
    assert (again.id, again.base, again.digest != closing.digest) == (closing.id, 2, True)
    assert await refusal_of(first.publish(again)) == "APPROVALS_MISSING"
    await second.approve(again)
    assert (await first.publish(again)).publication.number == 3


async def test_the_approval_of_who_may_no_longer_approve_does_not_count(administration: Administration) -> None:
    first, health = await administration.seats(FIRST, guardian("health"))
    (closing,) = await agreed(administration, CLOSING)
    await first.call(first.accounts.DisableAccount, accounts_pb2.DisableAccountRequest(user_name=SECOND))
    assert await refusal_of(first.publish(closing)) == "APPROVALS_MISSING"
    await health.approve(closing)
    assert (await first.publish(closing)).publication.number == 2


async def test_the_approval_of_a_guardian_of_another_agency_does_not_count(administration: Administration) -> None:
    first, schools = await administration.seats(FIRST, guardian("schools"))
    (opening,) = await agreed(administration, OPENING)
    await schools.approve(opening)
    moved = await first.propose_accounts(office(schools.user_name, "data_guardian", "health"))
    await (await administration.seat(SECOND)).approve(moved)
    await first.publish(moved)
    assert await refusal_of(first.publish(opening)) == "APPROVALS_MISSING"


async def test_an_administrator_who_goes_away_while_publishing_leaves_nothing_half_done(
    administration: Administration,
) -> None:
    first = await administration.seat(FIRST)
    (closing,) = await agreed(administration, CLOSING)
    gate = Gate(administration.hub.rooms.publishing._process.proposals, "publish")
    administration.change_process(proposals=gate)
    put = asyncio.create_task(administration.until_published())
    request = policies_pb2.PublishRequest(proposal=closing.id)
    call = first.policies.Publish(request, metadata=first.metadata)
    waiting = asyncio.ensure_future(call)
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_SECONDS)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.open()
    await put
    newest = (await first.history())[0]
    assert (newest.number, newest.policy_version) == (2, administration.hub.in_force.policy.version)


async def test_something_that_fails_to_listen_keeps_no_answer_from_being_taken_back(
    administration: Administration,
) -> None:
    def fail(_policy: Policy) -> None:
        raise RuntimeError("cannot listen")

    first, nurse = await administration.seats(FIRST, "n.okafor")
    (closing,) = await agreed(administration, CLOSING)
    administration.hub.in_force.listen(fail)
    taken: list[Policy] = []
    everywhere = administration.hub.rooms.withdrawing.everywhere
    administration.hub.rooms.publishing._withdrawing = Withdrawal(taken, administration)
    assert await refusal_of(first.publish(closing)) == "INTERNAL"
    assert [policy.version for policy in taken] == [administration.hub.in_force.policy.version]
    assert everywhere() == 0
    assert (await nurse.status()).keys()


class Withdrawal:
    """Notes under which policy something is to be taken back."""

    def __init__(self, taken: list[Policy], administration: Administration) -> None:
        self._taken = taken
        self._hub = administration.hub

    def everywhere(self) -> int:
        self._taken.append(self._hub.in_force.policy)
        return 0


async def test_what_somebody_changes_in_the_store_after_it_was_approved_is_not_published(
    administration: Administration,
) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    closing, reworded = await agreed(administration, CLOSING, REWORDED)
    offices = await first.propose_accounts(office("s.patel", "social_worker", "social_care"))
    await second.approve(offices)
    administration.write(
        "UPDATE proposal SET texts = (SELECT texts FROM proposal WHERE id = ?) WHERE id = ?", reworded.id, closing.id
    )
    administration.write("UPDATE proposal SET changes = replace(changes, 's.patel', 'a.brown')")
    assert await refusal_of(first.publish(closing)) == "CONTENT_CHANGED"
    assert await refusal_of(first.publish(offices)) == "CONTENT_CHANGED"


async def test_a_rollback_is_a_new_publication_of_the_same_version(administration: Administration) -> None:
    first, schools, second = await administration.seats(FIRST, guardian("schools"), SECOND)
    before = administration.hub.in_force.policy.version
    opening = await first.propose(OPENING)
    await schools.approve(opening)
    await first.publish(opening)
    request = policies_pb2.ProposeRollbackRequest(publication=1, reason="It was not what was wished for.")
    back = (await first.call(first.policies.ProposeRollback, request)).proposal
    assert (list(back.opens), back.base) == ([], 2)
    await second.approve(back)
    published = (await first.publish(back)).publication
    assert (published.number, published.policy_version) == (3, before)
    assert administration.hub.in_force.policy.version == before
    assert [one.number for one in await first.history()] == [3, 2, 1]


async def test_there_is_no_way_back_to_what_was_never_a_policy(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    offices = await first.propose_accounts(office("s.patel", "", ""))
    await second.approve(offices)
    assert (await first.publish(offices)).publication.number == 2
    for number in (0, 2, 99, 2**31, 2**63, 2**64 - 1):
        request = policies_pb2.ProposeRollbackRequest(publication=number, reason="It was not what was wished for.")
        assert await refusal_of(first.call(first.policies.ProposeRollback, request)) == "NO_SUCH_PUBLICATION"
