"""Owing: what a question leaves its requester's agency to do, and that it has been done."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial

import structlog

from hub.agreeing.actor import Actor
from hub.agreeing.carrying import carried_through
from hub.audit import grounds as recorded
from hub.errors import InvalidRequest, NotReady, places
from hub.grounds.acting import decided_already, not_known, reference
from hub.grounds.needs import ID_BYTES, DutyStore, Surroundings, milliseconds
from hub.model.duty import Duty
from hub.model.grounds import DutyKind, Entailed
from hub.model.policy import LevelKind
from hub.model.request import Request

MOST_LISTED = 500
# Everybody of an agency may do what it owes; those whose level nobody can hold any more do nothing.
ANYBODY = frozenset(LevelKind) - {LevelKind.ABSTRACT}

_log = structlog.get_logger(__name__)


class Owing:
    """Keeps duties until they are done."""

    def __init__(self, surroundings: Surroundings, duties: DutyStore) -> None:
        """Take the store of duties."""
        self._around = surroundings
        self._duties = duties

    async def arising(self, request: Request, entailed: Sequence[Entailed]) -> None:
        """Keep what a question leaves to do, before anybody is asked; raise NotReady when that fails.

        What is owed already for the same person and case, by the same requester and no later, is not owed twice.
        """
        try:
            await carried_through(self._keep([self._duty(request, found) for found in entailed]))
        except NotReady:
            raise
        except Exception as error:  # noqa: BLE001  (a full disk, a lost database: nobody is asked)
            _log.error("duty.unwritable", error=type(error).__name__, at=places(error))
            message = "The hub cannot note now what this question leaves to do, so it does not ask. Try again."
            raise NotReady("DUTY_UNWRITABLE", message) from None

    async def listed(self, actor: Actor, *, with_done: bool) -> tuple[Duty, ...]:
        """Return what the actor's agency owes, or for auditors every agency; what is due first comes first."""
        actor.require(*ANYBODY)
        agency = None if actor.kind is LevelKind.AUDITOR else actor.agency
        return await asyncio.to_thread(partial(self._duties.listed, MOST_LISTED, agency=agency, with_done=with_done))

    async def fulfil(self, actor: Actor, duty_id: str, evidence: str) -> Duty:
        """Note that a duty of the actor's agency is done, and where that can be seen."""
        actor.require(*ANYBODY)
        duty = await self._find(duty_id)
        if duty.agency != actor.agency:
            raise not_known("duty of your agency", "hub duty list", "duty")
        if duty.kind is DutyKind.BREAK_GLASS_REVIEW:
            mend = f"Review it with: hub break-glass review {duty.about}"
            raise InvalidRequest("NEEDS_REVIEW", "A review is done by saying what was found.", mend=mend, field="duty")
        if duty.fulfilled_at_ms is not None:
            raise decided_already()
        kept = reference(evidence, "evidence")
        return await carried_through(self._done(duty, actor.user_name, kept))

    async def _done(self, duty: Duty, by: str, evidence: str) -> Duty:
        now_ms = self._around.now_ms()
        await self._around.audit.record(recorded.duty_fulfilled(duty, by, now_ms, evidence=evidence))
        if not await asyncio.to_thread(partial(self._duties.fulfil, duty.id, by=by, evidence=evidence, at_ms=now_ms)):
            raise decided_already()
        return await self._find(duty.id)

    async def _keep(self, duties: Sequence[Duty]) -> None:
        new = [duty for duty in duties if not await asyncio.to_thread(self._duties.is_owed, duty)]
        if new:
            await self._around.audit.record(*(recorded.duty_made(duty) for duty in new))
            await asyncio.to_thread(self._duties.add, new)

    def _duty(self, request: Request, entailed: Entailed) -> Duty:
        person = self._around.person(request.person)
        return Duty(
            id=secrets.token_hex(ID_BYTES),
            kind=entailed.kind,
            agency=request.requester.agency,
            requester=request.requester.user_name,
            about=request.request_id,
            case_reference=request.case_reference,
            epoch=person.epoch,
            person=person.ways,
            made_at_ms=self._around.now_ms(),
            # The whole of that day counts, as UTC has it.
            due_ms=milliseconds(datetime.combine(entailed.due + timedelta(days=1), time(), UTC)),
        )

    async def _find(self, duty_id: str) -> Duty:
        found = await asyncio.to_thread(self._duties.find, duty_id)
        if found is None:
            raise not_known("duty of your agency", "hub duty list", "duty")
        return found
