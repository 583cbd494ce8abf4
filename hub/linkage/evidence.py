"""Evidence: why records are thought to be one person's, in words for the card, the weightiest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from hub.linkage.comparing import Comparer
from hub.linkage.features import Features
from hub.linkage.parameters import FIELDS
from hub.model.matching import Evidence, Likeness

# A card has no more than that; what weighs least is left out.
MOST_EVIDENCE = 20
# So many different records of one person are compared with each other for the card.
MOST_COMPARED = 8

_NUMBER_OF_FIELD = {field: number for number, field in enumerate(FIELDS)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Held:
    """A record, with the agency that holds it and the day on which it was written, which may be unknown."""

    features: Features
    agency: str
    day: str


Found = tuple[float, Evidence]


def evidence(wanted: Features, records: Sequence[Held], comparer: Comparer) -> tuple[Evidence, ...]:
    """Compare one person's records with what was asked, and with each other where that says more."""
    found: dict[tuple[str, Likeness], Found] = {}
    for weighed in _against_asked(wanted, records, comparer):
        _keep_first(found, weighed)
    asked = {field for field, _ in found}
    for weighed in _among_themselves(records, comparer):
        field, likeness = weighed[1].field, weighed[1].likeness
        if likeness is not Likeness.EQUAL or field not in asked:
            _keep_first(found, weighed)
    ordered = sorted(found.values(), key=_place)
    return tuple(said for _, said in ordered[:MOST_EVIDENCE])


def _against_asked(wanted: Features, records: Sequence[Held], comparer: Comparer) -> Iterable[Found]:
    for held in records:
        for field, (compared, weight) in comparer.compare(wanted, held.features).fields.items():
            yield weight, Evidence(field=field, likeness=compared.likeness, agency=held.agency)


def _among_themselves(records: Sequence[Held], comparer: Comparer) -> Iterable[Found]:
    for one, other in combinations(_different(records), 2):
        newer, older = (one, other) if (one.day, other.agency) >= (other.day, one.agency) else (other, one)
        for field, (compared, weight) in comparer.compare(one.features, other.features).fields.items():
            differs = compared.likeness is not Likeness.EQUAL and older.day
            yield (
                weight,
                Evidence(
                    field=field,
                    likeness=compared.likeness,
                    agency=newer.agency,
                    other_agency=older.agency,
                    since=newer.day if differs else "",
                ),
            )


def _different(records: Sequence[Held]) -> list[Held]:
    """Return the newest of each agency's records that say the same of the person, a few of them, in a fixed order."""
    ordered = sorted(records, key=lambda held: (held.day, held.agency), reverse=True)
    found: dict[tuple[str, Features], Held] = {}
    for held in ordered:
        found.setdefault((held.agency, held.features), held)
    return list(found.values())[:MOST_COMPARED]


def _keep_first(found: dict[tuple[str, Likeness], Found], weighed: Found) -> None:
    """Keep, of what says the same of one field, what would stand first."""
    key = (weighed[1].field, weighed[1].likeness)
    if key not in found or _place(weighed) < _place(found[key]):
        found[key] = weighed


def _place(weighed: Found) -> tuple[object, ...]:
    weight, said = weighed
    return (-abs(weight), _NUMBER_OF_FIELD[said.field], said.likeness, said.agency, said.other_agency, said.since)
