"""A partnership to be killed: a hub, two agencies with real adapters, one that is slow, one that refuses."""

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sharing.v1 import links_pb2, records_pb2

from tests.integration.crash.agencies import REAL, AdapterProgram, Agency, make_agency, running
from tests.integration.crash.checker import Kept, Tables, faults_in
from tests.integration.crash.clients import Client, sign_in_all
from tests.integration.crash.journals import last_receipt, read_journal
from tests.integration.crash.recorded import last_number, read_record, read_rest, read_signed
from tests.integration.crash.truth import Truth
from tests.integration.crash.verified import distrusted
from tests.integration.journey.waiting import until
from tests.lib.deployment import Deployment, HubProcess, Ports, make_deployment
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.people import people as invented_people

DEADLINE_MS = 1_000
SLOW_SECONDS = 0.15
SETTINGS = "[sessions]\nmost_held = 10000\nmost_running = 100\n"
# Battery c: from being started to serving, the look at the end of the log included.
LONGEST_START_SECONDS = 5.0


class RefusingAdapter(GoodAdapter):
    """Refuses whatever it is asked, by its agency's own rules."""

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        refused = links_pb2.REPLY_STATUS_REFUSED
        replies = [links_pb2.Reply(ask_id=ask.ask_id, nonce=ask.nonce, status=refused) for ask in asks]
        await self.stream.write(links_pb2.ConnectRequest(replies=replies))


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How long it took from being started to serving, and how much processor time: a busy machine adds to the first."""

    seconds: float
    cpu_seconds: float


@dataclass(slots=True, kw_only=True)
class Partnership:
    """Its programs, and what is known of them for certain."""

    deployment: Deployment
    hub: HubProcess
    agencies: tuple[Agency, ...]
    adapters: dict[str, AdapterProgram] = field(default_factory=dict)
    truth: Truth = field(default_factory=Truth)
    people: Iterator[records_pb2.PersonKeys] = field(default_factory=invented_people)
    starts: list["Start"] = field(default_factory=list)
    rest_before: Tables = field(default_factory=dict)
    witnessed: dict[int, bytes] = field(default_factory=dict)

    @property
    def ports(self) -> Ports:
        """Return where the hub listens, whenever it runs."""
        listen = self.deployment.settings().listen
        return Ports(requesters=_port(listen.requesters), links=_port(listen.links))

    @property
    def data(self) -> Path:
        """Return the hub's data folder."""
        return self.deployment.folder / "data"

    @property
    def store(self) -> Path:
        """Name the hub's store."""
        return self.data / "hub.sqlite"

    @asynccontextmanager
    async def open(self, under: Sequence[str] = ()) -> AsyncIterator[list[Client]]:
        """Start the hub, have every agency linked to it and every client signed in; the hub may be gone afterwards.

        `under` is a command that runs it, such as a tracer.
        """
        welcomes = {name: program.welcomes() for name, program in self.adapters.items()}
        ports = await asyncio.to_thread(self.start, under)
        async with AsyncExitStack() as stack:
            for adapter in (GoodAdapter("schools", delay=SLOW_SECONDS), RefusingAdapter("youth_offending")):
                await stack.enter_async_context(connected(self.deployment, ports.links, adapter))
                stack.callback(self._note_asks, adapter)
            clients = await sign_in_all(stack, self.deployment, ports)
            await until(lambda: all(self.adapters[name].welcomes() > before for name, before in welcomes.items()))
            yield clients

    def start(self, under: Sequence[str] = ()) -> Ports:
        """Start the hub and write down how long that takes."""
        began = time.monotonic()
        ports = self.hub.start(under)
        if not under:
            self.starts.append(Start(seconds=time.monotonic() - began, cpu_seconds=self.hub.cpu_seconds()))
        return ports

    def witness(self) -> None:
        """Remember what a hub that was killed has signed; a copy is read, since reading would mend the store itself."""
        with TemporaryDirectory(dir=self.deployment.folder) as copy:
            for file in self.data.glob("hub.sqlite*"):
                shutil.copy(file, copy)
            self.witnessed |= read_signed(Path(copy) / "hub.sqlite")

    def starts_are_quick(self) -> bool:
        """Tell whether every start took as little processor time as it may, and one of them as little time."""
        quickest = min(start.seconds for start in self.starts)
        return max(quickest, *(start.cpu_seconds for start in self.starts)) <= LONGEST_START_SECONDS

    def faults(self) -> list[str]:
        """Compare what everybody has with what is on disk; the hub must not run."""
        journals = tuple(read_journal(agency.name, agency.journal) for agency in self.agencies)
        kept = Kept(
            record=read_record(self.store), journals=journals, rest=read_rest(self.store), witnessed=self.witnessed
        )
        return [
            *faults_in(self.truth, kept, rest_before=self.rest_before),
            *distrusted(self.deployment, journals),
        ]

    async def close(self) -> None:
        """Wait until every agency has the receipts that it is owed, then end the hub in peace."""
        await until(lambda: all(last_receipt(agency.journal) >= self._owed(agency) for agency in self.agencies))
        assert await asyncio.to_thread(self.hub.terminate) == 0

    def _owed(self, agency: Agency) -> int:
        return last_number(self.store, agency.name)

    def _note_asks(self, adapter: GoodAdapter) -> None:
        self.truth.asked |= {(ask.request_id, adapter.agency) for ask in adapter.asks}


@contextmanager
def partnership(folder: Path) -> Iterator[Partnership]:
    """Make one with its adapters running, and end all its programs whatever happens; its hub is not started."""
    deployment = make_deployment(folder / "deployment", deadline_ms=DEADLINE_MS, settings=SETTINGS)
    links_port = _at_fixed_ports(deployment)
    agencies = tuple(make_agency(deployment, name, links_port) for name in REAL)
    made = Partnership(deployment=deployment, hub=HubProcess(deployment), agencies=agencies)
    with ExitStack() as stack:
        stack.callback(made.hub.kill)
        made.start()
        assert made.hub.terminate() == 0
        made.rest_before = read_rest(made.store)
        made.adapters = stack.enter_context(running(agencies))
        yield made


def _at_fixed_ports(deployment: Deployment) -> int:
    """Have the hub listen where it did before, so that programs find it again; return the port for links."""
    file = deployment.folder / "hub.toml"
    text = file.read_text(encoding="utf-8")
    requesters, links = _free_ports()
    file.write_text(text.replace(":0", f":{requesters}", 1).replace(":0", f":{links}", 1), encoding="utf-8")
    return links


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
