"""What is read of the record: entries by their positions, receipts by their numbers, and what proves them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from hub.audit.exporting import SignedState
from hub.audit.ledger import EntryRows, Ledger
from hub.model.entry import ReceiptedEntry

# So many entries are read at a time; a look through the whole log is many such steps.
STEP = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry with its place in the log."""

    position: int
    leaf: bytes

    @property
    def particulars(self) -> Mapping[str, Any]:
        """Return what the entry says."""
        found: Mapping[str, Any] = orjson.loads(self.leaf)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The newest signed state of the log, and how many entries it counts."""

    signed: SignedState
    size: int


class Record(Protocol):
    """Gives what the log has; each call that reads blocks for as long as that takes."""

    def size(self) -> int:
        """Count the entries; asks no disk."""

    def entries(self, first: int, most: int) -> Sequence[Found]:
        """Return the entries from a position on, in order; fewer than `most` at the end of the log."""

    def state(self) -> State:
        """Return the newest signed state; asks no disk."""

    def inclusion(self, position: int, size: int) -> Sequence[bytes]:
        """Prove that an entry is in the log of a size."""

    def receipts(self, agency: str, first: int, last: int) -> Sequence[ReceiptedEntry]:
        """Return an agency's receipts of a span of numbers, both ends included, in order."""

    def last_receipt(self, agency: str) -> int:
        """Return the number of an agency's newest receipt, 0 before the first; asks no disk."""


class KeptRecord:
    """The record as it is kept: the ledger that proves it, and the rows that it stands in."""

    def __init__(self, ledger: Ledger, rows: EntryRows) -> None:
        """Take both, of one store."""
        self._ledger = ledger
        self._rows = rows

    def size(self) -> int:
        """Count the entries."""
        return self._ledger.size

    def entries(self, first: int, most: int) -> Sequence[Found]:
        """Return the entries from a position on, as they are kept."""
        rows = self._rows.leaves(first, first + most)
        return [Found(position=position, leaf=leaf) for position, _, _, leaf in rows]

    def state(self) -> State:
        """Return the newest signed state."""
        size, note = self._ledger.signed
        signed = SignedState(origin=self._ledger.origin, public_key=self._ledger.public_key, checkpoint=note)
        return State(signed=signed, size=size)

    def inclusion(self, position: int, size: int) -> Sequence[bytes]:
        """Prove that an entry is in the log of a size."""
        return self._ledger.inclusion(position, size)

    def receipts(self, agency: str, first: int, last: int) -> Sequence[ReceiptedEntry]:
        """Return an agency's receipts of a span of numbers."""
        found = self._ledger.receipts_after(agency, first - 1, last - first + 1)
        return [receipt for receipt in found if receipt.number <= last]

    def last_receipt(self, agency: str) -> int:
        """Return the number of an agency's newest receipt."""
        return self._ledger.last_number(agency)


def backwards(record: Record, before: int, most: int) -> Iterator[Found]:
    """Yield entries before a position, the newest first, at most so many."""
    least = max(0, before - most)
    while before > least:
        first = max(least, before - STEP)
        yield from reversed(record.entries(first, before - first))
        before = first
