import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from hub.audit.log import LONGEST_BATCH, MOST_WAITING, AuditLog
from hub.errors import NotReady
from hub.model.entry import Appended, Entry
from tests.lib.ledgers import appended


@dataclass
class Store:
    """A store in memory whose disk can be held up, or broken."""

    batches: list[list[str]] = field(default_factory=list)
    broken: bool = False
    may_go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_go.set()

    def append(self, entries: Sequence[Entry]) -> Appended:
        self.may_go.wait()
        if self.broken:
            raise OSError("no room left, says the disk of Ann Smith")
        first = sum(map(len, self.batches))
        self.batches.append([entry.kind for entry in entries])
        return appended(first, len(entries))

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Let the disk hang; whatever becomes of the test, it comes back."""
        self.may_go.clear()
        try:
            yield
        finally:
            self.may_go.set()

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


async def test_what_is_submitted_together_stands_together_and_shares_a_commit() -> None:
    store = Store()
    async with AuditLog(store) as log:
        groups = [log.submit(*(entry(f"{group}.{number}") for number in range(3))) for group in range(400)]
        assert await asyncio.gather(*groups) == list(range(0, 1_200, 3))
    assert all(len(batch) % 3 == 0 and len(batch) <= LONGEST_BATCH for batch in store.batches)
    assert store.kinds == [f"{group}.{number}" for group in range(400) for number in range(3)]


async def test_a_disk_that_hangs_refuses_within_a_second_and_what_was_submitted_is_written_when_it_comes_back() -> None:
    store, is_written = Store(), asyncio.Event()
    async with AuditLog(store) as log:
        log.listen(lambda commit: is_written.set() if commit.size == 4 else None)
        with store.held_up():
            began = time.monotonic()
            waiting = [log.submit(entry("first"))]
            await asyncio.sleep(0)
            waiting += [log.submit(entry(number)) for number in range(2)]
            failed = await asyncio.gather(*waiting, return_exceptions=True)
            assert time.monotonic() - began < 1
            assert [getattr(error, "reason", "") for error in failed] == ["AUDIT_UNWRITABLE"] * 3
            # While it hangs nobody waits for it any more.
            began = time.monotonic()
            with pytest.raises(NotReady):
                await log.record(entry("refused at once"))
            assert time.monotonic() - began < 0.1
        async with asyncio.timeout(5):
            await is_written.wait()
        assert await log.record(entry("after")) == 4
    assert store.kinds == ["first", "0", "1", "refused at once", "after"]


class Turns(Store):
    """A store that commits once each time that it is told to."""

    turns = threading.Semaphore(0)

    def append(self, entries: Sequence[Entry]) -> Appended:
        self.turns.acquire()
        return super().append(entries)


async def test_a_slow_disk_is_no_excuse_to_those_who_came_while_it_was_busy() -> None:
    store = Turns()
    async with AuditLog(store) as log:
        try:
            first = log.submit(entry("first"))
            await asyncio.sleep(0.2)
            began = time.monotonic()
            second = log.submit(entry("second"))
            await asyncio.sleep(0.5)
            store.turns.release()
            assert await first == 0
            # The first commit has ended in time; the second has only what is left of the second's patience.
            with pytest.raises(NotReady):
                await second
            assert time.monotonic() - began < 1
        finally:
            store.turns.release(2)
    assert store.kinds == ["first", "second"]


async def test_what_a_disk_that_hangs_leaves_waiting_is_bounded() -> None:
    store = Store()
    async with AuditLog(store) as log:
        with store.held_up():
            waiting = [log.submit(entry("x")) for _ in range(MOST_WAITING)]
            assert not waiting[-1].done()
            with pytest.raises(NotReady):
                await log.record(entry("one too many"))
        assert await waiting[-1] == MOST_WAITING - 1
    assert "one too many" not in store.kinds


@pytest.mark.parametrize(("back_ms", "is_refused"), [(1_999, False), (2_000, False), (2_001, True), (86_400_000, True)])
async def test_a_clock_that_was_set_back_is_refused(back_ms: int, *, is_refused: bool) -> None:
    store, now = Store(), [1_795_000_000_000]
    async with AuditLog(store, wall_ms=lambda: now[0]) as log:
        await log.record(entry("before"))
        now[0] -= back_ms
        (said,) = await asyncio.gather(log.record(entry("back")), return_exceptions=True)
        assert (getattr(said, "reason", "") == "CLOCK_BACK") is is_refused
        now[0] += back_ms
        assert await log.record(entry("right again")) == (1 if is_refused else 2)
    assert ("back" in store.kinds) is not is_refused


async def test_a_small_step_back_is_not_the_way_to_a_large_one() -> None:
    store, now = Store(), [1_795_000_000_000]
    async with AuditLog(store, wall_ms=lambda: now[0]) as log:
        await log.record(entry("before"))
        for _ in range(2):
            now[0] -= 1_000
            await log.record(entry("a little back"))
        now[0] -= 1_000
        with pytest.raises(NotReady):
            await log.record(entry("too far"))


async def test_a_clock_that_was_set_back_while_no_hub_ran_is_refused_too() -> None:
    store = Store()
    async with AuditLog(store, wall_ms=lambda: 1_000_000, last_at_ms=1_002_001) as log:
        with pytest.raises(NotReady) as refused:
            await log.record(entry("first"))
    assert (refused.value.reason, store.kinds) == ("CLOCK_BACK", [])


async def test_each_commit_is_told_of_before_anybody_who_waited_for_it_goes_on() -> None:
    store, told = Store(), []
    async with AuditLog(store) as log:
        log.listen(lambda commit: told.append((commit.first, commit.size)))
        assert await log.record(entry("a"), entry("b")) == 0
        assert told == [(0, 2)]
        await log.record(entry("c"))
        assert told == [(0, 2), (2, 3)]


async def test_whoever_listens_badly_has_no_say_in_what_is_on_disk() -> None:
    store, told = Store(), []

    def fails(commit: Appended) -> None:
        raise RuntimeError(str(commit.first))

    async with AuditLog(store) as log:
        log.listen(fails)
        log.listen(lambda commit: told.append(commit.first))
        assert await log.record(entry("a")) == 0
    assert told == [0]


async def test_an_idle_log_writes_at_once_and_a_busy_one_gathers() -> None:
    store, now = Store(), 0.0
    async with AuditLog(store, monotonic=lambda: now) as log:
        await log.record(entry("first"))
        now = 100.0
        await log.record(entry("later"))
        # Time stands still: the log was written to just now, so these wait for each other.
        await asyncio.gather(log.record(entry("a")), log.record(entry("b")))
    assert store.batches == [["first"], ["later"], ["a", "b"]]
