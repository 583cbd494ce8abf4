"""Approving: people agree to a proposal, give it up, or say what an emergency publication is found to have been."""

from dataclasses import replace

from hub.agreeing.actor import SEEING, SETTING, Actor
from hub.agreeing.approvals import require_may_approve
from hub.agreeing.process import Process
from hub.agreeing.proposing import changed_meanwhile
from hub.agreeing.publishable import require_waiting
from hub.audit import agreed
from hub.errors import InvalidRequest, NotAllowed
from hub.model.policy import LevelKind
from hub.model.proposal import Approval, Finding, Proposal, ProposalState, Publication


class Approving:
    """Takes what people say about a proposal before, and about an emergency after it is in force."""

    def __init__(self, process: Process) -> None:
        """Take what the whole process works with."""
        self._process = process

    async def approve(self, actor: Actor, proposal_id: str, digest: str) -> Proposal:
        """Agree to a proposal as the approver has seen it; an edit since then makes this fail."""
        actor.require_to_change(*SETTING)
        proposal = await self._process.proposal(proposal_id)
        require_may_approve(proposal, actor)
        if proposal.state is not ProposalState.OPEN or digest != proposal.digest:
            raise changed_meanwhile()
        at_ms = self._process.now_ms()
        await self._process.record(agreed.approved(proposal, actor.user_name, guards=actor.guards, at_ms=at_ms))
        approval = Approval(
            approver=actor.user_name, approver_agency=actor.agency, digest=digest, guards=actor.guards, at_ms=at_ms
        )
        if not await self._process.store(self._process.proposals.approve, proposal_id, approval):
            raise changed_meanwhile()
        return await self._process.proposal(proposal_id)

    async def withdraw(self, actor: Actor, proposal_id: str) -> Proposal:
        """Give a proposal up before it is in force."""
        actor.require_to_change(*SETTING)
        proposal = await self._process.proposal(proposal_id)
        if actor.kind is not LevelKind.ADMINISTRATOR and actor.user_name != proposal.proposer:
            raise NotAllowed("NOT_YOURS", "Only its proposer or an administrator withdraws a proposal.")
        require_waiting(proposal)
        await self._process.record(agreed.withdrawn(proposal, actor.user_name, self._process.now_ms()))
        if not await self._process.store(self._process.proposals.move, proposal, ProposalState.WITHDRAWN):
            raise changed_meanwhile()
        return await self._process.proposal(proposal_id)

    async def review(self, actor: Actor, number: int, finding: Finding) -> Publication:
        """Say what an emergency publication is found to have been; never by whoever published it."""
        actor.require_to_change(*SEEING)
        found = await self._process.store(self._process.publications.find, number)
        if found is None or not found.awaits_review:
            mend = "See which await one with: hub policy reviews"
            raise InvalidRequest("NO_REVIEW_DUE", f"Publication {number} awaits no review.", mend=mend)
        proposal = await self._process.proposal(found.proposal)
        took_part = {found.publisher, proposal.proposer, *(one.approver for one in proposal.valid_approvals)}
        if actor.user_name in took_part:
            raise NotAllowed("OWN_PUBLICATION", "You took part in it, so somebody else has to review it.")
        entry = agreed.reviewed(number, actor.user_name, finding=finding, at_ms=self._process.now_ms())
        await self._process.record(entry)
        if not await self._process.store(self._process.publications.review, number, finding, actor.user_name):
            raise changed_meanwhile()
        return replace(found, review=finding, reviewer=actor.user_name, texts={})
