"""Publishing: what has been agreed to is put in force, at once and everywhere, or at its moment."""

import asyncio
import contextlib
from dataclasses import dataclass, replace

import structlog

from hub.access.policy import Policy
from hub.agreeing.actor import Actor
from hub.agreeing.carrying import carried_through
from hub.agreeing.process import Process
from hub.agreeing.proposing import Proposing, changed_meanwhile, checked_reason, digest_of, spelt
from hub.agreeing.publishable import require_administrator, require_publishable
from hub.asking.withdrawing import Withdrawing
from hub.audit import agreed, entries
from hub.errors import HubError, InvalidRequest, NotReady, NotWeighed, RequestError
from hub.model.policy import LevelKind
from hub.model.proposal import Proposal, ProposalKind, ProposalState, Publication, Texts
from hub.sessions.registry import Sessions

DAY_MS = 24 * 60 * 60 * 1_000
REVIEW_WITHIN_MS = 3 * DAY_MS
FARTHEST_MOMENT_MS = 366 * DAY_MS
_LONGEST_WAIT_SECONDS = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What has come into force, and how many answers were taken back because of it."""

    publication: Publication
    withdrawn_answers: int


class Publishing:
    """Publishes and schedules; one thing at a time."""

    def __init__(self, process: Process, proposing: Proposing, sessions: Sessions, withdrawing: Withdrawing) -> None:
        """Take what the whole process works with, and what feels a publication at once."""
        self._process = process
        self._proposing = proposing
        self._sessions = sessions
        self._withdrawing = withdrawing
        self._one_at_a_time = asyncio.Lock()
        self._wake = asyncio.Event()

    async def schedule(self, actor: Actor, proposal_id: str, publish_at_ms: int) -> Proposal:
        """Have a proposal published at a moment; it needs its approvals now, and is looked at once more then."""
        actor.require_to_change(LevelKind.ADMINISTRATOR)
        proposal = await self._process.proposal(proposal_id)
        now_ms = self._process.now_ms()
        if not now_ms < publish_at_ms <= now_ms + FARTHEST_MOMENT_MS:
            mend = "Give a moment from now on, at most a year ahead."
            raise InvalidRequest("MOMENT_UNFIT", "It cannot be published then.", mend=mend, field="at_ms")
        await require_publishable(self._process, proposal, emergency="")
        entry = agreed.scheduled(proposal, actor.user_name, publish_at_ms=publish_at_ms, at_ms=now_ms)
        await self._process.record(entry)
        scheduled = ProposalState.SCHEDULED
        moved = {"publish_at_ms": publish_at_ms, "publisher": actor.user_name}
        if not await self._process.store(self._process.proposals.move, proposal, scheduled, **moved):
            raise changed_meanwhile()
        self._wake.set()
        return await self._process.proposal(proposal_id)

    async def publish(self, actor: Actor, proposal_id: str, *, emergency: str = "") -> Published:
        """Put a proposal in force now; in an emergency without all of its approvals, and to be reviewed then.

        When this returns no question is taken, and nothing is released, under what was in force before.
        """
        actor.require_to_change(LevelKind.ADMINISTRATOR)
        reason = checked_reason(emergency) if emergency else ""
        async with self._one_at_a_time:
            return await self._publish(await self._process.proposal(proposal_id), actor.user_name, reason)

    async def watch(self) -> None:
        """Publish each scheduled proposal at its moment; one that has become unfit is open once more."""
        while True:
            # Before the look, so that what is scheduled during it wakes this up again.
            self._wake.clear()
            waiting = await self._process.store(self._process.proposals.scheduled)
            due = [found for found in waiting if (found.publish_at_ms or 0) <= self._process.now_ms()]
            for proposal in due:
                await self._publish_scheduled(proposal)
            if due:
                continue
            # A clock may be set meanwhile, so a moment that is far off is looked at again and again.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LONGEST_WAIT_SECONDS if waiting else None):
                    await self._wake.wait()

    async def _publish_scheduled(self, proposal: Proposal) -> None:
        try:
            async with self._one_at_a_time:
                await require_administrator(self._process, proposal.publisher)
                await self._publish(proposal, proposal.publisher, "")
        except NotReady:
            # It is no fault of the proposal, so it keeps its moment: the watch begins anew a little later.
            raise
        except HubError as error:
            _log.error("publication.failed", proposal=proposal.id, error=type(error).__name__)
            why = error.reason if isinstance(error, RequestError | NotWeighed) else type(error).__name__
            await self._process.record(agreed.reopened(proposal, why=why, at_ms=self._process.now_ms()))
            await self._process.store(
                self._process.proposals.move, proposal, ProposalState.OPEN, publish_at_ms=None, publisher=""
            )

    async def _publish(self, proposal: Proposal, publisher: str, emergency: str) -> Published:
        lacking = await require_publishable(self._process, proposal, emergency)
        publication, policy = await self._prepare(proposal, publisher, emergency)
        return await carried_through(self._take_effect(proposal, publication, policy, lacking))

    async def _take_effect(
        self, proposal: Proposal, publication: Publication, policy: Policy | None, lacking: tuple[str, ...]
    ) -> Published:
        """Record what comes into force, keep it, and let it decide; all of it, or nothing."""
        approvers = [approval.approver for approval in proposal.valid_approvals]
        await self._process.record(agreed.publishing(proposal, publication, approvers=approvers, lacking=lacking))
        kept = await self._process.store(self._process.proposals.publish, proposal, publication)
        if kept is None:
            raise changed_meanwhile()
        return self._put_in_force(kept, policy, proposal)

    def _put_in_force(self, publication: Publication, policy: Policy | None, proposal: Proposal) -> Published:
        """Swap what decides and take back what it no longer allows; nothing else runs in between."""
        taken = 0
        for change in proposal.changes:
            self._sessions.revoke(change.user_name)
        if policy is not None:
            # Where this entry stands in the log, nothing that follows was released under what was in force before.
            entry = entries.policy_in_force(policy.version, self._process.now_ms(), publication=publication.number)
            self._process.audit.submit(entry)
            try:
                self._process.policies.put(policy)
            finally:
                # Whatever else takes no notice of a new policy, what it forbids goes.
                taken = self._withdrawing.everywhere()
        log = _log.warning if publication.emergency else _log.info
        event = "policy.emergency" if publication.emergency else "policy.published"
        log(event, publication=publication.number, kind=publication.kind, policy_version=publication.version)
        return Published(publication=replace(publication, texts={}), withdrawn_answers=taken)

    async def _prepare(self, proposal: Proposal, publisher: str, emergency: str) -> tuple[Publication, Policy | None]:
        """Make the publication, and for a policy compile it."""
        policy, texts, version = None, {}, self._process.policy.version
        if proposal.kind is ProposalKind.POLICY:
            texts = dict(await self._process.store(self._process.proposals.texts, proposal.id))
            _require_agreed_content(proposal, texts)
            policy = await self._process.compile(texts)
            version = policy.version
        else:
            _require_agreed_content(proposal, spelt(proposal.changes))
            await self._proposing.check_changes(proposal)
        now_ms = self._process.now_ms()
        publication = Publication(
            number=0,
            version=version,
            kind=proposal.kind,
            at_ms=now_ms,
            publisher=publisher,
            proposal=proposal.id,
            reason=proposal.reason,
            emergency=emergency,
            review_due_ms=now_ms + REVIEW_WITHIN_MS if emergency else None,
            texts=texts,
        )
        return publication, policy


def _require_agreed_content(proposal: Proposal, content: Texts) -> None:
    """Raise InvalidRequest when what is kept of a proposal is not what people agreed to: somebody changed the store."""
    if digest_of(proposal.kind, proposal.base, content) != proposal.digest:
        what = "What is kept of this proposal is not what was proposed and approved."
        raise InvalidRequest(
            "CONTENT_CHANGED", what, mend="Withdraw it, find out who can write to the store, make it anew."
        )
