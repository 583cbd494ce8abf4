"""An agency's adapter that keeps the contract: answers each ask about the person asked about, and remembers all."""

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from secrets import token_hex

import grpc
from sharing.v1 import links_pb2, records_pb2

from tests.lib.agency_stream import AgencyStream, dialled
from tests.lib.deployment import Deployment

QUESTIONS = (
    "child_services",
    "child_basics",
    "child_concerns",
    "child_concern_indicator",
    "child_attendance",
    "child_health",
    "youth_order",
    "young_person_destination",
    "staff_safety",
)
WELCOME_SECONDS = 10.0
REDIAL_SECONDS = 0.1


def marker(agency: str, nhs_number: str) -> str:
    """Return a value that only this agency's record of this person has."""
    return f"{agency} knows {nhs_number[::-1]}"


def truthful_records(agency: str, ask: links_pb2.Ask) -> records_pb2.Records:
    """Return one record of the person asked about, as an agency that keeps the contract would."""
    values = {
        "nhs_number": ask.person.nhs_number,
        "given_name": "Ada",
        "family_name": "Testcase",
        "date_of_birth": "2015-01-02",
        "gender": "female",
        "address": marker(agency, ask.person.nhs_number),
        "service": "A service",
        "involvement_status": "open",
        "involved_since": "2024-02-29",
    }
    return records_pb2.Records(
        columns=ask.fields,
        cells=[values.get(field, "") for field in ask.fields],
        record_dates=["2026-01-31"],
        source="Records",
        retrieved_at_ms=time.time_ns() // 1_000_000,
    )


def truthful_reply(agency: str, ask: links_pb2.Ask) -> links_pb2.Reply:
    """Return the reply of an agency that keeps the contract."""
    return links_pb2.Reply(
        ask_id=ask.ask_id,
        nonce=ask.nonce,
        status=links_pb2.REPLY_STATUS_ANSWERED,
        records=truthful_records(agency, ask),
    )


def hello_of(instance: str, questions: Sequence[str] = QUESTIONS) -> links_pb2.ConnectRequest:
    """Return the message that begins a link."""
    return links_pb2.ConnectRequest(
        hello=links_pb2.Hello(contract=1, instance=instance, program="test adapter 1", questions=questions)
    )


class GoodAdapter:
    """One adapter process of an agency, on one link."""

    def __init__(
        self, agency: str, *, instance: str = "", delay: float = 0.0, questions: Sequence[str] = QUESTIONS
    ) -> None:
        """Answer for an agency, after a delay in seconds."""
        self.agency = agency
        self.instance = instance or token_hex(12)
        self.asks: list[links_pb2.Ask] = []
        self.answered: list[int] = []
        self.receipts: list[links_pb2.Receipt] = []
        self.dropped: list[int] = []
        self.pings: list[int] = []
        self.welcomed_as = ""
        self.welcomed = asyncio.Event()
        self.was_asked = asyncio.Event()
        self.was_told_to_drop = asyncio.Event()
        self.got_receipt = asyncio.Event()
        self.told_to_drain = asyncio.Event()
        self.ended = asyncio.Event()
        self._delay = delay
        self._questions = questions
        self._answering: set[asyncio.Task[None]] = set()
        self._stream: AgencyStream | None = None

    @property
    def stream(self) -> AgencyStream:
        """Return the stream that it is on."""
        if self._stream is None:
            raise RuntimeError("the adapter has not been connected")
        return self._stream

    async def serve(self, stream: AgencyStream) -> None:
        """Introduce itself and answer until the hub ends the stream."""
        self._stream = stream
        try:
            await stream.write(hello_of(self.instance, self._questions))
            while (message := await stream.read()) is not None:
                await self._take(message)
        finally:
            for task in self._answering:
                task.cancel()

    async def say_draining(self) -> None:
        """Tell the hub that this process is going away."""
        await self.stream.write(links_pb2.ConnectRequest(draining=True))

    async def finish(self) -> None:
        """Wait until everything that was asked has been answered."""
        while self._answering:
            await asyncio.wait(tuple(self._answering))

    async def _take(self, message: links_pb2.ConnectResponse) -> None:
        if message.HasField("welcome"):
            self.welcomed_as = message.welcome.agency
            self.welcomed.set()
        if message.drain:
            self.told_to_drain.set()
        if message.ping:
            self.pings.append(message.ping)
            await self.stream.write(links_pb2.ConnectRequest(pong=message.ping))
        self.asks += message.asks
        self.receipts += message.receipts
        await self._acknowledge(message.notices)
        if message.HasField("welcome") or message.HasField("checkpoint"):
            await self.stream.write(links_pb2.ConnectRequest(witnessed=self._witnessed(message)))
        self.dropped += message.dropped
        if message.asks:
            self.was_asked.set()
        if message.dropped:
            self.was_told_to_drop.set()
        if message.receipts:
            self.got_receipt.set()
        if message.asks and not self._delay:
            await self._answer(message.asks)
        elif message.asks:
            task = asyncio.create_task(self._answer_later(message.asks))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _acknowledge(self, notices: Sequence[links_pb2.Notice]) -> None:
        """Say of every notice that the journal holds it."""
        if kept := [links_pb2.NoticeReply(notice_id=notice.notice_id) for notice in notices]:
            await self.stream.write(links_pb2.ConnectRequest(notice_replies=kept))

    def _witnessed(self, message: links_pb2.ConnectResponse) -> links_pb2.Witnessed:
        """Believe whatever the hub says of its log; a journal in memory, which begins anew with each link."""
        if message.HasField("welcome"):
            return links_pb2.Witnessed()
        _, size, root, *_ = message.checkpoint.note.splitlines()
        last = max((receipt.number for receipt in self.receipts), default=0)
        return links_pb2.Witnessed(size=int(size), root=b64decode(root), last_receipt=last)

    async def _answer_later(self, asks: Sequence[links_pb2.Ask]) -> None:
        await asyncio.sleep(self._delay)
        await self._answer(asks)

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        await self.stream.write(links_pb2.ConnectRequest(replies=[truthful_reply(self.agency, ask) for ask in asks]))
        self.answered += [ask.ask_id for ask in asks]


@asynccontextmanager
async def connected(deployment: Deployment, port: int, adapter: GoodAdapter) -> AsyncIterator[GoodAdapter]:
    """Keep an adapter connected, once it has been welcomed; on leaving, its link breaks off."""
    serving = asyncio.create_task(_serve_once_welcome(deployment, port, adapter))
    try:
        async with asyncio.timeout(WELCOME_SECONDS):
            await adapter.welcomed.wait()
        yield adapter
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def _serve_once_welcome(deployment: Deployment, port: int, adapter: GoodAdapter) -> None:
    """Dial until the hub welcomes the adapter, which it may put off for a moment; once that link ends, so does this."""
    credentials = deployment.agency_credentials(adapter.agency)
    while not adapter.welcomed.is_set():
        try:
            async with dialled(f"127.0.0.1:{port}", credentials) as stream:
                await adapter.serve(stream)
        except (grpc.RpcError, grpc.aio.BaseError):
            await asyncio.sleep(REDIAL_SECONDS)
    adapter.ended.set()


@asynccontextmanager
async def all_connected(
    deployment: Deployment, port: int, agencies: Sequence[str]
) -> AsyncIterator[dict[str, GoodAdapter]]:
    """Keep one good adapter of each of these agencies connected."""
    async with AsyncExitStack() as stack:
        adapters = [GoodAdapter(agency) for agency in agencies]
        for adapter in adapters:
            await stack.enter_async_context(connected(deployment, port, adapter))
        yield {adapter.agency: adapter for adapter in adapters}
