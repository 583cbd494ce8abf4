"""One question's arrivals: exactly one for every agency that was asked, whatever the agencies do."""

import asyncio
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hub.links.second_round import SecondRound
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records

if TYPE_CHECKING:
    from hub.links.link import Link


# Arrivals wait this long for company, unless they are the last: one record and one message for all of them.
COMPANY_SECONDS = 0.01
# After this long without any arrival the requester is told who has been asked.
OPENING_SECONDS = 0.05
# What shows nothing is told on a tick of this length since the question began: how long an agency took to say that it
# knows nobody, or to keep silent about somebody, must not tell the two apart.
TICK_SECONDS = 0.05
CLOCK_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What became of one asked agency, before anything is released: `records` is what it sent, unfiltered.

    `instance` names the process that sent it.
    """

    agency: str
    outcome: Outcome
    reason: Reason | None = None
    records: Records | None = None
    elapsed_ms: int = 0
    instance: str = ""


def shows_nothing(arrival: Arrival) -> bool:
    """Tell whether an arrival reads as nothing held, to some requesters at least, whatever is decided about it."""
    return arrival.outcome in (Outcome.NOTHING_HELD, Outcome.WITHHELD)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an ask is: on which link, under which number."""

    link: "Link"
    ask_id: int


class Gathering:
    """Collects the arrivals of one question until every asked agency has one, or time is up, or it is cut.

    An arrival that shows nothing is heard when it comes and told on the next tick. Until then it counts for nothing
    that could be noticed outside: what others have sent goes out as if that agency had not answered yet. Of an agency
    that may be asked again it is told when it has been, or when no other agency can say any more by what. So it is with
    one that has nothing to look by of what was given.
    """

    __slots__ = (
        "_agencies",
        "_clock",
        "_cut",
        "_ended_ms",
        "_ends",
        "_heard",
        "_is_open",
        "_is_ripe",
        "_latest_ms",
        "_new",
        "_places",
        "_second",
        "_shows_nothing",
        "_started",
        "_timers",
        "_told",
        "_until_tick",
        "_wake",
        "_with_records",
    )

    def __init__(
        self,
        agencies: Sequence[str],
        clock: Callable[[], float],
        shows_nothing: Callable[[Arrival], bool] = shows_nothing,
        may_be_asked_again: Collection[str] = (),
    ) -> None:
        """Expect one arrival from each of these agencies; `shows_nothing` says which of them wait for a tick.

        An agency that may be asked again has one more, if it is.
        """
        self._agencies = tuple(agencies)
        self._clock = clock
        self._shows_nothing = shows_nothing
        self._started = clock()
        self._heard: set[str] = set()
        self._with_records: set[str] = set()
        self._told: set[str] = set()
        self._second = SecondRound(may_be_asked_again)
        self._ends = math.inf
        self._latest_ms = 0
        self._new: list[Arrival] = []
        # By the number of the tick.
        self._until_tick: dict[int, list[Arrival]] = {}
        self._places: dict[str, Place] = {}
        self._timers: list[asyncio.TimerHandle] = []
        self._wake: asyncio.Future[None] | None = None
        self._ended_ms: int | None = None
        self._cut = False
        self._is_ripe = False
        self._is_open = False

    def expire_after(self, seconds: float) -> None:
        """Give the agencies this long; those that have not answered by then are late."""
        self._ends = self._clock() + seconds
        if not self.is_complete:
            self._after(seconds, self._expire)
            self._after(OPENING_SECONDS, self._ripen)

    def asked(self, agency: str, place: Place) -> None:
        """Note where an agency's ask is."""
        self._places[agency] = place

    def arrive(
        self, agency: str, outcome: Outcome, reason: Reason | None = None, records: Records | None = None
    ) -> None:
        """Note what became of one agency; only the first arrival of each counts, and none once the question is cut."""
        if agency in self._heard or self._cut:
            return
        self._heard.add(agency)
        if records is not None:
            self._with_records.add(agency)
        place = self._places.get(agency)
        arrival = Arrival(
            agency=agency,
            outcome=outcome,
            reason=reason,
            records=records,
            elapsed_ms=self.elapsed_ms(),
            instance=place.link.instance if place is not None else "",
        )
        if self._shows_nothing(arrival):
            if not self._waits_for_tick(arrival):
                self._tell_nothing([arrival])
            return
        if reason is Reason.UNABLE and self._second.keeps(arrival):
            self._tell_waiting([])
            return
        is_first = not self._new
        self._tell([arrival])
        if is_first and not self.is_complete:
            self._after(COMPANY_SECONDS, self._ripen)

    @property
    def is_complete(self) -> bool:
        """Tell whether every agency's arrival has been told."""
        return len(self._told) == len(self._agencies)

    @property
    def was_cut(self) -> bool:
        """Tell whether the question was ended from outside."""
        return self._cut

    @property
    def waiting(self) -> tuple[str, ...]:
        """Name the agencies that have found nobody, or could not look, and may be asked again."""
        return self._second.waiting

    @property
    def remaining(self) -> float:
        """Return how many seconds the agencies still have."""
        return self._ends - self._clock()

    def begin_again(self, agency: str) -> bool:
        """Expect one more arrival from an agency that waits to be asked again; return False when it does not."""
        if not self._second.begins(agency):
            return False
        self._heard.discard(agency)
        if agency in self._with_records:
            self._let_go(agency)
            self._with_records.discard(agency)
        return True

    def missing(self) -> list[str]:
        """Name the agencies that have not arrived."""
        return [agency for agency in self._agencies if agency not in self._heard]

    def elapsed_ms(self) -> int:
        """Count the milliseconds since the question began, or from then until the last arrival was told."""
        return self._elapsed_ms() if self._ended_ms is None else self._ended_ms

    async def next(self) -> list[Arrival]:
        """Return all that has arrived since the last call, once it is worth showing.

        That is when the last agency has arrived, and otherwise a little after the first arrival: what comes within a
        few milliseconds is recorded and sent together, and the end of an answer never waits for that. When nothing
        comes for a while the first call returns an empty list, so that the requester learns meanwhile who has been
        asked. Once the question is cut, what had arrived is gone. A list is empty, too, when an agency has come to wait
        to be asked again; whoever has not been by the next call has had its last word, unless others may still say by
        what.
        """
        self._second.look()
        if self.waiting and not (self._new or self._second.may_learn_from(self._agencies, self._told)):
            self._tell_waiting(self._second.end())
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
        self._until_tick.clear()
        self._second.end()
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
            self._let_go(agency)

    def _let_go(self, agency: str) -> None:
        if place := self._places.get(agency):
            place.link.let_go(place.ask_id)

    def _waits_for_tick(self, arrival: Arrival) -> bool:
        """Keep an arrival until the next tick, unless that is now."""
        elapsed = self._clock() - self._started
        tick = max(1, math.ceil(round(elapsed / TICK_SECONDS, CLOCK_DIGITS)))
        remaining = round(tick * TICK_SECONDS - elapsed, CLOCK_DIGITS)
        if remaining <= 0:
            return False
        if tick not in self._until_tick:
            self._until_tick[tick] = []
            self._after(remaining, lambda: self._tick(tick))
        self._until_tick[tick].append(arrival)
        return True

    def _tick(self, tick: int) -> None:
        at_ms = round(tick * TICK_SECONDS * 1_000)
        self._tell_nothing([replace(arrival, elapsed_ms=at_ms) for arrival in self._until_tick.pop(tick, ())])

    def _tell_nothing(self, arrivals: Sequence[Arrival]) -> None:
        """Tell what shows nothing, but for what is not its agency's last word."""
        self._tell_waiting([arrival for arrival in arrivals if not self._second.keeps(arrival)])

    def _tell_waiting(self, waiting: Iterable[Arrival]) -> None:
        """Tell arrivals as if all had come at this moment: in which order they came is not to be told either."""
        ordered = sorted(waiting, key=lambda arrival: self._agencies.index(arrival.agency))
        self._tell(ordered)
        self._ripen()

    def _tell(self, arrivals: Sequence[Arrival]) -> None:
        self._new += arrivals
        self._told.update(arrival.agency for arrival in arrivals)
        self._latest_ms = max((self._latest_ms, *(arrival.elapsed_ms for arrival in arrivals)))
        if self.is_complete:
            self._ended_ms = self._latest_ms
            self.close()
            self._ripen()

    def _elapsed_ms(self) -> int:
        return round((self._clock() - self._started) * 1_000)

    def _expire(self) -> None:
        waiting = [*self._second.end(), *(arrival for arrivals in self._until_tick.values() for arrival in arrivals)]
        self._until_tick.clear()
        self._tell_waiting([replace(arrival, elapsed_ms=self._elapsed_ms()) for arrival in waiting])
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
        if self._is_open and not (self._new or self._cut or self.is_complete or self._second.has_news):
            return
        self._is_ripe = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)
