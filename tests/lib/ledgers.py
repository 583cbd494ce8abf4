"""Logs for tests: a ledger on a store, entries for it, and what a forger would do to one."""

from collections.abc import Iterable

from sqlalchemy import Engine

from hub.audit import leaves, tree
from hub.audit.checkpoints import CheckpointSigner
from hub.audit.exporting import ProvedEntry, SignedState, exported_entries, exported_log
from hub.audit.ledger import Ledger
from hub.audit.tree import EMPTY_ROOT, Frontier, leaf_hash
from hub.model.entry import Appended, Entry
from hub.store.audit_entries import AuditEntries
from hub.store.receipts import Receipts

SIGNER = CheckpointSigner(bytes(range(32)), "sharing.example/log")


def ledger_on(engine: Engine, signer: CheckpointSigner = SIGNER) -> Ledger:
    """Open the log of a store."""
    return Ledger(AuditEntries(engine), Receipts(engine), signer)


def entry(kind: str, agency: str = "", *, at_ms: int = 1, **particulars: object) -> Entry:
    """Make an entry as the hub spells them."""
    of = {"agency": agency} if agency else {}
    return leaves.entry(kind, at_ms, agency, **of, **particulars)


def appended(first: int, count: int) -> Appended:
    """Say where entries begin for which nothing is signed."""
    return Appended(first=first, size=first + count, root=EMPTY_ROOT, checkpoint="")


class Log:
    """A whole log in memory, as whoever holds its key could make one."""

    def __init__(self, leaves: Iterable[bytes], signer: CheckpointSigner = SIGNER) -> None:
        """Take the leaves; nothing of the log is kept but them."""
        self.leaves = list(leaves)
        self.signer = signer
        self.hashes = [leaf_hash(leaf) for leaf in self.leaves]

    def checkpoint(self, size: int | None = None) -> str:
        """Sign the log as it was when it had this size; now, without one."""
        known = self.hashes[:size]
        return self.signer.sign(len(known), Frontier.of(known).root())

    def state(self) -> SignedState:
        """Return what an export of it rests on."""
        return SignedState(origin=self.signer.origin, public_key=self.signer.public_key, checkpoint=self.checkpoint())

    def export(self) -> list[bytes]:
        """Export it as it is now."""
        return list(exported_log(self.state(), self.leaves))

    def chosen(self, *positions: int) -> list[bytes]:
        """Export chosen entries, each with its proof."""
        proofs = [tree.inclusion_proof(self.subtree, position, len(self.hashes)) for position in positions]
        entries = [
            ProvedEntry(position=position, leaf=self.leaves[position], proof=tuple(proof))
            for position, proof in zip(positions, proofs, strict=True)
        ]
        return list(exported_entries(self.state(), entries))

    def subtree(self, level: int, index: int) -> bytes:
        """Return one complete subtree."""
        return Frontier.of(self.hashes[index << level : (index + 1) << level]).root()


def a_log(count: int, signer: CheckpointSigner = SIGNER) -> Log:
    """Make a log of so many invented entries."""
    return Log((entry("disclosure", n=number, requester=f"user.{number}").leaf for number in range(count)), signer)
