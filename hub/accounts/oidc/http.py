"""Speaks HTTP with issuers; the only module of the hub that knows httpx.

What is fetched is small, comes at once and from where it was asked: no redirect is followed, no proxy of the
environment is used, and a body that is compressed, too large or not declared as JSON is not read.
"""

import asyncio
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from hub.accounts.oidc.documents import read_object
from hub.accounts.oidc.flaws import Flaw, Flawed

LARGEST_BODY = 128 * 1024
SECONDS = 5.0
MOST_CONNECTIONS = 16
IDLE_SECONDS = 30.0
_OK = 200
_JSON = frozenset({"application/json", "application/jwk-set+json"})


class Http:
    """One client for the hub's whole life; opened when it is entered."""

    def __init__(self, *, seconds: float = SECONDS, is_secure: bool = True) -> None:
        """Take how long one exchange may last, and whether any issuer is reached by https, so that trust matters."""
        self._seconds = seconds
        self._is_secure = is_secure
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        """Make the client; nothing is sent yet."""
        trusted = await asyncio.to_thread(ssl.create_default_context) if self._is_secure else True
        connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, ssl=trusted, keepalive_timeout=IDLE_SECONDS)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=session, trust_env=False),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client; may be called again."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def get(self, url: str) -> dict[str, object]:
        """Get an object; raise Flawed with what went wrong."""
        return await self._exchange("GET", url, None, {})

    async def post(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, object]:
        """Send a form and return the object that comes back; raise Flawed with what went wrong."""
        return await self._exchange("POST", url, form, headers)

    async def _exchange(
        self, method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]
    ) -> dict[str, object]:
        try:
            async with asyncio.timeout(self._seconds):
                return read_object(await self._body(method, url, form, headers))
        except TimeoutError:
            raise Flawed(Flaw.LATE) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, aiohttp.ClientError, OSError, ValueError):
            raise Flawed(Flaw.UNREACHABLE) from None

    async def _body(self, method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> bytes:
        if self._client is None:
            raise Flawed(Flaw.UNREACHABLE)
        async with self._client.stream(
            method, url, data=form, headers=dict(headers), timeout=self._seconds
        ) as response:
            if response.status_code != _OK:
                raise Flawed(Flaw.REFUSED)
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in _JSON or response.headers.get("content-encoding", "identity") != "identity":
                raise Flawed(Flaw.NOT_JSON)
            return await _bounded(response)


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body, but no more of it than fits."""
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > LARGEST_BODY:
            raise Flawed(Flaw.TOO_MUCH)
        pieces.append(piece)
    return b"".join(pieces)
