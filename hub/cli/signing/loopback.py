"""A listener of this machine to which a browser comes back from a provider (RFC 8252), for one sign-in."""

import asyncio
import hmac
import re
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from hub.cli.errors import CommandError
from hub.client.errors import SignInRefused
from hub.client.sessions import Redirect

_PATH: Final = "/signed-in"
_LARGEST_HEAD: Final = 16 * 1024
_HEAD_SECONDS: Final = 10.0
_REQUEST: Final = re.compile(r"GET (?P<target>/\S*) HTTP/1\.[01]\r\n")
_WORD: Final = re.compile(r"[a-z_]{1,40}")
_PAGE: Final = """HTTP/1.1 {status}\r
Content-Type: text/plain; charset=utf-8\r
Cache-Control: no-store\r
Referrer-Policy: no-referrer\r
X-Content-Type-Options: nosniff\r
Content-Security-Policy: default-src 'none'\r
Connection: close\r
\r
{words}
"""
_BACK: Final = _PAGE.format(status="200 OK", words="You can close this page and go back to the terminal.")
_ELSEWHERE: Final = _PAGE.format(status="404 Not Found", words="There is nothing here.")


class Loopback:
    """Listens on a free port of 127.0.0.1 and takes the one request that bears the sign-in's own state."""

    def __init__(self) -> None:
        """Listen from `async with` on."""
        self._server: asyncio.Server | None = None
        self._state = ""
        self._query: asyncio.Future[dict[str, list[str]]] | None = None

    async def __aenter__(self) -> Self:
        """Begin to listen."""
        self._query = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LARGEST_HEAD)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more; closing twice does no harm."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    @property
    def redirect_uri(self) -> str:
        """Return the address to which the provider is to send its user back."""
        return f"http://{self._host}{_PATH}"

    async def sent_back(self, state: str, seconds: float) -> Redirect:
        """Wait for the request that bears the state; raise SignInRefused or CommandError."""
        if self._query is None:
            raise RuntimeError("it does not listen yet")
        self._state = state
        try:
            async with asyncio.timeout(seconds):
                query = await self._query
        except TimeoutError:
            raise CommandError(
                "NOBODY_CAME_BACK",
                "Nobody came back from the provider in time.",
                mend="Sign in again, and finish in the browser on this machine.",
            ) from None
        if "code" not in query:
            said = query.get("error", [""])[0]
            why = f" ({said})" if _WORD.fullmatch(said) else ""
            raise SignInRefused(
                "PROVIDER_REFUSED",
                f"The provider did not sign you in{why}.",
                mend="Try again, or ask whoever runs the provider.",
            )
        return Redirect(state=state, code=query["code"][0], iss=query.get("iss", [""])[0])

    @property
    def _host(self) -> str:
        if self._server is None:
            raise RuntimeError("it does not listen yet")
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of a browser; whatever is not the expected one changes nothing."""
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            query = self._expected(head)
            writer.write((_ELSEWHERE if query is None else _BACK).encode())
            await writer.drain()
            if query is not None and self._query is not None and not self._query.done():
                self._query.set_result(query)
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        finally:
            writer.close()

    def _expected(self, head: str) -> dict[str, list[str]] | None:
        """Read the query of a request if it is the one that is waited for; another page must not take its place."""
        request = _REQUEST.match(head)
        if request is None or f"\r\nhost: {self._host}\r\n" not in head.lower():
            return None
        target = urlsplit(request["target"])
        query = parse_qs(target.query)
        states = query.get("state", [])
        if target.path != _PATH or len(states) != 1 or not self._state:
            return None
        return query if hmac.compare_digest(states[0].encode(), self._state.encode()) else None
