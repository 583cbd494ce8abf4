"""Group the records of a search among themselves: nobody was asked about, so there is nobody to compare them with.

Records are one person's where a valid strong identifier says so, or names and date of birth all agree, and never where
two valid numbers of one kind contradict: then each stands alone. Twins of one name do not exist; namesakes born on one
day do, and are rarely known to two agencies without a number.
"""

from collections import defaultdict
from collections.abc import Sequence

from hub.model.identifiers import STRONG_IDENTIFIERS, is_valid
from hub.model.records import Records
from hub.model.text import plain

# A kind of mark, and the mark: a number, or names with a date of birth.
Mark = tuple[str, ...]
_NAMES = ("given_name", "family_name", "date_of_birth")


def group(tables: Sequence[Records]) -> tuple[tuple[int, ...], ...]:
    """Return the rows of each person; rows are counted through all tables."""
    marks = [mark for table in tables for mark in _marks_of_rows(table)]
    groups: list[tuple[int, ...]] = []
    for rows in _joined(marks):
        contradicts = _contradicts(rows, marks)
        groups += [(row,) for row in rows] if contradicts else [rows]
    return tuple(groups)


def _marks_of_rows(table: Records) -> list[frozenset[Mark]]:
    absent = ("",) * len(table)
    numbers = {kind: table.column(kind) or absent for kind in STRONG_IDENTIFIERS}
    names = list(zip(*(table.column(name) or absent for name in _NAMES), strict=True))
    return [
        frozenset(
            [
                *((kind, held[row]) for kind, held in numbers.items() if held[row] and is_valid(kind, held[row])),
                *((("names", plain(given), plain(family), born),) if plain(given) and plain(family) and born else ()),
            ]
        )
        for row, (given, family, born) in enumerate(names)
    ]


def _joined(marks: Sequence[frozenset[Mark]]) -> list[tuple[int, ...]]:
    """Group rows that share a mark, directly or through other rows."""
    rows_of: defaultdict[Mark, list[int]] = defaultdict(list)
    for row, held in enumerate(marks):
        for mark in held:
            rows_of[mark].append(row)
    seen: set[int] = set()
    groups = []
    for first in range(len(marks)):
        if first in seen:
            continue
        seen.add(first)
        found, waiting = [], [first]
        while waiting:
            row = waiting.pop()
            found.append(row)
            near = [other for mark in marks[row] for other in rows_of.pop(mark, ()) if other not in seen]
            near = list(dict.fromkeys(near))
            seen.update(near)
            waiting += near
        groups.append(tuple(sorted(found)))
    return groups


def _contradicts(rows: Sequence[int], marks: Sequence[frozenset[Mark]]) -> bool:
    numbers = frozenset[Mark]().union(*(marks[row] for row in rows))
    kinds = [mark[0] for mark in numbers if mark[0] != "names"]
    return len(kinds) != len(set(kinds))
