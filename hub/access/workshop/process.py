"""One process of the workshop: started with nothing of the hub's but two pipes, and gone when it is left."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from hub.access.workshop.failures import not_started
from hub.access.workshop.wire import LONGEST_LINE

# Neither the folder in which the hub was started nor a user's own packages come in.
PROGRAM = (sys.executable, "-P", "-s", "-m", "hub.access.workshop")
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).resolve().parents[3])}
_REST_BYTES = 64 * 1024


@asynccontextmanager
async def running(command: Sequence[str]) -> AsyncIterator[Process]:
    """Start a program; when this is left, however that comes about, nothing of it remains. Raises NotWeighed.

    Nothing is forked once gRPC has started: asyncio starts a program without running any Python in between.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            # What a failing program prints may hold anything; what kind of failure it was comes with its result.
            stderr=DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            limit=LONGEST_LINE,
            # Out of reach of a terminal's Ctrl-C, which ends the hub, which then ends it.
            start_new_session=True,
        )
    except OSError as error:
        raise not_started(error) from None
    try:
        yield process
    finally:
        await asyncio.shield(_ended(process))


def pipes(process: Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return where its result comes from and where its request goes."""
    if process.stdout is None or process.stdin is None:
        raise ValueError("the process was started without pipes")
    return process.stdout, process.stdin


def kill(process: Process) -> None:
    """End a process at once. Idempotent."""
    # It may have ended this moment.
    with contextlib.suppress(ProcessLookupError):
        process.kill()


async def _ended(process: Process) -> None:
    """Kill a process, and wait until it and both its pipes are gone."""
    kill(process)
    reader, writer = pipes(process)
    writer.close()
    # A pipe that nobody reads to its end would keep its descriptor.
    while await reader.read(_REST_BYTES):
        pass
    await process.wait()
