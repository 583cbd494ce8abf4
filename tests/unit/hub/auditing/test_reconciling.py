"""Reconciling a real record with journals: planted discrepancies, spans, edges, and what is written meanwhile."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hub.audit import leaves
from hub.audit.tree import HASH_BYTES
from hub.auditing import reconciling
from hub.auditing.comparing import Wrong
from hub.auditing.reconciling import Reconciled, Span
from hub.errors import InvalidRequest
from hub.model.journal import HeldReceipt, JournalAnswer, ReceiptSpan
from hub.model.outcome import Reason
from hub.model.person import PersonKeys
from tests.unit.hub.auditing.journals import KnownJournals
from tests.unit.hub.auditing.office import Office
from tests.unit.hub.auditing.scene import AUDITOR, held

COUNT = 7
NOTHING_WRONG: tuple[object, ...] = ()


async def recorded(office: Office, *, agency: str = "health", count: int = COUNT) -> list[HeldReceipt]:
    """Record disclosures, one a second, and return what the journal holds once it has them all."""
    before = office.ledger.last_number(agency)
    await office.audit.record(
        *(
            leaves.entry("disclosure", (before + number) * 1_000, agency, agency=agency)
            for number in range(1, count + 1)
        )
    )
    office.journals.held[agency] = held(office.record.receipts(agency, 1, before + count))
    return office.journals.held[agency]


async def reconciled(office: Office, agency: str = "health", span: Span | None = None) -> Reconciled:
    """Compare one agency."""
    (one,) = [one async for one in office.rooms.reconciling.reconcile(AUDITOR, agency, span or Span())]
    return one


def wrong(one: Reconciled) -> Sequence[tuple[Wrong, int, int]]:
    """Return what was found."""
    return [(found.wrong, found.first, found.last) for found in one.discrepancies]


async def test_nothing_is_wrong_where_both_sides_are_the_same(office: Office) -> None:
    await recorded(office)
    assert await reconciled(office) == Reconciled(agency="health", first=1, last=COUNT, same=COUNT)


async def test_all_agencies_are_compared_each_by_itself(office: Office) -> None:
    await recorded(office)
    await recorded(office, agency="schools", count=2)
    office.journals.reasons["connexions"] = Reason.DOWN
    compared = [one async for one in office.rooms.reconciling.reconcile(AUDITOR, "", Span())]
    assert {one.agency: (one.same, one.reason) for one in compared} == {
        "social_care": (0, None),
        "health": (COUNT, None),
        "schools": (2, None),
        "youth_offending": (0, None),
        "connexions": (0, Reason.DOWN),
    }


async def test_each_planted_discrepancy_is_found(office: Office) -> None:
    journal = await recorded(office)
    office.journals.held["health"] = [
        replace(journal[0], leaf=bytes(HASH_BYTES)),
        *journal[2:5],
        HeldReceipt(number=COUNT + 2, leaf=bytes(HASH_BYTES)),
    ]
    found = await reconciled(office)
    assert wrong(found) == [
        (Wrong.DIFFERENT, 1, 1),
        (Wrong.MISSING, 2, 2),
        (Wrong.MISSING, 6, 7),
        (Wrong.UNKNOWN, COUNT + 2, COUNT + 2),
    ]
    assert found.same == 3


async def test_a_hub_whose_record_was_cut_is_found_by_what_the_journal_has_beyond(office: Office) -> None:
    office.journals.held["health"] = [HeldReceipt(number=number, leaf=bytes(HASH_BYTES)) for number in (1, 2)]
    assert wrong(await reconciled(office)) == [(Wrong.UNKNOWN, 1, 2)]


async def test_the_newest_receipts_may_be_on_their_way_also_in_a_span_that_ends_before(office: Office) -> None:
    journal = await recorded(office)
    office.journals.held["health"] = journal[:3]
    assert wrong(await reconciled(office)) == [(Wrong.OUTSTANDING, 4, COUNT)]
    assert wrong(await reconciled(office, span=Span(first=2, last=5))) == [(Wrong.OUTSTANDING, 4, 5)]
    office.journals.held["health"] = [*journal[:3], journal[-1]]
    assert wrong(await reconciled(office, span=Span(first=2, last=5))) == [(Wrong.MISSING, 4, 5)]


async def test_a_span_of_days_is_compared_by_the_moments_of_its_entries(office: Office) -> None:
    await recorded(office)
    found = await reconciled(office, span=Span(from_ms=2_000, until_ms=5_000))
    assert (found.first, found.last, found.same) == (2, 4, 3)
    assert await reconciled(office, span=Span(from_ms=90_000)) == Reconciled(agency="health")


async def test_long_spans_are_asked_for_in_parts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "LONGEST_SPAN", 3)
    monkeypatch.setattr(reconciling, "EDGE", 1)
    journal = await recorded(office)
    del office.journals.held["health"][4]
    assert wrong(await reconciled(office)) == [(Wrong.MISSING, 5, 5)]
    spans = [about for _, about, _ in office.journals.asked if isinstance(about, ReceiptSpan)]
    assert [(span.first, span.last) for span in spans] == [(7, 9), (1, 3), (4, 6), (7, 7)]
    assert len(journal) == COUNT - 1


async def test_what_is_recorded_while_the_journal_is_asked_is_no_discrepancy(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(office)
    asked = KnownJournals.ask_journal

    async def late(
        self: KnownJournals, agency: str, about: PersonKeys | ReceiptSpan, *, request_id: str, seconds: float
    ) -> JournalAnswer | Reason:
        await recorded(office, count=1)
        return await asked(self, agency, about, request_id=request_id, seconds=seconds)

    monkeypatch.setattr(KnownJournals, "ask_journal", late)
    assert wrong(await reconciled(office)) == []


async def test_a_journal_that_answers_beyond_its_question_is_not_believed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def beyond(*_: object, **__: object) -> JournalAnswer:
        return JournalAnswer(receipts=(HeldReceipt(number=50_000, leaf=bytes(HASH_BYTES)),))

    monkeypatch.setattr(KnownJournals, "ask_journal", beyond)
    assert (await reconciled(office)).reason is Reason.MALFORMED


async def test_an_agency_that_stops_answering_is_compared_as_far_as_it_went(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "LONGEST_SPAN", 3)
    monkeypatch.setattr(reconciling, "EDGE", 1)
    await recorded(office)
    asked = KnownJournals.ask_journal

    async def twice(
        self: KnownJournals, agency: str, about: PersonKeys | ReceiptSpan, *, request_id: str, seconds: float
    ) -> JournalAnswer | Reason:
        if len(self.asked) == 2:
            self.reasons[agency] = Reason.LATE
        return await asked(self, agency, about, request_id=request_id, seconds=seconds)

    monkeypatch.setattr(KnownJournals, "ask_journal", twice)
    found = await reconciled(office)
    assert (found.reason, found.first, found.last, found.same) == (Reason.LATE, 1, 3, 3)


@pytest.mark.parametrize(
    ("agency", "span", "reason"),
    [("", Span(first=1), "AGENCY_MISSING"), ("nobody", Span(), "AGENCY_UNKNOWN")],
)
async def test_what_cannot_be_compared_is_refused(office: Office, agency: str, span: Span, reason: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await reconciled(office, agency, span)
    assert refused.value.reason == reason
    assert not office.journals.asked


async def test_more_discrepancies_than_are_told_are_said_to_be_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "MOST_DISCREPANCIES", 2)
    journal = await recorded(office)
    office.journals.held["health"] = journal[1::2] + journal[-1:]
    found = await reconciled(office)
    assert len(found.discrepancies) == 2
    assert found.has_more
