"""Reconciling: the hub's receipts against an agency's journal, span by span, at the agency as it is now."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import orjson

from hub.access.in_force import PolicyInForce
from hub.agreeing.actor import Actor
from hub.auditing.comparing import Discrepancy, Sides, Wrong, compared, joined
from hub.auditing.journals import Journals, planned
from hub.auditing.noting import Noting, new_request_id
from hub.auditing.reading import Record
from hub.errors import InvalidRequest
from hub.model.entry import ReceiptedEntry
from hub.model.journal import LONGEST_SPAN, HeldReceipt, ReceiptSpan
from hub.model.outcome import Reason
from hub.model.policy import LevelKind

SECONDS = 10.0
MOST_DISCREPANCIES = 1_000
# A journal that knows more than the hub shows it at the newest receipt: so many before and after that are looked at.
EDGE = LONGEST_SPAN // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is compared: receipts by their numbers, or by the moments of their entries; 0 leaves an end open."""

    first: int = 0
    last: int = 0
    from_ms: int = 0
    until_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """How one agency's journal stands to the hub's record; with a reason it was not compared, or not to the end."""

    agency: str
    reason: Reason | None = None
    first: int = 0
    last: int = 0
    same: int = 0
    discrepancies: tuple[Discrepancy, ...] = ()
    has_more: bool = False


class Reconciling:
    """Compares agency after agency."""

    def __init__(self, record: Record, journals: Journals, in_force: PolicyInForce, noting: Noting) -> None:
        """Take both sides, who takes part, and where it is recorded."""
        self._record = record
        self._journals = journals
        self._in_force = in_force
        self._noting = noting

    async def reconcile(self, actor: Actor, agency: str, span: Span) -> AsyncGenerator[Reconciled, None]:
        """Compare one agency, or all if none is named."""
        self._noting.admit(actor, "reconcile", LevelKind.AUDITOR)
        agencies = planned(self._in_force.policy, [agency] if agency else [])
        if (span.first or span.last) and not agency:
            mend = "Name the agency too, since each counts its own."
            raise InvalidRequest("AGENCY_MISSING", "Receipts are named without an agency.", mend=mend, field="agency")
        request_id = new_request_id()
        await self._noting.looked(actor, "reconcile", agencies=agencies, request=request_id)
        for name in agencies:
            yield await self._reconciled(name, span, request_id)

    async def _reconciled(self, agency: str, span: Span, request_id: str) -> Reconciled:
        newest = self._record.last_receipt(agency)
        first, last = await asyncio.to_thread(_numbers, self._record, agency, span, newest)
        edge = await self._edge(agency, newest, request_id)
        if isinstance(edge, Reason):
            return Reconciled(agency=agency, reason=edge, first=first, last=last)
        newest_held = max((receipt.number for receipt in edge), default=0)
        same, wrong = 0, list(self._beyond(agency, edge, newest) if last == newest else ())
        for begin in range(first, last + 1, LONGEST_SPAN) if last else ():
            part = ReceiptSpan(first=begin, last=min(begin + LONGEST_SPAN - 1, last))
            held = await self._held(agency, part, request_id)
            if isinstance(held, Reason):
                return _told(agency, first, begin - 1, same, wrong, reason=held)
            hub = await asyncio.to_thread(self._record.receipts, agency, part.first, part.last)
            sides = Sides(span=part, hub=hub, journal=held)
            found, more = compared(sides, newest=newest, newest_held=newest_held)
            same, wrong = same + found, [*wrong, *more]
        return _told(agency, first, last, same, wrong)

    async def _edge(self, agency: str, newest: int, request_id: str) -> Sequence[HeldReceipt] | Reason:
        """Ask for what the journal has around the hub's newest receipt."""
        begin = max(1, newest - EDGE + 1)
        return await self._held(agency, ReceiptSpan(first=begin, last=begin + LONGEST_SPAN - 1), request_id)

    def _beyond(self, agency: str, edge: Sequence[HeldReceipt], newest: int) -> list[Discrepancy]:
        """Return what the journal has that the hub has not; what was recorded while it was asked is none of that."""
        now = max(newest, self._record.last_receipt(agency))
        return [
            Discrepancy(wrong=Wrong.UNKNOWN, first=receipt.number, last=receipt.number)
            for receipt in edge
            if receipt.number > now
        ]

    async def _held(self, agency: str, span: ReceiptSpan, request_id: str) -> Sequence[HeldReceipt] | Reason:
        answer = await self._journals.ask_journal(agency, span, request_id=request_id, seconds=SECONDS)
        if isinstance(answer, Reason):
            return answer
        if any(not span.first <= receipt.number <= span.last for receipt in answer.receipts):
            return Reason.MALFORMED
        return answer.receipts


def _numbers(record: Record, agency: str, span: Span, newest: int) -> tuple[int, int]:
    """Return the first and the last receipt that are meant; 0 and 0 when there is none."""
    first, last = max(1, span.first), min(newest, span.last or newest)
    if span.from_ms or span.until_ms:
        within = [
            receipt.number
            for begin in range(first, last + 1, LONGEST_SPAN)
            for receipt in record.receipts(agency, begin, min(begin + LONGEST_SPAN - 1, last))
            if span.from_ms <= _at_ms(receipt) and (not span.until_ms or _at_ms(receipt) < span.until_ms)
        ]
        first, last = (within[0], within[-1]) if within else (1, 0)
    return (first, last) if first <= last else (0, 0)


def _at_ms(receipt: ReceiptedEntry) -> int:
    return int(orjson.loads(receipt.leaf)["at_ms"])


def _told(
    agency: str, first: int, last: int, same: int, wrong: Sequence[Discrepancy], *, reason: Reason | None = None
) -> Reconciled:
    found = tuple(joined(sorted(wrong, key=lambda one: one.first)))
    return Reconciled(
        agency=agency,
        reason=reason,
        first=first,
        last=last,
        same=same,
        discrepancies=found[:MOST_DISCREPANCIES],
        has_more=len(found) > MOST_DISCREPANCIES,
    )
