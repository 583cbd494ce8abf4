"""Searches the rows of files in memory for whoever fits criteria, off the event loop and within the time there is."""

from collections.abc import Callable, Iterator, Sequence

from adapters.files.index import Index
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import FileRecords
from adapters.kit.reader import Found
from adapters.kit.searching import Search, sift
from adapters.kit.shaping import Shape

ROWS_A_LOOK = 2_000
"""So many rows are gone through between two looks at the clock."""

Row = Sequence[str]
RowTest = Callable[[Row], bool]


def search_rows(
    index: Index,
    records: FileRecords,
    shape: Shape[Sequence[object]],
    search: Search,
    is_late: Callable[[], bool],
) -> Found:
    """Search; raises TooMany, and SourceFault when time is up."""
    return sift(shape, list(_near(index, _tests(index, records, search), is_late)), search)


def _near(index: Index, tests: Sequence[RowTest], is_late: Callable[[], bool]) -> Iterator[Row]:
    """Yield the rows that may fit: most are passed over without being made into cells."""
    for number, row in enumerate(index.rows):
        if number % ROWS_A_LOOK == 0 and is_late():
            raise SourceFault(SourceFaultKind.LATE)
        if all(test(row) for test in tests):
            yield row


def _tests(index: Index, records: FileRecords, search: Search) -> list[RowTest]:
    keys, at = records.keys.mapped(), {name: place for place, name in enumerate(index.columns)}
    return [
        _begins(at[keys[name].place], search.wanted[name].casefold())
        for name in ("family_name", "given_name")
        if name in search.wanted and name in keys
    ]


def _begins(place: int, wanted: str) -> RowTest:
    return lambda row: row[place].strip().casefold().startswith(wanted)
