"""The stand-in hub: LinkService over mutual TLS on a free port of this machine, with no rules behind it."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc
from grpc import aio
from sharing.v1.links_pb2 import ConnectRequest, ConnectResponse, Hello, Welcome

from adapters.conformance.authority import AGENCY_URI, RunAuthority
from adapters.conformance.held_link import HeldLink, Oddity, read_frame
from adapters.conformance.relay import Relay
from adapters.conformance.signed_log import SignedLog

SERVICE, METHOD = "sharing.v1.LinkService", "Connect"
LARGEST_REPLY = 256 * 1024
LARGEST_RECEIVED = 8 * 1024 * 1024
STOP_SECONDS = 0.5
PING_SECONDS = 20


class StandInHub:
    """Holds every link of one run; the adapter reaches it through a relay."""

    def __init__(self, agency: str, folder: Path) -> None:
        """Make the certificates of the run, and write the agency's into the folder."""
        self.agency = agency
        self.authority = RunAuthority("Conformance run")
        self.folder = folder
        self.relay = Relay()
        self.log = SignedLog()
        self.links: list[HeldLink] = []
        self.oddities: Counter[Oddity] = Counter()
        self.ping_seconds = PING_SECONDS
        self.first_frames: list[ConnectRequest | None] = []
        self.numbers = itertools.count(1)
        self._arrived = asyncio.Condition()
        self._server: aio.Server | None = None
        pair = self.authority.agency(agency)
        (folder / "ca.pem").write_bytes(self.authority.certificate)
        (folder / "agency.pem").write_bytes(pair.certificate)
        key = folder / "agency.key"
        key.touch(mode=0o600)
        key.write_bytes(pair.key)

    @property
    def address(self) -> str:
        """Give the address at which the adapter finds the hub."""
        return f"localhost:{self.relay.port}"

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.relay.__aenter__()
        pair = self.authority.server("localhost", "127.0.0.1")
        # As raw frames, since one that cannot be read is to be noted and not to end the link.
        method: Any = grpc.stream_stream_rpc_method_handler(self.connect, None, ConnectResponse.SerializeToString)
        server = aio.server(options=(("grpc.max_receive_message_length", LARGEST_RECEIVED),))
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {METHOD: method}),))
        credentials = grpc.ssl_server_credentials(
            [(pair.key, pair.certificate)], self.authority.certificate, require_client_auth=True
        )
        self._server, self.relay.target = server, server.add_secure_port("127.0.0.1:0", credentials)
        await server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all links and stop."""
        for link in self.links:
            link.end()
        if self._server is not None:
            await self._server.stop(STOP_SECONDS)
        await self.relay.__aexit__(kind, fault, trace)

    async def link(self, number: int) -> HeldLink:
        """Wait for the so-many-th link of the run."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.links) >= number)
        return self.links[number - 1]

    async def connect(self, frames: AsyncIterator[bytes], context: Any) -> AsyncIterator[ConnectResponse]:  # noqa: ANN401  grpc's context has no type that fits raw frames
        """Hold one link until either side ends it."""
        first = read_frame(await anext(frames, b""), self._note)
        self.first_frames.append(first)
        names = [name.decode() for name in context.auth_context().get("x509_subject_alternative_name", ())]
        agency = next((name.removeprefix(AGENCY_URI) for name in names if name.startswith(AGENCY_URI)), "")
        hello = first.hello if first is not None else Hello()
        link = HeldLink(hello=hello, agency=agency, note=self._note)
        yield ConnectResponse(welcome=self._welcome())
        beside = [asyncio.create_task(self._take_in(link, frames)), asyncio.create_task(_ping(link, self.ping_seconds))]
        async with self._arrived:
            self.links.append(link)
            self._arrived.notify_all()
        try:
            while (message := await link.outgoing.get()) is not None:
                yield message
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            link.ended.set()

    def _welcome(self) -> Welcome:
        return Welcome(
            agency=self.agency,
            ping_seconds=self.ping_seconds,
            max_reply_bytes=LARGEST_REPLY,
            log_origin=self.log.origin,
            log_key=self.log.public_key,
        )

    async def _take_in(self, link: HeldLink, frames: AsyncIterator[bytes]) -> None:
        async for frame in frames:
            link.take_in(frame)
        link.ended_in_peace = True
        link.end()

    def _note(self, oddity: Oddity) -> None:
        self.oddities[oddity] += 1


async def _ping(link: HeldLink, seconds: float) -> None:
    """Ping as often as the welcome says; what comes back is not looked at here."""
    for number in itertools.count(1):
        await asyncio.sleep(seconds)
        link.send(ConnectResponse(ping=number))
