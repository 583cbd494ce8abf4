"""Reads one CSV file whole, or not at all."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from adapters.kit.errors import AdapterError

LARGEST_FILE = 512 * 1024 * 1024
BYTE_ORDER_MARK = "\ufeff"


class Refusal(StrEnum):
    """Why a file is not taken; safe to log."""

    MISSING = "it cannot be read"
    TOO_LARGE = "it is larger than 512 MiB"
    CHANGING = "it changed while it was read"
    NOT_TEXT = "it is not in the declared encoding"
    NO_HEADER = "it has no header line, or a column twice"
    NO_COLUMN = "a mapped column is missing"
    UNEVEN = "a row has too few or too many cells, or a quote is not closed"
    UNFINISHED = "its last line does not end"


class FileRefused(AdapterError):
    """The file is half-written or malformed."""

    def __init__(self, refusal: Refusal) -> None:
        """Take the reason."""
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Tells one state of a file from another."""

    modified_ns: int
    size: int
    inode: int

    @property
    def day(self) -> str:
        """Give the day of the last change, in UTC."""
        return datetime.fromtimestamp(self.modified_ns / 1e9, UTC).date().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table:
    """A whole file."""

    stamp: Stamp
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the files of a source are written."""

    encoding: str
    delimiter: str
    final_newline: bool


def stamp_of(file: Path) -> Stamp:
    """Look at a file without reading it; raises FileRefused."""
    try:
        seen = file.stat()
    except OSError:
        raise FileRefused(Refusal.MISSING) from None
    return Stamp(modified_ns=seen.st_mtime_ns, size=seen.st_size, inode=seen.st_ino)


def read_table(file: Path, dialect: Dialect) -> Table:
    """Read a file; raises FileRefused if anything about it is not as it should be."""
    stamp = stamp_of(file)
    text = _text(file, stamp, dialect)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter, strict=True)
        header = tuple(cell.strip() for cell in next(reader, ()))
        if not any(header) or len(set(header)) != len(header):
            raise FileRefused(Refusal.NO_HEADER)
        rows = list(_rows(reader, len(header)))
    except csv.Error:
        raise FileRefused(Refusal.UNEVEN) from None
    if stamp_of(file) != stamp:
        raise FileRefused(Refusal.CHANGING)
    return Table(stamp=stamp, columns=header, rows=rows)


def _text(file: Path, stamp: Stamp, dialect: Dialect) -> str:
    if stamp.size > LARGEST_FILE:
        raise FileRefused(Refusal.TOO_LARGE)
    try:
        text = file.read_bytes().decode(dialect.encoding).removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError:
        raise FileRefused(Refusal.NOT_TEXT) from None
    except OSError:
        raise FileRefused(Refusal.MISSING) from None
    if dialect.final_newline and not text.endswith(("\n", "\r")):
        raise FileRefused(Refusal.UNFINISHED)
    return text


def _rows(reader: Iterator[list[str]], width: int) -> Iterator[tuple[str, ...]]:
    """Give the rows; empty lines are passed over."""
    for row in reader:
        if len(row) != width:
            if not row:
                continue
            raise FileRefused(Refusal.UNEVEN)
        yield tuple(row)
