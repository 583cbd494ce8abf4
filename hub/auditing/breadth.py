"""Unusual breadth: who asked about far more people, or searched far more, than others of the level; by the record."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from hub.agreeing.actor import Actor
from hub.auditing.noting import Noting
from hub.auditing.reading import Record, backwards
from hub.auditing.searching import DISORDER_MS
from hub.errors import InvalidRequest
from hub.model.policy import LevelKind

USUAL_DAYS, MOST_DAYS = 28, 92
DAY_MS = 24 * 60 * 60 * 1_000
# Somebody is pointed out who asked about at least so many people, and at least so many times as many as the middle
# one of the others. A level with a single holder is measured against nobody, and pointed out from the floor on.
LEAST_PEOPLE = 20
# Searches of the register are measured alike. Of one case there are a family's children, and not a school's.
LEAST_SEARCHES = 20
MANY_OF_ONE_CASE = 10
TIMES_USUAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Broad:
    """A requester to be asked about, and what is usual among the others of the level."""

    requester: str
    agency: str
    access_level: str
    people: int
    usual: int
    requests: int
    searches: int = 0
    people_of_one_case: int = 0


@dataclass(slots=True)
class Width:
    """Counts the people that somebody asked about; one who was named in two ways at once is one."""

    requests: int = 0
    searches: int = 0
    _of_case: defaultdict[str, "Width"] = field(default_factory=lambda: defaultdict(Width), repr=False)
    _same: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, pseudonyms: Iterable[str]) -> None:
        """Count one question."""
        self.requests += 1
        roots = {self._root(one) for one in pseudonyms}
        for other in sorted(roots)[1:]:
            self._same[other] = min(roots)

    def add_of_case(self, case: str, pseudonyms: Iterable[str]) -> None:
        """Count one question under its case reference."""
        self._of_case[case].add(pseudonyms)

    @property
    def people_of_one_case(self) -> int:
        """Return how many people were asked about under the case reference that was used for most."""
        return max((width.people for width in self._of_case.values()), default=0)

    @property
    def people(self) -> int:
        """Return how many different people there are."""
        return sum(self._same[one] == one for one in self._same)

    def _root(self, pseudonym: str) -> str:
        found = self._same.setdefault(pseudonym, pseudonym)
        while self._same[found] != found:
            found = self._same[found]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Those who stand out, among how many requesters, and from when on."""

    broad: tuple[Broad, ...]
    requesters: int
    from_ms: int


class Breadth:
    """Looks for those who stand out in the record."""

    def __init__(self, record: Record, noting: Noting) -> None:
        """Take the record, and where it is recorded that somebody looks."""
        self._record = record
        self._noting = noting

    async def look(self, actor: Actor, days: int) -> Looked:
        """Look so many days back; 0 means four weeks."""
        self._noting.admit(actor, "breadth", LevelKind.AUDITOR)
        if days > MOST_DAYS:
            mend = f"Ask for at most {MOST_DAYS}."
            raise InvalidRequest("SPAN_TOO_LONG", "That is too far back.", mend=mend, field="days")
        await self._noting.looked(actor, "breadth", days=days or USUAL_DAYS)
        from_ms = self._noting.now_ms() - (days or USUAL_DAYS) * DAY_MS
        found = await asyncio.to_thread(lambda: widths(_questions(self._record, from_ms)))
        return Looked(broad=unusual(found), requesters=len(found), from_ms=from_ms)


def _questions(record: Record, from_ms: int) -> Iterator[Mapping[str, Any]]:
    """Yield the questions that were put since a moment."""
    size = record.size()
    for seen in backwards(record, size, size):
        # Of the others nothing need be read.
        if b'"kind":"intent"' not in seen.leaf:
            continue
        entry = seen.particulars
        if entry["at_ms"] < from_ms - DISORDER_MS:
            return
        if entry["kind"] == "intent" and entry["at_ms"] >= from_ms:
            yield entry


Widths = Mapping[tuple[str, str, str], Width]


def widths(entries: Iterable[Mapping[str, Any]], *, agency_word: str = "requester_agency") -> Widths:
    """Count, by access level, requester and agency, what questions that were put say of whom they were about."""
    found: defaultdict[tuple[str, str, str], Width] = defaultdict(Width)
    for entry in entries:
        who = entry["access_level"], entry["requester"], entry[agency_word]
        width = found[who]
        width.add(entry["person"])
        width.searches += "criteria" in entry
        if case := entry.get("case_reference"):
            width.add_of_case(case, entry["person"])
    return found


def unusual(found: Widths) -> tuple[Broad, ...]:
    """Return those who stand out, the broadest first."""
    broad = []
    counted = {who: (width.people, width.searches) for who, width in found.items()}
    for (level, requester, agency), width in found.items():
        others = [counts for who, counts in counted.items() if who[0] == level and who[1:] != (requester, agency)]
        people, usual = counted[level, requester, agency][0], _middle([each for each, _ in others])
        usual_searches = _middle([each for _, each in others])
        if (
            people >= max(LEAST_PEOPLE, TIMES_USUAL * usual)
            or width.searches >= max(LEAST_SEARCHES, TIMES_USUAL * usual_searches)
            or width.people_of_one_case >= MANY_OF_ONE_CASE
        ):
            broad.append(
                Broad(
                    requester=requester,
                    agency=agency,
                    access_level=level,
                    people=people,
                    usual=usual,
                    requests=width.requests,
                    searches=width.searches,
                    people_of_one_case=width.people_of_one_case,
                )
            )
    return tuple(sorted(broad, key=lambda one: (-one.people, -one.searches, one.requester, one.agency)))


def _middle(counts: list[int]) -> int:
    return int(median(counts)) if counts else 0
