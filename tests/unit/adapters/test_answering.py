"""One ask, whatever its reader does: a status in time, an entry in the journal, and no word of the reader's."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest
import structlog
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from adapters.kit.answering import LARGEST_REPLY, Answering
from adapters.kit.finding import Answerer
from adapters.kit.journal import Journal
from adapters.kit.mapping import ColumnKey
from adapters.kit.reader import Finding, Found, Match
from adapters.kit.shaping import nothing_told
from adapters.kit.source_limits import SourceLimits
from adapters.kit.switch import Switch
from adapters.kit.turns import Turns
from adapters.kit.veto import Vetoes, VetoRule
from adapters.kit.watching import Watching

QUESTION = "child_basics"


class OddReader:
    """A reader that does what a test says, and remembers how many reads ran at once."""

    def __init__(self, act: Callable[[], Found | None]) -> None:
        self.act = act
        self.running = 0
        self.most = 0
        self.let_go = asyncio.Event()
        self.four = asyncio.Event()

    async def open(self) -> None: ...

    async def find(self, _records: str, _match: Match, _fields: tuple[str, ...], _deadline: float) -> Found:
        self.running += 1
        self.most = max(self.most, self.running)
        if self.running == 4:
            self.four.set()
        try:
            found = self.act()
            while found is None:
                await self.let_go.wait()
                found = rows(1)
            return found
        finally:
            self.running -= 1

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...


def rows(count: int, cell: str = "x") -> Found:
    return Found(
        columns=("upn",), cells=[cell] * count, record_dates=[""] * count, references=["7"] * count, withheld=0
    )


def ask(number: int = 1, *, remaining_ms: int = 5000) -> Ask:
    return Ask(
        ask_id=number,
        nonce=b"12345678",
        question=QUESTION,
        person=PersonKeys(upn="CANARY"),
        fields=["upn"],
        request_id=f"r{number}",
        remaining_ms=remaining_ms,
    )


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    made = Journal(tmp_path / "journal.sqlite")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def answering(journal: Journal, logged: CapturingLogger) -> "Make":
    def make(
        reader: OddReader,
        *rules: VetoRule,
        switch: Switch | None = None,
        turns: Turns = Turns(),  # noqa: B008  it limits nothing
    ) -> Answering:
        keys = {"upn": ColumnKey.model_validate("upn")}
        answerer = Answerer(
            reader=reader, records="child", source="Care", keys=keys, fields=frozenset({"upn"}), turns=turns
        )
        log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
        watching = Watching(looks_per_second=20, read_seconds=5, log=log)
        return Answering(
            answerers={QUESTION: answerer},
            vetoes=Vetoes(rules=rules),
            switch=switch or Switch(read=journal.read, stop=watching.take_back_all, log=log),
            journal=journal,
            asks_at_once=4,
            read_seconds=5,
            wall_ms=lambda: 1,
            log=log,
            watching=watching,
        )

    return make


Make = Callable[..., Answering]


def outcomes(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "journal.sqlite")
    try:
        return [row[0] for row in connection.execute("SELECT outcome FROM asks ORDER BY entry")]
    finally:
        connection.close()


async def test_a_reader_that_never_ends_is_source_down_within_the_time_that_remains(
    answering: Make, tmp_path: Path
) -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    reply = await answering(OddReader(lambda: None)).answer(ask(remaining_ms=300), "hub", LARGEST_REPLY)
    assert clock() - began < 0.3 + 0.25
    assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
    assert outcomes(tmp_path) == ["source_down"]


async def test_an_ask_that_came_too_late_is_source_down_without_a_read(answering: Make) -> None:
    reply = await answering(OddReader(lambda: None)).answer(ask(remaining_ms=0), "hub", LARGEST_REPLY)
    assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN


async def test_the_words_of_an_unforeseen_fault_are_told_to_nobody(
    answering: Make, logged: CapturingLogger, tmp_path: Path
) -> None:
    def fail() -> Found:
        raise ValueError("CANARY in a column")

    reply = await answering(OddReader(fail)).answer(ask(), "hub", LARGEST_REPLY)
    assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
    assert "reader_failed" in str(logged.calls)
    assert "CANARY" not in f"{reply}{logged.calls}"
    assert outcomes(tmp_path) == ["source_down"]


async def test_a_reply_larger_than_the_hub_takes_is_source_down_rather_than_cut(answering: Make) -> None:
    made = answering(OddReader(lambda: rows(400, "x" * 2000)))
    assert (await made.answer(ask(), "hub", LARGEST_REPLY)).status == links_pb2.REPLY_STATUS_SOURCE_DOWN
    small = answering(OddReader(lambda: rows(3)))
    assert (await small.answer(ask(), "hub", 20)).status == links_pb2.REPLY_STATUS_SOURCE_DOWN
    assert (await small.answer(ask(), "hub", LARGEST_REPLY)).status == links_pb2.REPLY_STATUS_ANSWERED


async def test_no_more_reads_run_at_once_than_are_allowed(answering: Make) -> None:
    reader = OddReader(lambda: None)
    made = answering(reader)
    waiting = [asyncio.create_task(made.answer(ask(number), "hub", LARGEST_REPLY)) for number in range(1, 21)]
    await reader.four.wait()
    reader.let_go.set()
    replies = await asyncio.gather(*waiting)
    assert {reply.status for reply in replies} == {links_pb2.REPLY_STATUS_ANSWERED}
    assert [reply.ask_id for reply in replies] == list(range(1, 21))
    assert reader.most == 4


async def test_an_ask_that_is_turned_away_is_journalled_too(answering: Make, tmp_path: Path) -> None:
    reply = await answering(OddReader(lambda: rows(1))).turn_away(ask(), "hub")
    assert (reply.status, reply.nonce) == (links_pb2.REPLY_STATUS_SOURCE_DOWN, b"12345678")
    assert outcomes(tmp_path) == ["source_down"]


async def test_a_veto_reads_as_somebody_unknown_unless_whoever_asks_may_see_the_protected(
    answering: Make, tmp_path: Path
) -> None:
    vetoed, unknown = (
        answering(OddReader(lambda: nothing_told(("upn",), withheld=1))),
        answering(OddReader(lambda: rows(0))),
    )
    silent, known_of = ask(1), ask(1)
    known_of.with_shielded = True
    assert await vetoed.answer(silent, "hub", LARGEST_REPLY) == await unknown.answer(ask(1), "hub", LARGEST_REPLY)
    reply = await vetoed.answer(known_of, "hub", LARGEST_REPLY)
    assert reply.status == links_pb2.REPLY_STATUS_WITHHELD
    assert not reply.HasField("records")
    assert outcomes(tmp_path) == ["withheld", "answered", "withheld"]


async def test_an_ask_over_the_agencys_own_limit_is_busy_in_the_journal_and_not_read(
    answering: Make, logged: CapturingLogger, tmp_path: Path
) -> None:
    def read() -> Found:
        pytest.fail("it was read")

    night = Turns(SourceLimits(closed=("01:00-03:00",)), minute=lambda: 90)
    reply = await answering(OddReader(read), turns=night).answer(ask(), "hub", LARGEST_REPLY)
    assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
    assert not reply.HasField("records")
    assert outcomes(tmp_path) == ["busy"]
    assert '"kind": "closed"' in str(logged.calls)
