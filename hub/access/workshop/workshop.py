"""The workshop as the hub sees it: a draft goes in; a policy, faults or a result come out; no process stays behind."""

import asyncio
import contextlib
import math
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.access.policy import Policy
from hub.access.workshop import failures, wire
from hub.access.workshop.commands import Draft
from hub.access.workshop.parts import Assembly
from hub.access.workshop.process import PROGRAM, kill, pipes, running
from hub.access.workshop.wire import Kind, Request
from hub.errors import Fault, NotReady, PolicyError, TooMuch


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopLimits:
    """What one piece of work may take, how many go on at one time, and how many wait for their turn.

    100,000 rules take 8 to 13 seconds, less than 0.4 GiB, and a result of 5 MB.
    """

    seconds: float = 120
    memory_bytes: int = 1024**3
    result_bytes: int = 256 * 1024**2
    most_running: int = 2
    most_waiting: int = 16


class Workshop:
    """Has drafts weighed, each in a process of its own; closing ends those that run and is idempotent."""

    def __init__(self, limits: WorkshopLimits | None = None, program: Sequence[str] = PROGRAM) -> None:
        """Take the bounds, and the program that does the work."""
        self._limits = limits or WorkshopLimits()
        bounds = (str(self._limits.memory_bytes), str(math.ceil(self._limits.seconds)))
        self._command = (*program, *bounds)
        self._places = asyncio.Semaphore(self._limits.most_running)
        self._waiting = 0
        self._running: set[Process] = set()
        self._closed = False

    async def __aenter__(self) -> Self:
        """Open; processes are started only when there is work."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """End whatever runs, and wait until nothing of it is left."""
        self._closed = True
        for process in self._running:
            kill(process)
        # Whoever had something done leaves its place last of all.
        async with contextlib.AsyncExitStack() as places:
            for _ in range(self._limits.most_running):
                await places.enter_async_context(self._places)

    async def compile(self, texts: Draft) -> Policy:
        """Validate and compile a draft; raise PolicyError with all its faults, or NotWeighed."""
        assembly = Assembly()
        await self._have_done(Request(command="compile", drafts=(texts,), parameters={}), assembly.add)
        try:
            return assembly.policy()
        except ValueError as garbled:
            raise failures.garbled(garbled) from None

    async def weigh(self, command: str, *drafts: Draft, **parameters: object) -> list[object]:
        """Have a command of the table done, and return the pieces of its result; raise PolicyError or NotWeighed."""
        pieces: list[object] = []
        await self._have_done(Request(command=command, drafts=drafts, parameters=parameters), pieces.append)
        return pieces

    async def _have_done(self, request: Request, take: Callable[[object], None]) -> None:
        """Wait for a place, have it done there, and hand over each piece as it comes."""
        async with self._place(), running(self._command) as process:
            self._running.add(process)
            try:
                self._require_open()
                async with asyncio.timeout(self._limits.seconds):
                    await self._converse(process, request, take)
            except TimeoutError:
                raise failures.slow(self._limits.seconds) from None
            except ValueError as garbled:
                raise failures.garbled(garbled) from None
            finally:
                self._running.discard(process)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Wait for one of the places; refuse when too many wait already, or when this is closed meanwhile."""
        if self._waiting >= self._limits.most_waiting:
            raise TooMuch("WORKSHOP_BUSY", "Too many drafts are waiting to be weighed.", mend="Try again in a minute.")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            self._require_open()
            yield
        finally:
            self._places.release()

    async def _converse(self, process: Process, request: Request, take: Callable[[object], None]) -> None:
        """Send the request and take what comes; the loop serves others between any two pieces."""
        reader, writer = pipes(process)
        # A process that reads no further has ended, or will; how, its result tells.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            await wire.send(request, writer)
        pieces, faults = 0, list[Fault]()
        async with aclosing(wire.lines(reader, self._limits.result_bytes)) as said:
            async for kind, value in said:
                match kind:
                    case Kind.PIECE:
                        take(value)
                        pieces += 1
                    case Kind.FAULT:
                        faults.append(_fault(value))
                    case Kind.FAILURE:
                        raise failures.failed(value)
                    case Kind.END:
                        return _require_whole(value, pieces, faults)
                await asyncio.sleep(0)
        self._require_open()
        raise failures.died(await process.wait())

    def _require_open(self) -> None:
        if self._closed:
            raise NotReady("DRAINING", "This hub is going away. Nothing was changed; try again in a moment.")


def _fault(said: object) -> Fault:
    match said:
        case {"file": str(file), "line": int(line), "what": str(what), "mend": str(mend)}:
            return Fault(file=Path(file), line=line, what=what, mend=mend)
        case _:
            raise ValueError("a fault without its parts")


def _require_whole(said: object, pieces: int, faults: Sequence[Fault]) -> None:
    """Raise PolicyError when there are faults, and ValueError unless as many pieces came as were sent."""
    if faults:
        raise PolicyError(faults)
    if said != pieces:
        raise ValueError("pieces of the result are missing")
