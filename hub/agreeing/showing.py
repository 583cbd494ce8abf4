"""Showing how far the process has come: proposals, publications, and what everybody who sets rules must know."""

from hub.agreeing.process import Process
from hub.model.policy import LevelKind
from hub.model.proposal import Proposal, Publication

MOST_PROPOSALS, MOST_PUBLICATIONS = 200, 500


class Showing:
    """Reads what is kept of the process."""

    def __init__(self, process: Process) -> None:
        """Take what the whole process works with."""
        self._process = process

    async def proposals(self, *, with_ended: bool) -> tuple[Proposal, ...]:
        """Return proposals, newest first."""
        return await self._process.store(self._process.proposals.newest, MOST_PROPOSALS, with_ended=with_ended)

    async def publications(self) -> tuple[Publication, ...]:
        """Return publications, newest first, without their texts."""
        return await self._process.store(self._process.publications.newest, MOST_PUBLICATIONS)

    async def number(self) -> int:
        """Return the number of the newest publication."""
        newest = await self._process.store(self._process.publications.newest, 1)
        return newest[0].number if newest else 0

    async def emergencies(self) -> tuple[Publication, ...]:
        """Return the emergency publications that await a review, oldest first."""
        return await self._process.store(self._process.publications.awaiting_review)

    async def notices(self, kind: LevelKind) -> tuple[str, ...]:
        """Say what somebody with a level of this kind must know: nothing, unless it is about setting rules."""
        if kind in {LevelKind.PROFESSIONAL, LevelKind.ABSTRACT, LevelKind.OFFICER}:
            return ()
        now_ms = self._process.now_ms()
        return tuple(_notice(found, now_ms) for found in await self.emergencies())


def _notice(publication: Publication, now_ms: int) -> str:
    is_overdue = now_ms >= (publication.review_due_ms or 0)
    return (
        f"EMERGENCY: {publication.publisher} published number {publication.number} without all approvals"
        f" (“{publication.emergency}”). Its review is {'OVERDUE' if is_overdue else 'due'}: hub policy reviews"
    )
