"""A reset strikes a real TLS connection at the moment that it is named for, and a changed bit never gets through."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests.lib.certificates import Authority
from tests.lib.fault_proxy import fault_proxy
from tests.lib.line_faults import RECORDS_OF_A_BEGINNING, LineFault

PINGS = RECORDS_OF_A_BEGINNING + 1
ASK, REPLY, RECEIPT = b"a" * 400, b"r" * 200, b"d" * 1_000
PATIENCE_SECONDS = 0.5


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one end has seen of a connection: whether the handshake was finished, and what came after the pings."""

    shaken: bool = False
    received: bytes = b""


# By fault: what the hub's end sees, then the adapter's.
EXPECTED = {
    LineFault.RESET_BEFORE_TLS: (False, b"", False, b""),
    LineFault.RESET_IN_HANDSHAKE: (False, b"", True, b""),
    LineFault.RESET_AFTER_HANDSHAKE: (True, b"", True, b""),
    LineFault.RESET_IN_PREFACE: (True, b"", True, b""),
    LineFault.RESET_IN_ASK: (True, b"", True, b""),
    LineFault.RESET_BEFORE_REPLY: (True, b"", True, ASK),
    LineFault.RESET_IN_REPLY: (True, b"", True, ASK),
    LineFault.RESET_AFTER_REPLY: (True, REPLY, True, ASK),
    LineFault.RESET_IN_RECEIPT: (True, REPLY, True, ASK),
    LineFault.GARBAGE_TO_HUB: (False, b"", False, b""),
    LineFault.GARBAGE_TO_ADAPTER: (False, b"", False, b""),
    LineFault.FLIPS_TO_HUB: (False, b"", False, b""),
    LineFault.FLIPS_TO_ADAPTER: (False, b"", False, b""),
}


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Give a server's and a client's side of TLS 1.3."""
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority.new()
    authority.server().write(folder, "hub")
    (folder / "ca.pem").write_bytes(authority.certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "hub.pem", folder / "hub.key")
    client = ssl.create_default_context(cafile=folder / "ca.pem")
    for context in (server, client):
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    return server, client


@pytest.mark.parametrize("fault", EXPECTED)
async def test_a_fault_strikes_a_tls_connection_at_the_moment_it_is_named_for(
    fault: LineFault, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, client = contexts
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with fault_proxy(listening.getsockname()[1]) as line:
            line.switch(fault)
            hub, adapter = await asyncio.gather(
                asyncio.to_thread(hubs_end, listening, server), asyncio.to_thread(adapters_end, line.port, client)
            )
    assert (hub.shaken, hub.received, adapter.shaken, adapter.received) == EXPECTED[fault]


def hubs_end(listening: socket.socket, tls: ssl.SSLContext) -> Seen:
    """Send pings, an ask, and a receipt for the reply, until the connection ends."""
    seen = Seen()
    listening.settimeout(PATIENCE_SECONDS)
    with ended_by_the_line():
        connection, _ = listening.accept()
        connection.settimeout(PATIENCE_SECONDS)
        with connection, tls.wrap_socket(connection, server_side=True) as shaken:
            seen.shaken = True
            for _ in range(PINGS):
                shaken.recv(1)
                shaken.sendall(b"q")
            shaken.sendall(ASK)
            seen.received = read(shaken, REPLY)
            shaken.sendall(RECEIPT)
            read(shaken, REPLY)
    return seen


def adapters_end(port: int, tls: ssl.SSLContext) -> Seen:
    """Answer pings and the ask, and wait for the receipt, until the connection ends."""
    seen = Seen()
    with (
        ended_by_the_line(),
        socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as connection,
        tls.wrap_socket(connection, server_hostname="localhost") as shaken,
    ):
        seen.shaken = True
        for _ in range(PINGS):
            shaken.sendall(b"p")
            shaken.recv(1)
        seen.received = read(shaken, ASK)
        shaken.sendall(REPLY)
        seen.received += read(shaken, RECEIPT)
    return seen


def read(connection: ssl.SSLSocket, expected: bytes) -> bytes:
    """Read as much as is expected; raise ConnectionError when the connection ends before."""
    received = b""
    while len(received) < len(expected):
        if not (more := connection.recv(len(expected) - len(received))):
            raise ConnectionError
        received += more
    return received


@contextmanager
def ended_by_the_line() -> Iterator[None]:
    """Leave a conversation that the line has ended, or that goes no further."""
    try:
        yield
    except OSError:
        return
