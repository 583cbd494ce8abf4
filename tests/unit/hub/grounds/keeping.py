"""What the tests of this room work with: a record in memory, and a moment that stands still."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.grounds.needs import Surroundings
from hub.model.entry import Appended, Entry
from tests.lib.ledgers import appended

NOW = datetime(2027, 1, 1, tzinfo=UTC)
PSEUDONYMS = Pseudonyms({1: bytes(32), 2: bytes(range(32))})


class Record:
    """Keeps the record in memory."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(self, entries: Sequence[Entry]) -> Appended:
        self.entries += entries
        return appended(len(self.entries) - len(entries), len(entries))


def surroundings(policy: Policy, audit: AuditLog) -> Surroundings:
    """Return what the room works with, at one moment."""
    return Surroundings(policies=PolicyInForce(policy), audit=audit, pseudonyms=PSEUDONYMS, now=lambda: NOW)
