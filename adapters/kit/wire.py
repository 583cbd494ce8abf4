"""Speaks HTTP for an adapter's whole life; the only module of the adapters that knows httpx.

No redirect is followed, no proxy of the environment is used, no cookie is kept, nothing is decompressed, and no more
is read than fits. What a source says is never part of an error.
"""

import asyncio
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http_access import ClientCertificate
from adapters.kit.http_faults import Because

Parameters = Mapping[str, str | Sequence[str]]
LARGEST_BODY = 4 * 1024 * 1024
MOST_CONNECTIONS = 64
IDLE_SECONDS = 60.0
LOOK_SECONDS = 60.0
"""How often it is looked whether the client certificate has been renewed."""
OK = 200
PLAIN = "identity"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HttpReply:
    """What came back. Case data, so it has no repr."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """Give the status, and say nothing else."""
        return f"HttpReply({self.status})"


class Wire:
    """A bounded pool of connections to one origin."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        ca: Path | None,
        certificate: ClientCertificate | None = None,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        """Take the address that all paths are relative to, what is sent with each request, and how trust goes."""
        self._base = httpx.URL(url)
        self._headers = {**headers, "Accept-Encoding": PLAIN}
        self._ca = ca
        self._certificate = certificate
        self._most = most
        self._client: httpx.AsyncClient | None = None
        self._why_not: Because | None = None
        self._context: ssl.SSLContext | None = None
        self._loaded: tuple[int, ...] = ()
        self._look_at = 0.0

    async def open(self) -> None:
        """Make the client; nothing is sent yet. Certificates that cannot be read show when something is to be sent."""
        self._look_at = asyncio.get_running_loop().time() + LOOK_SECONDS
        if self._base.scheme == "https":
            try:
                self._context = await asyncio.to_thread(self._trust)
            except (OSError, ValueError):
                self._why_not = Because.CERTIFICATE_UNREADABLE
                return
        trusted = self._context or True
        connector = aiohttp.TCPConnector(limit=self._most, ssl=trusted, keepalive_timeout=IDLE_SECONDS)
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=session, trust_env=False),
            headers=self._headers,
            follow_redirects=False,
            trust_env=False,
            timeout=None,  # noqa: S113  every exchange ends at its question's deadline
        )

    async def get(self, path: str, parameters: Parameters, deadline: float, *, headers: Mapping[str, str]) -> HttpReply:
        """Get what a path holds. Where the connection breaks before the reply begins, aiohttp asks once again."""
        request = _Request(method="GET", target=_with(self._target(path), parameters), headers=headers)
        return await self._within(request, deadline)

    async def post(
        self, path: str, content: bytes, deadline: float, *, headers: Mapping[str, str], is_read: bool
    ) -> HttpReply:
        """Send something, once; the body of whatever comes back is read only where that is of use."""
        request = _Request(
            method="POST", target=self._target(path), headers=headers, content=content, is_always_read=is_read
        )
        return await self._within(request, deadline)

    async def close(self) -> None:
        """Close the client; may be called again."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._ca)
        self._show(context)
        return context

    def _show(self, context: ssl.SSLContext) -> None:
        """Let new connections show the client certificate as it is on disk now, unless it is the same as before."""
        if self._certificate is not None:
            files = self._certificate.certificate, self._certificate.key
            stamps = tuple(file.stat().st_mtime_ns for file in files)
            if stamps != self._loaded:
                # Tried elsewhere first: a certificate without its key would be of no use, and the old one gone.
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(*files, password=_no_password)
                context.load_cert_chain(*files, password=_no_password)
                self._loaded = stamps

    async def _look_again(self) -> None:
        """Look from time to time whether the client certificate was renewed; half a file is passed over until then."""
        now = asyncio.get_running_loop().time()
        if self._certificate is None or now < self._look_at:
            return
        self._look_at = now + LOOK_SECONDS
        if self._context is None:
            await self.open()
        else:
            with suppress(OSError, ValueError):
                self._show(self._context)

    def _target(self, path: str) -> httpx.URL:
        """Make the address of a path; raise SourceFault where it leads to another host, or is none."""
        try:
            target = self._base.join(path)
        except (httpx.InvalidURL, ValueError):
            raise SourceFault(SourceFaultKind.ELSEWHERE) from None
        theirs, ours = (target.scheme, target.host, target.port), (self._base.scheme, self._base.host, self._base.port)
        # A link that brings a name and a password would replace our own.
        if theirs != ours or target.userinfo not in {b"", self._base.userinfo}:
            raise SourceFault(SourceFaultKind.ELSEWHERE)
        return target

    async def _within(self, request: "_Request", deadline: float) -> HttpReply:
        await self._look_again()
        if self._client is None:
            raise SourceFault(SourceFaultKind.UNREACHABLE, self._why_not)
        if deadline <= asyncio.get_running_loop().time():
            raise SourceFault(SourceFaultKind.LATE)
        try:
            async with asyncio.timeout_at(deadline):
                return await _exchange(self._client, request)
        except TimeoutError:
            raise SourceFault(SourceFaultKind.LATE) from None
        except (httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, OSError, ValueError) as fault:
            # httpx-aiohttp 0.2 calls every broken connection a time-out, so only the clock above tells what was late.
            raise SourceFault(SourceFaultKind.UNREACHABLE, _because(fault, self._base.scheme)) from None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class _Request:
    method: str
    target: httpx.URL
    headers: Mapping[str, str]
    content: bytes | None = None
    is_always_read: bool = False


async def _exchange(client: httpx.AsyncClient, request: _Request) -> HttpReply:
    asked = client.stream(request.method, request.target, headers=dict(request.headers), content=request.content)
    async with asked as response:
        # The body of a refusal is of no use to a reader, and may be without end.
        is_wanted = request.is_always_read or (response.status_code == OK and request.method == "GET")
        body = await _bounded(response) if is_wanted else b""
        return HttpReply(status=response.status_code, headers=response.headers, body=body)


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body, but no more of it than fits; a compressed one is not read, since nobody knows how much it holds."""
    if response.headers.get("Content-Encoding", PLAIN).strip().casefold() != PLAIN:
        raise SourceFault(SourceFaultKind.GARBAGE, Because.COMPRESSED)
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > LARGEST_BODY:
            raise SourceFault(SourceFaultKind.TOO_MUCH)
        pieces.append(piece)
    return b"".join(pieces)


def _with(target: httpx.URL, parameters: Parameters) -> httpx.URL:
    plain = {name: value if isinstance(value, str) else list(value) for name, value in parameters.items()}
    return target.copy_merge_params(plain) if plain else target


def _because(fault: Exception, scheme: str) -> Because | None:
    causes = list(_causes(fault))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
        return Because.UNTRUSTED
    # In TLS 1.3 a server looks at the client's certificate after the handshake, and then just ends the connection.
    broken = aiohttp.ServerDisconnectedError, aiohttp.ClientOSError
    is_ended = any(isinstance(one, broken) and not isinstance(one, aiohttp.ClientConnectorError) for one in causes)
    return Because.CERTIFICATE_REFUSED if is_ended and scheme == "https" else None


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        within = getattr(fault, "certificate_error", None) or getattr(fault, "os_error", None)
        if isinstance(within, BaseException):
            yield within
        fault = fault.__cause__ or fault.__context__


def _no_password() -> str:
    """Give no password, so that a key which needs one is refused and nobody is asked at a terminal."""
    return ""
