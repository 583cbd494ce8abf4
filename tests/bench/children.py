"""Starting the benchmark's other processes, and ending each of them by its own process id."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

START_SECONDS = 120
END_SECONDS = 15
# A measurement's timings come back in one line.
LONGEST_LINE = 2**26
TAIL_LINES = 12


class ChildFailedError(Exception):
    """Is raised when a process of the benchmark ended or fell silent; its text ends with the process's last words."""


class Child:
    """One process that speaks JSON lines."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    async def tell(self, **order: Any) -> dict[str, Any]:
        """Send an order and return the answer to it."""
        if self._process.stdin is None or self._process.returncode is not None:
            raise self._failed("has ended")
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        return await self.heard()

    async def heard(self) -> dict[str, Any]:
        """Return what the process says next."""
        if self._process.stdout is None:
            raise self._failed("cannot be heard")
        try:
            async with asyncio.timeout(START_SECONDS):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise self._failed(f"has said nothing for {START_SECONDS} s") from None
        if not line:
            raise self._failed("has ended")
        said: dict[str, Any] = orjson.loads(line)
        return said

    async def end(self) -> None:
        """End the process by its id, kindly first."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self._process.returncode is not None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_SECONDS):
                    await self._process.wait()

    def _failed(self, what: str) -> ChildFailedError:
        lines = self._log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
        return ChildFailedError("\n".join((f"{self._name} {what}", *(f"  | {line}" for line in lines))))


@asynccontextmanager
async def child(name: str, module: str, arguments: Sequence[str], logs: Path) -> AsyncIterator[Child]:
    """Run a module of the benchmark as a process of its own for as long as the context lasts.

    It is out of reach of the terminal's Ctrl-C, which ends this process, which then ends it; and should this process
    be killed, its standard input closes, at which it ends by itself.
    """
    log = logs / f"{name.replace(' ', '-')}.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=LONGEST_LINE,
            start_new_session=True,
        )
    started = Child(name, process, log)
    try:
        yield started
    finally:
        await asyncio.shield(started.end())
