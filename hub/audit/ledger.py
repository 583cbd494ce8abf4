"""The ledger: entries become leaves of one tree, and each commit leaves its signed state and its receipts behind."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from hub.audit import tree
from hub.audit.checkpoints import Checkpoint, CheckpointSigner, NotACheckpoint, read_checkpoint
from hub.audit.exporting import ProvedEntry, SignedState
from hub.audit.leaves import kept_as_leaf
from hub.audit.tiles import LEVELS, WIDTH, Tiles
from hub.audit.tree import EMPTY_ROOT, Frontier, leaf_hash
from hub.model.entry import Appended, Commit, Entry, Receipt, ReceiptedEntry

# Whole tiles at the end of the log whose entries are hashed again when it is opened; all others are taken as they are
# kept, and `hub audit verify` looks at them.
TAIL_TILES = 16


class EntryRows(Protocol):
    """Where entries are kept."""

    def append(self, commit: Commit) -> None:
        """Keep all of a commit durably, or nothing of it."""
        ...

    def end(self) -> int:
        """Return the position after the last entry."""
        ...

    def newest_checkpoint(self) -> str:
        """Return the newest signed state; empty before the first."""
        ...

    def tiles(self) -> list[tuple[int, bytes]]:
        """Return number and hash of each whole tile, in order."""
        ...

    def leaves(self, first: int, end: int | None = None) -> Iterator[tuple[int, str, int, bytes]]:
        """Yield position, kind, time and leaf of entries."""
        ...


class ReceiptRows(Protocol):
    """Where receipts are kept."""

    def last_numbers(self) -> dict[str, int]:
        """Return the last number of each agency that has any."""
        ...

    def after(self, agency: str, number: int, most: int) -> list[ReceiptedEntry]:
        """Return an agency's receipts after a number, in order."""
        ...


class BrokenLog(Exception):
    """Is raised when the log is not what its newest checkpoint says; its text says in which way."""


class Ledger:
    """Appends entries and proves what it has. One thread appends; others may ask for proofs meanwhile."""

    def __init__(self, rows: EntryRows, receipts: ReceiptRows, signer: CheckpointSigner) -> None:
        """Open the log that is kept; raise BrokenLog when its end is not what its newest checkpoint says."""
        self._rows = rows
        self._receipts = receipts
        self._signer = signer
        self._tiles = Tiles(self._leaf_hashes)
        self._numbers: dict[str, int] = {}
        self._is_sure = True
        self.size = 0
        self.root = EMPTY_ROOT
        self.checkpoint = ""
        # The newest signed state and its size in one value, for whoever reads them on another thread.
        self.signed = (0, "")
        # When the newest entry was made, of those that were there at first: milliseconds since 1970-01-01T00:00:00Z.
        self.last_at_ms = 0
        self._open()

    @property
    def origin(self) -> str:
        """Return how its checkpoints begin."""
        return self._signer.origin

    @property
    def public_key(self) -> bytes:
        """Return the key by which its checkpoints are signed."""
        return self._signer.public_key

    def last_number(self, agency: str) -> int:
        """Return the number of an agency's newest receipt; 0 before the first."""
        return self._numbers.get(agency, 0)

    def append(self, entries: Sequence[Entry]) -> Appended:
        """Commit entries in order and return what that left behind. Positions have no gaps."""
        if not self._is_sure:
            self._look_again()
        frontier, completed = self._tiles.grown(leaf_hash(entry.leaf) for entry in entries)
        root, first = frontier.root(), self.size
        receipts = self._receipted(entries)
        commit = Commit(
            first=first,
            entries=tuple(entries),
            tiles=_tiles(first, completed),
            checkpoint=self._signer.sign(frontier.size, root),
            receipts=receipts,
        )
        self._is_sure = False
        self._rows.append(commit)
        self._is_sure = True
        self._numbers |= {receipt.agency: receipt.number for receipt in receipts}
        self._advance(frontier, completed, root, commit.checkpoint)
        return Appended(first=first, size=frontier.size, root=root, checkpoint=commit.checkpoint, receipts=receipts)

    def receipts_after(self, agency: str, number: int, most: int) -> list[ReceiptedEntry]:
        """Return an agency's receipts after a number, with their leaves, in order, at most so many."""
        return self._receipts.after(agency, number, most)

    def inclusion(self, position: int, size: int) -> list[bytes]:
        """Prove that an entry is in the log of a size; raise ValueError where it is not."""
        self._require(size)
        return tree.inclusion_proof(self._tiles.subtree, position, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Prove that the log of one size is the beginning of that of another; raise ValueError for none of this log."""
        self._require(new)
        return tree.consistency_proof(self._tiles.subtree, old, new)

    def leaves(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the leaves from one position to before another, as they are kept."""
        return (leaf for _, _, _, leaf in self._rows.leaves(first, end))

    def state(self) -> SignedState:
        """Return the newest signed state, for an export that rests on it."""
        origin, key = self._signer.origin, self._signer.public_key
        return SignedState(origin=origin, public_key=key, checkpoint=self.checkpoint)

    def proved(self, position: int, size: int) -> ProvedEntry:
        """Return an entry with its proof in the log of a size; raise ValueError where it is not."""
        proof = tuple(self.inclusion(position, size))
        (leaf,) = self.leaves(position, position + 1)
        return ProvedEntry(position=position, leaf=leaf, proof=proof)

    def root_at(self, size: int) -> bytes:
        """Return the root that the log had when it had this size."""
        self._require(size)
        return tree.root(self._tiles.subtree, size)

    def _require(self, size: int) -> None:
        if size > self.size:
            message = f"the log has {self.size} entries, not {size}"
            raise ValueError(message)

    def _receipted(self, entries: Iterable[Entry]) -> tuple[Receipt, ...]:
        """Give each entry that concerns an agency the agency's next number."""
        numbers, receipts = dict(self._numbers), []
        for position, entry in enumerate(entries, start=self.size):
            if entry.agency:
                numbers[entry.agency] = numbers.get(entry.agency, 0) + 1
                receipts.append(Receipt(agency=entry.agency, number=numbers[entry.agency], position=position))
        return tuple(receipts)

    def _advance(self, frontier: Frontier, completed: Iterable[Sequence[bytes]], root: bytes, checkpoint: str) -> None:
        self._tiles.grow(frontier, completed)
        self.root, self.checkpoint = root, checkpoint
        # Last, because whoever reads it on another thread may then ask for all below it.
        self.size = frontier.size
        self.signed = (frontier.size, checkpoint)

    def _open(self) -> None:
        """Take up the log as it is kept, and look whether its end is what was signed."""
        note, tiles, end = self._rows.newest_checkpoint(), self._rows.tiles(), self._rows.end()
        self._numbers = self._receipts.last_numbers()
        if not note:
            if end or tiles or self._numbers:
                raise BrokenLog(f"it has {end} entries and no checkpoint")
            return
        signed = self._read(note)
        if end != signed.size:
            raise BrokenLog(f"it has {end} entries, and its newest checkpoint is of {signed.size}")
        if [number for number, _ in tiles] != list(range(end >> LEVELS)):
            raise BrokenLog("hashes of its tiles are missing")
        roots = [root for _, root in tiles]
        self._look_at_tail(roots)
        self._tiles.restore(roots)
        frontier, completed = self._tiles.grown(self._hashed(len(roots) * WIDTH, end))
        if frontier.size != end or frontier.root() != signed.root:
            raise BrokenLog("its entries are not those that its newest checkpoint was signed for")
        self._advance(frontier, completed, signed.root, note)
        self.last_at_ms = max(at_ms for _, _, at_ms, _ in self._rows.leaves(max(0, end - WIDTH)))

    def _look_at_tail(self, roots: Sequence[bytes]) -> None:
        for number in range(max(0, len(roots) - TAIL_TILES), len(roots)):
            if Frontier.of(self._leaf_hashes(number)).root() != roots[number]:
                raise BrokenLog(f"entries from position {number * WIDTH} on are not those that were recorded")

    def _look_again(self) -> None:
        """Find out whether the store has kept a commit though it said that it had not."""
        note = self._rows.newest_checkpoint()
        signed = self._read(note) if note else None
        if signed is not None and signed.size != self.size:
            frontier, completed = self._tiles.grown(self._hashed(self.size, signed.size))
            if frontier.root() != signed.root:
                raise BrokenLog("its entries are not those that its newest checkpoint was signed for")
            self._numbers = self._receipts.last_numbers()
            self._advance(frontier, completed, signed.root, note)
        self._is_sure = True

    def _read(self, note: str) -> Checkpoint:
        try:
            return read_checkpoint(note, origin=self._signer.origin, public_key=self._signer.public_key)
        except NotACheckpoint as fault:
            raise BrokenLog(f"its newest checkpoint is of no use: {fault}") from None

    def _leaf_hashes(self, number: int) -> list[bytes]:
        return list(self._hashed(number * WIDTH, (number + 1) * WIDTH))

    def _hashed(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the leaf hashes of a stretch of entries, as they are kept."""
        for expected, (position, kind, at_ms, leaf) in enumerate(self._rows.leaves(first, end), start=first):
            if position != expected:
                raise BrokenLog(f"the entry at position {expected} is missing")
            if not kept_as_leaf(leaf, kind, at_ms):
                raise BrokenLog(f"the entry at position {position} is filed under another kind or time than its own")
            yield leaf_hash(leaf)


def _tiles(first: int, completed: Sequence[Sequence[bytes]]) -> tuple[tuple[int, bytes], ...]:
    """Return number and hash of the tiles that are whole now."""
    numbered = enumerate(completed, start=first)
    return tuple((position >> LEVELS, found[LEVELS]) for position, found in numbered if len(found) > LEVELS)
