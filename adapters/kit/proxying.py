"""Dials out through the agency's HTTP proxy, where its manifest names one; TLS goes through it from end to end."""

import asyncio
import base64
import ssl
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from adapters.kit.errors import ProxyRefused
from adapters.kit.mapping import Part, mend_needed

OK = "200"


def _one_address(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host or "@" in host:
        raise mend_needed("a proxy's address is not `host:port`", "Write it as in `proxy.internal:3128`.")
    return address


def _short(given: object) -> object:
    return {"address": given} if isinstance(given, str) else given


class Proxy(Part):
    """An HTTP proxy that lets through what is asked for with CONNECT."""

    address: Annotated[str, AfterValidator(_one_address)]
    user: Annotated[str, StringConstraints(min_length=1)] | None = None
    password: str = ""

    @property
    def url(self) -> str:
        """Write it as gRPC takes it."""
        known_as = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user is not None else ""
        return f"http://{known_as}{self.address}"

    @property
    def headers(self) -> str:
        """Write the headers by which the proxy knows the adapter."""
        if self.user is None:
            return ""
        shown = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        return f"Proxy-Authorization: Basic {shown}\r\n"


MaybeProxy = Annotated[Proxy, BeforeValidator(_short)] | None


def channel_options(proxy: Proxy | None) -> tuple[tuple[str, str], ...]:
    """List what a channel is told of the proxy; without one it goes by the environment, as gRPC does."""
    return (("grpc.http_proxy", proxy.url),) if proxy is not None else ()


async def open_connection(
    address: str, context: ssl.SSLContext, proxy: Proxy | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a TLS connection to `host:port`, through the proxy if there is one.

    Raises ProxyRefused where the proxy does not let it through, and OSError as any connection does.
    """
    host, port = _split(address)
    if proxy is None:
        return await asyncio.open_connection(host, port, ssl=context)
    reader, writer = await asyncio.open_connection(*_split(proxy.address))
    try:
        writer.write(f"CONNECT {address} HTTP/1.1\r\nHost: {address}\r\n{proxy.headers}\r\n".encode())
        _let_through(await reader.readuntil(b"\r\n\r\n"))
        await writer.start_tls(context, server_hostname=host)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        writer.close()
        raise ProxyRefused("no answer") from None
    except BaseException:
        writer.close()
        raise
    return reader, writer


def _let_through(answer: bytes) -> None:
    """Raise ProxyRefused unless a proxy's answer says that it lets the connection through."""
    _, _, status = answer.partition(b"\r\n")[0].decode("latin-1").partition(" ")
    if status[:3] != OK:
        raise ProxyRefused(status[:3] if status[:3].isdecimal() else "no HTTP")


def _split(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)
