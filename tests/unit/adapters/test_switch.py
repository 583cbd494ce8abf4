"""The switch that stops all answers: read by every process, told by none, and stronger than what is on its way."""

import asyncio
import os
import pwd
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from sharing.v1 import links_pb2
from structlog.testing import CapturingLogger

from adapters.kit import switch as switch_module
from adapters.kit.answering import LARGEST_REPLY
from adapters.kit.errors import AnswersStopped, JournalFault
from adapters.kit.journal import Journal
from adapters.kit.reader import Found
from adapters.kit.switch import NEVER_TURNED, Switch, Turn, last_turn, user_of_this_machine
from tests.unit.adapters.test_answering import Make, OddReader, answering, ask, logged, outcomes, rows
from tests.unit.adapters.test_journal_asks import answered

__all__ = ["answering", "logged"]

STOPPED = Turn(is_stopped=True, turned_at_ms=5, turned_by="m.hughes", reason="Ours was broken into")
RESUMED = Turn(is_stopped=False, turned_at_ms=9, turned_by="m.hughes", reason="")


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    made = Journal(tmp_path / "journal.sqlite")
    await made.open()
    yield made
    await made.close()


class Held:
    """What may be taken back, and how often it was."""

    def __init__(self) -> None:
        self.times = 0
        self.was = asyncio.Event()

    def take_back(self) -> int:
        self.times += 1
        self.was.set()
        return 3


def switch_of(journal: Journal, held: Held, log: CapturingLogger) -> Switch:
    wrapped = structlog.wrap_logger(log, processors=[structlog.processors.JSONRenderer()])
    return Switch(read=journal.read, stop=held.take_back, log=wrapped, look_seconds=0.01)


async def test_a_switch_that_was_never_turned_lets_answers_leave(journal: Journal, logged: CapturingLogger) -> None:
    switch = switch_of(journal, Held(), logged)
    await switch.look()
    assert (switch.turn, switch.is_stopped) == (NEVER_TURNED, False)


async def test_the_last_turn_counts_and_each_stays_in_the_journal(journal: Journal, logged: CapturingLogger) -> None:
    held = Held()
    switch = switch_of(journal, held, logged)
    for turn in (STOPPED, RESUMED, STOPPED):
        await journal.put(turn)
        await switch.look()
        assert switch.turn == turn
    await switch.look()
    assert held.times == 2
    count = await journal.read(lambda connection: connection.execute("SELECT count(*) FROM switchings").fetchone())
    assert count == (3,)
    assert "broken into" not in str(logged.calls)


async def test_what_is_held_is_taken_back_as_soon_as_a_turn_is_seen(journal: Journal, logged: CapturingLogger) -> None:
    held = Held()
    looking = asyncio.create_task(switch_of(journal, held, logged).run())
    await journal.put(STOPPED)
    async with asyncio.timeout(1):
        await held.was.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def test_a_journal_that_cannot_be_read_for_a_moment_does_not_end_the_looking(logged: CapturingLogger) -> None:
    held, faults = Held(), iter((JournalFault("OperationalError"),))

    async def read(_query: object) -> Turn:
        for fault in faults:
            raise fault
        return STOPPED

    wrapped = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    looking = asyncio.create_task(Switch(read=read, stop=held.take_back, log=wrapped, look_seconds=0.0).run())
    async with asyncio.timeout(5):
        await held.was.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert "journal_failed" in str(logged.calls)


async def test_once_it_is_in_the_journal_no_answer_can_be_kept_there_and_so_none_leaves(journal: Journal) -> None:
    await journal.put(STOPPED)
    with pytest.raises(AnswersStopped):
        await journal.put(answered())
    await journal.put(RESUMED)
    await journal.put(answered())


async def test_an_answer_that_was_read_before_the_stop_is_refused_and_journalled_as_that(
    answering: Make, journal: Journal, tmp_path: Path
) -> None:
    reader = OddReader(lambda: rows(1))
    made = answering(reader)
    await journal.put(STOPPED)
    reply = await made.answer(ask(), "hub", LARGEST_REPLY)
    assert (reply.status, reply.HasField("records")) == (links_pb2.REPLY_STATUS_REFUSED, False)
    assert outcomes(tmp_path) == ["refused"]
    assert reader.most == 1
    rules = await journal.read(lambda connection: connection.execute("SELECT rule FROM ask_vetoes").fetchall())
    assert rules == [("stopped",)]


async def test_an_answer_that_was_journalled_before_the_stop_and_has_not_left_is_taken_back_here(
    answering: Make, journal: Journal, tmp_path: Path
) -> None:
    made = answering(OddReader(lambda: rows(1)))

    class Turned(Switch):
        looks = 0

        @property
        def is_stopped(self) -> bool:
            self.looks += 1
            return self.looks > 1

    made.switch = Turned(read=journal.read, stop=lambda: 0, log=made.log)
    reply = await made.answer(ask(), "hub", LARGEST_REPLY)
    await journal.put(RESUMED)
    assert reply.status == links_pb2.REPLY_STATUS_REFUSED
    assert outcomes(tmp_path) == ["answered", "withdrawn"]
    assert len(made.watching) == 0


async def test_while_answers_are_stopped_no_source_is_read(answering: Make, journal: Journal, tmp_path: Path) -> None:
    read: list[Found] = []

    def find() -> Found:
        read.append(rows(1))
        return read[-1]

    made = answering(OddReader(find))
    await journal.put(STOPPED)
    await made.switch.look()
    assert (await made.answer(ask(), "hub", LARGEST_REPLY)).status == links_pb2.REPLY_STATUS_REFUSED
    await journal.put(RESUMED)
    await made.switch.look()
    assert (await made.answer(ask(2), "hub", LARGEST_REPLY)).status == links_pb2.REPLY_STATUS_ANSWERED
    assert (len(read), outcomes(tmp_path)) == (1, ["refused", "answered"])
    assert len(made.watching) == 1


async def test_a_second_process_stops_what_the_first_holds(
    journal: Journal, tmp_path: Path, logged: CapturingLogger
) -> None:
    other = Journal(tmp_path / "journal.sqlite")
    await other.open()
    held = Held()
    switch = switch_of(journal, held, logged)
    await other.put(STOPPED)
    await other.close()
    await switch.look()
    assert (held.times, await journal.read(last_turn)) == (1, STOPPED)


def test_who_turns_it_is_whom_the_system_knows_and_not_what_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody.else")
    monkeypatch.setenv("USER", "somebody.else")
    assert user_of_this_machine() == pwd.getpwuid(os.getuid()).pw_name

    def unknown(_number: int) -> object:
        raise KeyError

    monkeypatch.setattr(switch_module.pwd, "getpwuid", unknown)
    assert user_of_this_machine() == str(os.getuid())
