"""Evidence: why records are thought to be one person's, in words for the card, the weightiest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from hub.linkage.comparing import Comparer
from hub.linkage.features import Features
from hub.linkage.parameters import FIELDS
from hub.model.matching import Evidence, Likeness

# A card has no more than that; what weighs least is left out.
MOST_EVIDENCE = 12
# So many different records of one person are compared with each other for the card.
MOST_COMPARED = 8

_NUMBER_OF_FIELD = {field: number for number, field in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Held:
    """A record, with the agency that holds it and the day on which it was written, which may be unknown."""

    features: Features
    agency: str
    day: str


# How much it weighs (less comes first), the number of the field, the likeness, the two agencies and since when.
Said = tuple[float, int, Likeness, str, str, str]


def evidence(wanted: Features, records: Sequence[Held], comparer: Comparer) -> tuple[Evidence, ...]:
    """Compare one person's records with what was asked, and with each other where that says more."""
    found: dict[tuple[int, Likeness], Said] = {}
    for said in _against_asked(wanted, records, comparer):
        _keep_first(found, said)
    asked = {number for number, _ in found}
    for said in _among_themselves(records, comparer, asked):
        _keep_first(found, said)
    return tuple([_evidence(said) for said in sorted(found.values())[:MOST_EVIDENCE]])


def _evidence(said: Said) -> Evidence:
    _, number, likeness, agency, other_agency, since = said
    return Evidence(field=FIELDS[number], likeness=likeness, agency=agency, other_agency=other_agency, since=since)


def _against_asked(wanted: Features, records: Sequence[Held], comparer: Comparer) -> Iterator[Said]:
    first: dict[Features, str] = {}
    for held in records:
        if held.agency < first.get(held.features, "\U0010ffff"):
            first[held.features] = held.agency
    for features, agency in first.items():
        for field, (compared, weight) in comparer.fields(wanted, features).items():
            yield -abs(weight), _NUMBER_OF_FIELD[field], compared.likeness, agency, "", ""


def _among_themselves(records: Sequence[Held], comparer: Comparer, asked: set[int]) -> Iterator[Said]:
    """Yield how records compare with each other; that they are equal only where that was not asked."""
    for newer, older in combinations(_different(records), 2):
        for field, (compared, weight) in comparer.fields(newer.features, older.features).items():
            number, likeness = _NUMBER_OF_FIELD[field], compared.likeness
            if likeness is not Likeness.EQUAL:
                yield -abs(weight), number, likeness, newer.agency, older.agency, newer.day if older.day else ""
            elif number not in asked:
                first, second = sorted((newer.agency, older.agency))
                yield -abs(weight), number, likeness, first, second, ""


def _different(records: Sequence[Held]) -> list[Held]:
    """Return a few records that differ, the newest first; two agencies' where all say the same."""
    if len(records) == 1:
        return []
    newest: dict[Features, Held] = {}
    ordered = sorted(records, key=_age, reverse=True)
    for held in ordered:
        newest.setdefault(held.features, held)
    if len(newest) > 1:
        return list(newest.values())[:MOST_COMPARED]
    first = ordered[-1]
    others = [held for held in ordered if held.agency != first.agency]
    return [others[-1], first] if others else []


def _age(held: Held) -> tuple[object, ...]:
    """Order by day, agency and what the record says, so that no order of arrival shows."""
    return held.day, held.agency, held.features.written


def _keep_first(found: dict[tuple[int, Likeness], Said], said: Said) -> None:
    """Keep, of what says the same of one field, what would stand first."""
    key = said[1], said[2]
    if key not in found or said < found[key]:
        found[key] = said
