"""Join records into people by valid strong identifiers that they share, and by nothing else.

Showing one child's life as another's is worse than showing two records side by side, so whatever is not joined by
an identifier stays apart and is marked as only possibly the same person. A group of records in which one kind of
identifier has two different valid values contradicts itself, and falls apart again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.person import PersonKeys
from hub.model.records import Records

# A kind of strong identifier and a valid number of that kind.
Identifier = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """For each row its person, numbered from 0 in order of appearance; for each person whether that is certain."""

    person_of_row: tuple[int, ...]
    certain: tuple[bool, ...]


def join(tables: Sequence[Records], asked: PersonKeys) -> People:
    """Join the rows of all tables, counted in the order given, into people."""
    valid = _Validity(asked)
    held = [identifiers for table in tables for identifiers in _identifiers_of_rows(table, valid)]
    groups = _groups(held)
    wanted = frozenset((kind, getattr(asked, kind)) for kind in STRONG_IDENTIFIERS if getattr(asked, kind))
    person_of_row = [0] * len(held)
    certain: list[bool] = []
    for group in groups:
        disputed = _contradicts_itself(group, held)
        for rows in [[row] for row in group] if disputed else [group]:
            for row in rows:
                person_of_row[row] = len(certain)
            certain.append(not disputed and (len(rows) > 1 or bool(wanted & held[rows[0]])))
    return People(person_of_row=tuple(person_of_row), certain=tuple(certain))


class _Validity(dict[Identifier, bool]):
    """Knows which identifiers are valid; records about one child repeat them, and each is checked only once."""

    def __init__(self, asked: PersonKeys) -> None:
        """Start with the identifiers asked for, which have been checked already."""
        super().__init__({(kind, getattr(asked, kind)): True for kind in STRONG_IDENTIFIERS})

    def __missing__(self, identifier: Identifier) -> bool:
        """Check an identifier that has not been seen."""
        self[identifier] = is_valid(*identifier)
        return self[identifier]


def _identifiers_of_rows(table: Records, valid: _Validity) -> Iterable[frozenset[Identifier]]:
    kinds = [kind for kind in STRONG_IDENTIFIERS if kind in table.columns]
    if not kinds:
        return [frozenset()] * len(table)
    columns = [table.column(kind) for kind in kinds]
    return [
        frozenset([held for held in zip(kinds, numbers, strict=True) if held[1] and valid[held]])
        for numbers in zip(*columns, strict=True)
    ]


def _groups(held: Sequence[frozenset[Identifier]]) -> list[list[int]]:
    """Group rows that share an identifier, directly or through other rows."""
    rows_of: defaultdict[Identifier, list[int]] = defaultdict(list)
    for row, identifiers in enumerate(held):
        for identifier in identifiers:
            rows_of[identifier].append(row)
    seen: set[int] = set()
    groups: list[list[int]] = []
    for first in range(len(held)):
        if first in seen:
            continue
        seen.add(first)
        group, waiting = [], [first]
        while waiting:
            row = waiting.pop()
            group.append(row)
            for identifier in held[row]:
                neighbours = [other for other in rows_of.pop(identifier, ()) if other not in seen]
                seen.update(neighbours)
                waiting.extend(neighbours)
        groups.append(sorted(group))
    return groups


def _contradicts_itself(group: Sequence[int], held: Sequence[frozenset[Identifier]]) -> bool:
    """Tell whether one kind of identifier has two different numbers within the group."""
    kinds = [kind for kind, _ in frozenset[Identifier]().union(*(held[row] for row in group))]
    return len(kinds) != len(set(kinds))
