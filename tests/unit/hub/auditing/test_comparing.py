"""Comparing receipts with a journal: each planted discrepancy is found, and none where both sides agree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.audit.tree import HASH_BYTES
from hub.auditing.comparing import Discrepancy, Sides, Wrong, compared, joined
from hub.model.journal import HeldReceipt, ReceiptSpan
from tests.unit.hub.auditing.scene import held, leaf, receipts

COUNT = 12
HUB = receipts(COUNT)
JOURNAL = held(HUB)
SPAN = ReceiptSpan(first=1, last=COUNT)


def found(sides: Sides) -> tuple[int, list[tuple[Wrong, int, int]]]:
    """Compare whole sides."""
    newest = max((one.number for one in sides.hub), default=0)
    newest_held = max((one.number for one in sides.journal), default=0)
    same, wrong = compared(sides, newest=newest, newest_held=newest_held)
    return same, [(one.wrong, one.first, one.last) for one in wrong]


@given(count=st.integers(0, 40))
def test_nothing_is_found_where_both_sides_are_the_same(count: int) -> None:
    hub = receipts(count)
    assert found(Sides(span=ReceiptSpan(first=1, last=40), hub=hub, journal=held(hub))) == (count, [])


@pytest.mark.parametrize("lacking", range(1, COUNT))
def test_a_receipt_that_the_journal_lacks_is_missing(lacking: int) -> None:
    journal = [one for one in JOURNAL if one.number != lacking]
    sides = Sides(span=SPAN, hub=HUB, journal=journal)
    assert found(sides) == (COUNT - 1, [(Wrong.MISSING, lacking, lacking)])


@pytest.mark.parametrize("last", range(COUNT))
def test_the_newest_receipts_may_be_on_their_way(last: int) -> None:
    assert found(Sides(span=SPAN, hub=HUB, journal=JOURNAL[:last])) == (last, [(Wrong.OUTSTANDING, last + 1, COUNT)])


@pytest.mark.parametrize("altered", range(1, COUNT + 1))
def test_a_receipt_that_is_altered_on_either_side_differs(altered: int) -> None:
    journal = [replace(one, leaf=bytes(HASH_BYTES)) if one.number == altered else one for one in JOURNAL]
    assert found(Sides(span=SPAN, hub=HUB, journal=journal)) == (COUNT - 1, [(Wrong.DIFFERENT, altered, altered)])
    hub = [replace(one, leaf=leaf("disclosure", 0)) if one.number == altered else one for one in HUB]
    assert found(Sides(span=SPAN, hub=hub, journal=JOURNAL)) == (COUNT - 1, [(Wrong.DIFFERENT, altered, altered)])


def test_a_receipt_that_the_hub_does_not_know_is_unknown_to_it() -> None:
    more = [*JOURNAL, HeldReceipt(number=COUNT + 1, leaf=bytes(HASH_BYTES))]
    sides = Sides(span=ReceiptSpan(first=1, last=COUNT + 5), hub=HUB, journal=more)
    assert found(sides) == (COUNT, [(Wrong.UNKNOWN, COUNT + 1, COUNT + 1)])


def test_a_receipt_that_is_gone_from_the_hub_is_a_gap_there_and_unknown() -> None:
    hub = [one for one in HUB if one.number not in {4, 5}]
    sides = Sides(span=SPAN, hub=hub, journal=JOURNAL)
    assert found(sides) == (COUNT - 2, [(Wrong.GAP, 4, 5), (Wrong.UNKNOWN, 4, 5)])


def test_a_receipt_that_is_gone_from_both_is_a_gap_all_the_same() -> None:
    sides = Sides(
        span=SPAN,
        hub=[one for one in HUB if one.number != 4],
        journal=[one for one in JOURNAL if one.number != 4],
    )
    assert found(sides) == (COUNT - 1, [(Wrong.GAP, 4, 4)])


@given(
    hub=st.sets(st.integers(1, 30)),
    journal=st.sets(st.integers(1, 30)),
    altered=st.sets(st.integers(1, 30)),
)
def test_what_is_found_is_exactly_what_differs(hub: set[int], journal: set[int], altered: set[int]) -> None:
    all_of_it = receipts(30)
    sides = Sides(
        span=ReceiptSpan(first=1, last=30),
        hub=[one for one in all_of_it if one.number in hub],
        journal=[
            replace(one, leaf=bytes(HASH_BYTES)) if one.number in altered else one
            for one in held(all_of_it)
            if one.number in journal
        ],
    )
    same, wrong = found(sides)
    spread = {(kind, number) for kind, first, last in wrong for number in range(first, last + 1)}
    newest, newest_held = max(hub, default=0), max(journal, default=0)
    assert same == len((hub & journal) - altered)
    assert spread == (
        {(Wrong.DIFFERENT, number) for number in hub & journal & altered}
        | {(Wrong.UNKNOWN, number) for number in journal - hub}
        | {(Wrong.GAP, number) for number in set(range(1, newest)) - hub}
        | {(Wrong.MISSING if number < newest_held else Wrong.OUTSTANDING, number) for number in hub - journal}
    )


def test_runs_of_two_kinds_that_lie_within_each_other_are_each_joined() -> None:
    ones = [
        Discrepancy(wrong=wrong, first=number, last=number)
        for number in (1, 2, 4)
        for wrong in (Wrong.GAP, Wrong.UNKNOWN)
    ]
    assert [(one.wrong, one.first, one.last) for one in joined(ones)] == [
        (Wrong.GAP, 1, 2),
        (Wrong.UNKNOWN, 1, 2),
        (Wrong.GAP, 4, 4),
        (Wrong.UNKNOWN, 4, 4),
    ]


@pytest.mark.parametrize("wrong", Wrong)
def test_every_discrepancy_is_said_in_a_sentence_with_what_to_do(wrong: Wrong) -> None:
    one, several = (Discrepancy(wrong=wrong, first=5, last=last) for last in (5, 9))
    assert "receipt 5" in one.says
    assert "receipts 5 to 9" in several.says
    assert one.says.endswith(".")
    assert one.mend.endswith(".")
