"""One link to a hub: a stream over mutual TLS on which asks come in and replies go out, until either side ends it."""

import asyncio
from dataclasses import dataclass, field

import grpc
from grpc import aio
from sharing.v1.links_pb2 import Ask, ConnectRequest, ConnectResponse, Hello
from sharing.v1.links_pb2_grpc import LinkServiceStub
from structlog.typing import FilteringBoundLogger

from adapters.kit.answering import LARGEST_REPLY, Answering
from adapters.kit.desk import JournalDesk
from adapters.kit.errors import LinkRefused
from adapters.kit.journal_asks import JournalAsks
from adapters.kit.outbox import Outbox
from adapters.kit.padding import Padding
from adapters.kit.proxying import Proxy, channel_options
from adapters.kit.witnessing import Witnessing

# From the first byte of a dial to the hub's welcome. A line may take a dial and never answer it, and no agency must be
# missed for longer than that.
WELCOME_SECONDS = 3.0
SILENT_PINGS = 3
MOST_WAITING = 1024
FAREWELL_SECONDS = 2.0
LATE_SECONDS = 0.25
"""How long what a hub has asked before it hears that a link drains may be on its way."""

CHANNEL_OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # Without it the one above counts for nothing: an answer to any ping is waited for a minute.
    ("grpc.http2.ping_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.enable_retries", 0),
    # A new link must not inherit the back-off of an old one, nor share its connection.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.max_receive_message_length", 4 * 1024 * 1024),
)

Stream = aio.StreamStreamCall[ConnectRequest, ConnectResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """PEM texts by which the adapter knows the hub, and the hub the adapter; and the proxy that is on the way."""

    ca: bytes
    certificate: bytes
    key: bytes = field(repr=False)
    proxy: Proxy | None = field(default=None, repr=False)


def open_channel(address: str, credentials: Credentials) -> aio.Channel:
    """Open a channel to a hub's port for links."""
    secured = grpc.ssl_channel_credentials(credentials.ca, credentials.key, credentials.certificate)
    options = (*CHANNEL_OPTIONS, *channel_options(credentials.proxy))
    return aio.secure_channel(address, secured, options=options)


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """Is held once. `welcomed` and `draining` tell its owner how far it has come."""

    hub: str
    agency: str
    hello: Hello
    answering: Answering
    log: FilteringBoundLogger
    late_seconds: float = LATE_SECONDS
    welcomed: asyncio.Event = field(default_factory=asyncio.Event)
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    _largest: int = LARGEST_REPLY
    _outbox: Outbox = field(init=False)
    _desk: JournalDesk = field(init=False)
    _asks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _watched: dict[int, str] = field(default_factory=dict)
    _heard_at: float = 0.0
    _retiring: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Make the outbox, and the journal's desk."""
        self._outbox = Outbox(clock=asyncio.get_running_loop().time)
        answering = self.answering
        self._desk = JournalDesk(
            witnessing=Witnessing(
                agency=self.agency,
                hub=self.hub,
                journal=answering.journal,
                wall_ms=answering.wall_ms,
                log=self.log,
                stands=answering.figures.stands,
            ),
            asks=JournalAsks(
                answerers=answering.answerers, journal=answering.journal, switch=answering.switch, log=self.log
            ),
            outbox=self._outbox,
            log=self.log,
        )

    def retire(self) -> None:
        """Take no further asks; the link ends when what it has is answered."""
        self._retiring.set()

    async def hold(self, channel: aio.Channel) -> None:
        """Hold the link until it ends; raises LinkRefused or AioRpcError when it does not end in peace."""
        stream = LinkServiceStub(channel).Connect(None)
        first = await self._introduce(stream)
        padding = Padding(stream.write)
        beside = [
            asyncio.create_task(self._outbox.send_all(padding.write)),
            asyncio.create_task(padding.pad_when_quiet()),
            asyncio.create_task(self._watch(stream, first.welcome.ping_seconds)),
            asyncio.create_task(self._leave(stream)),
        ]
        for task in beside:
            task.add_done_callback(self._ended_beside)
        self.answering.watching.attach(self.hub, self._outbox.withdraw)
        self.answering.figures.link_up(self.hub)
        try:
            await self._listen(stream, first)
        except asyncio.CancelledError:
            # grpc.aio says "cancelled" also when the stream was ended from this side; only a cancelled task may end so.
            if (here := asyncio.current_task()) is not None and here.cancelling():
                raise
        finally:
            self.answering.figures.link_down(self.hub)
            self.answering.watching.detach(self.hub, self._outbox.withdraw, self._watched.values())
            await self._let_go(beside)

    async def _introduce(self, stream: Stream) -> ConnectResponse:
        async with asyncio.timeout(WELCOME_SECONDS):
            await stream.write(ConnectRequest(hello=self.hello))
            first = await stream.read()
        if not isinstance(first, ConnectResponse) or not first.HasField("welcome"):
            raise LinkRefused("the hub sent no welcome")
        if first.welcome.agency != self.agency:
            raise LinkRefused("the certificate names another agency than the manifest")
        self._largest = first.welcome.max_reply_bytes or LARGEST_REPLY
        self._heard_at = asyncio.get_running_loop().time()
        self.welcomed.set()
        self._desk.begin(first.welcome)
        self.log.info("link_welcomed", hub=self.hub)
        return first

    async def _listen(self, stream: Stream, first: ConnectResponse) -> None:
        now = asyncio.get_running_loop().time
        message: ConnectResponse | object = first
        while isinstance(message, ConnectResponse):
            self._heard_at = now()
            self._take_in(message)
            message = await stream.read()

    def _take_in(self, message: ConnectResponse) -> None:
        for ask in message.asks:
            self._begin(ask)
        for dropped in message.dropped:
            if task := self._asks.get(dropped):
                task.cancel()
            if request_id := self._watched.pop(dropped, ""):
                self.answering.watching.end(self.hub, request_id)
        self._desk.take_in(message)
        if message.ping:
            self._outbox.pong(message.ping)
        if message.drain:
            self.draining.set()

    def _begin(self, ask: Ask) -> None:
        if ask.ask_id in self._asks:
            self.log.warning("ask_repeated", hub=self.hub)
            return
        waiting = len(self._asks) + len(self._outbox)
        task = asyncio.create_task(self._answer(ask, turn_away=waiting >= MOST_WAITING))
        self._asks[ask.ask_id] = task
        task.add_done_callback(lambda done: self._ended(ask, done))

    async def _answer(self, ask: Ask, *, turn_away: bool) -> None:
        if turn_away:
            self._outbox.reply(await self.answering.turn_away(ask, self.hub))
        else:
            self._outbox.reply(await self.answering.answer(ask, self.hub, self._largest))
            if self.answering.watching.watches(self.hub, ask.request_id):
                self._watched[ask.ask_id] = ask.request_id

    def _ended(self, ask: Ask, task: asyncio.Task[None]) -> None:
        self._asks.pop(ask.ask_id, None)
        if task.cancelled():
            # Noted here, since a task that is cancelled before its first step never runs at all.
            self.answering.dropped(ask, self.hub)
        elif (fault := task.exception()) is not None:
            self.log.error("ask_failed", hub=self.hub, type=type(fault).__name__)

    def _ended_beside(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (fault := task.exception()) is not None:
            self.log.warning("link_write_ended", hub=self.hub, type=type(fault).__name__)

    async def _watch(self, stream: Stream, ping_seconds: int) -> None:
        """End a link on which the hub has been silent for too long; a dead one holds no answer worth waiting for."""
        silence = ping_seconds * SILENT_PINGS
        while silence:
            quiet = asyncio.get_running_loop().time() - self._heard_at
            if quiet >= silence:
                self.log.warning("link_silent", hub=self.hub)
                stream.cancel()
                return
            await asyncio.sleep(silence - quiet)

    async def _leave(self, stream: Stream) -> None:
        """Say that the link drains, finish what it has, and end it."""
        await self._retiring.wait()
        self._outbox.drain()
        await self._outbox.emptied()
        await asyncio.sleep(self.late_seconds)
        while self._asks:
            await asyncio.wait(tuple(self._asks.values()))
        await self._outbox.emptied()
        await stream.done_writing()
        await asyncio.sleep(FAREWELL_SECONDS)
        stream.cancel()

    async def _let_go(self, beside: list[asyncio.Task[None]]) -> None:
        """End all that belongs to the link; asks that still run are journalled as dropped."""
        tasks = [*beside, *self._asks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._desk.close()
