"""Reads all tables of a source together, off the event loop, and refuses them together."""

from collections.abc import Collection, Mapping
from pathlib import Path

from adapters.files.csv_file import Dialect, read_csv
from adapters.files.table import LARGEST_FILE, FileRefused, Refusal, Table, TablePlace, stamp_of
from adapters.kit.manifest import FilesSource

WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def dialect_of(source: FilesSource) -> Dialect:
    """Say how the text files of a source are written."""
    return Dialect(encoding=source.encoding, delimiter=source.delimiter, final_newline=source.final_newline)


def read_table(folder: Path, place: TablePlace, dialect: Dialect, wanted: Collection[str]) -> Table:
    """Read a table, whichever way it is kept; raises FileRefused."""
    file = folder / place.file
    stamp = stamp_of(file)
    if stamp.size > LARGEST_FILE:
        raise FileRefused(Refusal.TOO_LARGE)
    if file.suffix.lower() in WORKBOOKS:
        try:
            from adapters.files.workbook import read_sheet  # noqa: PLC0415  its library is an extra
        except ModuleNotFoundError:
            raise FileRefused(Refusal.NO_LIBRARY) from None
        table = read_sheet(file, place, stamp, wanted)
    else:
        table = read_csv(file, stamp, dialect, wanted)
    if stamp_of(file) != stamp:
        raise FileRefused(Refusal.CHANGING)
    return table


def read_tables(source: FilesSource, wanted: Mapping[TablePlace, Collection[str]]) -> dict[TablePlace, Table]:
    """Read every table of a source; raises FileRefused for the first that is not as it should be."""
    dialect = dialect_of(source)
    tables = {place: read_table(source.folder, place, dialect, columns) for place, columns in wanted.items()}
    if len({(place.file, table.stamp) for place, table in tables.items()}) != len({place.file for place in tables}):
        # Two sheets of one file, and another file in its place between them.
        raise FileRefused(Refusal.CHANGING)
    return tables
