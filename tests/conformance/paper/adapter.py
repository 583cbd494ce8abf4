"""The paper agency's adapter, written from the contract and from what `adapter conformance` tells of a run alone.

python -m tests.conformance.paper.adapter FOLDER [WRONG]
"""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

import grpc
from cryptography import x509
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import (
    Ask,
    ConnectRequest,
    ConnectResponse,
    ContactReply,
    Hello,
    JournalAsk,
    JournalReply,
    Notice,
    NoticeReply,
    Welcome,
    Withdrawal,
)

from tests.conformance.paper.answering import QUESTIONS, REFUSED, REGISTER, PaperAnswering
from tests.conformance.paper.journal import PaperJournal
from tests.conformance.paper.source import Source, SourceDown
from tests.conformance.paper.wrongs import Wrong
from tests.lib.agency_stream import AgencyStream, dialled

AGENCY, SECRET = "paper", "PAPER_KEY"
FIRST_PAUSE, LONGEST_PAUSE, STORM_PAUSE = 0.1, 2.0, 0.02
LOOK_SECONDS, GRACE_SECONDS = 0.1, 10.0
BROKEN = (grpc.RpcError, grpc.aio.BaseError, asyncio.InvalidStateError, TimeoutError, OSError)


class PaperLink:
    """One link, from the hello to its end."""

    def __init__(self, stream: AgencyStream, answering: PaperAnswering, leaving: asyncio.Event) -> None:
        """Take an open stream; `leaving` is set when the hub says that it is going away."""
        self._stream, self._answering, self._leaving = stream, answering, leaving
        self._wrong, self._journal = answering.wrong, answering.journal
        self._asks: dict[int, asyncio.Task[None]] = {}
        self._held: dict[int, tuple[Ask, bytes]] = {}
        self._welcome = Welcome()

    async def hold(self, stop: asyncio.Event) -> None:
        """Serve until the hub ends the link or is silent; on `stop`, finish first."""
        is_other = self._wrong is Wrong.SPEAKS_ANOTHER_VERSION
        more = ("phone_numbers",) if self._wrong is Wrong.DECLARES_TOO_MUCH else ()
        hello = Hello(
            contract=2 if is_other else 1,
            instance=token_hex(12),
            program="paper 1",
            questions=(*QUESTIONS, REGISTER, REFUSED, *more),
        )
        await self._stream.write(ConnectRequest(hello=hello))
        first = await self._stream.read()
        if first is None:
            return
        self._welcome = first.welcome
        beside = [asyncio.create_task(self._look_again()), asyncio.create_task(self._farewell(stop))]
        try:
            await self._witness()
            if self._wrong is Wrong.SAYS_HELLO_AGAIN:
                await self._stream.write(ConnectRequest(hello=hello))
            await self._listen()
        finally:
            for task in (*beside, *self._asks.values()):
                task.cancel()
            await asyncio.gather(*beside, *self._asks.values(), return_exceptions=True)

    async def _listen(self) -> None:
        silence = None if self._wrong is Wrong.WAITS_FOR_EVER else self._welcome.ping_seconds * 3
        while True:
            async with asyncio.timeout(silence):
                message = await self._stream.read()
            if message is None:
                return
            await self._take_in(message)

    async def _take_in(self, message: ConnectResponse) -> None:
        for place, ask in enumerate(message.asks):
            if not (message.drain and self._wrong is Wrong.FORGETS_AT_DRAIN):
                self._asks[ask.ask_id] = asyncio.create_task(self._answer(ask, place, len(message.asks)))
        for dropped in message.dropped:
            self._held.pop(dropped, None)
            if dropped in self._asks and self._wrong is not Wrong.ANSWERS_WHAT_WAS_DROPPED:
                self._asks[dropped].cancel()
        if message.ping and self._wrong is not Wrong.NEVER_PONGS:
            await self._stream.write(ConnectRequest(pong=message.ping))
        if message.receipts or message.HasField("checkpoint"):
            welcome = self._welcome
            self._journal.take(message.receipts, message.checkpoint, welcome.log_origin, welcome.log_key)
            await self._witness()
        for journal_ask in message.journal_asks:
            await self._stream.write(ConnectRequest(journal_replies=[await self._journal_reply(journal_ask)]))
        if message.contacts and self._wrong is not Wrong.IGNORES_CONTACTS:
            replies = [ContactReply(contact_id=contact.contact_id) for contact in message.contacts]
            await self._stream.write(ConnectRequest(contact_replies=replies))
        await self._note(message.notices)
        if message.drain:
            self._leaving.set()

    async def _note(self, notices: Iterable[Notice]) -> None:
        if kept := [NoticeReply(notice_id=notice.notice_id) for notice in notices if self._keeps(notice)]:
            await self._stream.write(ConnectRequest(notice_replies=kept))

    def _keeps(self, notice: Notice) -> bool:
        if self._wrong is Wrong.IGNORES_NOTICES:
            return False
        return notice.WhichOneof("about") is not None or self._wrong is Wrong.ACKNOWLEDGES_ANYTHING

    async def _witness(self) -> None:
        if self._wrong is not Wrong.NEVER_WITNESSES:
            await self._stream.write(ConnectRequest(witnessed=self._journal.standing()))

    async def _answer(self, ask: Ask, place: int, waiting: int) -> None:
        reply = await self._answering.answer(ask, place=place, waiting=waiting)
        if reply is None:
            return
        await self._stream.write(ConnectRequest(replies=[reply] * (2 if self._wrong is Wrong.ANSWERS_TWICE else 1)))
        if reply.records.record_dates:
            self._held[ask.ask_id] = (ask, _terms(reply))
        if beside := _beside(self._wrong):
            await self._stream.write(beside)

    async def _journal_reply(self, ask: JournalAsk) -> JournalReply:
        reply = JournalReply(ask_id=ask.ask_id, status=links_pb2.REPLY_STATUS_ANSWERED)
        if ask.HasField("receipts"):
            reply.receipts.extend(self._journal.span(ask.receipts.first, ask.receipts.last))
            return reply
        found = await self._answering.source.find(ask.person)
        tells = self._wrong is Wrong.TELLS_OF_THE_PROTECTED
        is_silent = any("shield" in sheet for sheet in found) and not tells
        own = [] if is_silent else [sheet["nhs_number"] for sheet in found]
        reply.entries.extend(self._journal.who_asked(own))
        return reply

    async def _look_again(self) -> None:
        """Take back what is held as soon as its terms have changed."""
        while self._wrong is not Wrong.NEVER_LOOKS_AGAIN:
            await asyncio.sleep(LOOK_SECONDS)
            for ask_id, (ask, terms) in list(self._held.items()):
                with suppress(SourceDown):
                    if self._answering.source.mode == "ok" and await self._terms_now(ask) != terms:
                        del self._held[ask_id]
                        await self._stream.write(ConnectRequest(withdrawals=[Withdrawal(request_id=ask.request_id)]))

    async def _terms_now(self, ask: Ask) -> bytes:
        found = await self._answering.source.find(ask.person)
        return b"".join(self._answering.terms(sheet).SerializeToString() for sheet in found)

    async def _farewell(self, stop: asyncio.Event) -> None:
        await stop.wait()
        if self._wrong is Wrong.STOPS_DEAD:
            os._exit(0)
        await self._stream.write(ConnectRequest(draining=True))
        await asyncio.gather(*self._asks.values(), return_exceptions=True)
        await self._stream.call.done_writing()


class PaperAdapter:
    """Dials, again and again, until it is told to stop."""

    def __init__(self, answering: PaperAnswering) -> None:
        """Take what answers."""
        self._answering, self._wrong = answering, answering.wrong
        self.stop = asyncio.Event()

    async def run(self) -> None:
        """Hold a link, or two while the hub is going away."""
        pause, holding = FIRST_PAUSE, set[asyncio.Task[bool]]()
        while not self.stop.is_set():
            leaving = asyncio.Event()
            task = asyncio.create_task(self._one_link(leaving))
            holding.add(task)
            await _first_of(leaving.wait(), self.stop.wait(), beside=task)
            if task.done():
                holding.discard(task)
                pause = FIRST_PAUSE if task.result() else min(pause * 2, LONGEST_PAUSE)
                if task.result() and self._wrong is Wrong.ENDS_WITH_ITS_LINK:
                    return
                await _first_of(self.stop.wait(), asyncio.sleep(STORM_PAUSE if self._wrong is Wrong.STORMS else pause))
        if holding:
            await asyncio.wait(holding, timeout=GRACE_SECONDS)

    async def _one_link(self, leaving: asyncio.Event) -> bool:
        """Hold one link; tell whether it came about."""
        address = os.environ["SHARING_HUB_ADDRESS"]
        options = (
            [("grpc.ssl_target_name_override", await asyncio.to_thread(_name_at, address))]
            if (self._wrong is Wrong.TRUSTS_ANY_NAME)
            else []
        )
        link = None
        try:
            async with dialled(address, _credentials(), options=options) as stream:
                await stream.call.wait_for_connection()
                link = PaperLink(stream, self._answering, leaving)
                await link.hold(self.stop)
        except BROKEN:
            pass
        except asyncio.CancelledError:
            # A call that the hub ended reads as cancelled, too.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
        return link is not None


def _terms(reply: links_pb2.Reply) -> bytes:
    return b"".join(terms.SerializeToString() for terms in reply.records.terms)


def _beside(wrong: Wrong | None) -> bytes:
    """Return a message that no adapter may send."""
    match wrong:
        case Wrong.WRITES_LATIN_1:
            return ConnectRequest(withdrawals=[Withdrawal(request_id="XX")]).SerializeToString().replace(b"X", b"\xe9")
        case Wrong.SENDS_TOO_MUCH:
            return ConnectRequest(padding=bytes(1_100_000)).SerializeToString()
        case Wrong.ADDS_A_REMARK:
            return b"\xa2\x06\x05hello"
        case _:
            return b""


def _credentials() -> grpc.ChannelCredentials:
    names = ("SHARING_HUB_CA", "SHARING_HUB_KEY", "SHARING_HUB_CERTIFICATE")
    return grpc.ssl_channel_credentials(*(Path(os.environ[name]).read_bytes() for name in names))


def _name_at(address: str) -> str:
    """Ask whoever listens for its name, and believe it."""
    host, _, port = address.rpartition(":")
    certificate = x509.load_pem_x509_certificate(ssl.get_server_certificate((host, int(port))).encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)[0]


async def _first_of(*waits: Awaitable[object], beside: "asyncio.Task[bool] | None" = None) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait([*tasks, beside] if beside else tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def main(folder: Path, wrong: Wrong | None) -> None:
    """Run until SIGTERM."""
    journal = PaperJournal(Path(os.environ["SHARING_JOURNAL"]), AGENCY, wrong)
    adapter = PaperAdapter(PaperAnswering(source=Source(folder=folder), journal=journal, wrong=wrong))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, adapter.stop.set)
    sys.stdout.write(f"started with {os.environ[SECRET]}\n" if wrong is Wrong.PRINTS_ITS_SETTINGS else "started\n")
    sys.stdout.flush()
    await adapter.run()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Wrong(sys.argv[2]) if len(sys.argv) > 2 else None))
