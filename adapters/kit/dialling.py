"""Keeps one link to one hub: dials, dials again after a pause that grows, and replaces a link before it ends."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from grpc import aio
from structlog.typing import FilteringBoundLogger

from adapters.kit.errors import LinkRefused
from adapters.kit.link import Credentials, Link, open_channel

RENEW_SECONDS = 3600.0
"""A link is replaced hourly, since a channel does not notice a certificate that somebody else has renewed."""
RENEW_JITTER = 0.1
STEADY_SECONDS = 5.0
GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """Pauses between attempts: anything from nothing to a bound that doubles with every failure.

    The longest is what an agency is missed for when its hub, or the line to it, has come back: not more than four
    seconds, so that all are back in five. That all come at once is prevented by chance, not by length.
    """

    first_seconds: float = 0.2
    longest_seconds: float = 4.0
    uniform: Callable[[float, float], float] = random.uniform

    def pause(self, failures: int) -> float:
        """Choose the pause after so many failures in a row, in seconds."""
        doubled = self.first_seconds * 2.0 ** min(failures, 30)
        return self.uniform(0.0, min(self.longest_seconds, doubled))


@dataclass(slots=True, kw_only=True, eq=False)
class Dialling:
    """Runs until it is told to stop; then lets its links finish what they have."""

    address: str
    make_link: Callable[[], Link]
    read_credentials: Callable[[], Credentials]
    stop: asyncio.Event
    log: FilteringBoundLogger
    back_off: BackOff = field(default_factory=BackOff)
    renew_seconds: float = RENEW_SECONDS
    turned: Callable[[], asyncio.Event] = asyncio.Event
    """Returns what is set when a certificate has been renewed: the next link is dialled with it at once."""
    _held: dict[asyncio.Task[None], Link] = field(default_factory=dict)

    async def run(self) -> None:
        """Keep a link open until told to stop."""
        failures = 0
        try:
            while not self.stop.is_set():
                steady, dialled_seconds = await self._one_link()
                failures = 0 if steady else failures + 1
                # After a steady link, too: when a hub goes, every adapter's link ends in the same moment. A dial that
                # nobody answered has been a pause itself.
                pause = max(0.0, self.back_off.pause(failures) - dialled_seconds)
                await _first_of(self.stop.wait(), asyncio.sleep(pause))
        finally:
            await self._farewell()

    async def _one_link(self) -> tuple[bool, float]:
        """Hold a link until another is needed; says whether it was steady, and how many seconds the dial took."""
        clock = asyncio.get_running_loop().time
        dialled = clock()
        link, turned = self.make_link(), self.turned()
        holding = asyncio.create_task(self._hold(link))
        earlier = tuple(self._held.values())
        self._held[holding] = link
        holding.add_done_callback(lambda task: self._held.pop(task, None))
        await _first_of(link.welcomed.wait(), self.stop.wait(), beside=holding)
        began = clock()
        if link.welcomed.is_set():
            for older in earlier:
                older.retire()
            renew = self.renew_seconds * random.uniform(1 - RENEW_JITTER, 1)  # noqa: S311  spreads load, keeps no secret
            await _first_of(link.draining.wait(), self.stop.wait(), turned.wait(), asyncio.sleep(renew), beside=holding)
        return clock() - began >= STEADY_SECONDS, began - dialled

    async def _hold(self, link: Link) -> None:
        """Hold one link to its end and log why it ended, in words of our own."""
        try:
            credentials = await asyncio.to_thread(self.read_credentials)
            async with open_channel(self.address, credentials) as channel:
                await link.hold(channel)
        except aio.AioRpcError as ended:
            self.log.warning("link_lost", hub=self.address, code=ended.code().name)
        except TimeoutError:
            self.log.warning("link_lost", hub=self.address, code="NO_WELCOME")
        except LinkRefused as refused:
            self.log.warning("link_refused", hub=self.address, reason=str(refused))
        except OSError as fault:
            self.log.warning("certificates_unreadable", hub=self.address, reason=fault.strerror)
        except Exception as fault:  # noqa: BLE001  last resort: whatever ends one link, the next is dialled
            self.log.warning("link_failed", hub=self.address, type=type(fault).__name__)
        else:
            self.log.info("link_ended", hub=self.address)

    async def _farewell(self) -> None:
        for link in self._held.values():
            link.retire()
        if self._held:
            await asyncio.wait(tuple(self._held), timeout=GRACE_SECONDS)
        for task in tuple(self._held):
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)


async def _first_of(*waits: Awaitable[object], beside: asyncio.Task[None] | None = None) -> None:
    """Wait for the first of several; the others are given up, except the task beside them, which goes on."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait([*tasks, beside] if beside else tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
