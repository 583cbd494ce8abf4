"""A disk that fails: nothing is asked or shown without its record, clients are told at once, and it is well again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.integration.crash.clients import Attempt, Client
from tests.integration.crash.failing import (
    LONGEST_REFUSAL_SECONDS,
    UNUSABLE,
    all_attempt,
    attempt_on,
    disk,
    get_well,
    refused_sign_in,
)
from tests.integration.crash.partnership import Partnership, partnership
from tests.integration.crash.tracer import Fate, Step, held, needs_tracer

pytestmark = needs_tracer

FAILING = (
    pytest.param(Step.SYNC, Fate.IO_ERROR, id="sync fails"),
    pytest.param(Step.WRITE, Fate.NO_SPACE, id="no space", marks=pytest.mark.slow),
    pytest.param(Step.WRITE, Fate.IO_ERROR, id="write fails", marks=pytest.mark.slow),
)


@asynccontextmanager
async def working(folder: Path) -> AsyncIterator[tuple[Partnership, Sequence[Client]]]:
    """Open a partnership; on leaving, everything that anybody has is on record."""
    with partnership(folder) as on:
        async with on.open() as clients:
            yield on, [client for client in clients if not client.is_refused]
            await on.close()
        assert on.faults() == []


def assert_refused(attempts: Sequence[Attempt]) -> None:
    assert [attempt for attempt in attempts if not attempt.is_unwritable] == []
    assert max(attempt.seconds for attempt in attempts) <= LONGEST_REFUSAL_SECONDS


@pytest.mark.parametrize(("step", "fate"), FAILING)
async def test_while_the_disk_fails_all_is_refused_within_a_second_and_afterwards_all_is_well(
    step: Step, fate: Fate, tmp_path: Path
) -> None:
    async with working(tmp_path) as (on, clients):
        with held(on.hub.pid, disk(on, step, fate)):
            for _ in range(3):
                assert_refused(await all_attempt(on, clients))
            said = await refused_sign_in(on)
            assert (said.code, said.reason) in UNUSABLE
            assert said.words
            assert not said.leak
        assert not on.truth.shown
        await get_well(on, clients)


@pytest.mark.slow
async def test_a_sync_that_hangs_refuses_within_a_second_and_afterwards_all_is_well(tmp_path: Path) -> None:
    async with working(tmp_path) as (on, clients):
        assert_refused(await attempt_on(on, clients, disk(on, Step.SYNC, Fate.HANGS, 1)))
        assert not on.truth.shown
        await get_well(on, clients)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "fate"), FAILING)
async def test_a_disk_that_fails_at_any_one_step_shows_nothing_that_is_not_recorded(
    step: Step, fate: Fate, tmp_path: Path
) -> None:
    async with working(tmp_path) as (on, clients):
        refused = 0
        for nth in range(1, 41):
            attempts = await attempt_on(on, clients, disk(on, step, fate, nth))
            assert [attempt for attempt in attempts if not (attempt.is_unwritable or attempt.is_whole)] == []
            refused += sum(attempt.is_unwritable for attempt in attempts)
        assert refused > 10
        await get_well(on, clients)
