"""The checker itself: a world in which all is well has no faults, and each thing that can be wrong is named."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.integration.crash.checker import Kept, faults_in
from tests.integration.crash.journals import HeldReceipt, Journal
from tests.integration.crash.recorded import Record, Recorded, roots_of
from tests.integration.crash.truth import Shown, Truth

PLACE = ("r1", "health")
SHOWN = Shown(outcome="held", fields=frozenset({"address"}), records=1)
LEAVES = (b"intent", b"disclosure")
ROOTS = tuple(roots_of(LEAVES))
REST = {"account": [("n.okafor",)]}

RECORD = Record(
    positions=(0, 1),
    leaves=LEAVES,
    intents={"r1": 0},
    planned={"r1": frozenset({"health"})},
    recorded={PLACE: (Recorded(position=1, shown=SHOWN),)},
    roots=ROOTS,
    signed={1: ROOTS[1], 2: ROOTS[2]},
    receipts={"health": ((1, 1),)},
    owed={"health": (1,)},
)
JOURNAL = Journal(
    agency="health",
    asked=frozenset({"r1"}),
    answered=frozenset({"r1"}),
    receipts=(HeldReceipt(number=1, position=1, leaf=LEAVES[1]),),
    accepted={2: ROOTS[2]},
    newest_note="",
    refusals=(),
)


def truth() -> Truth:
    return Truth(shown={PLACE: SHOWN}, requests={"r1"}, asked={PLACE})


def faults(record: Record = RECORD, journal: Journal = JOURNAL, known: Truth | None = None) -> list[str]:
    kept = Kept(record=record, journals=(journal,), rest=REST, witnessed={1: ROOTS[1]})
    return faults_in(known or truth(), kept, rest_before=REST)


def test_a_world_in_which_all_is_well_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda: faults(replace(RECORD, positions=(0, 2))), "gaps"),
        (lambda: faults(replace(RECORD, recorded={})), "was shown"),
        (
            lambda: faults(replace(RECORD, recorded={PLACE: (Recorded(position=1, shown=replace(SHOWN, records=2)),)})),
            "was shown",
        ),
        (lambda: faults(replace(RECORD, intents={}, planned={})), "without an intent"),
        (lambda: faults(replace(RECORD, planned={"r1": frozenset({"schools"})})), "was asked r1 without an intent"),
        (lambda: faults(replace(RECORD, intents={"r1": 2})), "before its intent"),
        (lambda: faults(replace(RECORD, recorded={PLACE: 2 * RECORD.recorded[PLACE]})), "is recorded 2 times"),
        (lambda: faults(replace(RECORD, signed={1: ROOTS[1]})), "end is not signed"),
        (lambda: faults(replace(RECORD, signed={1: ROOTS[2], 2: ROOTS[2]})), "that the store holds"),
        (lambda: faults(replace(RECORD, receipts={"health": ((2, 1),)})), "receipts are not those of its disclosures"),
        (lambda: faults(replace(RECORD, receipts={})), "receipts are not those of its disclosures"),
        (lambda: faults(journal=replace(JOURNAL, receipts=2 * JOURNAL.receipts)), "once each and in order"),
        (lambda: faults(journal=replace(JOURNAL, receipts=())), "once each and in order"),
        (
            lambda: faults(journal=replace(JOURNAL, receipts=(HeldReceipt(number=1, position=1, leaf=b"other"),))),
            "other entries",
        ),
        (lambda: faults(journal=replace(JOURNAL, accepted={2: ROOTS[1]})), "that health holds"),
        (lambda: faults(journal=replace(JOURNAL, accepted={9: ROOTS[1]})), "that health holds"),
        (lambda: faults(journal=replace(JOURNAL, refusals=("a fork",))), "refused what the hub brought"),
        (lambda: faults(journal=replace(JOURNAL, answered=frozenset())), "has not journalled what it answered"),
    ],
)
def test_each_thing_that_can_be_wrong_is_named(change: Callable[[], list[str]], named: str) -> None:
    assert any(named in fault for fault in change()), change()


def test_what_the_store_has_lost_is_named() -> None:
    kept = Kept(record=RECORD, journals=(JOURNAL,), rest={"account": []}, witnessed={})
    assert faults_in(truth(), kept, rest_before=REST) == ["account has lost [('n.okafor',)]"]
