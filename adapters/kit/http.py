"""HTTP clients for an adapter's whole life; the only module of the adapters that knows httpx."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import httpx
import orjson
from httpx_aiohttp import AiohttpTransport

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import ApiKey

LARGEST_BODY = 4 * 1024 * 1024
MOST_CONNECTIONS = 64
IDLE_SECONDS = 60.0
OK = 200
NOT_FOUND = 404
CONFLICT = 409


class HttpSource:
    """Gets JSON from one origin and sends its key nowhere else; it only ever sends GET, so it cannot write."""

    def __init__(self, url: str, *, api_key: ApiKey | None, ca: Path | None, accept: str = "application/json") -> None:
        """Take the address that all paths are relative to, the key, and whom to trust for https."""
        self._base = httpx.URL(url)
        self._ca = ca
        self._headers = _headers(accept, api_key)
        self._client: httpx.AsyncClient | None = None

    async def open(self) -> None:
        """Make the client; nothing is sent yet."""
        self._client = await _client(self._base, self._headers, self._ca)

    async def get(self, path: str, parameters: Mapping[str, str], deadline: float, *, may_miss: bool = False) -> object:
        """Get what a path holds, parsed; raises SourceFault, which repeats nothing that the source said.

        Where the path may miss, "not found" gives None. A search that is not found is a fault: a misspelt path must not
        look like a person who is not known.
        """
        target = self._base.join(path)
        if not _is_within(target, self._base):
            raise SourceFault(SourceFaultKind.ELSEWHERE)
        remaining = deadline - asyncio.get_running_loop().time()
        if remaining <= 0:
            raise SourceFault(SourceFaultKind.LATE)
        try:
            async with asyncio.timeout_at(deadline):
                body = await self._get(target, parameters, remaining, may_miss=may_miss)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError):
            # httpx-aiohttp 0.2 calls every refused connection a time-out, so only the clock above tells what was late.
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None
        try:
            parsed: object = orjson.loads(body) if body is not None else None
        except orjson.JSONDecodeError:
            raise SourceFault(SourceFaultKind.GARBAGE) from None
        return parsed

    async def _get(
        self, target: httpx.URL, parameters: Mapping[str, str], seconds: float, *, may_miss: bool
    ) -> bytes | None:
        if self._client is None:
            raise SourceFault(SourceFaultKind.UNREACHABLE)
        whole = target.copy_merge_params(dict(parameters)) if parameters else target
        async with self._client.stream("GET", whole, timeout=seconds) as response:
            if response.status_code == NOT_FOUND and may_miss:
                return None
            if response.status_code != OK:
                raise SourceFault(SourceFaultKind.REFUSED)
            return await _bounded(response)

    async def close(self) -> None:
        """Close the client; may be called again."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


class HttpTarget:
    """Sends JSON to one origin, where a manifest declares it; of what comes back it reads whether that was taken."""

    def __init__(self, url: str, *, api_key: ApiKey | None, ca: Path | None) -> None:
        """Take the address that all paths are relative to, the key, and whom to trust for https."""
        self._base = httpx.URL(url)
        self._ca = ca
        self._headers = _headers("application/json", api_key)
        self._client: httpx.AsyncClient | None = None

    async def open(self) -> None:
        """Make the client; nothing is sent yet."""
        self._client = await _client(self._base, self._headers, self._ca)

    async def post(self, path: str, document: Mapping[str, object], *, once: str, seconds: float) -> None:
        """Send a document; `once` names it, for a target that sees it again. Raises SourceFault unless it was taken."""
        target = self._base.join(path)
        if self._client is None or not _is_within(target, self._base):
            raise SourceFault(SourceFaultKind.ELSEWHERE)
        headers = {"Content-Type": "application/json", "Idempotency-Key": once}
        try:
            async with asyncio.timeout(seconds):
                answer = await self._client.post(target, content=orjson.dumps(document), headers=headers)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError):
            raise SourceFault(SourceFaultKind.UNREACHABLE) from None
        if not answer.is_success and answer.status_code != CONFLICT:
            raise SourceFault(SourceFaultKind.REFUSED)

    async def close(self) -> None:
        """Close the client; may be called again."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _headers(accept: str, api_key: ApiKey | None) -> dict[str, str]:
    key = {} if api_key is None else {api_key.header: api_key.value}
    return {"Accept": accept, "Accept-Encoding": "identity", **key}


async def _client(base: httpx.URL, headers: Mapping[str, str], ca: Path | None) -> httpx.AsyncClient:
    trusted = await asyncio.to_thread(ssl.create_default_context, cafile=ca) if base.scheme == "https" else True
    connector = aiohttp.TCPConnector(limit=MOST_CONNECTIONS, ssl=trusted, keepalive_timeout=IDLE_SECONDS)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
    return httpx.AsyncClient(
        transport=AiohttpTransport(client=session, trust_env=False),
        headers=dict(headers),
        follow_redirects=False,
        trust_env=False,
    )


def _is_within(target: httpx.URL, base: httpx.URL) -> bool:
    return (target.scheme, target.host, target.port) == (base.scheme, base.host, base.port)


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body, but no more of it than fits."""
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > LARGEST_BODY:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        pieces.append(piece)
    return b"".join(pieces)
