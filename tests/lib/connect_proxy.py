"""An HTTP proxy of an agency: lets CONNECT through to a port of this machine, if it likes whoever asks."""

import asyncio
import base64
from contextlib import suppress
from types import TracebackType
from typing import Self


class ConnectProxy:
    """Listens on a free port when entered; remembers what it was asked for, and by whom."""

    def __init__(self, *, user: str = "", password: str = "") -> None:
        """Let everybody through, or only a user with a password."""
        shown = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._wanted = f"Basic {shown}" if user else ""
        self._server: asyncio.Server | None = None
        self._passing: set[asyncio.Task[None]] = set()
        self.port = 0
        self.asked: list[str] = []
        self.refused = 0
        self.bytes_passed = 0

    @property
    def address(self) -> str:
        """Give the address for a manifest."""
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and end what passes."""
        if self._server is not None:
            self._server.close()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        method, target, _ = head[0].split(" ")
        self.asked.append(f"{method} {target}")
        if method != "CONNECT" or headers.get("proxy-authorization", "") != self._wanted:
            self.refused += 1
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n")
            await writer.drain()
            return
        host, _, port = target.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            far_writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while received := await reader.read(65_536):
            self.bytes_passed += len(received)
            writer.write(received)
            await writer.drain()
        writer.close()
