"""Reviewing: every use of break-glass access is seen by somebody else, who says what it was."""

import asyncio
from functools import partial

from hub.agreeing.actor import Actor
from hub.agreeing.carrying import carried_through
from hub.audit import grounds as recorded
from hub.errors import NotAllowed
from hub.grounds.acting import decided_already, not_known, require_fresh
from hub.grounds.needs import Surroundings, UseStore
from hub.model.break_glass import ReviewFinding, Use, UseCount
from hub.model.policy import LevelKind

MOST_LISTED = 200
REVIEWERS = (LevelKind.GUARDIAN, LevelKind.AUDITOR)


class Reviewing:
    """Lists uses to those whom they concern, and takes what their reviewers find."""

    def __init__(self, surroundings: Surroundings, uses: UseStore) -> None:
        """Take the store of uses."""
        self._around = surroundings
        self._uses = uses

    async def listed(self, actor: Actor, *, with_reviewed: bool) -> tuple[Use, ...]:
        """Return uses, oldest first: a requester's own, those that concern a guardian's agency, or for auditors all."""
        requester, agency = _scope(actor)
        listed = partial(self._uses.listed, MOST_LISTED, with_reviewed=with_reviewed)
        return await asyncio.to_thread(listed, requester=requester, agency=agency)

    async def counts(self, actor: Actor) -> tuple[UseCount, ...]:
        """Count the uses of each user among those, reviewed or not."""
        requester, agency = _scope(actor)
        return await asyncio.to_thread(partial(self._uses.counts, requester=requester, agency=agency))

    async def review(self, actor: Actor, use_id: str, finding: ReviewFinding) -> Use:
        """Say what a use is found to have been; never one's own, and once."""
        require_fresh(actor, *REVIEWERS)
        use = await self._find(use_id)
        if actor.user_name == use.requester:
            mend = "Ask another reviewer."
            raise NotAllowed("OWN_USE", "You have opened this yourself, so somebody else reviews it.", mend=mend)
        if actor.kind is LevelKind.GUARDIAN and actor.agency != use.requester_agency:
            raise not_known("use of yours to review", "hub break-glass list", "id")
        if use.finding is not None:
            raise decided_already()
        return await carried_through(self._keep(use, actor.user_name, finding))

    async def _keep(self, use: Use, reviewer: str, finding: ReviewFinding) -> Use:
        now_ms = self._around.now_ms()
        await self._around.audit.record(recorded.break_glass_reviewed(use, reviewer, now_ms, finding=finding))
        keep = partial(self._uses.review, use.id, finding=finding, reviewer=reviewer, at_ms=now_ms)
        if not await asyncio.to_thread(keep):
            raise decided_already()
        return await self._find(use.id)

    async def _find(self, use_id: str) -> Use:
        found = await asyncio.to_thread(self._uses.find, use_id)
        if found is None:
            raise not_known("use of yours to review", "hub break-glass list", "id")
        return found


def _scope(actor: Actor) -> tuple[str | None, str | None]:
    """Say of whom, or concerning which agency, somebody sees uses."""
    actor.require(LevelKind.PROFESSIONAL, LevelKind.GUARDIAN, LevelKind.AUDITOR)
    requester = actor.user_name if actor.kind is LevelKind.PROFESSIONAL else None
    return requester, actor.agency if actor.kind is LevelKind.GUARDIAN else None
