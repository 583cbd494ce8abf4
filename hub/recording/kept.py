"""The log as a store keeps it, line by line as an export: for verifying a store whose hub does not start any more."""

from collections import Counter
from collections.abc import Iterable, Iterator

from hub.audit.checkpoints import CheckpointSigner
from hub.audit.exporting import SignedState, exported_log
from hub.audit.leaves import kept_as_leaf, read_leaf
from hub.audit.ledger import EntryRows
from hub.audit.tiles import WIDTH
from hub.audit.tree import Frontier, leaf_hash
from hub.audit.verifying import NotGenuine
from hub.model.entry import Receipt


def log_as_kept(rows: EntryRows, receipts: Iterable[Receipt], signer: CheckpointSigner) -> Iterator[bytes]:
    """Yield the lines of the whole log; raise NotGenuine where an entry, or its receipt, is not what was recorded.

    `receipts` has all of them, in the order of their positions.
    A hub may go on recording meanwhile: an entry and the state that counts it are kept together.
    """
    end = rows.end()
    note = rows.newest_checkpoint()
    if not note:
        raise NotGenuine("it has no checkpoint")
    state = SignedState(origin=signer.origin, public_key=signer.public_key, checkpoint=note)
    counted = int(note.split("\n", 2)[1])
    yield from exported_log(state, _leaves(rows, max(end, counted), _Receipted(receipts)))


class _Receipted:
    """Looks, entry by entry, whether each that is of an agency has the agency's next number, and no other has one.

    Receipts are in no tree: whoever has the store could take one away, and number the others on.
    """

    def __init__(self, kept: Iterable[Receipt]) -> None:
        self._kept = iter(kept)
        self._next = next(self._kept, None)
        self._numbers: Counter[str] = Counter()

    def look(self, position: int, agency: str) -> None:
        expected = found = None
        if agency:
            self._numbers[agency] += 1
            expected = Receipt(agency=agency, number=self._numbers[agency], position=position)
        if self._next is not None and self._next.position <= position:
            found, self._next = self._next, next(self._kept, None)
        if found != expected:
            raise NotGenuine(f"the receipt of the entry at position {position} is missing, or not its own")


def _leaves(rows: EntryRows, end: int, receipted: _Receipted) -> Iterator[bytes]:
    """Yield leaves, and say of the first that is missing or altered where it is."""
    tiles, hashes = dict(rows.tiles()), list[bytes]()
    for expected, (position, kind, at_ms, leaf) in enumerate(rows.leaves(0, end)):
        if position != expected:
            raise NotGenuine(f"the entry at position {expected} is missing")
        if not kept_as_leaf(leaf, kind, at_ms):
            raise NotGenuine(f"the entry at position {position} is filed under another kind or time than its own")
        receipted.look(position, read_leaf(leaf).get("agency", ""))
        hashes.append(leaf_hash(leaf))
        if len(hashes) == WIDTH:
            first = position - WIDTH + 1
            if Frontier.of(hashes).root() != tiles.get(first // WIDTH):
                raise NotGenuine(f"an entry between the positions {first} and {position} is not what was recorded")
            hashes = []
        yield leaf
