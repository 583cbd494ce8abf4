"""What is read of a file: a whole table with the columns that are mapped, or the reason why it is not taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from adapters.kit.errors import AdapterError

LARGEST_FILE = 512 * 1024 * 1024
MOST_TABLE_ROWS = 2_000_000


class Refusal(StrEnum):
    """Why a file is not taken; safe to log."""

    MISSING = "it cannot be read"
    TOO_LARGE = "it is larger than 512 MiB, or has more than two million rows, or a cell that is too far away"
    CHANGING = "it changed while it was read"
    NOT_TEXT = "it is not in the declared encoding"
    NO_LIBRARY = "it is an Excel file, and python-calamine is not installed"
    NO_WORKBOOK = "it is no whole Excel file"
    NO_SHEET = "it has no such sheet"
    NO_HEADER = "it has no header line, or a column twice"
    NO_COLUMN = "a mapped column is missing"
    UNEVEN = "a row has too few or too many cells, or a quote is not closed"
    UNFINISHED = "its last line does not end"
    SHRUNK = "it has far fewer rows than the one before"


class FileRefused(AdapterError):
    """The file is half-written or malformed."""

    def __init__(self, refusal: Refusal) -> None:
        """Take the reason."""
        super().__init__(refusal.value)
        self.refusal = refusal


class TablePlace(NamedTuple):
    """Where a table is: a file, and one of its sheets where it has several."""

    file: str
    sheet: str | None = None

    def __str__(self) -> str:
        """Spell the place as a check tells it."""
        return self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"


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

    def age(self, now: float) -> float:
        """Give the seconds between the last change and now."""
        return now - self.modified_ns / 1e9


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Table:
    """A whole table: every column's name, and rows with those of them that are kept."""

    stamp: Stamp
    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def stamp_of(file: Path) -> Stamp:
    """Look at a file without reading it; raises FileRefused."""
    try:
        seen = file.stat()
    except OSError:
        raise FileRefused(Refusal.MISSING) from None
    return Stamp(modified_ns=seen.st_mtime_ns, size=seen.st_size, inode=seen.st_ino)


def header_of(cells: Sequence[str]) -> tuple[str, ...]:
    """Read a header; raises FileRefused where it names nothing, or a column twice."""
    header = tuple(cell.strip() for cell in cells)
    if not any(header) or len(set(header)) != len(header):
        raise FileRefused(Refusal.NO_HEADER)
    return header
