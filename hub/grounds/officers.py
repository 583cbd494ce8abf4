"""Designated officers: what is put to them, what they decide, and what follows when they take it back."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from hub.access.authorise import authorise
from hub.agreeing.actor import Actor
from hub.agreeing.carrying import carried_through
from hub.audit import grounds as recorded
from hub.errors import NotAllowed, TooMuch
from hub.grounds.acting import decided_already, not_known, require_fresh
from hub.grounds.deciding import DAY_MS, Decision, checked_word, require_may_decide, word_for
from hub.grounds.needs import ID_BYTES, ConfirmationStore, Surroundings, moment
from hub.grounds.taking import Put, nobody_takes, require_ground, taking
from hub.model.confirmation import Confirmation, OfficerWord, WordState
from hub.model.grounds import Confirmed
from hub.model.policy import LevelKind
from hub.model.request import Request, Requester, case_reference

# Whoever waits longer asks again: an officer should not decide on what was true two weeks ago.
DECIDE_WITHIN_DAYS = 5
MOST_WAITING, MOST_LISTED = 50, 200

TakeBack = Callable[[Callable[[Request], bool]], int]


class Officers:
    """Keeps what was put to officers; the questions that rest on it learn here what they said."""

    def __init__(self, surroundings: Surroundings, confirmations: ConfirmationStore, take_back: TakeBack) -> None:
        """Take the store, and what takes back all answers of whose requests something is true."""
        self._around = surroundings
        self._confirmations = confirmations
        self._take_back = take_back
        # What was revoked since the hub began: a question that has just read the store must not miss it.
        self._revoked: set[tuple[str, str]] = set()

    async def put(self, actor: Actor, requester: Requester, put: Put) -> Confirmation:
        """Put a ground to an officer of every agency of the question that takes it."""
        actor.require(LevelKind.PROFESSIONAL)
        agencies = self._put_to(requester, put)
        now_ms = self._around.now_ms()
        if await asyncio.to_thread(self._confirmations.waiting, requester.user_name, now_ms) >= MOST_WAITING:
            mend = "Wait until officers have decided on some of it."
            raise TooMuch("TOO_MANY_CONFIRMATIONS", "Too much of yours waits for officers.", mend=mend)
        person = self._around.person(put.person)
        confirmation = Confirmation(
            id=secrets.token_hex(ID_BYTES),
            requester=requester.user_name,
            requester_agency=requester.agency,
            question=put.question,
            purpose=put.purpose,
            lawful_basis=put.lawful_basis,
            ground=put.ground,
            override_reason=put.override_reason,
            case_reference=case_reference(put.case_reference),
            epoch=person.epoch,
            person=person.ways,
            put_at_ms=now_ms,
            decide_by_ms=now_ms + DECIDE_WITHIN_DAYS * DAY_MS,
            words=tuple(OfficerWord(agency=agency) for agency in agencies),
        )
        await carried_through(self._keep(confirmation))
        return confirmation

    async def listed(self, actor: Actor, *, with_done: bool) -> tuple[Confirmation, ...]:
        """Return, oldest first, what is the actor's business: a requester's own, an officer's agency's, or all.

        Of what was put to several agencies an officer sees only what the own one has said.
        """
        actor.require(LevelKind.PROFESSIONAL, LevelKind.OFFICER, LevelKind.AUDITOR)
        requester = actor.user_name if actor.kind is LevelKind.PROFESSIONAL else None
        agency = actor.agency if actor.kind is LevelKind.OFFICER else None
        live_at_ms = None if with_done else self._around.now_ms()
        found = await asyncio.to_thread(
            self._confirmations.listed, MOST_LISTED, live_at_ms=live_at_ms, requester=requester, agency=agency
        )
        return tuple(seen_by(actor, confirmation) for confirmation in found)

    async def decide(self, actor: Actor, confirmation_id: str, decision: Decision) -> Confirmation:
        """Take an officer's word, once for each agency; raise unless it may be given and is whole."""
        require_fresh(actor, LevelKind.OFFICER)
        confirmation = await self._find(confirmation_id)
        now_ms = self._around.now_ms()
        require_may_decide(confirmation, actor, now_ms)
        word = checked_word(confirmation, actor, decision, self._around.policy.catalogue, now_ms)
        await carried_through(self._keep_word(confirmation, word, now_ms))
        return seen_by(actor, await self._find(confirmation.id))

    async def revoke(self, actor: Actor, confirmation_id: str) -> tuple[Confirmation, int]:
        """Take a confirmation of the actor's agency back; return it, and how many answers that rested on it went."""
        require_fresh(actor, LevelKind.OFFICER)
        confirmation = await self._find(confirmation_id)
        if confirmation.state_of(word_for(confirmation, actor), self._around.now_ms()) is not WordState.CONFIRMED:
            raise decided_already()
        dropped = await carried_through(self._revoke(confirmation, actor))
        return seen_by(actor, await self._find(confirmation.id)), dropped

    async def confirmed(self, request: Request, *, at: datetime) -> tuple[Confirmed, ...]:
        """Return what officers have confirmed of `request.confirmation`; raise NotAllowed when it is for another.

        Whether the officer still is one does not matter: the decision was made lawfully, and counts until it ends or is
        taken back.
        """
        found = await asyncio.to_thread(self._confirmations.find, request.confirmation)
        if found is None or not found.is_for(request, self._around.ways(request.person, found.epoch)):
            mend = "Leave it out, or put this question about this person to officers: hub officer put"
            what = "This was not put to officers for this person, question, purpose, basis, ground, reason, case."
            raise NotAllowed("CONFIRMATION_UNKNOWN", what, mend=mend, field="confirmation")
        return tuple(
            Confirmed(agency=word.agency, officer=word.officer, until=moment(word.valid_until_ms))
            for word in found.words
            if word.valid_until_ms is not None
            and not word.revoked_by
            and (found.id, word.agency) not in self._revoked
            and at < moment(word.valid_until_ms)
        )

    def _put_to(self, requester: Requester, put: Put) -> tuple[str, ...]:
        """Return the agencies to whose officers this is put; raise unless the requester may ask it on this ground."""
        policy = self._around.policy
        permits = authorise(
            policy,
            requester.office,
            question=put.question,
            purpose=put.purpose,
            basis=put.lawful_basis,
            at=self._around.now(),
            # Nothing is shown yet; a second factor is wanted when it is.
            is_stepped_up=True,
        )
        require_ground(policy, put)
        agencies = taking(policy, permits, own_agency=requester.agency, ground=put.ground)
        if not agencies:
            raise nobody_takes(policy, permits, own_agency=requester.agency)
        return agencies

    async def _keep(self, confirmation: Confirmation) -> None:
        """Record what was put for every agency that is asked, and keep it."""
        agencies = [word.agency for word in confirmation.words]
        await self._around.audit.record(*(recorded.confirmation_put(confirmation, agency) for agency in agencies))
        await asyncio.to_thread(self._confirmations.add, confirmation)

    async def _keep_word(self, confirmation: Confirmation, word: OfficerWord, now_ms: int) -> None:
        """Record an officer's word, and keep it unless the agency has said something meanwhile."""
        await self._around.audit.record(recorded.confirmation_decided(confirmation, word, now_ms))
        if not await asyncio.to_thread(self._confirmations.decide, confirmation.id, word):
            raise decided_already()

    async def _revoke(self, confirmation: Confirmation, actor: Actor) -> int:
        """Record it, keep it, and drop what rests on it; all of it, or nothing."""
        now_ms = self._around.now_ms()
        entry = recorded.confirmation_revoked(confirmation, actor.agency, actor.user_name, now_ms)
        await self._around.audit.record(entry)
        if not await asyncio.to_thread(self._confirmations.revoke, confirmation.id, actor.agency, actor.user_name):
            raise decided_already()
        self._revoked.add((confirmation.id, actor.agency))
        return self._take_back(lambda request: _rests(request, confirmation.id, actor.agency))

    async def _find(self, confirmation_id: str) -> Confirmation:
        found = await asyncio.to_thread(self._confirmations.find, confirmation_id)
        if found is None:
            raise not_known("confirmation", "hub officer queue", "confirmation")
        return found


def seen_by(actor: Actor, confirmation: Confirmation) -> Confirmation:
    """Return what an actor is shown: officers the own agency's word, requesters no agency's own reference."""
    match actor.kind:
        case LevelKind.AUDITOR:
            return confirmation
        case LevelKind.OFFICER:
            own = tuple(word for word in confirmation.words if word.agency == actor.agency)
            return replace(confirmation, words=own)
        case _:
            return replace(confirmation, words=tuple(replace(word, own_reference="") for word in confirmation.words))


def _rests(request: Request, confirmation: str, agency: str) -> bool:
    return request.confirmation == confirmation and any(found.agency == agency for found in request.confirmed)
