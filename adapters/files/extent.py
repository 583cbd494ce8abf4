"""Tells how far the cells of a sheet reach before the library makes a place for each, which it does for all between."""

import re
from zipfile import ZipFile

from adapters.files.cell_faults import LETTERS, PIECE, part_of

OVERLAP = 512
_FILLED = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'](?:[^>]*[^>/])?>\s*<[^/]""")


def places_within(archive: ZipFile, sheet: str) -> int:
    """Count the places from the first to the furthest cell that is filled; raises LookupError for no such sheet."""
    columns: set[bytes] = set()
    last_row = 0
    with archive.open(part_of(archive, sheet)) as opened:
        rest = b""
        while piece := opened.read(PIECE):
            found = _FILLED.findall(rest + piece)
            columns.update(column for column, _ in found)
            last_row = max(last_row, max((int(row) for _, row in found), default=0))
            rest = piece[-OVERLAP:]
    return max(map(_number, columns), default=0) * last_row


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * LETTERS + letter - ord("A") + 1
    return number
