"""The log as a store keeps it, line by line as an export: for verifying a store whose hub does not start any more."""

from collections.abc import Iterator

from hub.audit.checkpoints import CheckpointSigner
from hub.audit.exporting import SignedState, exported_log
from hub.audit.leaves import kept_as_leaf
from hub.audit.ledger import EntryRows
from hub.audit.tiles import WIDTH
from hub.audit.tree import Frontier, leaf_hash
from hub.audit.verifying import NotGenuine


def log_as_kept(rows: EntryRows, signer: CheckpointSigner) -> Iterator[bytes]:
    """Yield the lines of the whole log; raise NotGenuine where an entry is not what was recorded.

    A hub may go on recording meanwhile: an entry and the state that counts it are kept together.
    """
    end = rows.end()
    note = rows.newest_checkpoint()
    if not note:
        raise NotGenuine("it has no checkpoint")
    state = SignedState(origin=signer.origin, public_key=signer.public_key, checkpoint=note)
    counted = int(note.split("\n", 2)[1])
    yield from exported_log(state, _leaves(rows, max(end, counted)))


def _leaves(rows: EntryRows, end: int) -> Iterator[bytes]:
    """Yield leaves, and say of the first that is missing or altered where it is."""
    tiles, hashes = dict(rows.tiles()), list[bytes]()
    for expected, (position, kind, at_ms, leaf) in enumerate(rows.leaves(0, end)):
        if position != expected:
            raise NotGenuine(f"the entry at position {expected} is missing")
        if not kept_as_leaf(leaf, kind, at_ms):
            raise NotGenuine(f"the entry at position {position} is filed under another kind or time than its own")
        hashes.append(leaf_hash(leaf))
        if len(hashes) == WIDTH:
            first = position - WIDTH + 1
            if Frontier.of(hashes).root() != tiles.get(first // WIDTH):
                raise NotGenuine(f"an entry between the positions {first} and {position} is not what was recorded")
            hashes = []
        yield leaf
