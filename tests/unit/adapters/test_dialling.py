"""An adapter dials again after a pause that grows, and nobody dials in step with the others."""

import asyncio
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.kit.dialling import STEADY_SECONDS, BackOff, Dialling
from adapters.kit.link import WELCOME_SECONDS, Credentials

# What a hub that has come back may wait for its agencies: the longest pause, and a moment to dial.
RECOVERY_SECONDS = 5.0


class EndedLink:
    """A link that is welcomed, unless it never is, has lasted for so long, and ends."""

    def __init__(self, lasted: float, *, is_welcome: bool = True) -> None:
        self.welcomed, self.draining = asyncio.Event(), asyncio.Event()
        self._lasted = lasted
        self._is_welcome = is_welcome

    async def hold(self, _channel: object) -> None:
        if self._is_welcome:
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


async def test_a_dial_that_nobody_answered_was_a_pause_itself() -> None:
    stop, clock, dials = asyncio.Event(), asyncio.get_running_loop().time, []

    def make_link() -> EndedLink:
        dials.append(clock())
        if len(dials) == 2:
            stop.set()
        return EndedLink(0.4, is_welcome=False)

    dialling = Dialling(
        address="127.0.0.1:1",
        make_link=make_link,
        read_credentials=lambda: Credentials(ca=b"", certificate=b"", key=b""),
        stop=stop,
        log=structlog.wrap_logger(CapturingLogger()),
        back_off=BackOff(uniform=lambda _low, _high: 0.4),
    )
    async with asyncio.timeout(5):
        await dialling.run()
    assert 0.4 <= dials[1] - dials[0] < 0.4 + 0.4


def test_neither_the_longest_pause_nor_the_longest_dial_keeps_an_adapter_from_being_back_within_five_seconds() -> None:
    assert max(BackOff().longest_seconds, WELCOME_SECONDS) <= RECOVERY_SECONDS - 1
