"""Reads one sheet of an Excel file whole, or not at all; the only module that knows the library, which is an extra."""

import zlib
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from adapters.files.cell_faults import ERROR, Position, faulty_cells
from adapters.files.extent import places_within
from adapters.files.keeping import kept_columns, kept_rows
from adapters.files.table import LARGEST_FILE, FileRefused, Refusal, Stamp, Table, TablePlace, header_of
from adapters.kit.converting import as_text

MOST_PLACES = 64 * 1024 * 1024
"""Places for cells between the first and the furthest, each of which takes 32 bytes, filled or not."""


def read_sheet(file: Path, place: TablePlace, stamp: Stamp, wanted: Collection[str]) -> Table:
    """Read the wanted columns of a sheet; raises FileRefused if anything about it is not as it should be."""
    try:
        with ZipFile(file) as archive:
            # The library unpacks as soon as it opens a file, and nothing in Python can catch it running out of memory.
            _require_whole(archive)
            rows = _rows_of(file, archive, place)
            header = header_of([cell or f"({number})" for number, cell in enumerate(next(rows, ()), start=1)])
            kept = kept_columns(header, wanted)
            return Table(stamp=stamp, header=header, columns=kept, rows=kept_rows(header, kept, rows))
    except OSError:
        raise FileRefused(Refusal.MISSING) from None
    except (CalamineError, BadZipFile, zlib.error, ParseError, LookupError, StopIteration, NotImplementedError):
        raise FileRefused(Refusal.NO_WORKBOOK) from None


def _rows_of(file: Path, archive: ZipFile, place: TablePlace) -> Iterator[Sequence[str]]:
    with CalamineWorkbook.from_path(str(file)) as workbook:
        name = workbook.sheet_names[0] if place.sheet is None else place.sheet
        if name not in workbook.sheet_names:
            raise FileRefused(Refusal.NO_SHEET)
        if places_within(archive, name) > MOST_PLACES:
            raise FileRefused(Refusal.TOO_LARGE)
        yield from _rows(workbook.get_sheet_by_name(name), faulty_cells(archive, name))


def _require_whole(archive: ZipFile) -> None:
    """Refuse what grows too large when it is unpacked, and what is not as it was packed: half written over."""
    if sum(part.file_size for part in archive.infolist()) > LARGEST_FILE:
        raise FileRefused(Refusal.TOO_LARGE)
    if archive.testzip() is not None:
        raise FileRefused(Refusal.NO_WORKBOOK)


def _rows(sheet: CalamineSheet, faulty: Collection[Position]) -> Iterator[Sequence[str]]:
    """Give the rows as text; those that are empty, as below the last one, are passed over."""
    # The library gives rows from the sheet's very first on, but columns from the first that is used.
    _, left = sheet.start or (0, 0)
    for number, cells in enumerate(sheet.iter_rows()):
        row = [_text(cell) for cell in cells]
        if faulty:
            row = [ERROR if (number, column) in faulty else text for column, text in enumerate(row, start=left)]
        if any(row):
            yield row


def _text(cell: object) -> str:
    """Write a cell as text: a day as YYYY-MM-DD, a number without `.0`, since Excel has no whole numbers."""
    match cell:
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() | date() | str():
            return as_text(cell)
        case time():
            return cell.isoformat()
        case _:
            return as_text(cell)
