"""Logs for tests: a ledger on a store, entries for it, and what a forger would do to one."""

from sqlalchemy import Engine

from hub.audit import leaves
from hub.audit.checkpoints import CheckpointSigner
from hub.audit.ledger import Ledger
from hub.audit.tree import EMPTY_ROOT
from hub.model.entry import Appended, Entry
from hub.store.audit_entries import AuditEntries
from hub.store.receipts import Receipts

SIGNER = CheckpointSigner(bytes(range(32)), "sharing.example/log")


def ledger_on(engine: Engine, signer: CheckpointSigner = SIGNER) -> Ledger:
    """Open the log of a store."""
    return Ledger(AuditEntries(engine), Receipts(engine), signer)


def entry(kind: str, agency: str = "", *, at_ms: int = 1, **particulars: object) -> Entry:
    """Make an entry as the hub spells them."""
    return leaves.entry(kind, at_ms, agency, **particulars)


def appended(first: int, count: int) -> Appended:
    """Say where entries begin for which nothing is signed."""
    return Appended(first=first, size=first + count, root=EMPTY_ROOT, checkpoint="")
