"""Telling: what somebody must know when signing in, and until it is done."""

import asyncio
from collections.abc import Iterable
from functools import partial

from hub.agreeing.showing import Showing
from hub.grounds.needs import ConfirmationStore, DutyStore, Surroundings, UseStore, moment
from hub.grounds.opening import Opening
from hub.model.break_glass import Use
from hub.model.confirmation import WordState
from hub.model.duty import Duty
from hub.model.grounds import DutyKind
from hub.model.policy import LevelKind

# Of each kind; whoever has more of them sees that there are more, and how to list them.
MOST_TOLD = 10
MOST_READ = 500
_OWED = {
    DutyKind.CONSENT_FORM: "Form outstanding: the consent form",
    DutyKind.INFORM: "Not informed yet: who was to be told",
    DutyKind.BREAK_GLASS_REVIEW: "Not reviewed yet: the break-glass use",
}


class Telling:
    """Knows what everybody must know, of setting rules and of going without consent."""

    def __init__(
        self,
        surroundings: Surroundings,
        showing: Showing,
        opening: Opening,
        *,
        confirmations: ConfirmationStore,
        uses: UseStore,
        duties: DutyStore,
    ) -> None:
        """Take the stores, what is open, and what has to be known of setting rules."""
        self._around = surroundings
        self._showing = showing
        self._opening = opening
        self._confirmations = confirmations
        self._uses = uses
        self._duties = duties

    async def notices(self, user_name: str, agency: str, kind: LevelKind) -> tuple[str, ...]:
        """Say what somebody must know; nobody is named whom a question was about."""
        if kind is LevelKind.ABSTRACT:
            return ()
        return (
            *self._own_windows(user_name),
            *await self._showing.notices(kind),
            *await self._uses_told(agency, kind),
            *await self._queue(agency, kind),
            *await self._owed(user_name, agency, kind),
        )

    def _own_windows(self, user_name: str) -> Iterable[str]:
        for window in self._opening.open_now(user_name):
            yield (
                f"BREAK-GLASS IS OPEN until {window.until:%H:%M:%S} (UTC) for “{window.question}”, one person;"
                f" everything is reviewed. End it with: hub break-glass close {window.id}"
            )

    async def _uses_told(self, agency: str, kind: LevelKind) -> tuple[str, ...]:
        """Tell reviewers, and the guardians of the agencies whose records were opened, until it is reviewed."""
        if kind not in {LevelKind.GUARDIAN, LevelKind.AUDITOR}:
            return ()
        concerned = agency if kind is LevelKind.GUARDIAN else None
        listed = partial(self._uses.listed, MOST_READ, with_reviewed=False, agency=concerned)
        now_ms = self._around.now_ms()
        return _bounded([_use_told(use, now_ms) for use in await asyncio.to_thread(listed)], "hub break-glass list")

    async def _queue(self, agency: str, kind: LevelKind) -> tuple[str, ...]:
        if kind is not LevelKind.OFFICER:
            return ()
        now_ms = self._around.now_ms()
        listed = partial(self._confirmations.listed, MOST_READ, live_at_ms=now_ms, agency=agency)
        waiting = [
            found
            for found in await asyncio.to_thread(listed)
            if (word := found.word_of(agency)) and found.state_of(word, now_ms) is WordState.WAITING
        ]
        if not waiting:
            return ()
        until = f"{moment(waiting[0].decide_by_ms):%Y-%m-%d %H:%M}"
        return (f"Waiting for your agency's word: {len(waiting)}, the first until {until} (UTC): hub officer queue",)

    async def _owed(self, user_name: str, agency: str, kind: LevelKind) -> tuple[str, ...]:
        """Tell a requester what is overdue of the own questions, a guardian what of the agency's."""
        if kind not in {LevelKind.PROFESSIONAL, LevelKind.GUARDIAN}:
            return ()
        requester = user_name if kind is LevelKind.PROFESSIONAL else None
        overdue = partial(self._duties.overdue, self._around.now_ms(), agency=agency, requester=requester)
        # Reviews are told with their uses, and to whoever is reviewed they are no duty.
        owed = [duty for duty in await asyncio.to_thread(overdue) if duty.kind is not DutyKind.BREAK_GLASS_REVIEW]
        return _bounded([_owed_told(duty) for duty in owed], "hub duty list")


def _use_told(use: Use, now_ms: int) -> str:
    is_overdue = now_ms >= use.review_due_ms
    return (
        f"BREAK-GLASS: {use.requester} ({use.requester_agency}) opened “{use.question}” at"
        f" {moment(use.opened_at_ms):%Y-%m-%d %H:%M} (UTC), {use.reason.replace('_', ' ')}."
        f" Its review is {'OVERDUE' if is_overdue else 'due'}: hub break-glass list"
    )


def _owed_told(duty: Duty) -> str:
    due = f"{moment(duty.due_ms):%Y-%m-%d %H:%M}"
    return f"{_OWED[duty.kind]} of case {duty.case_reference} was due at {due} (UTC): hub duty done {duty.id}"


def _bounded(told: list[str], command: str) -> tuple[str, ...]:
    more = len(told) - MOST_TOLD
    return (*told[:MOST_TOLD], f"… and {more} more: {command}") if more > 0 else tuple(told)
