"""A small hub for testing adapters: the real LinkService over real mutual TLS on a free port, and nothing behind it."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import grpc
from grpc import aio
from sharing.v1.links_pb2 import (
    Ask,
    ConnectRequest,
    ConnectResponse,
    ContactReply,
    Hello,
    JournalAsk,
    JournalReply,
    NoticeReply,
    Reply,
    Welcome,
    Witnessed,
)
from sharing.v1.links_pb2_grpc import LinkServiceServicer, add_LinkServiceServicer_to_server
from sharing.v1.records_pb2 import PersonKeys

from hub import keys
from tests.lib.certificates import Authority
from tests.lib.signed_log import SignedLog

PATIENCE_SECONDS = 10.0
AGENCY_NAME = "urn:sharing:agency:"


@dataclass(eq=False, kw_only=True)
class HeldLink:
    """One adapter's link, as the hub sees it."""

    hello: Hello
    agency: str
    outgoing: asyncio.Queue[ConnectResponse | None] = field(default_factory=asyncio.Queue)
    requests: list[ConnectRequest] = field(default_factory=list)
    pongs: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    withdrawals: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    ended_in_peace: bool = False
    waiting: dict[int, asyncio.Future[Reply]] = field(default_factory=dict)
    witnessed: asyncio.Queue[Witnessed] = field(default_factory=asyncio.Queue)
    journal_replies: asyncio.Queue[JournalReply] = field(default_factory=asyncio.Queue)
    contact_replies: asyncio.Queue[ContactReply] = field(default_factory=asyncio.Queue)
    notice_replies: asyncio.Queue[NoticeReply] = field(default_factory=asyncio.Queue)

    def send(self, message: ConnectResponse) -> None:
        """Send a message."""
        self.outgoing.put_nowait(message)

    def end(self) -> None:
        """End the stream from the hub's side."""
        self.outgoing.put_nowait(None)

    def expect(self, ask: Ask) -> "asyncio.Future[Reply]":
        """Expect the reply to an ask that a test sends itself."""
        return self.waiting.setdefault(ask.ask_id, asyncio.get_running_loop().create_future())

    async def ask(self, ask: Ask) -> Reply:
        """Send one ask and wait for its reply."""
        reply = self.expect(ask)
        self.send(ConnectResponse(asks=[ask]))
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await reply

    async def has_witnessed(self) -> Witnessed:
        """Wait until the adapter says how far its journal has come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.witnessed.get()

    async def bring(self, log: SignedLog, after: Witnessed) -> Witnessed:
        """Bring the receipts that follow on what was witnessed, and wait until they are kept."""
        receipts = log.receipts(self.agency, after.last_receipt)
        self.send(ConnectResponse(receipts=receipts, checkpoint=log.checkpoint(after.size)))
        return await self.has_witnessed()

    async def ask_journal(self, ask: JournalAsk) -> JournalReply:
        """Ask the agency's journal."""
        self.send(ConnectResponse(journal_asks=[ask]))
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.journal_replies.get()

    def take_in(self, request: ConnectRequest) -> None:
        """Remember what came and hand replies to who waits."""
        self.requests.append(request)
        if request.pong:
            self.pongs.put_nowait(request.pong)
        if request.draining:
            self.draining.set()
        if request.HasField("witnessed"):
            self.witnessed.put_nowait(request.witnessed)
        for journal_reply in request.journal_replies:
            self.journal_replies.put_nowait(journal_reply)
        for contact_reply in request.contact_replies:
            self.contact_replies.put_nowait(contact_reply)
        for notice_reply in request.notice_replies:
            self.notice_replies.put_nowait(notice_reply)
        for withdrawal in request.withdrawals:
            self.withdrawals.put_nowait(withdrawal.request_id)
        for reply in request.replies:
            waiting = self.waiting.pop(reply.ask_id, None)
            if waiting is not None and not waiting.done():
                waiting.set_result(reply)


class LinkHub(LinkServiceServicer):
    """Listens when entered; remembers every link."""

    def __init__(
        self, folder: Path, *, welcome_as: str | None = None, port: int = 0, authority: keys.Authority | None = None
    ) -> None:
        """Make an authority, if none is given; write the adapter's certificates into the folder when asked for them."""
        self.authority = authority or Authority.new()
        self.folder = folder
        self.port = port
        self.links: list[HeldLink] = []
        self.ping_seconds = 60
        self.log = SignedLog()
        self._welcome_as = welcome_as
        self._arrived = asyncio.Condition()
        self._numbers = itertools.count(1)
        self._server: aio.Server | None = None
        (folder / "ca.pem").write_bytes(self.authority.certificate)

    @property
    def address(self) -> str:
        """Give the address for a manifest."""
        return f"localhost:{self.port}"

    def issue(self, agency: str) -> None:
        """Write AGENCY.pem and AGENCY.key beside ca.pem."""
        self.authority.agency(agency).write(self.folder, agency)

    async def start(self) -> None:
        """Listen; on the same port again after a stop."""
        leaf = self.authority.server()
        credentials = grpc.ssl_server_credentials(
            [(leaf.key, leaf.certificate)], self.authority.certificate, require_client_auth=True
        )
        self._server = aio.server(options=(("grpc.so_reuseport", 0),))
        add_LinkServiceServicer_to_server(self, self._server)
        self.port = self._server.add_secure_port(f"localhost:{self.port}", credentials)
        await self._server.start()

    async def stop(self) -> None:
        """End all links and stop listening."""
        if self._server is not None:
            for link in self.links:
                link.end()
            await self._server.stop(0.5)
            self._server = None

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def link(self, number: int = 1) -> HeldLink:
        """Wait for the so-many-th link since the start."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._arrived:
            await self._arrived.wait_for(lambda: len(self.links) >= number)
        return self.links[number - 1]

    def make_ask(self, question: str, person: PersonKeys, fields: list[str], *, remaining_ms: int = 5000) -> Ask:
        """Make an ask as the hub would."""
        number = next(self._numbers)
        return Ask(
            ask_id=number,
            nonce=os.urandom(8),
            question=question,
            person=person,
            fields=fields,
            purpose="safeguarding",
            lawful_basis="A6_E",
            case_reference="CASE/1",
            requester="h.visitor",
            requester_agency="health",
            access_level="health_visitor",
            policy_version="test-1",
            request_id=f"request-{number}",
            remaining_ms=remaining_ms,
        )

    async def Connect(
        self,
        request_iterator: AsyncIterator[ConnectRequest],
        context: aio.ServicerContext[ConnectRequest, ConnectResponse],
    ) -> AsyncIterator[ConnectResponse]:
        """Hold one link until either side ends it."""
        first = await anext(request_iterator)
        names = [name.decode() for name in context.auth_context().get("x509_subject_alternative_name", ())]
        agency = next(name.removeprefix(AGENCY_NAME) for name in names if name.startswith(AGENCY_NAME))
        link = HeldLink(hello=first.hello, agency=agency)
        welcome = Welcome(
            agency=self._welcome_as or agency,
            ping_seconds=self.ping_seconds,
            max_reply_bytes=256 * 1024,
            log_origin=self.log.signer.origin,
            log_key=self.log.signer.public_key,
        )
        yield ConnectResponse(welcome=welcome)
        taking_in = asyncio.create_task(self._take_in(link, request_iterator))
        async with self._arrived:
            self.links.append(link)
            self._arrived.notify_all()
        try:
            while (message := await link.outgoing.get()) is not None:
                yield message
        finally:
            taking_in.cancel()
            await asyncio.gather(taking_in, return_exceptions=True)
            link.ended.set()

    async def _take_in(self, link: HeldLink, requests: AsyncIterator[ConnectRequest]) -> None:
        async for request in requests:
            link.take_in(request)
        link.ended_in_peace = True
        link.end()
