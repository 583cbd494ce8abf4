"""The composition root: reads the settings, builds every room once, serves, and shuts down in order."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from google.protobuf.internal import api_implementation

from hub import logs
from hub.access.in_force import PolicyInForce
from hub.access.policy import load_policy
from hub.accounts.passwords import Passwords
from hub.accounts.sign_in import SignIn
from hub.asking.ask import Asking
from hub.audit import entries
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.edge.agencies import LinkService
from hub.edge.requesters import QuestionService, SessionService
from hub.edge.servers import Health, Keys, links_server, requesters_server
from hub.edge.status import StatusService
from hub.errors import NotReady
from hub.links.register import Links
from hub.sessions.registry import SessionRules, Sessions
from hub.sessions.session import Session
from hub.settings import Settings
from hub.store.accounts import Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from hub.store.policy_versions import PolicyVersions

SWEEP_SECONDS = 1.0
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


@asynccontextmanager
async def running_hub(settings: Settings) -> AsyncIterator[Hub]:
    """Build everything once and serve; on leaving, drain, stop, and drop what is held.

    Raises PolicyError or SettingsError, with all their faults, before anything is served.
    """
    if api_implementation.Type() != "upb":
        raise NotReady("PROTOBUF_SLOW", "protobuf runs without its compiled core; install the pinned requirements")
    policy = load_policy(settings.path(settings.policies))
    engine = open_store(settings.store_url())
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        audit_entries = AuditEntries(engine)
        stack.callback(audit_entries.close)
        audit = await stack.enter_async_context(AuditLog(audit_entries))
        is_new = PolicyVersions(engine).keep(policy.version, policy.content, _now_ms())
        await audit.record(entries.policy_in_force(policy.version, _now_ms(), is_new=is_new))
        passwords = Passwords()
        stack.callback(passwords.close)

        in_force = PolicyInForce(policy)
        links = Links()
        sessions = Sessions(
            SessionRules(**settings.sessions.model_dump()), clock=time.monotonic, on_end=_record_end(audit)
        )
        asking = Asking(
            in_force=in_force,
            links=links,
            audit=audit,
            pseudonyms=Pseudonyms(settings.path(settings.keys.pseudonym).read_bytes()),
            most_running=settings.limits.questions_running,
        )
        questions = QuestionService(asking=asking, sessions=sessions, in_force=in_force)
        health = Health()
        keys = _read_keys(settings)
        front, requesters_port = requesters_server(
            settings.listen.requesters,
            keys,
            sessions=SessionService(
                sign_in=SignIn(Accounts(engine), passwords, lambda: in_force.policy.levels),
                sessions=sessions,
                in_force=in_force,
                audit=audit,
            ),
            questions=questions,
            status=StatusService(sessions=sessions, links=links, in_force=in_force),
            health_service=health,
        )
        back, links_port = links_server(settings.listen.links, keys, LinkService(links, in_force))
        await front.start()
        await back.start()
        sweeper = asyncio.create_task(_sweep(sessions), name="sweeper")
        # What was built until now stays for good: the collector need not look through it again and again, which
        # would make every question dearer the larger the policy is.
        gc.collect()
        gc.freeze()
        await health.set_serving(is_serving=True)
        _log.info("hub.serving", requesters=requesters_port, links=links_port, policy_version=policy.version)
        try:
            yield Hub(
                requesters_port=requesters_port,
                links_port=links_port,
                sessions=sessions,
                links=links,
                asking=asking,
                audit=audit,
            )
        finally:
            await health.set_serving(is_serving=False)
            questions.is_draining = True
            await _drained(asking, settings.limits.drain_seconds)
            sweeper.cancel()
            sessions.end_all()
            links.drain()
            links.close()
            await back.stop(1)
            await front.stop(1)
            gc.unfreeze()
            _log.info("hub.stopped")


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


def _read_keys(settings: Settings) -> Keys:
    return Keys(
        certificate=settings.path(settings.keys.certificate).read_bytes(),
        key=settings.path(settings.keys.key).read_bytes(),
        authority=settings.path(settings.keys.authority).read_bytes(),
    )


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
