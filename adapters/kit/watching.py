"""Looks again, while the hub holds an answer, at the terms on which it left; takes it back when less may leave."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from structlog.typing import FilteringBoundLogger

from adapters.kit.errors import SourceFault
from adapters.kit.reader import Finds, Match
from adapters.kit.terms import RowTerms, is_less

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 12 * 3600
"""No session of a hub lasts longer."""
ORPHAN_SECONDS = 15 * 60
ORPHAN_LOOK_SECONDS = 30.0
"""Over a link that has ended the hub cannot say that it dropped an answer. Most are dropped within a quarter of an
hour; what is left after that must not use up the looks that the others need."""
UNSEEN_SECONDS = 60
"""After so long without being able to look, nobody knows whether an answer still stands."""
UNHEARD_SECONDS = 120
"""A link that is dead is found to be so, and ends, in less."""
BEHIND_SECONDS = 0.5
SAID_SECONDS = 60

TakeBack = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Look:
    """How an answer is looked at again, and what was said of its records. Case data, so its repr keeps it back."""

    reader: Finds
    records: str
    match: Match
    said: RowTerms

    def __repr__(self) -> str:
        """Name the record set only."""
        return f"Look({self.records})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Watch:
    """One answer that is held; `look` is None where nothing is said of its records that could change.

    It is remembered all the same: whoever stops all answers takes back every one that is held.
    """

    hub: str
    request_id: str
    source: str
    look: Look | None
    journal: Callable[[], None]

    def __repr__(self) -> str:
        """Name the request, and nothing of whom it is about."""
        return f"Watch({self.request_id})"


@dataclass(slots=True, kw_only=True)
class _Round:
    """The answers out of one source, the one whose look is due first at the top."""

    due: list[tuple[float, int, tuple[str, str]]] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last: float = 0.0
    said_behind: float = float("-inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was taken back over which link, and when."""

    hub: str
    link: TakeBack
    request_id: str
    at: float


@dataclass(slots=True, kw_only=True)
class Watching:
    """Watches all answers of an adapter; one look at a time for each source, and so many a second at most."""

    looks_per_second: int
    read_seconds: float
    log: FilteringBoundLogger
    looked: Callable[[str, float], None] = lambda _source, _late: None
    _watches: dict[tuple[str, str], tuple[Watch, float]] = field(default_factory=dict)
    _seen_at: dict[tuple[str, str], float] = field(default_factory=dict)
    _orphaned_at: dict[tuple[str, str], float] = field(default_factory=dict)
    _rounds: dict[str, _Round] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _links: dict[str, list[TakeBack]] = field(default_factory=dict)
    _owed: dict[str, list[str]] = field(default_factory=dict)
    _said: deque[_Said] = field(default_factory=deque)
    _numbers: "count[int]" = field(default_factory=count)

    def __len__(self) -> int:
        """Count the answers that are watched."""
        return len(self._watches)

    def watches(self, hub: str, request_id: str) -> bool:
        """Tell whether an answer is watched."""
        return (hub, request_id) in self._watches

    def begin(self, watch: Watch) -> None:
        """Watch an answer from now on."""
        key, now = (watch.hub, watch.request_id), _now()
        self._watches[key] = (watch, now + LONGEST_SECONDS)
        self._forget_long_held(now)
        if watch.look is None:
            return
        self._seen_at[key] = now
        self._next(watch, now + LOOK_SECONDS)
        if watch.source not in self._tasks:
            self._tasks[watch.source] = asyncio.create_task(self._look_round(watch.source))

    def end(self, hub: str, request_id: str) -> None:
        """Forget an answer that the hub holds no longer, and whom it was about."""
        self._watches.pop((hub, request_id), None)
        self._seen_at.pop((hub, request_id), None)
        self._orphaned_at.pop((hub, request_id), None)

    def attach(self, hub: str, take_back: TakeBack) -> None:
        """Note a link over which answers of a hub can be taken back; what could not be said before is said now."""
        self._links.setdefault(hub, []).append(take_back)
        for request_id in self._owed.pop(hub, ()):
            self._say(hub, request_id)

    def detach(self, hub: str, take_back: TakeBack, answered: Iterable[str] = ()) -> None:
        """Forget a link that has ended; the requests that were answered over it are watched on.

        What was taken back over it of late may never have reached the hub, and is said once more.
        """
        self._links[hub].remove(take_back)
        unheard = [said for said in self._said if (said.hub, said.link) == (hub, take_back)]
        self._said = deque(said for said in self._said if (said.hub, said.link) != (hub, take_back))
        for said in unheard:
            self._say(hub, said.request_id)
        self._orphaned_at |= {key: _now() for key in ((hub, request) for request in answered) if key in self._watches}

    def take_back_all(self) -> int:
        """Take back every answer that a hub may hold; says how many there were."""
        held = [watch for watch, _ in self._watches.values()]
        for watch in held:
            self._take_back(watch)
        return len(held)

    async def close(self) -> None:
        """Forget everything; may be called again."""
        tasks, self._tasks = list(self._tasks.values()), {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._watches.clear()
        self._seen_at.clear()
        self._orphaned_at.clear()
        self._rounds.clear()

    def _forget_long_held(self, now: float) -> None:
        """Forget the oldest where no session lasts so long; they stand in the order in which they began."""
        while self._watches:
            (watch, until) = next(iter(self._watches.values()))
            if now < until:
                return
            self.end(watch.hub, watch.request_id)

    def _next(self, watch: Watch, due: float) -> None:
        turn = self._rounds.setdefault(watch.source, _Round())
        heappush(turn.due, (due, next(self._numbers), (watch.hub, watch.request_id)))
        turn.woken.set()

    async def _look_round(self, source: str) -> None:
        """Look at what is due, the longest due first, never more often than is allowed."""
        turn = self._rounds[source]
        while True:
            turn.woken.clear()
            if not turn.due:
                await turn.woken.wait()
                continue
            now = _now()
            wait = max(turn.due[0][0], turn.last + 1 / self.looks_per_second) - now
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            due, _, key = heappop(turn.due)
            if key not in self._watches:
                continue
            self._tell_if_behind(turn, source, now - due)
            self.looked(source, now - due)
            turn.last = now
            watch, until = self._watches[key]
            if watch.look is not None:
                await self._look(watch, watch.look, until, now)

    async def _look(self, watch: Watch, look: Look, until: float, now: float) -> None:
        key = (watch.hub, watch.request_id)
        if now >= until:
            self.end(*key)
            return
        try:
            found = await look.reader.find(look.records, look.match, (), now + self.read_seconds)
        except SourceFault:
            less = now - self._seen_at.get(key, now) >= UNSEEN_SECONDS
        except Exception as fault:  # noqa: BLE001  last resort: the fault's words may hold case data, so only its type is told
            self.log.warning("look_failed", source=watch.source, type=type(fault).__name__)
            less = now - self._seen_at.get(key, now) >= UNSEEN_SECONDS
        else:
            self._seen_at[key] = now
            less = is_less(look.said, found.terms_by_record())
        if key not in self._watches:
            self._seen_at.pop(key, None)
        elif less:
            self._take_back(watch)
        else:
            orphaned_for = now - self._orphaned_at.get(key, now)
            self._next(watch, now + (LOOK_SECONDS if orphaned_for < ORPHAN_SECONDS else ORPHAN_LOOK_SECONDS))

    def _take_back(self, watch: Watch) -> None:
        self.end(watch.hub, watch.request_id)
        self.log.info("answer_taken_back", source=watch.source, request_id=watch.request_id)
        watch.journal()
        self._say(watch.hub, watch.request_id)

    def _say(self, hub: str, request_id: str) -> None:
        """Take an answer back over the newest link, or over the next if there is none."""
        now = _now()
        while self._said and now - self._said[0].at > UNHEARD_SECONDS:
            self._said.popleft()
        links = self._links.get(hub)
        if links:
            self._said.append(_Said(hub=hub, link=links[-1], request_id=request_id, at=now))
            links[-1](request_id)
        else:
            self._owed.setdefault(hub, []).append(request_id)

    def _tell_if_behind(self, turn: _Round, source: str, late: float) -> None:
        if late > BEHIND_SECONDS and _now() - turn.said_behind > SAID_SECONDS:
            turn.said_behind = _now()
            self.log.warning("looks_behind", source=source, watched=len(self._watches), late_ms=round(late * 1000))


def _now() -> float:
    return asyncio.get_running_loop().time()
