"""What stands between the adapter and the stand-in hub: it counts who dials, and can be away, dead or cut off."""

import asyncio
from enum import Enum, auto
from types import TracebackType
from typing import Self

CHUNK = 64 * 1024


class Line(Enum):
    """Is how the relay treats connections."""

    OPEN = auto()
    AWAY = auto()
    DEAD = auto()


class Relay:
    """Passes bytes on, both ways, from a port of its own."""

    def __init__(self) -> None:
        """Take no connection yet; `target` is the port of the hub behind."""
        self.target = 0
        self.port = 0
        self.line = Line.OPEN
        self.dialled = 0
        self._dialling = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._flowing.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut all and stop listening."""
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in tuple(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    def leave(self) -> None:
        """Be away from now on: whoever dials is sent off, whoever is connected cut off."""
        self.line = Line.AWAY
        self.cut()

    def die(self) -> None:
        """Pass nothing on from now on, and say nothing about it."""
        self.line = Line.DEAD
        self._flowing.clear()

    def open(self) -> None:
        """Pass everything on again; a connection that was dead is cut off."""
        was_dead, self.line = self.line is Line.DEAD, Line.OPEN
        if was_dead:
            self.cut()
        self._flowing.set()

    async def until_dialled(self, times: int) -> None:
        """Wait until it was dialled so many times since the start."""
        async with self._dialling:
            await self._dialling.wait_for(lambda: self.dialled >= times)

    def cut(self) -> None:
        """Reset every connection."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._dialling:
            self.dialled += 1
            self._dialling.notify_all()
        task = asyncio.current_task()
        if task is not None:
            self._passing.add(task)
        try:
            if self.line is Line.AWAY:
                return
            beyond_reader, beyond_writer = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers |= {writer, beyond_writer}
            try:
                await asyncio.gather(self._pass(reader, beyond_writer), self._pass(beyond_reader, writer))
            finally:
                beyond_writer.close()
                self._writers -= {writer, beyond_writer}
        except OSError:
            # Either side has gone, which the other is told by the closing below.
            return
        finally:
            writer.close()
            if task is not None:
                self._passing.discard(task)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(CHUNK):
                await self._flowing.wait()
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()
