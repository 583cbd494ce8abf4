"""One entry of the audit log, what a commit of them leaves behind, and the receipts of whom they concern."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened, when, and its particulars, never what a case is about; `body` is the leaf of the log as text.

    `agency` is the one that gets a receipt of it, and empty where nobody does.
    """

    kind: str
    at_ms: int
    body: str
    agency: str = ""

    @property
    def leaf(self) -> bytes:
        """Return the canonical bytes that are hashed into the log."""
        return self.body.encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """That an entry concerns an agency: the agency's own number, without gaps from 1, and the entry's position."""

    agency: str
    number: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptedEntry:
    """A receipt's number with the entry of which it is one."""

    number: int
    position: int
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What one commit left behind: where its entries begin, and the state of the log with them, signed."""

    first: int
    size: int
    root: bytes
    checkpoint: str
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """What is written in one transaction: entries, what they complete of the tree, the state, and receipts."""

    first: int
    entries: tuple[Entry, ...]
    tiles: tuple[tuple[int, bytes], ...]
    checkpoint: str
    receipts: tuple[Receipt, ...]

    @property
    def size(self) -> int:
        """Return how many entries the log has with these."""
        return self.first + len(self.entries)
