"""A real HTTP server that speaks in bytes, remembers every request, and misbehaves in named ways."""

import asyncio
import gzip
import json
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

DRIP_SECONDS = 0.02
BOMB_BYTES = 16 * 1024 * 1024

Answer = Callable[[str, Mapping[str, str]], object]


class Way(StrEnum):
    """Is one thing that a back-office system does and should not, or that must harm nobody when it does."""

    HONEST = "honest"
    # What it says cannot be read.
    GARBAGE = "garbage"
    HTML_WITH_200 = "html_with_200"
    NOTHING = "nothing"
    INVALID_UTF8 = "invalid_utf8"
    LONE_SURROGATE = "lone_surrogate"
    DEEP = "deep"
    NOT_A_NUMBER = "not_a_number"
    # It says JSON, and calls it something else.
    WRONG_TYPE = "wrong_type"
    # It does not come to an end, or to the wrong one.
    CUT_OFF = "cut_off"
    CUT_OFF_IN_A_CHUNK = "cut_off_in_a_chunk"
    RESET_IN_THE_BODY = "reset_in_the_body"
    DRIPS = "drips"
    STALLS = "stalls"
    WITHOUT_END = "without_end"
    # It is larger than it looks.
    HUGE = "huge"
    BOMB = "bomb"
    COMPRESSED = "compressed"
    # It does not speak HTTP.
    NO_HTTP = "no_http"
    HUGE_HEADER = "huge_header"
    RESET = "reset"
    RESET_ONCE = "reset_once"
    # It wants to be asked elsewhere, or later.
    REDIRECTS = "redirects"
    FAILS = "fails"
    REFUSES = "refuses"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    BUSY_ONCE = "busy_once"


# What happens once, and what it is while it happens.
ONCE = {Way.RESET_ONCE: Way.RESET, Way.BUSY_ONCE: Way.BUSY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    connection: int


@dataclass(kw_only=True)
class WaywardServer:
    """Listens when entered; `answer` gives what an honest server would say of a path."""

    answer: Answer
    way: Way = Way.HONEST
    retry_after: str = ""
    secret: str = "Canary"
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    refuse_tokens: set[str] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""
    connections: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}/"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            for writer in tuple(self._open):
                writer.transport.abort()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self._open.add(writer)
        try:
            while asked := await _read(reader, number):
                self.asked.append(asked)
                if not await self._reply(asked, writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            # Whoever asked has gone, as it may.
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _reply(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        """Reply in the way that is set; tell whether the connection can be used again."""
        way, body = self.way, json.dumps(self.answer(asked.path, asked.query)).encode()
        if way in ONCE:
            self.way, way = Way.HONEST, ONCE[way]
        if asked.headers.get("authorization", "").removeprefix("Bearer ") in self.refuse_tokens:
            writer.write(_head(401, 0))
            return True
        match way:
            case Way.RESET:
                _reset(writer)
                return False
            case Way.DRIPS | Way.STALLS | Way.WITHOUT_END:
                await self._go_on(way, body, writer)
                return False
            case _:
                content, is_whole = self._bytes(way, body)
                writer.write(content)
                await writer.drain()
                if way is Way.RESET_IN_THE_BODY:
                    _reset(writer)
                return is_whole

    def _bytes(self, way: Way, body: bytes) -> tuple[bytes, bool]:
        """Give what is sent at once, and whether it ends as HTTP says."""
        said = f'"{self.secret}'.encode()
        match way:
            case Way.CUT_OFF | Way.RESET_IN_THE_BODY:
                return _head(200, len(body)) + body[:-5], False
            case Way.CUT_OFF_IN_A_CHUNK:
                chunk = b"%x\r\n%s" % (len(body), body[:-5])
                return _head(200, None, {"Transfer-Encoding": "chunked"}) + chunk, False
            case Way.NO_HTTP:
                return said * 40, False
            case Way.HUGE_HEADER:
                return _head(200, len(body), {"X-Long": self.secret * 20_000}) + body, False
            case _:
                status, headers, content = self._whole(way, body, said)
                return _head(status, len(content), headers) + content, True

    def _whole(self, way: Way, body: bytes, said: bytes) -> tuple[int, dict[str, str], bytes]:
        retry = {"Retry-After": self.retry_after} if self.retry_after else {}
        zipped = {"Content-Encoding": "gzip"}
        whole: dict[Way, tuple[int, dict[str, str], bytes]] = {
            Way.GARBAGE: (200, {}, b"{'items': " + said),
            Way.HTML_WITH_200: (200, {"Content-Type": "text/html"}, b"<html>" + said),
            Way.NOTHING: (200, {}, b""),
            Way.INVALID_UTF8: (200, {}, body[:-1] + b', "x": "\xff' + said[1:] + b'"}'),
            Way.LONE_SURROGATE: (200, {}, body[:-1] + b', "x": "\\ud800"}'),
            Way.DEEP: (200, {}, b"[" * 5_000 + said + b'"' + b"]" * 5_000),
            Way.NOT_A_NUMBER: (200, {}, body[:-1] + b', "x": NaN}'),
            Way.WRONG_TYPE: (200, {"Content-Type": "text/plain"}, body),
            Way.HUGE: (200, {}, b'{"items": [' + said + b"x" * (4 * 1024 * 1024) + b'"]}'),
            Way.BOMB: (200, zipped, _bomb() if way is Way.BOMB else b""),
            Way.COMPRESSED: (200, zipped, gzip.compress(body)),
            Way.REDIRECTS: (307, {"Location": f"http://127.0.0.2:1/{self.secret}"}, said),
            Way.FAILS: (500, {}, said),
            Way.REFUSES: (403, {}, said),
            Way.UNAVAILABLE: (503, retry, said),
            Way.BUSY: (429, retry, said),
        }
        return whole.get(way, (200, self.headers, body))

    async def _go_on(self, way: Way, body: bytes, writer: asyncio.StreamWriter) -> None:
        """Send what has no end, as long as somebody listens."""
        writer.write(_head(200, len(body) if way is Way.DRIPS else None))
        while not writer.transport.is_closing():
            writer.write(b" " * 65_536 if way is Way.WITHOUT_END else b"" if way is Way.STALLS else body[:1])
            await writer.drain()
            await asyncio.sleep(0 if way is Way.WITHOUT_END else DRIP_SECONDS)


async def _read(reader: asyncio.StreamReader, connection: int) -> Asked | None:
    """Read one request; None where the other side has closed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.casefold(): value for name, _, value in (line.partition(": ") for line in lines)}
    await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Asked(
        method=method,
        path=parts.path.lstrip("/"),
        query=dict(parse_qsl(parts.query)),
        headers=headers,
        connection=connection,
    )


def _head(status: int, length: int | None, headers: Mapping[str, str] | None = None) -> bytes:
    said = {"Content-Type": "application/json", **(headers or {})}
    said |= {} if length is None else {"Content-Length": str(length)}
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in said.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by a reset: what is not sent yet is dropped."""
    own: socket.socket = writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@cache
def _bomb() -> bytes:
    return gzip.compress(b'{"items": [' + b" " * BOMB_BYTES + b"]}")
