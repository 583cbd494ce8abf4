"""Searches a record set for whoever fits criteria: bounded, without those who are kept silent about, by its own leave.

A search differs from a look for one person in what silence means. There, one shielded record silences the answer;
here it is that person alone who is absent, with every record that is theirs, and nothing is counted of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, Self, runtime_checkable

from sharing.v1.links_pb2 import Ask

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.mapping import IDENTIFIER_KEYS, NAME_KEYS
from adapters.kit.reader import Found
from adapters.kit.shaping import Row, Shape, gather

FEW_PEOPLE, MOST_PEOPLE = 10, 200
"""How many people are told of where an ask does not say, and where it says too many."""
FEWEST_LETTERS = 2
LONGEST_CRITERION = 100
INWARD = 3
"""Characters of the second half of a postcode."""
CRITERIA: Mapping[str, str] = {
    "given_name": "given_name",
    "family_name": "family_name",
    "born_from": "date_of_birth",
    "born_to": "date_of_birth",
    "postcode_area": "postcode",
    "school": "school",
    "gp_practice": "gp_practice",
}
"""The field that each criterion is compared with."""
_LOCATING = frozenset({"postcode_area", "school", "gp_practice"})
_DAYS = frozenset({"born_from", "born_to"})
_ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Search:
    """Whom a search is for, by the names of the contract, and how many may be told. Case data: its repr is silent.

    `fields` are told, `read` are read: those, what the criteria are compared with, and what says whose a record is.
    """

    wanted: Mapping[str, str]
    fields: tuple[str, ...]
    read: tuple[str, ...]
    most: int = FEW_PEOPLE
    with_shielded: bool = False

    def __repr__(self) -> str:
        """Name the criteria and keep their values back."""
        return f"Search({', '.join(self.wanted)})"

    @classmethod
    def of(cls, ask: Ask, answerable: frozenset[str]) -> Self | None:
        """Read an ask; None where it cannot be searched by this, or not in this record set."""
        wanted = {name: value.strip() for name in CRITERIA if (value := getattr(ask.criteria, name)).strip()}
        fields = tuple(name for name in dict.fromkeys(ask.fields) if name in answerable)
        compared = [CRITERIA[name] for name in wanted]
        if not fields or not _is_of_somebody(wanted) or not answerable.issuperset(compared):
            return None
        whose = [name for name in (*IDENTIFIER_KEYS, *NAME_KEYS) if name in answerable]
        return cls(
            wanted=wanted,
            fields=fields,
            read=tuple(dict.fromkeys((*fields, *compared, *whose))),
            most=min(ask.looking.most_people or FEW_PEOPLE, MOST_PEOPLE),
            with_shielded=ask.with_shielded,
        )

    @property
    def locates(self) -> bool:
        """Tell whether to be found would tell where somebody is."""
        return not _LOCATING.isdisjoint(self.wanted)

    def fits(self, cells: Mapping[str, str]) -> bool:
        """Tell whether somebody fits every criterion; of whom a value is not known, does not."""
        return all(_fits(name, wanted, cells.get(CRITERIA[name], "")) for name, wanted in self.wanted.items())


@runtime_checkable
class Searches(Protocol):
    """Searches one back-office system; readers of most technologies do."""

    async def search(self, records: str, search: Search, deadline: float) -> Found:
        """Search a record set, with the columns of `search.fields`; raises TooMany, NotSearched and SourceFault."""


class TooMany(Exception):
    """Is raised where more people fit than may be told of; nobody is told of then."""


class NotSearched(Exception):
    """Is raised where a system cannot be searched by any of the criteria."""


def sift(shape: Shape[Row], rows: Iterable[Row], search: Search) -> Found:
    """Keep whoever fits and is not kept silent about, and write them as cells; raises TooMany.

    `shape` has the columns of `search.read`. Whether there are too many is told by those alone who could be told of.
    """
    counted = [row for row in rows if all(test(row) for test in shape.counts)] if shape.counts else list(rows)
    cells_of = _reading(shape)
    fitting = [row for row in counted if search.fits(cells_of(row))]
    # Also of those who do not fit: another record of theirs may.
    silent = [row for row in counted if is_silent(shape, row, search)]
    kept = without_kin(fitting, silent, lambda row: whose(shape.reference(row), cells_of(row)))
    told = _each_once(kept, shape.reference)
    if len(told) > search.most:
        raise TooMany
    found = _only(gather(replace(shape, withheld=()), told, with_shielded=search.with_shielded), search.fields)
    return replace(found, withheld=len(fitting) - len(kept), withheld_by=_held_back_by(shape, silent))


def is_silent(shape: Shape[Row], row: Row, search: Search) -> bool:
    """Tell whether a record, by itself, is one of which nobody may learn in this search."""
    if any(test(row) for test in shape.withheld):
        return True
    if shape.terms is None:
        return False
    said = shape.terms(row)
    # To be found by a school or a part of the town would tell what a shield over the address keeps back.
    is_given_away = search.locates and said.shield == _ADDRESS and not search.with_shielded
    return is_given_away or said.hides(with_shielded=search.with_shielded)


def whose(reference: str, cells: Mapping[str, str]) -> frozenset[tuple[str, ...]]:
    """Say by what records can be told to be one person's: reference, numbers, and names with date of birth."""
    marks: list[tuple[str, ...]] = [("reference", reference)]
    marks += [(name, cells.get(name, "").casefold()) for name in IDENTIFIER_KEYS]
    marks += [("names", *(cells.get(name, "").casefold() for name in NAME_KEYS))]
    return frozenset(mark for mark in marks if all(mark))


def without_kin(
    rows: Sequence[Row], silent: Sequence[Row], marks: Callable[[Row], frozenset[tuple[str, ...]]]
) -> list[Row]:
    """Drop every record of whoever is kept silent about: the other would give the person away."""
    if not silent:
        return list(rows)
    hidden = frozenset[tuple[str, ...]]().union(*map(marks, silent))
    gone = {id(row) for row in silent}
    return [row for row in rows if id(row) not in gone and hidden.isdisjoint(marks(row))]


def _each_once(rows: Sequence[Row], reference: Callable[[Row], str]) -> list[Row]:
    """Keep one row of each record: joins may have multiplied it."""
    seen: set[str] = set()
    kept = []
    for row in rows:
        name = reference(row)
        if not name or name not in seen:
            kept.append(row)
        seen.add(name)
    return kept


def _reading(shape: Shape[Row]) -> Callable[[Row], Mapping[str, str]]:
    return lambda row: {name: cell(row) for name, cell in zip(shape.columns, shape.cells, strict=True)}


def _held_back_by(shape: Shape[Row], rows: Sequence[Row]) -> tuple[str, ...]:
    named = zip(shape.withheld_names, shape.withheld, strict=False)
    return tuple(name for name, test in named if any(test(row) for row in rows))


def _only(found: Found, fields: Sequence[str]) -> Found:
    """Leave of what was read only what was asked."""
    width, at = len(found.columns), {name: place for place, name in enumerate(found.columns)}
    places = [at[name] for name in fields if name in at]
    cells = [found.cells[first + place] for first in range(0, len(found.cells), width) for place in places]
    return replace(found, columns=tuple(name for name in fields if name in at), cells=cells)


def _fits(name: str, wanted: str, cell: str) -> bool:
    if not cell:
        return False
    match name:
        case "born_from":
            return wanted <= cell
        case "born_to":
            return cell <= wanted
        case "postcode_area":
            return cell.replace(" ", "").upper()[:-INWARD] == wanted.replace(" ", "").upper()
        case "school" | "gp_practice":
            return wanted.casefold() in cell.casefold()
        case _:
            return cell.casefold().startswith(wanted.casefold())


def _is_of_somebody(wanted: Mapping[str, str]) -> bool:
    """Tell whether criteria are in form, and say something of the person; else a search would list a whole town."""
    if any(not _is_in_form(name, value) for name, value in wanted.items()):
        return False
    if len(_DAYS & wanted.keys()) == 1:
        return False
    return not _DAYS.union(NAME_KEYS).isdisjoint(wanted)


def _is_in_form(name: str, value: str) -> bool:
    if name in _DAYS:
        return _is_day(value)
    return FEWEST_LETTERS <= len(value) <= LONGEST_CRITERION and value.isprintable()


def _is_day(value: str) -> bool:
    try:
        return value == date.fromisoformat(value).isoformat()
    except ValueError:
        return False


def is_too_many(fault: SourceFault) -> bool:
    """Tell whether a source itself gave more than can be read: then, too, the search must be narrowed."""
    return fault.kind is SourceFaultKind.TOO_MUCH
