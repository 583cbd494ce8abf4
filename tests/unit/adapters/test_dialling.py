"""An adapter dials again after a pause that grows, and nobody dials in step with the others."""

import asyncio
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.kit.dialling import STEADY_SECONDS, BackOff, Dialling
from adapters.kit.link import Credentials

# What a hub that has come back may wait for its agencies: the longest pause, and a moment to dial.
RECOVERY_SECONDS = 5.0


class EndedLink:
    """A link that is welcomed, has lasted for so long, and ends."""

    def __init__(self, lasted: float) -> None:
        self.welcomed, self.draining = asyncio.Event(), asyncio.Event()
        self._lasted = lasted

    async def hold(self, _channel: object) -> None:
        self.welcomed.set()
        await asyncio.sleep(self._lasted)

    def retire(self) -> None:
        self.draining.set()


async def pauses(monkeypatch: pytest.MonkeyPatch, links: Iterator[float], count: int) -> list[float]:
    """Return the longest pauses that an adapter might have made after links that lasted so long, in seconds."""
    asked: list[float] = []
    stop = asyncio.Event()

    def note(_low: float, high: float) -> float:
        asked.append(high)
        if len(asked) == count:
            stop.set()
        return 0.0

    monkeypatch.setattr("adapters.kit.dialling.STEADY_SECONDS", STEADY_SECONDS / 100)
    dialling = Dialling(
        address="127.0.0.1:1",
        make_link=lambda: EndedLink(next(links)),
        read_credentials=lambda: Credentials(ca=b"", certificate=b"", key=b""),
        stop=stop,
        log=structlog.wrap_logger(CapturingLogger()),
        back_off=BackOff(uniform=note),
    )
    async with asyncio.timeout(5):
        await dialling.run()
    return asked


async def test_adapters_whose_steady_links_end_in_one_moment_do_not_dial_in_one_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steady = STEADY_SECONDS / 50
    assert await pauses(monkeypatch, iter([steady, steady]), 2) == [BackOff().first_seconds] * 2


async def test_pauses_grow_while_links_do_not_last_and_are_short_again_after_one_that_did(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lasted = iter([0, 0, 0, STEADY_SECONDS / 50, 0])
    assert await pauses(monkeypatch, lasted, 5) == [0.4, 0.8, 1.6, 0.2, 0.4]


def test_the_longest_pause_leaves_time_to_be_back_within_five_seconds() -> None:
    assert BackOff().longest_seconds <= RECOVERY_SECONDS - 1
