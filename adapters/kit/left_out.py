"""Finds what a hub left out: entries of its log that concern this agency, and of which the journal has no receipt.

Receipts are numbered without gaps, but it is the hub that numbers them: one that never gave a number to an entry leaves
no gap. The log itself shows it, since every entry that concerns an agency names it, and its receipt has its position.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from adapters.kit.errors import JournalFault
from adapters.kit.journal import open_journal_to_read
from adapters.kit.receipts import Standing, read_standing
from adapters.kit.verifying import WHOLE, Distrusted, leaf_hash, verify

_NEWEST_NOTE = "SELECT note FROM checkpoints WHERE origin = ? AND size = ?"
_RECEIPTS = "SELECT audit_position, leaf_hash FROM receipts WHERE origin = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a whole export says of an agency: how many entries up to the state that its journal has, and which it lacks.

    `later` counts those after that state, whose receipts may still be on their way.
    """

    size: int
    named: int
    later: int
    positions: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class _Named:
    """Notes, while an export is verified line by line, which of its entries name an agency."""

    agency: str
    found: list[tuple[int, bytes]] = field(default_factory=list)

    def noting(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Hand on every line as it is."""
        header = next(lines, b"")
        if f'"format":"{WHOLE}"'.encode() not in header:
            raise Distrusted("this is not the whole log")
        yield header
        word = json.dumps(self.agency).encode()
        for position, line in enumerate(lines):
            if word in line and _agency_of(line) == self.agency:
                self.found.append((position, leaf_hash(line.removesuffix(b"\n"))))
            yield line


def left_out(journal: Path, agency: str, export: Path) -> LeftOut:
    """Compare a whole export of the log with the journal; raise Distrusted for one that does not continue its log.

    Raises JournalFault for a journal that witnesses no log yet, and OSError for a file that cannot be read.
    """
    standing, note, held = _held(journal)
    named = _Named(agency=agency)
    with export.open("rb") as lines:
        state = verify(named.noting(iter(lines)), note)
    before = [one for one in named.found if one[0] < standing.size]
    return LeftOut(
        size=state.size,
        named=len(before),
        later=len(named.found) - len(before),
        positions=tuple(position for position, leaf in before if (position, leaf) not in held),
    )


def _held(journal: Path) -> tuple[Standing, str, frozenset[tuple[int, bytes]]]:
    """Read how far the journal has come, the signed state of that, and its receipts."""
    if not journal.is_file():
        raise JournalFault("there is no journal yet")
    connection = open_journal_to_read(journal)
    try:
        standing = read_standing(connection)
        note = connection.execute(_NEWEST_NOTE, (standing.origin, standing.size)).fetchone()
        if note is None:
            raise JournalFault("it witnesses no log yet")
        return standing, note[0], frozenset(connection.execute(_RECEIPTS, (standing.origin,)))
    finally:
        connection.close()


def _agency_of(line: bytes) -> object:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said.get("agency") if isinstance(said, dict) else None
