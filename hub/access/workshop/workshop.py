"""The workshop as the hub sees it: a draft goes in, a policy, faults or a result come out, and no process stays behind."""

import asyncio
import contextlib
import math
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from pydantic import TypeAdapter

from hub.access.policy import Policy
from hub.access.workshop import wire
from hub.access.workshop.commands import Draft
from hub.access.workshop.parts import Assembly
from hub.access.workshop.wire import Kind, Request
from hub.errors import Fault, NotReady, NotWeighed, PolicyError, TooMuch

_PLACE_OF_HUB = Path(__file__).resolve().parents[3]
# Neither the folder in which the hub was started nor a user's own packages come in.
PROGRAM = (sys.executable, "-P", "-s", "-m", "hub.access.workshop")
_ENVIRONMENT = {"PYTHONPATH": str(_PLACE_OF_HUB)}
_REST_BYTES = 64 * 1024
_OUT_OF_MEMORY = "MemoryError"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopLimits:
    """What one piece of work may take, how many go on at one time, and how many wait for their turn.

    100,000 rules take 16 s and 0.3 GB of address space.
    """

    seconds: float = 120
    memory_bytes: int = 1024**3
    most_running: int = 2
    most_waiting: int = 16


class Workshop:
    """Has drafts weighed, each in a process of its own; closing ends those that run and is idempotent."""

    def __init__(self, limits: WorkshopLimits | None = None, program: Sequence[str] = PROGRAM) -> None:
        """Take the bounds, and the program that does the work."""
        self._limits = limits or WorkshopLimits()
        self._program = program
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
            _kill(process)
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(self._limits.most_running):
                await stack.enter_async_context(self._places)

    async def compile(self, texts: Draft) -> Policy:
        """Validate and compile a draft; raise PolicyError with all its faults, or NotWeighed."""
        assembly = Assembly()
        await self._have_done(Request(command="compile", drafts=(texts,), parameters={}), assembly.add)
        return assembly.policy()

    async def weigh(self, command: str, *drafts: Draft, **parameters: object) -> list[object]:
        """Have a command of the table done, and return the pieces of its result; raise PolicyError or NotWeighed."""
        pieces: list[object] = []
        await self._have_done(Request(command=command, drafts=drafts, parameters=parameters), pieces.append)
        return pieces

    async def _have_done(self, request: Request, take: Callable[[object], None]) -> None:
        """Wait for a place, have it done there, and hand over each piece as it comes."""
        async with self._place(), self._process() as process:
            try:
                async with asyncio.timeout(self._limits.seconds):
                    await self._converse(process, request, take)
            except TimeoutError:
                raise _slow() from None
            except ValueError as garbled:
                raise self._garbled(garbled) from None

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Wait for one of the places; refuse when too many wait already, or when this is closed meanwhile."""
        if self._waiting >= self._limits.most_waiting:
            raise TooMuch("WORKSHOP_BUSY", "Too many drafts are being weighed.", mend="Try again in a minute.")
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

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[Process]:
        """Start the program; when this is left, however that comes about, nothing of it remains."""
        bounds = (str(self._limits.memory_bytes), str(math.ceil(self._limits.seconds)))
        process = await asyncio.create_subprocess_exec(
            *self._program,
            *bounds,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            limit=wire.LONGEST_LINE,
            # Out of reach of a terminal's Ctrl-C, which ends the hub, which then ends it.
            start_new_session=True,
        )
        self._running.add(process)
        try:
            self._require_open()
            yield process
        finally:
            self._running.discard(process)
            await asyncio.shield(_ended(process))

    async def _converse(self, process: Process, request: Request, take: Callable[[object], None]) -> None:
        """Send the request and take what comes; the loop serves others between any two pieces."""
        reader, writer = _pipes(process)
        # A process that reads no further has ended or will; how, the result tells.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            await wire.send(request, writer)
        pieces, faults = 0, []
        async for kind, value in wire.lines(reader):
            match kind:
                case Kind.PIECE:
                    take(value)
                    pieces += 1
                case Kind.FAULT:
                    faults.append(TypeAdapter(Fault).validate_python(value))
                case Kind.FAILURE:
                    raise _failed(value)
                case Kind.END if value == pieces:
                    break
                case Kind.END:
                    raise ValueError("pieces of the result are missing")
            await asyncio.sleep(0)
        else:
            raise await self._died(process)
        if faults:
            raise PolicyError(faults)

    def _require_open(self) -> None:
        if self._closed:
            raise NotReady("DRAINING", "This hub is going away. Nothing was changed; try again in a moment.")

    async def _died(self, process: Process) -> NotWeighed:
        """Say how a process ended that did not come to an end with its work; raise NotReady if this was closed."""
        self._require_open()
        code = await process.wait()
        _log.warning("workshop.died", code=code)
        return _not_weighed("WORKSHOP_DIED", f"The process that weighs policies ended before its work (code {code}).")

    def _garbled(self, error: ValueError) -> NotWeighed:
        _log.warning("workshop.garbled", kind=type(error).__name__)
        return _not_weighed("WORKSHOP_GARBLED", "The process that weighs policies said what cannot be understood.")


def _failed(said: object) -> NotWeighed:
    """Tell what kind of failure the process met; its text stays there."""
    match said:
        case {"kind": str(kind), "places": list(found)}:
            _log.warning("workshop.failed", kind=kind, places=found)
        case _:
            raise ValueError("a failure without its kind")
    if kind == _OUT_OF_MEMORY:
        what = "The draft needs more memory than a policy may take."
        return NotWeighed("WORKSHOP_MEMORY", what, mend="Write fewer or narrower levels; “all” multiplies.")
    return _not_weighed("WORKSHOP_FAILED", f"The process that weighs policies failed ({kind}).")


def _slow() -> NotWeighed:
    what = "The draft takes longer to weigh than a policy may."
    return NotWeighed("WORKSHOP_SLOW", what, mend="Write fewer or narrower levels; “all” multiplies.")


def _not_weighed(reason: str, what: str) -> NotWeighed:
    return NotWeighed(reason, what, mend="Try again; if it happens twice, tell the hub's operator.")


def _pipes(process: Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if process.stdout is None or process.stdin is None:
        raise RuntimeError("the process was started without pipes")
    return process.stdout, process.stdin


def _kill(process: Process) -> None:
    # It may have ended this moment.
    with contextlib.suppress(ProcessLookupError):
        process.kill()


async def _ended(process: Process) -> None:
    """Kill a process and wait until it, and both ends of its pipes, are gone."""
    _kill(process)
    reader, writer = _pipes(process)
    writer.close()
    # A pipe that nobody reads to its end would keep its descriptor.
    while await reader.read(_REST_BYTES):
        pass
    await process.wait()
