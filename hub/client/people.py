"""From rows to people: who is meant, what is held about them, and where it differs."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sharing.v1 import questions_pb2

from hub.client.answer import Disagreement, Person, Saying, Value
from hub.client.cards import read_card

IDENTITY: Final = ("nhs_number", "upn", "given_name", "family_name", "date_of_birth")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Row:
    """One record of one agency."""

    place: tuple[int, int]
    """Place of the agency in the plan, then of the row in its table: the same however the answer was streamed."""
    agency: str
    source: str
    record_date: str | None
    retrieved_at: str | None
    cells: tuple[tuple[str, str], ...]
    """Field and value."""

    def __repr__(self) -> str:
        """Tell whose record it is, and not what it says."""
        return f"<Row of {self.agency}>"


def make_people(rows: Sequence[Row], joining: questions_pb2.Joining, order: Sequence[str]) -> tuple[Person, ...]:
    """Join rows into people: the certain ones first, then those of whom more agencies know."""
    rows_of: dict[int, list[Row]] = defaultdict(list)
    for row, person in zip(rows, joining.person_of_row, strict=True):
        rows_of[person].append(row)
    differing: dict[int, list[str]] = defaultdict(list)
    for disagreement in joining.disagreements:
        differing[disagreement.person].append(disagreement.field)

    def place(person: int) -> tuple[bool, int, tuple[int, int]]:
        about = rows_of[person]
        return not joining.certain[person], -len({row.agency for row in about}), min(row.place for row in about)

    return tuple(
        replace(
            _make_person(rows_of[person], differing[person], order, certain=joining.certain[person]),
            number=person,
            card=read_card(joining.cards[person]) if person < len(joining.cards) else None,
        )
        for person in sorted(rows_of, key=place)
    )


def _make_person(rows: Sequence[Row], differing: Sequence[str], order: Sequence[str], *, certain: bool) -> Person:
    """Put together what is held about one person."""
    fields = _fields(sorted(rows, key=lambda row: row.place), order)
    return Person(
        certain=certain,
        identity={name: _best(fields.get(name, ())) for name in IDENTITY},
        fields=fields,
        disagreements=_disagreements(fields, differing),
    )


def _fields(rows: Sequence[Row], order: Sequence[str]) -> Mapping[str, tuple[Value, ...]]:
    """Sort every cell that is not empty under its field; fields in the order given, others after them."""
    held: dict[str, list[Value]] = defaultdict(list)
    for number, row in enumerate(rows):
        for field, value in row.cells:
            if value:
                held[field].append(_value(row, number, value))
    names = [*(name for name in order if name in held), *sorted(held.keys() - set(order))]
    return {name: tuple(held[name]) for name in names}


def _value(row: Row, number: int, value: str) -> Value:
    """Give a cell its provenance."""
    return Value(
        value=value,
        agency=row.agency,
        source=row.source,
        record=number,
        record_date=row.record_date,
        retrieved_at=row.retrieved_at,
    )


def _best(values: Sequence[Value]) -> str | None:
    """Choose the value held most often; among equals that of the newest record, then the first agency's."""
    if not values:
        return None
    count = Counter(value.value for value in values)
    return max(values, key=lambda value: (count[value.value], value.record_date or "")).value


def _disagreements(fields: Mapping[str, Sequence[Value]], differing: Sequence[str]) -> tuple[Disagreement, ...]:
    """Lay side by side the values of the fields that differ, in the order of the fields."""
    found = [Disagreement(field=name, sayings=_sayings(fields[name])) for name in fields if name in differing]
    return tuple(disagreement for disagreement in found if len(disagreement.sayings) > 1)


def _sayings(values: Sequence[Value]) -> tuple[Saying, ...]:
    """Group the agencies by what they say, what most of them say first."""
    who: dict[str, dict[str, None]] = defaultdict(dict)
    for value in values:
        who[value.value][value.agency] = None
    sayings = [Saying(value=value, agencies=tuple(agencies)) for value, agencies in who.items()]
    return tuple(sorted(sayings, key=lambda saying: -len(saying.agencies)))
