"""The composition root: reads the deployment's keys, has the rooms built, opens the edges, serves, and shuts down."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import grpc
import structlog
from google.protobuf.internal import api_implementation

from hub import logs
from hub.access.in_force import PolicyInForce
from hub.accounts import sealing
from hub.accounts.sealing import Seal
from hub.asking.ask import Asking
from hub.audit.log import AuditLog
from hub.audit.membership import authorities_trusted
from hub.building import Rooms, Secrets, built
from hub.edge.accounts import AccountService
from hub.edge.agencies import LinkService
from hub.edge.audit import AuditService
from hub.edge.callers import Callers
from hub.edge.credentials import CredentialService
from hub.edge.enrolment import EnrolmentService
from hub.edge.grounds import GroundService
from hub.edge.members import MemberService
from hub.edge.policies import PolicyService
from hub.edge.questions import QuestionService
from hub.edge.servers import Health, Services, links_server, requesters_server
from hub.edge.sessions import SessionService
from hub.edge.status import StatusService
from hub.edge.weighings import Weighings
from hub.errors import Fault, NotReady, SettingsError, places
from hub.hardening.hardening import NOT_HARDENED, Hardening
from hub.hardening.sparing import Sparing
from hub.hardening.sweeping import sweep_free_memory
from hub.keyring import Keyring
from hub.links.register import Links
from hub.recording.epochs import read_pseudonyms
from hub.recording.opening import read_signer
from hub.sessions.registry import Sessions
from hub.settings import Settings

SWEEP_SECONDS = 1.0
FAREWELL_SECONDS = 0.1
_LOOK_SECONDS = 0.02

_log = structlog.get_logger(__name__)
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A running hub: where it listens, and the rooms that tests look into."""

    requesters_port: int
    links_port: int
    rooms: Rooms

    @property
    def sessions(self) -> Sessions:
        """Return the open sessions."""
        return self.rooms.sessions

    @property
    def links(self) -> Links:
        """Return the agencies' links."""
        return self.rooms.links

    @property
    def asking(self) -> Asking:
        """Return the room that takes questions."""
        return self.rooms.asking

    @property
    def audit(self) -> AuditLog:
        """Return the audit log's writer."""
        return self.rooms.audit

    @property
    def in_force(self) -> PolicyInForce:
        """Return what decides now."""
        return self.rooms.in_force


@asynccontextmanager
async def running_hub(settings: Settings, hardening: Hardening = NOT_HARDENED) -> AsyncIterator[Hub]:
    """Build everything once and serve; on leaving, drain, stop, and drop what is held.

    Raises PolicyError, SettingsError or RecordError, with all their faults, before anything is served.
    """
    if api_implementation.Type() != "upb":
        raise NotReady("PROTOBUF_SLOW", "protobuf runs without its compiled core; install the pinned requirements")
    keyring, secrets = _read_keys(settings)
    async with built(settings, secrets, keyring) as rooms:
        services = _services(rooms, hardening)
        front, requesters_port = requesters_server(settings.listen.requesters, lambda: keyring.keys, services)
        links = LinkService(rooms.links, rooms.enrolling)
        back, links_port = links_server(settings.listen.links, lambda: keyring.keys, links)
        hub = Hub(requesters_port=requesters_port, links_port=links_port, rooms=rooms)
        watches = (
            partial(_watch_certificates, keyring, rooms),
            *((_sweep_memory,) if hardening.overwrites_freed else ()),
        )
        async with _serving(hub, (front, back), services, settings.limits.drain_seconds, watches):
            version = rooms.in_force.policy.version
            _log.info("hub.serving", requesters=requesters_port, links=links_port, policy_version=version)
            yield hub
        _log.info("hub.stopped")


def _services(rooms: Rooms, hardening: Hardening) -> Services:
    """Open the rooms to requesters."""
    callers = Callers(rooms.sessions, rooms.in_force)
    return Services(
        sessions=SessionService(
            callers=callers,
            desk=rooms.desk,
            issuers=rooms.issuers,
            in_force=rooms.in_force,
            telling=rooms.grounds.telling,
            audit=rooms.audit,
        ),
        questions=QuestionService(
            asking=rooms.asking,
            cards=rooms.cards,
            callers=callers,
            withdrawing=rooms.withdrawing,
            in_force=rooms.in_force,
        ),
        accounts=AccountService(
            callers=callers,
            accounts=rooms.accounts,
            passwords=rooms.desk.own_password,
            in_force=rooms.in_force,
            audit=rooms.audit,
        ),
        credentials=CredentialService(callers=callers, desk=rooms.desk, audit=rooms.audit),
        policies=PolicyService(
            callers=callers,
            proposing=rooms.proposing,
            approving=rooms.approving,
            publishing=rooms.publishing,
            showing=rooms.showing,
            weighings=Weighings(rooms.weighing),
        ),
        grounds=GroundService(callers=callers, grounds=rooms.grounds, in_force=rooms.in_force),
        status=StatusService(
            callers=callers,
            links=rooms.links,
            in_force=rooms.in_force,
            showing=rooms.showing,
            telling=rooms.grounds.telling,
            hardening=hardening,
        ),
        audit=AuditService(callers=callers, rooms=rooms.auditing, in_force=rooms.in_force),
        members=MemberService(callers=callers, enrolling=rooms.enrolling, links=rooms.links, in_force=rooms.in_force),
        enrolment=EnrolmentService(rooms.enrolling),
        health=Health(),
    )


@asynccontextmanager
async def _serving(
    hub: Hub,
    servers: tuple[grpc.aio.Server, grpc.aio.Server],
    services: Services,
    drain_seconds: float,
    watches: Iterable[Callable[[], Awaitable[None]]],
) -> AsyncIterator[None]:
    """Answer requesters and agencies; on leaving, take no more questions, let running ones end, and drop the rest."""
    front, back = servers
    await front.start()
    await back.start()
    # What was built until now stays for good: the collector need not look through it again and again, which would make
    # every question dearer the larger the policy is.
    gc.collect()
    gc.freeze()
    own = (partial(_sweep, hub.sessions), hub.rooms.withdrawing.watch, hub.rooms.publishing.watch)
    async with _watching(*own, *watches):
        await services.health.set_serving(is_serving=True)
        try:
            yield
        finally:
            await services.health.set_serving(is_serving=False)
            services.questions.is_draining = True
            await _drained(hub.asking, drain_seconds)
            hub.sessions.end_all()
            hub.links.drain()
            # The farewells, and the last receipts, get a moment to go out.
            await asyncio.sleep(FAREWELL_SECONDS)
            hub.links.close()
            await back.stop(1)
            await front.stop(1)
            gc.unfreeze()


@asynccontextmanager
async def _watching(*watches: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Keep watches going for as long as the hub serves."""
    tasks = [asyncio.create_task(_kept_going(watch)) for watch in watches]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


async def _kept_going(watch: Callable[[], Awaitable[None]]) -> None:
    """Begin a watch anew whenever it fails: what a moment without the store undid must not stay undone."""
    while True:
        try:
            await watch()
        except Exception as error:  # noqa: BLE001  (whatever it was, it is logged, and looked after again)
            _log.error("watch.failed", error=type(error).__name__, at=places(error))
        await asyncio.sleep(SWEEP_SECONDS)


async def serve_until_stopped(
    settings: Settings, announce: Callable[[Hub], None], hardening: Hardening = NOT_HARDENED
) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is called once the hub answers."""
    logs.configure()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running_hub(settings, hardening) as hub:
        announce(hub)
        await stopping.wait()


def _read_keys(settings: Settings) -> tuple[Keyring, Secrets]:
    """Read the deployment's keys; raise SettingsError for every one that is missing or cannot be used."""
    faults: list[Fault] = []
    keyring = _collected(faults, lambda: Keyring(settings))
    seal = _collected(faults, lambda: _read_seal(settings))
    signer = _collected(faults, lambda: read_signer(settings))
    pseudonyms = _collected(faults, lambda: read_pseudonyms(settings.path(settings.keys.pseudonyms)))
    if keyring is None or seal is None or signer is None or pseudonyms is None:
        raise SettingsError(faults)
    return keyring, Secrets(pseudonyms=pseudonyms, signer=signer, seal=seal)


def _read_seal(settings: Settings) -> Seal:
    try:
        seal = settings.path(settings.keys.seal).read_bytes()
    except OSError as error:
        raise _unusable_seal(settings, f"keys.seal cannot be read ({type(error).__name__})") from None
    if len(seal) != sealing.KEY_BYTES:
        raise _unusable_seal(settings, f"the seal key has not {sealing.KEY_BYTES} bytes")
    return Seal(seal)


def _collected(faults: list[Fault], read: Callable[[], Key]) -> Key | None:
    """Return what is read; when it cannot be, add the faults to those that were found before."""
    try:
        return read()
    except SettingsError as wrong:
        faults.extend(wrong.faults)
        return None


def _unusable_seal(settings: Settings, what: str) -> SettingsError:
    mend = "Bring it back from where it is kept, or make a new deployment with `hub init`."
    return SettingsError([Fault(file=settings.path(settings.keys.seal), line=1, what=what, mend=mend)])


async def _watch_certificates(keyring: Keyring, rooms: Rooms) -> None:
    """Take up keys whose files have changed, once that is recorded, and end links whose certificates count no more."""
    while True:
        # First, because it must not wait for a record that cannot be written.
        rooms.enrolling.sweep()
        if (found := keyring.changed()) is not None:
            await rooms.audit.record(authorities_trusted(found.fingerprints, time.time_ns() // 1_000_000))
            keyring.take_up(found)
        await asyncio.sleep(SWEEP_SECONDS)


async def _sweep(sessions: Sessions) -> None:
    # What refers to itself in a circle (an error, for one, and the calls through which it came) is let go of only by a
    # look for circles, for which Python waits until enough new objects have been made: in a quiet hub perhaps for ever.
    collecting = Sparing(gc.collect)
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        sessions.sweep()
        collecting.do()


async def _sweep_memory() -> None:
    sweeping = Sparing(sweep_free_memory)
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await asyncio.to_thread(sweeping.do)


async def _drained(asking: Asking, seconds: float) -> None:
    """Wait until no question runs, but no longer than this."""
    deadline = time.monotonic() + seconds
    while asking.running and time.monotonic() < deadline:  # noqa: ASYNC110  (a look is simpler than one more event)
        await asyncio.sleep(_LOOK_SECONDS)
