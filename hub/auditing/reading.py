"""What is read of the record: entries by their positions, receipts by their numbers, and what proves them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from hub.model.entry import ReceiptedEntry

# So many entries are read at a time; a look through the whole log is many such steps.
STEP = 5_000


class Record(Protocol):
    """Gives what the log has; each call blocks for as long as a read takes."""

    def size(self) -> int:
        """Count the entries."""

    def entries(self, first: int, most: int) -> Sequence["Found"]:
        """Return the entries from a position on, in order; fewer than `most` at the end of the log."""

    def checkpoint(self) -> str:
        """Return the newest signed state."""

    def inclusion(self, position: int, size: int) -> Sequence[bytes]:
        """Prove that an entry is in the log of a size."""

    def receipts(self, agency: str, first: int, last: int) -> Sequence[ReceiptedEntry]:
        """Return an agency's receipts of a span of numbers, both ends included, in order."""

    def last_receipt(self, agency: str) -> int:
        """Return the number of an agency's newest receipt; 0 before the first."""


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


def backwards(record: Record, before: int, most: int) -> Iterator[Found]:
    """Yield entries before a position, the newest first, at most so many."""
    least = max(0, before - most)
    while before > least:
        first = max(least, before - STEP)
        yield from reversed(record.entries(first, before - first))
        before = first
