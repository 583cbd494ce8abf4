"""Answers that are held are looked at again, within bounds, and taken back when less may leave."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.kit import watching as watching_module
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, Found, Looking, Match
from adapters.kit.terms import Terms
from adapters.kit.watching import Look, Watch, Watching

HUB = "hub.example:7401"
MATCH = Match(looking=Looking.ANY, wanted=(("upn", "CANARY"),))
GIVEN, REFUSED = Terms(state="explicit"), Terms(state="refused")


class Source:
    """A source whose terms a test sets, and which counts how often it is looked at."""

    def __init__(self) -> None:
        self.terms: Terms | None = GIVEN
        self.fault: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.looked: list[tuple[tuple[str, ...], float]] = []
        self.looks = asyncio.Condition()

    async def open(self) -> None: ...

    async def find(self, _records: str, match: Match, fields: tuple[str, ...], _deadline: float) -> Found:
        assert match is MATCH
        async with self.looks:
            self.looked.append((fields, asyncio.get_running_loop().time()))
            self.looks.notify_all()
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        return found(self.terms)

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...

    async def looked_at(self, times: int) -> None:
        async with asyncio.timeout(10), self.looks:
            await self.looks.wait_for(lambda: len(self.looked) >= times)


class TakenBack:
    """A link that remembers what was taken back over it."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.journalled: list[str] = []
        self.came = asyncio.Event()
        self.was_journalled = asyncio.Event()

    def take_back(self, request_id: str) -> None:
        self.requests.append(request_id)
        self.came.set()

    def journal(self, request_id: str) -> None:
        self.journalled.append(request_id)
        self.was_journalled.set()

    async def something(self) -> None:
        async with asyncio.timeout(10):
            await self.came.wait()
        self.came.clear()


def found(terms: Terms | None) -> Found:
    rows = 0 if terms is None else 1
    return Found(
        columns=(), cells=[], record_dates=[""] * rows, references=["7"] * rows, withheld=0,
        terms=(terms,) if terms is not None else (), terms_of_row=(1,) * rows,
    )  # fmt: skip


@pytest.fixture
def logged() -> CapturingLogger:
    return CapturingLogger()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def taken() -> TakenBack:
    return TakenBack()


@pytest.fixture
async def watching(logged: CapturingLogger) -> AsyncIterator[Watching]:
    log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    made = Watching(looks_per_second=50, read_seconds=5, log=log)
    yield made
    await made.close()
    await made.close()


def watch(source: Source, taken: TakenBack, request_id: str = "r1", hub: str = HUB) -> Watch:
    return Watch(
        hub=hub,
        request_id=request_id,
        source="Care",
        look=Look(reader=source, records="child", match=MATCH, said=found(GIVEN).terms_by_record()),
        journal=lambda: taken.journal(request_id),
    )


@pytest.mark.parametrize("now", [REFUSED, None, Terms(state="explicit", shield="person")])
async def test_an_answer_is_taken_back_within_a_second_once_less_may_leave(
    watching: Watching, source: Source, taken: TakenBack, now: Terms | None
) -> None:
    watching.attach(HUB, taken.take_back)
    watching.begin(watch(source, taken))
    await source.looked_at(1)
    source.terms, began = now, asyncio.get_running_loop().time()
    await taken.something()
    assert asyncio.get_running_loop().time() - began < 1
    assert taken.requests == taken.journalled == ["r1"]
    assert len(watching) == 0


async def test_a_look_reads_the_terms_and_no_field(watching: Watching, source: Source, taken: TakenBack) -> None:
    watching.begin(watch(source, taken))
    await source.looked_at(2)
    assert [fields for fields, _ in source.looked] == [(), ()]
    assert "CANARY" not in f"{watch(source, taken)}{watch(source, taken).look}"


async def test_what_the_hub_has_dropped_is_not_looked_at_again(
    watching: Watching, source: Source, taken: TakenBack
) -> None:
    other = Source()
    watching.attach(HUB, taken.take_back)
    watching.begin(watch(source, taken))
    watching.begin(watch(other, taken, "r2"))
    watching.end(HUB, "r1")
    watching.end(HUB, "r1")
    assert not watching.watches(HUB, "r1")
    await other.looked_at(2)
    assert source.looked == []


async def test_what_is_dropped_during_a_look_is_not_taken_back(
    watching: Watching, source: Source, taken: TakenBack
) -> None:
    watching.attach(HUB, taken.take_back)
    source.terms = REFUSED
    source.gate.clear()
    watching.begin(watch(source, taken))
    await source.looked_at(1)
    watching.end(HUB, "r1")
    source.gate.set()
    watching.begin(watch(source, taken, "r2"))
    await taken.something()
    assert taken.requests == ["r2"]


async def test_a_source_that_fails_for_a_moment_takes_nothing_back_and_its_words_are_told_to_nobody(
    watching: Watching, source: Source, taken: TakenBack, logged: CapturingLogger
) -> None:
    watching.attach(HUB, taken.take_back)
    source.fault = SourceFault(SourceFaultKind.UNREACHABLE)
    watching.begin(watch(source, taken))
    await source.looked_at(1)
    source.fault = ValueError("CANARY")
    await source.looked_at(2)
    source.fault = None
    await source.looked_at(3)
    assert taken.requests == []
    assert "look_failed" in str(logged.calls)
    assert "CANARY" not in str(logged.calls)


@pytest.mark.parametrize("fault", [SourceFault(SourceFaultKind.UNREACHABLE), ValueError("?")], ids=["down", "odd"])
async def test_a_source_that_is_down_for_a_minute_takes_answers_back(
    watching: Watching, source: Source, taken: TakenBack, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    watching.attach(HUB, taken.take_back)
    monkeypatch.setattr(watching_module, "UNSEEN_SECONDS", 0.1)
    source.fault = fault
    watching.begin(watch(source, taken))
    await taken.something()
    assert taken.requests == taken.journalled == ["r1"]


async def test_looks_are_no_more_than_allowed_and_the_log_says_when_they_fall_behind(
    source: Source, taken: TakenBack, logged: CapturingLogger
) -> None:
    log = structlog.wrap_logger(logged, processors=[structlog.processors.JSONRenderer()])
    slow = Watching(looks_per_second=10, read_seconds=5, log=log)
    for number in range(20):
        slow.begin(watch(source, taken, f"r{number}"))
    await source.looked_at(12)
    await slow.close()
    times = [at for _, at in source.looked]
    assert min(after - before for before, after in pairwise(times)) > 0.09
    assert str(logged.calls).count("looks_behind") == 1


async def test_what_cannot_be_said_yet_is_said_over_the_next_link_and_each_hub_hears_of_its_own(
    watching: Watching, source: Source, taken: TakenBack
) -> None:
    other = TakenBack()
    watching.attach("elsewhere:1", other.take_back)
    watching.attach(HUB, taken.take_back)
    watching.detach(HUB, taken.take_back)
    source.terms = REFUSED
    watching.begin(watch(source, taken))
    async with asyncio.timeout(10):
        await taken.was_journalled.wait()
    assert taken.requests == []
    watching.attach(HUB, taken.take_back)
    assert taken.requests == ["r1"]
    assert other.requests == []


async def test_what_was_taken_back_over_a_link_that_has_ended_since_is_said_over_another(
    watching: Watching, source: Source, taken: TakenBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written to a link that was dead already has reached nobody."""
    source.terms = REFUSED
    second, third, elsewhere = TakenBack(), TakenBack(), TakenBack()
    watching.attach("elsewhere:1", elsewhere.take_back)
    watching.attach(HUB, taken.take_back)
    watching.begin(watch(source, taken))
    await taken.something()
    watching.attach(HUB, second.take_back)
    watching.detach(HUB, taken.take_back)
    assert second.requests == ["r1"]
    watching.detach(HUB, second.take_back)
    watching.attach(HUB, third.take_back)
    assert third.requests == ["r1"]
    assert elsewhere.requests == []
    monkeypatch.setattr(watching_module, "UNHEARD_SECONDS", -1)
    watching.begin(watch(source, third, "r2"))
    third.came.clear()
    await third.something()
    assert third.requests == ["r1", "r2"]
    fourth = TakenBack()
    watching.attach(HUB, fourth.take_back)
    watching.detach(HUB, third.take_back)
    assert fourth.requests == ["r2"]


async def test_nothing_is_watched_for_longer_than_any_session_lasts(
    watching: Watching, source: Source, taken: TakenBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Source()
    watching.begin(watch(other, taken, "r2"))
    monkeypatch.setattr(watching_module, "LONGEST_SECONDS", 0.7)
    watching.begin(watch(source, taken))
    await other.looked_at(4)
    assert len(source.looked) == 1
    assert not watching.watches(HUB, "r1")
    assert watching.watches(HUB, "r2")
    assert taken.journalled == []


async def test_what_was_answered_over_a_link_that_ended_long_ago_is_looked_at_less_often(
    watching: Watching, source: Source, taken: TakenBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_module, "ORPHAN_SECONDS", 0.7)
    monkeypatch.setattr(watching_module, "ORPHAN_LOOK_SECONDS", 1.5)
    other = Source()
    watching.attach(HUB, taken.take_back)
    watching.begin(watch(source, taken))
    watching.begin(watch(other, taken, "r2"))
    watching.detach(HUB, taken.take_back, ["r1", "unknown"])
    await other.looked_at(4)
    assert len(source.looked) == 2
    source.terms = REFUSED
    await source.looked_at(3)
    watching.attach(HUB, taken.take_back)
    await taken.something()
    assert taken.requests == ["r1"]


async def test_all_that_is_held_is_taken_back_at_once_also_what_nothing_is_said_about(
    watching: Watching, source: Source, taken: TakenBack
) -> None:
    watching.attach(HUB, taken.take_back)
    watching.begin(watch(source, taken))
    watching.begin(replace(watch(source, taken, "r2"), look=None))
    assert watching.take_back_all() == 2
    assert taken.requests == taken.journalled == ["r1", "r2"]
    assert (len(watching), watching.take_back_all()) == (0, 0)


async def test_what_is_never_looked_at_is_not_remembered_for_longer_than_any_session_lasts(
    watching: Watching, source: Source, taken: TakenBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching_module, "LONGEST_SECONDS", 0.0)
    watching.begin(replace(watch(source, taken), look=None))
    watching.begin(replace(watch(source, taken, "r2"), look=None))
    assert not watching.watches(HUB, "r1")
    assert not source.looked
