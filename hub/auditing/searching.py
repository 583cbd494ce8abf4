"""Searching the record: a page at a time, so that no search holds the hub up, and each search is recorded first."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hub.agreeing.actor import Actor
from hub.audit.pseudonyms import Pseudonyms
from hub.auditing.criteria import Criteria, Sieve, concerns, is_meant
from hub.auditing.noting import Noting
from hub.auditing.reading import Found, Record, backwards
from hub.errors import InvalidRequest
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind

MOST_FOUND = 200
USUAL_FOUND = 50
# One page looks through so many entries at most; whoever searches goes on where it ended.
LONGEST_LOOK = 50_000
SAMPLED = 100
# Entries are in the order in which they were written, which is nearly that of their moments.
DISORDER_MS = 60 * 60 * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was found, newest first, and where the next page begins; nothing is left when that is at 0."""

    found: tuple[Found, ...]
    before: int


class Searching:
    """Finds entries for auditors, and for guardians those that concern their own agency."""

    def __init__(self, record: Record, pseudonyms: Pseudonyms, noting: Noting) -> None:
        """Take the record, what gives pseudonyms, and where a search is recorded."""
        self._record = record
        self._pseudonyms = pseudonyms
        self._noting = noting

    async def search(
        self,
        actor: Actor,
        criteria: Callable[[], Criteria],
        *,
        person: Callable[[], PersonKeys] | None = None,
        before: int = 0,
        most: int = 0,
    ) -> Page:
        """Return a page of entries before a position, from the newest on if that is 0.

        What is searched for is read only once it is known that the actor may search at all.
        """
        self._noting.admit(actor, "search", LevelKind.AUDITOR, LevelKind.GUARDIAN)
        if most > MOST_FOUND:
            mend = f"Ask for {MOST_FOUND}, and then for the next page."
            raise InvalidRequest("PAGE_TOO_LONG", "A page has not so many entries.", mend=mend, field="most")
        wanted, whom = criteria(), person() if person is not None else None
        # Computed under keys that only the hub has, and gone with this call.
        pseudonyms = None if whom is None else self._under_every_epoch(whom)
        await self._noting.looked(actor, "search", person=whom, criteria=wanted.spelt())
        end = self._record.size()
        look = partial(
            page,
            self._record,
            wanted,
            pseudonyms=pseudonyms,
            guards=actor.guards,
            before=min(before, end) if before else end,
            most=most or USUAL_FOUND,
        )
        return await asyncio.to_thread(look)

    def _under_every_epoch(self, person: PersonKeys) -> frozenset[str]:
        """Return how entries name a person, in every epoch whose key still exists."""
        return frozenset(way for named in self._pseudonyms.under_every_epoch(person) for way in named.ways)


def page(  # a whole search
    record: Record, criteria: Criteria, *, pseudonyms: frozenset[str] | None, guards: str, before: int, most: int
) -> Page:
    """Look through entries from a position backwards; `guards` is the agency beyond which nothing is found."""
    sieve = Sieve(criteria, pseudonyms, guards)
    found: list[Found] = []
    for seen in backwards(record, before, LONGEST_LOOK):
        before = seen.position
        # So old that nothing before it is new enough; looked at now and then, since reading an entry costs most.
        if criteria.from_ms and not before % SAMPLED and seen.particulars["at_ms"] < criteria.from_ms - DISORDER_MS:
            return Page(found=tuple(found), before=0)
        if not sieve.holds(seen.leaf):
            continue
        entry = seen.particulars
        if is_meant(entry, criteria, pseudonyms) and (not guards or concerns(entry, guards)):
            found.append(seen)
            if len(found) == most:
                break
    return Page(found=tuple(found), before=before)
