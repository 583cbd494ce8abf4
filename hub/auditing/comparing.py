"""Comparing an agency's receipts as the hub has them with those in its journal: what is wrong, and what to do."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.audit.tree import leaf_hash
from hub.model.entry import ReceiptedEntry
from hub.model.journal import HeldReceipt, ReceiptSpan


class Wrong(StrEnum):
    """Is what can be wrong with a receipt."""

    OUTSTANDING = "outstanding"
    MISSING = "missing"
    UNKNOWN = "unknown"
    DIFFERENT = "different"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """Receipts in a row with which the same is wrong."""

    wrong: Wrong
    first: int
    last: int

    @property
    def says(self) -> str:
        """Say what is wrong, in a sentence."""
        return _SAYS[self.wrong].format(receipts=self._receipts())

    @property
    def mend(self) -> str:
        """Say what to do."""
        return _MENDS[self.wrong]

    def _receipts(self) -> str:
        return f"receipt {self.first}" if self.first == self.last else f"receipts {self.first} to {self.last}"


_SAYS: Mapping[Wrong, str] = {
    Wrong.OUTSTANDING: "The journal does not have {receipts} yet, the newest.",
    Wrong.MISSING: "The journal lacks {receipts}, although it has later ones.",
    Wrong.UNKNOWN: "The journal holds {receipts}, which the hub's record does not have.",
    Wrong.DIFFERENT: "Hub and journal each have another entry as {receipts}.",
    Wrong.GAP: "The hub's own record lacks {receipts}, although numbers have no gaps.",
}
_MENDS: Mapping[Wrong, str] = {
    Wrong.OUTSTANDING: "See with `hub status` whether its adapter is connected, and reconcile again in an hour.",
    Wrong.MISSING: (
        "Ask the agency who had access to its journal, and whether an old copy was restored; export the entries for it."
    ),
    Wrong.UNKNOWN: (
        "Keep the hub's store as it is: its record was cut, or restored from an old copy. "
        "Verify an export with the agency's checkpoint as witness."
    ),
    Wrong.DIFFERENT: (
        "One of the two was altered: verify an export with the agency's checkpoint as witness, and the journal's own."
    ),
    Wrong.GAP: "Keep the hub's store as it is, and verify an export with an agency's checkpoint as witness.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What both sides say of a span: the hub's receipts and the journal's, each in order."""

    span: ReceiptSpan
    hub: Sequence[ReceiptedEntry]
    journal: Sequence[HeldReceipt]


def compared(sides: Sides, *, newest: int, newest_held: int) -> tuple[int, tuple[Discrepancy, ...]]:
    """Count what is the same within a span, and return what is not, in order.

    `newest` is the hub's last number and `newest_held` the journal's: what is missing after that is on its way.
    """
    hub = {receipt.number: leaf_hash(receipt.leaf) for receipt in sides.hub}
    held = {receipt.number: receipt.leaf for receipt in sides.journal}
    same = sum(held.get(number) == leaf for number, leaf in hub.items())
    wrong = [
        (number, found)
        for number in range(sides.span.first, sides.span.last + 1)
        for found in _wrong(number, hub, held, newest=newest, newest_held=newest_held)
    ]
    return same, tuple(joined(Discrepancy(wrong=found, first=number, last=number) for number, found in wrong))


def joined(found: Iterable[Discrepancy]) -> Iterator[Discrepancy]:
    """Join discrepancies of one kind that follow on each other."""
    waiting: dict[Wrong, Discrepancy] = {}
    done: list[Discrepancy] = []
    for one in found:
        before = waiting.get(one.wrong)
        if before is not None and before.last + 1 == one.first:
            waiting[one.wrong] = Discrepancy(wrong=one.wrong, first=before.first, last=one.last)
            continue
        if before is not None:
            done.append(before)
        waiting[one.wrong] = one
    yield from sorted((*done, *waiting.values()), key=lambda one: (one.first, one.wrong))


def _wrong(
    number: int, hub: Mapping[int, bytes], held: Mapping[int, bytes], *, newest: int, newest_held: int
) -> Iterator[Wrong]:
    if number in hub and number not in held:
        yield Wrong.MISSING if number < newest_held else Wrong.OUTSTANDING
    if number not in hub and number in held:
        yield Wrong.UNKNOWN
    if number not in hub and number <= newest:
        yield Wrong.GAP
    if number in hub and number in held and hub[number] != held[number]:
        yield Wrong.DIFFERENT
