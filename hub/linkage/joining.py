"""Joining: which records are the person's who was asked about, which may be, and which of those belong together.

Closure never overrides a contradiction. What ties records to the person asked about is followed as far as it goes,
whatever speaks against it; where two records come into one such company that cannot both be right, nobody is in it by
closure or by name any more, and only the number that was asked for itself still counts.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hub.linkage.comparing import Comparer, Comparison
from hub.linkage.features import Features
from hub.model.identifiers import STRONG_IDENTIFIERS

# So many different records are compared each with each; beyond that only those that share a key.
EACH_WITH_EACH = 100
# Beyond so many, or with blocks of more pairs, records are compared with what was asked and with nothing else.
MOST_RECORDS = 1000
MOST_PAIRS = 20_000

Neighbours = Callable[[int], Iterable[int]]
Edge = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Which records are about the person asked about, and which, group by group, possibly; no others are."""

    same: frozenset[int]
    possibly: tuple[tuple[int, ...], ...]


def join(wanted: Features, records: Sequence[Features], comparer: Comparer) -> Joined:
    """Join different records; they are named by their places, and their order makes no difference."""
    return _Join(wanted, records, comparer).joined()


class _Join:
    """Joins the records of one answer."""

    __slots__ = ("_comparer", "_is_crowded", "_neighbours", "_numbered", "_records", "_to_asked")

    def __init__(self, wanted: Features, records: Sequence[Features], comparer: Comparer) -> None:
        """Compare each record with what was asked."""
        self._comparer = comparer
        self._records = records
        self._to_asked = [comparer.compare(wanted, record) for record in records]
        self._numbered = _by_number(records)
        self._neighbours, self._is_crowded = _neighbours(records)

    def joined(self) -> Joined:
        """Return who is who."""
        same = self._same_by_number()
        company = self._reached({place for place, found in self._each() if found.ties} | same, self._ties)
        if not self._is_crowded and not self._falls_apart(company):
            named = {place for place, found in self._each() if found.is_same}
            same = self._reached(same | named, self._is_same)
        possible = company | {place for place, found in self._each() if found.is_possible}
        return Joined(same=frozenset(same), possibly=tuple(self._groups(same, possible - same)))

    def _each(self) -> Iterator[tuple[int, Comparison]]:
        return iter(enumerate(self._to_asked))

    def _same_by_number(self) -> set[int]:
        """Return the records that numbers lead to, through each other where nothing among them contradicts."""
        direct = {place for place, found in self._each() if found.agrees}
        company = self._reached_by_number(direct)
        return self._undisputed(direct) if self._falls_apart(company) else company

    def _reached_by_number(self, first: Iterable[int]) -> set[int]:
        reached, waiting = set(first), list(first)
        while waiting:
            for number in _numbers(self._records[waiting.pop()]):
                further = [place for place in self._numbered.pop(number, ()) if place not in reached]
                reached.update(further)
                waiting += further
        return reached

    def _undisputed(self, direct: Collection[int]) -> set[int]:
        """Return those records with the number asked for that nothing contradicts, and more agree with than oppose."""
        if len(direct) > EACH_WITH_EACH:
            return set()
        unopposed = [place for place in direct if not self._to_asked[place].opposes]
        return {place for place in unopposed if self._stands_up(place, unopposed)}

    def _stands_up(self, place: int, direct: Collection[int]) -> bool:
        found = [self._compared(place, other) for other in direct if other != place]
        opposing = sum(comparison.opposes for comparison in found)
        return not any(comparison.contradicts for comparison in found) and opposing < len(direct) - opposing

    def _falls_apart(self, company: Collection[int]) -> bool:
        """Tell whether two records, or one and what was asked, cannot both be right."""
        return any(self._to_asked[place].opposes for place in company) or self._oppose_each_other(company)

    def _may_oppose(self, company: Collection[int]) -> bool:
        """Tell from the different values, of which there are few, whether any two records could oppose each other."""
        records = [self._records[place] for place in company]
        for kind in range(len(STRONG_IDENTIFIERS)):
            if len({record.numbers[kind] for record in records} - {""}) > 1:
                return True
        return self._comparer.any_opposes(records)

    def _reached(self, first: Iterable[int], is_edge: Edge, within: Collection[int] | None = None) -> set[int]:
        """Follow edges from some records as far as they go."""
        reached = set(first)
        waiting = sorted(reached)
        while waiting:
            place = waiting.pop()
            for other in self._neighbours(place):
                if other not in reached and (within is None or other in within) and is_edge(place, other):
                    reached.add(other)
                    waiting.append(other)
        return reached

    def _groups(self, same: Collection[int], possible: Collection[int]) -> Iterator[tuple[int, ...]]:
        """Yield, group by group, who is possibly the person; a group that contradicts itself falls apart."""
        left = set(range(len(self._records))) - set(same)
        for place in sorted(possible):
            if place not in left:
                continue
            group = self._reached({place}, self._is_same, left)
            left -= group
            if self._oppose_each_other(group):
                yield from ((alone,) for alone in sorted(group))
            else:
                yield tuple(sorted(group))

    def _oppose_each_other(self, group: Collection[int]) -> bool:
        if len(group) > EACH_WITH_EACH:
            return True
        return self._may_oppose(group) and any(
            self._compared(one, other).opposes for one, other in combinations(sorted(group), 2)
        )

    def _compared(self, one: int, other: int) -> Comparison:
        return self._comparer.compare(self._records[one], self._records[other])

    def _ties(self, one: int, other: int) -> bool:
        return self._comparer.may_be_one(self._records[one], self._records[other]) and self._compared(one, other).ties

    def _is_same(self, one: int, other: int) -> bool:
        mine, theirs = self._records[one], self._records[other]
        return self._comparer.may_be_one(mine, theirs) and self._comparer.compare(mine, theirs).is_same


def _numbers(record: Features) -> list[tuple[int, str]]:
    return [held for held in enumerate(record.numbers) if held[1]]


def _by_number(records: Sequence[Features]) -> dict[tuple[int, str], list[int]]:
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for number in _numbers(record):
            found[number].append(place)
    return dict(found)


def _neighbours(records: Sequence[Features]) -> tuple[Neighbours, bool]:
    """Say with which others each record is compared, and whether there are too many for that."""
    everybody = range(len(records))
    if len(records) <= EACH_WITH_EACH:
        return lambda _: everybody, False
    blocks: defaultdict[object, list[int]] = defaultdict(list)
    for place, record in enumerate(records):
        for key in _keys(record):
            blocks[key].append(place)
    pairs = sum(len(block) * (len(block) - 1) // 2 for block in blocks.values())
    if len(records) > MOST_RECORDS or pairs > MOST_PAIRS:
        return lambda _: (), True
    return lambda place: {other for key in _keys(records[place]) for other in blocks[key]}, False


def _keys(record: Features) -> Iterator[object]:
    """Yield what records of one person are likely to share: a number, the date of birth, both names in either order."""
    yield from _numbers(record)
    if record.born:
        yield record.born
    if record.given and record.family:
        yield tuple(sorted((record.given.spelled, record.family.spelled)))
        yield ("", record.family.spelled, record.given.spelled[:1], record.born[:4])
