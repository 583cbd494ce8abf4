"""Reads one CSV file whole, line by line, or not at all."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.files.encodings import DETECT, encoding_of
from adapters.files.keeping import kept_columns, kept_rows
from adapters.files.table import FileRefused, Refusal, Stamp, Table, header_of

BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the text files of a source are written."""

    encoding: str
    delimiter: str
    final_newline: bool


def read_csv(file: Path, stamp: Stamp, dialect: Dialect, wanted: Collection[str]) -> Table:
    """Read the wanted columns of a file; raises FileRefused if anything about it is not as it should be."""
    try:
        encoding = encoding_of(file) if dialect.encoding == DETECT else dialect.encoding
        with file.open(encoding=encoding, newline="") as opened:
            lines = _Lines(opened)
            reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
            header = header_of(next(reader, ()))
            kept = kept_columns(header, wanted)
            rows = kept_rows(header, kept, _even(reader, len(header)))
    except UnicodeError:
        raise FileRefused(Refusal.NOT_TEXT) from None
    except csv.Error:
        raise FileRefused(Refusal.UNEVEN) from None
    except OSError:
        raise FileRefused(Refusal.MISSING) from None
    if dialect.final_newline and not lines.last.endswith(("\n", "\r")):
        raise FileRefused(Refusal.UNFINISHED)
    return Table(stamp=stamp, header=header, columns=kept, rows=rows)


class _Lines:
    """The lines of a file without its byte order mark, of which the last is remembered."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.last = ""
        self._is_first = True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = next(self._lines)
        if self._is_first:
            self._is_first = False
            self.last = self.last.removeprefix(BYTE_ORDER_MARK)
        return self.last


def _even(reader: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """Give the rows; empty lines are passed over."""
    for row in reader:
        if len(row) != width:
            if not row:
                continue
            raise FileRefused(Refusal.UNEVEN)
        yield row
