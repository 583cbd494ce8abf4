"""One question's arrivals: exactly one for every agency that was asked, whatever the agencies do."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.model.outcome import Outcome, Reason
from hub.model.records import Records

if TYPE_CHECKING:
    from hub.links.link import Link


# Arrivals wait this long for company, unless they are the last: one record and one message for all of them.
COMPANY_SECONDS = 0.01
# After this long without any arrival the requester is told who has been asked.
OPENING_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What became of one asked agency, before anything is released: `records` is what it sent, unfiltered."""

    agency: str
    outcome: Outcome
    reason: Reason | None = None
    records: Records | None = None
    elapsed_ms: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an ask is: on which link, under which number."""

    link: "Link"
    ask_id: int


class Gathering:
    """Collects the arrivals of one question until every asked agency has one, or time is up, or it is cut."""

    __slots__ = (
        "_agencies",
        "_arrived",
        "_clock",
        "_cut",
        "_is_open",
        "_is_ripe",
        "_new",
        "_places",
        "_started",
        "_timers",
        "_wake",
        "_with_records",
    )

    def __init__(self, agencies: Sequence[str], clock: Callable[[], float]) -> None:
        """Expect one arrival from each of these agencies."""
        self._agencies = tuple(agencies)
        self._clock = clock
        self._started = clock()
        self._arrived: set[str] = set()
        self._with_records: set[str] = set()
        self._new: list[Arrival] = []
        self._places: dict[str, Place] = {}
        self._timers: list[asyncio.TimerHandle] = []
        self._wake: asyncio.Future[None] | None = None
        self._cut = False
        self._is_ripe = False
        self._is_open = False

    def expire_after(self, seconds: float) -> None:
        """Give the agencies this long; those that have not answered by then are late."""
        if not self.is_complete:
            self._after(seconds, self._expire)
            self._after(OPENING_SECONDS, self._ripen)

    def asked(self, agency: str, place: Place) -> None:
        """Note where an agency's ask is."""
        self._places[agency] = place

    def place(self, agency: str) -> Place | None:
        """Tell where an agency's ask is, or was."""
        return self._places.get(agency)

    def arrive(
        self, agency: str, outcome: Outcome, reason: Reason | None = None, records: Records | None = None
    ) -> None:
        """Note what became of one agency; only the first arrival of each counts, and none once the question is cut."""
        if agency in self._arrived or self._cut:
            return
        self._arrived.add(agency)
        if records is not None:
            self._with_records.add(agency)
        if self.is_complete:
            self.close()
            self._ripen()
        elif not self._new:
            self._after(COMPANY_SECONDS, self._ripen)
        elapsed_ms = self.elapsed_ms()
        self._new.append(Arrival(agency=agency, outcome=outcome, reason=reason, records=records, elapsed_ms=elapsed_ms))

    @property
    def is_complete(self) -> bool:
        """Tell whether every agency has arrived."""
        return len(self._arrived) == len(self._agencies)

    @property
    def was_cut(self) -> bool:
        """Tell whether the question was ended from outside."""
        return self._cut

    def missing(self) -> list[str]:
        """Name the agencies that have not arrived."""
        return [agency for agency in self._agencies if agency not in self._arrived]

    def elapsed_ms(self) -> int:
        """Count the milliseconds since the question began."""
        return round((self._clock() - self._started) * 1_000)

    async def next(self) -> list[Arrival]:
        """Return all that has arrived since the last call, once it is worth showing.

        That is when the last agency has arrived, and otherwise a little after the first arrival: what comes within a
        few milliseconds is recorded and sent together, and the end of an answer never waits for that. When nothing
        comes for a while the first call returns an empty list, so that the requester learns meanwhile who has been
        asked. Once the question is cut, what had arrived is gone.
        """
        if not (self._is_ripe or self._cut or self.is_complete):
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        self._is_ripe, self._is_open = False, True
        new, self._new = self._new, []
        return new

    def cut(self) -> None:
        """End the question now: nothing that arrives later is kept, and the agencies are told to stop."""
        self._cut = True
        self._new.clear()
        self.close()
        self._ripen()

    def close(self) -> None:
        """Stop waiting and tell the agencies that have not answered that they need not. Idempotent."""
        # A timer that is left to run would keep the question, and what has arrived, in memory until then.
        for timer in self._timers:
            timer.cancel()
        for agency in self.missing():
            self._drop(agency)

    def let_go(self) -> None:
        """Tell the agencies that sent records that nobody holds them any more."""
        for agency in self._with_records:
            if place := self._places.get(agency):
                place.link.let_go(place.ask_id)

    def _expire(self) -> None:
        for agency in self.missing():
            self._drop(agency, failed=True)
            self.arrive(agency, Outcome.NO_ANSWER, Reason.LATE)

    def _drop(self, agency: str, *, failed: bool = False) -> None:
        if place := self._places.get(agency):
            place.link.drop(place.ask_id, failed=failed)

    def _after(self, seconds: float, do: Callable[[], None]) -> None:
        self._timers.append(asyncio.get_running_loop().call_later(seconds, do))

    def _ripen(self) -> None:
        # Once the answer has begun, a part that says nothing new is not worth sending.
        if self._is_open and not (self._new or self._cut or self.is_complete):
            return
        self._is_ripe = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
