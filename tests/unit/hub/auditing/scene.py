"""A record in memory, and those who look into it."""

from collections.abc import Sequence
from typing import Any

import orjson

from hub.agreeing.actor import Actor
from hub.audit.tree import leaf_hash
from hub.auditing.reading import Found
from hub.model.entry import ReceiptedEntry
from hub.model.journal import HeldReceipt
from hub.model.policy import LevelKind

AUDITOR = Actor(user_name="an.auditor", agency="connexions", kind=LevelKind.AUDITOR, is_stepped_up=True)
GUARDIAN = Actor(user_name="guardian.health", agency="health", kind=LevelKind.GUARDIAN, is_stepped_up=True)


def leaf(kind: str, at_ms: int, **particulars: Any) -> bytes:
    """Spell a leaf."""
    return orjson.dumps({"v": 1, "kind": kind, "at_ms": at_ms, **particulars}, option=orjson.OPT_SORT_KEYS)


class ListedRecord:
    """Gives what a list of leaves has."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        """Take the leaves; receipts are what a test puts there."""
        self.leaves = list(leaves)
        self.receipted: dict[str, list[ReceiptedEntry]] = {}

    def size(self) -> int:
        return len(self.leaves)

    def entries(self, first: int, most: int) -> Sequence[Found]:
        return [Found(position=at, leaf=found) for at, found in enumerate(self.leaves)][first : first + most]

    def receipts(self, agency: str, first: int, last: int) -> Sequence[ReceiptedEntry]:
        return [one for one in self.receipted.get(agency, ()) if first <= one.number <= last]

    def last_receipt(self, agency: str) -> int:
        return max((one.number for one in self.receipted.get(agency, ())), default=0)


def receipts(count: int, *, first: int = 1) -> list[ReceiptedEntry]:
    """Make receipts of entries that differ."""
    return [
        ReceiptedEntry(number=number, position=number * 3, leaf=leaf("disclosure", number * 1_000, records=number))
        for number in range(first, first + count)
    ]


def held(receipted: Sequence[ReceiptedEntry]) -> list[HeldReceipt]:
    """Hold what a journal would hold of receipts."""
    return [HeldReceipt(number=one.number, leaf=leaf_hash(one.leaf)) for one in receipted]
