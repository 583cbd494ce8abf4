import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from hub.audit.log import LONGEST_BATCH, AuditLog
from hub.errors import NotReady
from hub.model.entry import Entry


@dataclass
class Store:
    """A store in memory whose disk can be held up, or broken."""

    batches: list[list[str]] = field(default_factory=list)
    broken: bool = False
    may_go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_go.set()

    def append(self, entries: Sequence[Entry]) -> int:
        self.may_go.wait()
        if self.broken:
            raise OSError("no room left, says the disk of Ann Smith")
        first = sum(map(len, self.batches))
        self.batches.append([entry.kind for entry in entries])
        return first

    @property
    def kinds(self) -> list[str]:
        return [kind for batch in self.batches for kind in batch]


def entry(kind: str | int) -> Entry:
    return Entry(kind=str(kind), at_ms=1, body="{}")


async def test_many_entries_share_a_commit() -> None:
    store = Store()
    async with AuditLog(store) as log:
        positions = await asyncio.gather(*(log.record(entry(number)) for number in range(200)))
    assert positions == list(range(200))
    assert store.kinds == [str(number) for number in range(200)]
    assert len(store.batches) <= 3


async def test_entries_that_come_during_a_commit_share_the_next() -> None:
    store = Store()
    async with AuditLog(store) as log:
        store.may_go.clear()
        waiting = [log.submit(entry(0))]
        await asyncio.sleep(0.01)
        waiting += [log.submit(entry(number)) for number in range(1, 50)]
        store.may_go.set()
        assert await asyncio.gather(*waiting) == list(range(50))
    assert [len(batch) for batch in store.batches] == [1, 49]


async def test_a_commit_is_bounded() -> None:
    store = Store()
    async with AuditLog(store) as log:
        await asyncio.gather(*(log.record(entry(number)) for number in range(2 * LONGEST_BATCH + 1)))
    assert max(map(len, store.batches)) == LONGEST_BATCH
    assert store.kinds == [str(number) for number in range(2 * LONGEST_BATCH + 1)]


async def test_an_entry_is_recorded_only_when_the_store_has_it() -> None:
    store = Store()
    async with AuditLog(store) as log:
        store.may_go.clear()
        recorded = log.submit(entry("intent"))
        await asyncio.sleep(0.02)
        assert not recorded.done()
        store.may_go.set()
        assert await recorded == 0


async def test_a_store_that_fails_refuses_those_who_wait_and_the_next_try_anew() -> None:
    store = Store(broken=True)
    async with AuditLog(store) as log:
        failed = await asyncio.gather(*(log.record(entry(number)) for number in range(5)), return_exceptions=True)
        assert all(isinstance(error, NotReady) and error.reason == "AUDIT_UNWRITABLE" for error in failed)
        assert not any("Ann Smith" in str(error) for error in failed)
        store.broken = False
        assert await log.record(entry("after")) == 0
    assert store.kinds == ["after"]


async def test_closing_writes_what_waits() -> None:
    store = Store()
    async with AuditLog(store) as log:
        last = [log.submit(entry(number)) for number in range(2 * LONGEST_BATCH)]
    assert [future.result() for future in last] == list(range(2 * LONGEST_BATCH))


async def test_a_closed_log_takes_nothing() -> None:
    store = Store()
    async with AuditLog(store) as log:
        pass
    with pytest.raises(NotReady):
        await log.record(entry("late"))
    assert store.kinds == []


async def test_a_caller_that_goes_away_does_not_take_its_entry_with_it() -> None:
    store = Store()
    async with AuditLog(store) as log:
        store.may_go.clear()
        callers = [asyncio.create_task(log.record(entry(number))) for number in range(3)]
        await asyncio.sleep(0.01)
        callers[1].cancel()
        await asyncio.sleep(0)
        store.may_go.set()
        kept = await asyncio.gather(*callers, return_exceptions=True)
    assert (kept[0], kept[2]) == (0, 2)
    assert isinstance(kept[1], asyncio.CancelledError)
    assert store.kinds == ["0", "1", "2"]


async def test_a_waiting_entry_is_written_though_its_caller_has_gone() -> None:
    store = Store()
    async with AuditLog(store) as log:
        store.may_go.clear()
        first = log.submit(entry("first"))
        await asyncio.sleep(0.01)
        gone, patient = log.submit(entry("gone")), log.submit(entry("patient"))
        gone.cancel()
        await asyncio.sleep(0)
        store.may_go.set()
        assert (await first, await patient) == (0, 2)
    assert store.kinds == ["first", "gone", "patient"]


async def test_an_entry_that_nobody_waits_for_is_written_too() -> None:
    store = Store()
    async with AuditLog(store) as log:
        log.submit(entry("unattended"))
    assert store.kinds == ["unattended"]


async def test_an_idle_log_writes_at_once_and_a_busy_one_gathers() -> None:
    store, now = Store(), 0.0
    async with AuditLog(store, monotonic=lambda: now) as log:
        await log.record(entry("first"))
        now = 100.0
        await log.record(entry("later"))
        # Time stands still: the log was written to just now, so these wait for each other.
        await asyncio.gather(log.record(entry("a")), log.record(entry("b")))
    assert store.batches == [["first"], ["later"], ["a", "b"]]
