"""Who looked at a person: the agencies' journals are asked in place, what may be told is told, and nothing is kept."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hub.access.in_force import PolicyInForce
from hub.agreeing.actor import Actor
from hub.auditing.journals import Journals, planned
from hub.auditing.noting import Noting, new_request_id
from hub.auditing.telling import Look, looks, may_be_told
from hub.model.journal import JournalAnswer, JournalEntry
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from hub.model.request import case_reference

SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectOpening:
    """Whose journals are asked, under which identifier."""

    request_id: str
    planned: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectOutcome:
    """What became of one planned agency; what may not be told is counted nowhere."""

    agency: str
    outcome: Outcome
    reason: Reason | None = None
    looks: int = 0


class Subjects:
    """Answers a person's question who looked at them, through an auditor who files it."""

    def __init__(self, journals: Journals, in_force: PolicyInForce, noting: Noting) -> None:
        """Take the journals, the policy that has the words and the rules, and where it is recorded."""
        self._journals = journals
        self._in_force = in_force
        self._noting = noting

    async def looked_at(
        self,
        actor: Actor,
        person: Callable[[], PersonKeys],
        *,
        agencies: Sequence[str],
        filed_as: str,
        seconds: float = SECONDS,
    ) -> AsyncGenerator[SubjectOpening | SubjectOutcome | Look, None]:
        """Yield who is asked, then one outcome for each of them as it comes, then every look, newest first.

        Whom it is about is read only once it is known that the actor may ask.
        """
        self._noting.admit(actor, "subject", LevelKind.AUDITOR, is_fresh=True)
        asked, whom, request_id = planned(self._in_force.policy, agencies), person(), new_request_id()
        await self._noting.asked_journals(
            actor, asked, request_id=request_id, case_reference=case_reference(filed_as), person=whom
        )
        yield SubjectOpening(request_id=request_id, planned=asked)
        told: dict[str, tuple[JournalEntry, ...]] = {}
        async with self._answers(asked, whom, request_id, seconds) as answers:
            async for agency, answer in answers:
                told[agency] = self._told(answer)
                yield _outcome(agency, answer, len({entry.request_id for entry in told[agency]}))
        for look in looks(told, self._in_force.policy):
            yield look

    @asynccontextmanager
    async def _answers(
        self, agencies: Sequence[str], person: PersonKeys, request_id: str, seconds: float
    ) -> AsyncIterator[AsyncIterator[tuple[str, JournalAnswer | Reason]]]:
        """Ask every journal at once; leave nobody asking when the caller goes away."""

        async def ask(agency: str) -> tuple[str, JournalAnswer | Reason]:
            return agency, await self._journals.ask_journal(agency, person, request_id=request_id, seconds=seconds)

        tasks = [asyncio.create_task(ask(agency), name=f"journal {agency}") for agency in agencies]

        async def arriving() -> AsyncIterator[tuple[str, JournalAnswer | Reason]]:
            for next_one in asyncio.as_completed(tasks):
                yield await next_one

        try:
            yield arriving()
        finally:
            for task in tasks:
                task.cancel()

    def _told(self, answer: JournalAnswer | Reason) -> tuple[JournalEntry, ...]:
        """Return what may be told of an answer; each request once, whatever the journal repeats."""
        if isinstance(answer, Reason):
            return ()
        policy, now_ms = self._in_force.policy, self._noting.now_ms()
        return tuple(dict.fromkeys(entry for entry in answer.entries if may_be_told(entry, policy, now_ms)))


def _outcome(agency: str, answer: JournalAnswer | Reason, told: int) -> SubjectOutcome:
    if isinstance(answer, Reason):
        return SubjectOutcome(agency=agency, outcome=Outcome.NO_ANSWER, reason=answer)
    return SubjectOutcome(agency=agency, outcome=Outcome.HELD if told else Outcome.NOTHING_HELD, looks=told)
