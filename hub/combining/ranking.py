"""In which order whoever was found is shown: who fits best first, the same whichever agency answered first."""

from collections.abc import Sequence

from hub.model.criteria import Criteria
from hub.model.records import Records
from hub.model.text import plain

_SHOWN_BY = ("family_name", "given_name", "date_of_birth")
Row = dict[str, str]
Rank = tuple[int, int, tuple[str, ...], tuple[str, ...]]


def ranked(
    tables: Sequence[Records], people: Sequence[tuple[int, ...]], criteria: Criteria
) -> tuple[tuple[int, ...], ...]:
    """Order people by how many names are given in full, by how many records know them, by name and by date of birth."""
    rows = [dict(zip(table.columns, cells, strict=True)) for table in tables for cells in table.rows()]
    ranks = {found: _rank([rows[row] for row in found], criteria) for found in people}
    return tuple(sorted(people, key=lambda found: ranks[found]))


def _rank(records: Sequence[Row], criteria: Criteria) -> Rank:
    whole = max(_whole_names(row, criteria) for row in records)
    named = min(tuple(plain(row.get(name, "")) for name in _SHOWN_BY) for row in records)
    # Whatever else there is decides between namesakes, so that it never is who answered first.
    rest = min(tuple(f"{name} {value}" for name, value in sorted(row.items())) for row in records)
    return -whole, -len(records), named, rest


def _whole_names(row: Row, criteria: Criteria) -> int:
    asked = {"family_name": criteria.family_name, "given_name": criteria.given_name}
    return sum(bool(wanted) and plain(wanted) == plain(row.get(name, "")) for name, wanted in asked.items())
