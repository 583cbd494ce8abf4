"""The composition root: reads the settings, builds every room once, serves, and shuts down in order."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import grpc
import structlog
from google.protobuf.internal import api_implementation

from hub import logs
from hub.access.in_force import PolicyInForce
from hub.access.policy import compile_policy
from hub.access.reading import read_rulebook
from hub.access.version import content_of
from hub.accounts.passwords import Passwords
from hub.accounts.sign_in import SignIn
from hub.asking.ask import Asking
from hub.audit import entries
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.edge.agencies import LinkService
from hub.edge.requesters import QuestionService, SessionService
from hub.edge.servers import Health, Keys, Services, links_server, requesters_server
from hub.edge.status import StatusService
from hub.errors import Fault, NotReady, SettingsError
from hub.links.register import Links
from hub.sessions.registry import Sessions
from hub.sessions.session import Session, SessionRules
from hub.settings import Settings
from hub.store.accounts import Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.engine import Engine, open_store
from hub.store.policy_versions import PolicyVersions

SWEEP_SECONDS = 1.0
FAREWELL_SECONDS = 0.1
_LOOK_SECONDS = 0.02

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A running hub: where it listens, and the rooms that tests look into."""

    requesters_port: int
    links_port: int
    sessions: Sessions
    links: Links
    asking: Asking
    audit: AuditLog
    in_force: PolicyInForce


@asynccontextmanager
async def running_hub(settings: Settings) -> AsyncIterator[Hub]:
    """Build everything once and serve; on leaving, drain, stop, and drop what is held.

    Raises PolicyError or SettingsError, with all their faults, before anything is served.
    """
    if api_implementation.Type() != "upb":
        raise NotReady("PROTOBUF_SLOW", "protobuf runs without its compiled core; install the pinned requirements")
    keys, pseudonyms = _read_keys(settings)
    book = read_rulebook(settings.path(settings.policies))
    policy = compile_policy(book)
    async with AsyncExitStack() as stack:
        engine = open_store(settings.store_url())
        stack.callback(engine.dispose)
        audit = await stack.enter_async_context(_open_audit(engine))
        await _put_in_force(policy.version, content_of(book), engine, audit)
        passwords = stack.enter_context(closing(Passwords()))

        in_force, links = PolicyInForce(policy), Links()
        rules = SessionRules(**settings.sessions.model_dump())
        sessions = Sessions(rules, clock=time.monotonic, on_end=_record_end(audit))
        asking = Asking(
            in_force=in_force,
            links=links,
            audit=audit,
            pseudonyms=pseudonyms,
            most_running=settings.limits.questions_running,
        )
        sign_in = SignIn(
            Accounts(engine),
            passwords,
            lambda: in_force.policy.levels,
            lambda agency: in_force.policy.agencies[agency].areas,
        )
        services = Services(
            sessions=SessionService(sign_in=sign_in, sessions=sessions, in_force=in_force, audit=audit),
            questions=QuestionService(asking=asking, sessions=sessions, in_force=in_force),
            status=StatusService(sessions=sessions, links=links, in_force=in_force),
            health=Health(),
        )
        front, requesters_port = requesters_server(settings.listen.requesters, keys, services)
        back, links_port = links_server(settings.listen.links, keys, LinkService(links, in_force))
        hub = Hub(
            requesters_port=requesters_port,
            links_port=links_port,
            sessions=sessions,
            links=links,
            asking=asking,
            audit=audit,
            in_force=in_force,
        )
        async with _serving(hub, front, back, services, settings.limits.drain_seconds):
            _log.info("hub.serving", requesters=requesters_port, links=links_port, policy_version=policy.version)
            yield hub
        _log.info("hub.stopped")


@asynccontextmanager
async def _serving(
    hub: Hub, front: grpc.aio.Server, back: grpc.aio.Server, services: Services, drain_seconds: float
) -> AsyncIterator[None]:
    """Answer requesters and agencies; on leaving, take no more questions, let running ones end, and drop the rest."""
    await front.start()
    await back.start()
    sweeper = asyncio.create_task(_sweep(hub.sessions), name="sweeper")
    # What was built until now stays for good: the collector need not look through it again and again, which would make
    # every question dearer the larger the policy is.
    gc.collect()
    gc.freeze()
    await services.health.set_serving(is_serving=True)
    try:
        yield
    finally:
        await services.health.set_serving(is_serving=False)
        services.questions.is_draining = True
        await _drained(hub.asking, drain_seconds)
        sweeper.cancel()
        hub.sessions.end_all()
        hub.links.drain()
        # The farewells, and the last receipts, get a moment to go out.
        await asyncio.sleep(FAREWELL_SECONDS)
        hub.links.close()
        await back.stop(1)
        await front.stop(1)
        gc.unfreeze()


@asynccontextmanager
async def _open_audit(engine: Engine) -> AsyncIterator[AuditLog]:
    with closing(AuditEntries(engine)) as store:
        async with AuditLog(store) as audit:
            yield audit


async def _put_in_force(version: str, content: str, engine: Engine, audit: AuditLog) -> None:
    """Keep the policy's content and record that it decides from now on."""
    is_new = PolicyVersions(engine).keep(version, content, _now_ms())
    await audit.record(entries.policy_in_force(version, _now_ms(), is_new=is_new))


async def serve_until_stopped(settings: Settings, announce: Callable[[Hub], None]) -> None:
    """Serve until SIGTERM or SIGINT; `announce` is called once the hub answers."""
    logs.configure()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running_hub(settings) as hub:
        announce(hub)
        await stopping.wait()


def _read_keys(settings: Settings) -> tuple[Keys, Pseudonyms]:
    """Read the deployment's keys; raise SettingsError for every one that is missing or cannot be used."""
    found: dict[str, bytes] = {}
    faults: list[Fault] = []
    for name, relative in settings.keys:
        try:
            found[name] = settings.path(relative).read_bytes()
        except OSError as error:
            faults.append(_key_fault(settings, relative, f"keys.{name} cannot be read ({type(error).__name__})"))
    if len(found.get("pseudonym", bytes(KEY_BYTES))) != KEY_BYTES:
        faults.append(_key_fault(settings, settings.keys.pseudonym, f"the pseudonym key has not {KEY_BYTES} bytes"))
    if faults:
        raise SettingsError(faults)
    keys = Keys(certificate=found["certificate"], key=found["key"], authority=found["authority"])
    return keys, Pseudonyms(found["pseudonym"])


def _key_fault(settings: Settings, relative: Path, what: str) -> Fault:
    mend = "Bring it back from where it is kept, or make a new deployment with `hub init`."
    return Fault(file=settings.path(relative), line=1, what=what, mend=mend)


def _record_end(audit: AuditLog) -> Callable[[Session, int], None]:
    def record(session: Session, dropped: int) -> None:
        why = session.ended_by.value if session.ended_by else ""
        audit.submit(entries.session_ended(session.requester.user_name, _now_ms(), why=why, dropped=dropped))

    return record


async def _sweep(sessions: Sessions) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        sessions.sweep()


async def _drained(asking: Asking, seconds: float) -> None:
    """Wait until no question runs, but no longer than this."""
    deadline = time.monotonic() + seconds
    while asking.running and time.monotonic() < deadline:  # noqa: ASYNC110  (a look is simpler than one more event)
        await asyncio.sleep(_LOOK_SECONDS)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
