"""The checker of withdrawals: a journal without a fault passes, and each fault that it is for is named."""

from collections.abc import Callable

import pytest

from tests.integration.withdrawal.checker import effects, faults_in
from tests.integration.withdrawal.journal import (
    FINISHED,
    Entry,
    Gone,
    Journal,
    Kind,
    Look,
    Part,
    Stream,
    Withdrawal,
)

FIELDS = frozenset({"nhs_number", "service"})
VISITOR, WORKER = "visitor/1", "worker/1"


def part(at: float, *agencies: str) -> Part:
    return Part(at=at, shown=tuple((agency, FIELDS) for agency in agencies))


def stream(started_at: float, *parts: Part, ended_at: float | None, ended_as: str, session: str = VISITOR) -> Stream:
    return Stream(
        session=session,
        started_at=started_at,
        request_id=f"{session} {started_at}" if parts else "",
        parts=list(parts),
        is_complete=ended_as == FINISHED,
        ended_at=ended_at,
        ended_as=ended_as,
    )


def disclosure(position: int, asked_at: float, agency: str) -> Entry:
    body = {"request": f"{VISITOR} {asked_at}", "agency": agency, "fields": sorted(FIELDS)}
    return Entry(position=position, kind="disclosure", body=body, at_ms=position)


def sound(*, is_whole: bool = False) -> Journal:
    """Return a journal in which schools are withdrawn at 10, acknowledged at 10.1 and given back at 11."""
    gone = Gone(sessions=frozenset({VISITOR}), agency=None if is_whole else "schools", is_whole=is_whole)
    withdrawal = Withdrawal(
        kind=Kind.QUESTION if is_whole else Kind.AGENCY,
        gone=gone,
        requested_at=10.0,
        acknowledged_at=10.1,
        restored_at=11.0,
        publication=2,
        looks=[
            Look(
                session=VISITOR,
                held=frozenset() if is_whole else frozenset({f"{VISITOR} 8.5"}),
                withdrawn=frozenset({f"{VISITOR} 9.0", f"{VISITOR} 9.9"}),
                viewed={f"{VISITOR} 9.0": "WITHDRAWN"},
            )
        ],
    )
    after = [part(10.3), part(10.4, "health")]
    return Journal(
        streams=[
            stream(8.5, part(8.6, "health"), ended_at=8.7, ended_as=FINISHED),
            stream(9.0, part(9.1, "schools"), ended_at=9.2, ended_as=FINISHED),
            stream(9.9, part(9.95, "schools"), ended_at=10.15, ended_as="WITHDRAWN"),
            stream(10.2, ended_at=10.3, ended_as="NOT_ON_MENU")
            if is_whole
            else stream(10.2, *after, ended_at=10.5, ended_as=FINISHED),
            stream(10.2, part(10.3, "schools"), ended_at=10.4, ended_as=FINISHED, session=WORKER),
            stream(11.1, part(11.2, "schools"), ended_at=11.3, ended_as=FINISHED),
        ],
        withdrawals=[withdrawal],
        log=[
            disclosure(4, 9.9, "schools"),
            Entry(position=5, kind="policy_in_force", body={"publication": 2}, at_ms=5),
            disclosure(6, 10.2, "health"),
            Entry(position=7, kind="policy_in_force", body={"publication": 3}, at_ms=7),
            disclosure(8, 11.1, "schools"),
        ],
    )


def is_served(journal: Journal) -> None:
    journal.streams[3].parts.append(part(10.45, "schools"))


def arrives_late(journal: Journal) -> None:
    journal.streams[2].parts.append(part(10.12, "schools"))


def is_disclosed(journal: Journal) -> None:
    journal.log = [*journal.log, disclosure(6, 9.9, "schools")]
    journal.log = sorted(journal.log, key=lambda entry: entry.position)


def is_held(journal: Journal) -> None:
    held = frozenset({f"{VISITOR} 9.0"})
    journal.withdrawals[0].looks.append(Look(session=VISITOR, held=held, withdrawn=frozenset()))


def is_viewed(journal: Journal) -> None:
    viewed = {f"{VISITOR} 9.0": FINISHED}
    journal.withdrawals[0].looks.append(
        Look(session=VISITOR, held=frozenset(), withdrawn=frozenset(viewed), viewed=viewed)
    )


def stays_open(journal: Journal) -> None:
    journal.streams[2].ended_at = 11.2


def ends_as_if_nothing_were(journal: Journal) -> None:
    journal.streams[2].parts.append(part(10.14))
    journal.streams[2].ended_as = FINISHED


def ends_slowly(journal: Journal) -> None:
    journal.streams[2].ended_at = 10.6


def gets_in(journal: Journal) -> None:
    journal.withdrawals[0].raced = ["NOT_SIGNED_IN", FINISHED]


def is_refused_elsewhere(journal: Journal) -> None:
    journal.streams[4].ended_as = "WITHDRAWN"


NAMED: list[tuple[Callable[[Journal], None], str]] = [
    (is_served, "a question was served under the old rules"),
    (arrives_late, "a part arrived after the acknowledgement"),
    (is_disclosed, "entry 6 discloses what was withdrawn"),
    (is_held, "an answer is still held"),
    (is_viewed, "an answer is shown again: finished"),
    (stays_open, "a stream stays open"),
    (ends_as_if_nothing_were, "a stream ends as finished"),
    (ends_slowly, "open streams take 500 ms (p99) to end"),
    (gets_in, "a sign-in that was under way got in"),
    (is_refused_elsewhere, "somebody who is not concerned was not answered: WITHDRAWN"),
]


@pytest.mark.parametrize("is_whole", [False, True], ids=["a part goes", "all goes"])
def test_a_journal_without_a_fault_passes(is_whole: bool) -> None:  # noqa: FBT001  (pytest hands it over)
    journal = sound(is_whole=is_whole)
    assert faults_in(journal) == []
    (effect,) = effects(journal)
    assert (effect.trials, effect.asked_after) == (1, 1)
    assert effect.since_acknowledged == pytest.approx((0.05,))


@pytest.mark.parametrize(("spoil", "fault"), NAMED, ids=lambda value: getattr(value, "__name__", ""))
def test_each_fault_is_named(spoil: Callable[[Journal], None], fault: str) -> None:
    journal = sound()
    spoil(journal)
    assert any(fault in named for named in faults_in(journal))


def test_a_question_that_is_not_refused_is_named_though_it_shows_nothing() -> None:
    journal = sound(is_whole=True)
    journal.streams[3].ended_as = FINISHED
    assert faults_in(journal) == [f"0 ({Kind.QUESTION}): a question was not refused: finished"]


def test_what_had_been_let_out_before_a_publication_took_hold_may_be_read_a_moment_later() -> None:
    journal = sound()
    arrives_late(journal)
    journal.withdrawals[0].let_out = frozenset({(f"{VISITOR} 9.9", "schools")})
    assert faults_in(journal) == []


def test_what_arrives_a_moment_after_an_end_by_the_clock_may_have_been_under_way() -> None:
    journal = sound()
    withdrawal = journal.withdrawals[0]
    withdrawal.kind, withdrawal.ends_at_ms = Kind.CLOCK, 5
    journal.streams[2].parts.append(part(10.12, "schools"))
    assert faults_in(journal) == []
    journal.streams[2].parts.append(part(10.3, "schools"))
    assert f"0 ({Kind.CLOCK}): a part arrived after the acknowledgement" in faults_in(journal)


def test_a_log_that_does_not_say_where_it_took_hold_proves_nothing() -> None:
    journal = sound()
    journal.log = [entry for entry in journal.log if entry.kind == "disclosure"]
    with pytest.raises(ValueError, match="does not say where"):
        faults_in(journal)
