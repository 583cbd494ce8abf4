"""The checker: compares what clients and agencies have with what is on disk, and names whatever should not be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.integration.crash.journals import Journal
from tests.integration.crash.recorded import Record
from tests.integration.crash.truth import Truth

Tables = Mapping[str, Sequence[tuple[object, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is on disk after the last start, of the hub and of its agencies; `witnessed` has sizes and roots of its log.

    Those were seen in its store after a kill, before anything else touched it.
    """

    record: Record
    journals: tuple[Journal, ...]
    rest: Tables
    witnessed: Mapping[int, bytes]


def faults_in(truth: Truth, kept: Kept, *, rest_before: Tables) -> list[str]:
    """Name everything that should not be; nothing when no kill has cost anybody anything."""
    return [
        *_gaps(kept.record),
        *_not_as_signed(kept),
        *_wrongly_receipted(kept.record),
        *_wrongly_brought(kept),
        *_asked_without_intent(truth, kept),
        *_shown_without_record(truth, kept.record),
        *_recorded_out_of_order(kept.record),
        *_disclosed_without_answer(kept),
        *_lost(kept.rest, rest_before),
    ]


def _gaps(record: Record) -> Iterator[str]:
    if record.positions != tuple(range(len(record.positions))):
        yield "the log's positions have gaps"


def _not_as_signed(kept: Kept) -> Iterator[str]:
    """Yield each checkpoint that the log does not continue, whoever holds it, and whether its end is not signed."""
    record = kept.record
    if max(record.signed, default=-1) != len(record.leaves):
        yield "the log's end is not signed"
    held = [(journal.agency, journal.accepted) for journal in kept.journals]
    for who, states in (("the store", record.signed), ("the test", kept.witnessed), *held):
        for size, root in states.items():
            if size >= len(record.roots) or record.roots[size] != root:
                yield f"the log does not continue the state of {size} entries that {who} holds"


def _wrongly_receipted(record: Record) -> Iterator[str]:
    """Yield each agency whose receipts are not those of its disclosures, once each, numbered from 1 in their order."""
    for agency in sorted(record.owed.keys() | record.receipts.keys()):
        if record.receipts.get(agency, ()) != tuple(enumerate(record.owed.get(agency, ()), start=1)):
            yield f"{agency}'s receipts are not those of its disclosures"


def _wrongly_brought(kept: Kept) -> Iterator[str]:
    """Yield each journal that does not have each of its agency's receipts once, in order, as the log has them."""
    record = kept.record
    for journal in kept.journals:
        if journal.refusals:
            yield f"{journal.agency} refused what the hub brought it: {journal.refusals}"
        brought = [(receipt.number, receipt.position) for receipt in journal.receipts]
        if brought != list(record.receipts.get(journal.agency, ())):
            yield f"{journal.agency}'s journal has not the receipts that are in the log, once each and in order"
        elif any(receipt.leaf != record.leaves[receipt.position] for receipt in journal.receipts):
            yield f"{journal.agency}'s journal has receipts of other entries than the log has"


def _asked_without_intent(truth: Truth, kept: Kept) -> Iterator[str]:
    """Yield what an agency was asked, or a client was told to be asked, that the log does not say was about to be."""
    journalled = {(request, journal.agency) for journal in kept.journals for request in journal.asked}
    for request, agency in sorted(truth.asked | journalled):
        if agency not in kept.record.planned.get(request, ()):
            yield f"{agency} was asked {request} without an intent"
    for request in sorted(truth.requests - kept.record.intents.keys()):
        yield f"{request} was answered without an intent"


def _shown_without_record(truth: Truth, record: Record) -> Iterator[str]:
    """Yield whatever a client has read that is not recorded as it was shown."""
    for place, shown in truth.shown.items():
        said = [recorded.shown for recorded in record.recorded.get(place, ())]
        if shown not in said:
            yield f"{place} was shown as {shown}, recorded is {said}"


def _recorded_out_of_order(record: Record) -> Iterator[str]:
    """Yield what was recorded of a request before its intent, or twice."""
    for (request, agency), all_ in record.recorded.items():
        if request not in record.intents or record.intents[request] > all_[0].position:
            yield f"{agency}'s part in {request} stands before its intent"
        if len(all_) != 1:
            yield f"{agency}'s part in {request} is recorded {len(all_)} times"


def _disclosed_without_answer(kept: Kept) -> Iterator[str]:
    """Yield what the log says was disclosed of an agency whose journal does not have it answered."""
    answered = {journal.agency: journal.answered for journal in kept.journals}
    for request, agency in kept.record.disclosures:
        if agency in answered and request not in answered[agency]:
            yield f"{agency} has not journalled what it answered to {request}"


def _lost(rest: Tables, before: Tables) -> Iterator[str]:
    """Yield what the store kept at first and does not keep any more."""
    for table, rows in before.items():
        if missing := [row for row in rows if row not in rest.get(table, ())]:
            yield f"{table} has lost {missing}"
