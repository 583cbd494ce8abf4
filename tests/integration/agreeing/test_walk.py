"""The whole walk, from a wish to what is in force, over the wire."""

from sharing.v1 import policies_pb2

from hub.audit.log import EntryStore
from hub.model.entry import Appended, Entry
from tests.lib.administration import (
    AUDITOR,
    COLLEAGUE,
    FIRST,
    REASON,
    SECOND,
    Administration,
    guardian,
    refusal_of,
)
from tests.lib.drafts import CLOSING, OPENING, REWORDED


class Onlooker:
    """Stands for the store of the audit log, and notes what was in force whenever something was recorded."""

    def __init__(self, store: EntryStore, administration: Administration) -> None:
        self.seen: list[tuple[str, str, int]] = []
        self._store = store
        self._hub = administration.hub

    def append(self, entries: list[Entry]) -> Appended:
        appended = self._store.append(entries)
        published = self._hub.rooms.publishing._process.publications.newest(1)[0].number
        self.seen += [(entry.kind, self._hub.in_force.policy.version, published) for entry in entries]
        return appended


class Unwritable:
    """Stands for the store of an audit log whose disk is full."""

    def append(self, entries: list[Entry]) -> Appended:
        raise OSError(f"no space for {len(entries)} entries")


async def test_what_opens_records_is_published_once_a_second_person_and_their_guardian_agree(
    administration: Administration,
) -> None:
    first, second, schools = await administration.seats(FIRST, SECOND, guardian("schools"))
    before = administration.hub.in_force.policy.version
    proposal = await first.propose(OPENING)
    assert (list(proposal.opens), len(proposal.missing), proposal.base) == (["schools"], 2, 1)
    assert (proposal.proposer, proposal.reason) == (FIRST, REASON)
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert list((await second.approve(proposal)).missing) == ["a guardian of schools"]
    assert await refusal_of(first.publish(proposal)) == "APPROVALS_MISSING"
    assert administration.hub.in_force.policy.version == before
    agreed = await schools.approve(proposal)
    assert [(one.approver, one.agency) for one in agreed.approvals] == [(SECOND, ""), (guardian("schools"), "schools")]
    assert not agreed.missing
    published = (await first.publish(proposal)).publication
    assert administration.hub.in_force.policy.version == published.policy_version != before
    assert (published.number, published.publisher, published.proposal) == (2, FIRST, proposal.id)
    assert await second.policy() == dict(OPENING)
    assert [(one.number, one.policy_version) for one in await second.history()] == [
        (2, published.policy_version),
        (1, before),
    ]
    assert await refusal_of(first.publish(proposal)) == "NOT_OPEN"
    assert [one.state for one in await first.proposals(ended=True)] == [policies_pb2.PROPOSAL_STATE_PUBLISHED]
    assert not await first.proposals()
    assert [one["kind"] for one in administration.audited() if one.get("proposal") == proposal.id] == [
        "proposed",
        "approved",
        "approved",
        "publishing",
    ]


async def test_one_guardian_of_the_opened_agency_is_second_person_and_guardian_at_once(
    administration: Administration,
) -> None:
    first, schools = await administration.seats(FIRST, guardian("schools"))
    assert not (await schools.approve(await first.propose(OPENING))).missing


async def test_whose_agreement_cannot_count_is_refused_and_leaves_no_trace(administration: Administration) -> None:
    first, colleague, own_guardian, auditor, professional = await administration.seats(
        FIRST, COLLEAGUE, guardian("social_care"), AUDITOR, "n.okafor"
    )
    stale = await administration.seat(SECOND, fresh=False)
    proposal = await first.propose(OPENING)
    assert await refusal_of(first.approve(proposal)) == "OWN_PROPOSAL"
    assert await refusal_of(colleague.approve(proposal)) == "SAME_AGENCY"
    assert await refusal_of(own_guardian.approve(proposal)) == "SAME_AGENCY"
    assert await refusal_of(auditor.approve(proposal)) == "NOT_YOUR_OFFICE"
    assert await refusal_of(professional.approve(proposal)) == "NOT_YOUR_OFFICE"
    assert await refusal_of(stale.approve(proposal)) == "STEP_UP_NEEDED"
    assert not (await first.proposals())[0].approvals
    assert "approved" not in {one["kind"] for one in administration.audited()}


async def test_an_edit_takes_the_approvals_away_even_when_it_is_taken_back(administration: Administration) -> None:
    first, second, schools = await administration.seats(FIRST, SECOND, guardian("schools"))
    shown = await first.propose(OPENING)
    await second.approve(shown)
    await schools.approve(shown)
    edited = await first.propose(CLOSING, proposal=shown.id)
    assert (edited.id, list(edited.approvals), len(edited.missing)) == (shown.id, [], 1)
    assert await refusal_of(first.publish(edited)) == "APPROVALS_MISSING"
    assert await refusal_of(second.approve(shown)) == "CHANGED_MEANWHILE"
    back = await first.propose(OPENING, proposal=shown.id)
    assert (back.digest, list(back.approvals), len(back.missing)) == (shown.digest, [], 2)
    assert await refusal_of(first.publish(back)) == "APPROVALS_MISSING"
    await second.approve(back)
    await schools.approve(back)
    assert (await first.publish(back)).publication.number == 2


async def test_an_approval_is_of_what_was_shown_and_counts_once(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose(OPENING)
    of_something_else = policies_pb2.Proposal(id=proposal.id, digest="0" * 64)
    of_nothing = policies_pb2.Proposal(id=proposal.id)
    assert await refusal_of(second.approve(of_something_else)) == "CHANGED_MEANWHILE"
    assert await refusal_of(second.approve(of_nothing)) == "CHANGED_MEANWHILE"
    await second.approve(proposal)
    assert await refusal_of(second.approve(proposal)) == "APPROVED_ALREADY"
    assert await refusal_of(second.approve(policies_pb2.Proposal(id="none", digest="0" * 64))) == "NO_SUCH_PROPOSAL"


async def test_only_its_proposer_edits_a_proposal(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose(REWORDED)
    assert await refusal_of(second.propose(OPENING, proposal=proposal.id)) == "NOT_YOURS"
    assert await refusal_of(first.propose(OPENING, proposal="none")) == "NO_SUCH_PROPOSAL"


async def test_a_proposal_is_withdrawn_by_its_proposer_or_an_administrator(administration: Administration) -> None:
    first, schools, health = await administration.seats(FIRST, guardian("schools"), guardian("health"))
    proposal = await schools.propose(REWORDED)
    request = policies_pb2.WithdrawRequest(proposal=proposal.id)
    assert await refusal_of(health.call(health.policies.Withdraw, request)) == "NOT_YOURS"
    withdrawn = (await first.call(first.policies.Withdraw, request)).proposal
    assert (withdrawn.state, list(withdrawn.missing)) == (policies_pb2.PROPOSAL_STATE_WITHDRAWN, [])
    assert await refusal_of(schools.call(schools.policies.Withdraw, request)) == "NOT_OPEN"
    assert await refusal_of(health.approve(proposal)) == "CHANGED_MEANWHILE"
    assert await refusal_of(schools.propose(OPENING, proposal=proposal.id)) == "NOT_OPEN"
    assert [one["kind"] for one in administration.audited() if one.get("proposal") == proposal.id] == [
        "proposed",
        "proposal_withdrawn",
    ]


async def test_a_publication_is_recorded_before_it_is_kept_or_decides_anything(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose(REWORDED)
    await second.approve(proposal)
    before = administration.hub.in_force.policy.version
    onlooker = Onlooker(administration.hub.audit._store, administration)
    administration.hub.audit._store = onlooker
    await first.publish(proposal)
    assert ("publishing", before, 1) in onlooker.seen


async def test_what_cannot_be_recorded_does_not_happen(administration: Administration) -> None:
    first, second = await administration.seats(FIRST, SECOND)
    proposal = await first.propose(REWORDED)
    await second.approve(proposal)
    before, store = administration.hub.in_force.policy, administration.hub.audit._store
    administration.hub.audit._store = Unwritable()
    assert await refusal_of(first.publish(proposal)) == "AUDIT_UNWRITABLE"
    assert await refusal_of(second.propose(OPENING)) == "AUDIT_UNWRITABLE"
    administration.hub.audit._store = store
    assert administration.hub.in_force.policy is before
    assert (len(await first.history()), len(await first.proposals())) == (1, 1)
    assert (await first.publish(proposal)).publication.number == 2
