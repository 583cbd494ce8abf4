"""A partnership for withdrawals: one hub, quick agencies and slow ones, a crowd that asks, and those who withdraw."""

import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from hub import building
from hub.agreeing.scales import WorkshopScales
from hub.main import Hub
from hub.model.account import Account
from hub.model.request import Requester
from hub.recording import opening
from hub.store.accounts import Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from tests.integration.withdrawal import drafts
from tests.integration.withdrawal.crowd import Crowd
from tests.integration.withdrawal.desk import GUARDIANS_OF, NAME, Desk
from tests.integration.withdrawal.journal import Entry, Journal
from tests.integration.withdrawal.scales import PreparedScales, prepared
from tests.lib.deployment import AGENCIES, Deployment, hub_in_process, make_deployment
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import requesters_channel

DELAYS = {"social_care": 0.0, "health": 0.01, "schools": 0.06, "youth_offending": 0.15, "connexions": 0.35}
VISITORS = tuple(f"visitor.{number}" for number in range(6))
# Nothing that is withdrawn concerns them: they are answered throughout.
OTHERS = ("worker.0", "worker.1")
SESSIONS_EACH = 2
ROOMY = "[sessions]\nmost_held = 200\nmost_running = 100\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """Everything that a trial needs."""

    hub: Hub
    crowd: Crowd
    desk: Desk
    journal: Journal
    scales: PreparedScales
    # What the hub had let out, as request and agency, when a policy last began to decide.
    let_out: set[tuple[str, str]] = field(default_factory=set)

    def note(self, _: object) -> None:
        """Note what sessions hold: a part is held just before it is written, and nothing happens in between."""
        self.let_out.clear()
        self.let_out.update(
            (held.request.request_id, answer.agency)
            for session in self.hub.sessions
            for held in session.held()
            for part in held.parts
            for answer in part.agencies
            if answer.records is not None
        )


def deployed(folder: Path) -> Deployment:
    """Make a deployment with the permissive policy and an account for everybody."""
    deployment = make_deployment(folder / "deployment", settings=ROOMY)
    policies = deployment.settings().path(deployment.settings().policies)
    for file in [file for file in policies.rglob("*") if file.is_file()]:
        file.unlink()
    for name, text in drafts.permissive().items():
        (policies / name).write_bytes(text)
    engine = open_store(deployment.settings().store_url())
    accounts = Accounts(engine)
    somebody = accounts.find("n.okafor")
    assert somebody is not None
    accounts.add_all(_account(requester, somebody.password_hash) for requester in everybody().values())
    engine.dispose()
    return deployment


def everybody() -> Mapping[str, Requester]:
    """Return who has an account, by user name."""
    offices = dict.fromkeys(VISITORS, ("health_visitor", "health"))
    offices |= dict.fromkeys(OTHERS, ("social_worker", "social_care"))
    offices |= {f"{GUARDIANS_OF}{agency.replace('_', '-')}": ("data_guardian", agency) for agency in AGENCIES}
    offices[NAME] = ("policy_administrator", "social_care")
    return {name: _requester(name, level, agency) for name, (level, agency) in offices.items()}


@asynccontextmanager
async def running(deployment: Deployment, *, disk: type[AuditEntries] = AuditEntries) -> AsyncIterator[Partnership]:
    """Run the hub in this loop, with all agencies connected and everybody signed in; nobody asks yet."""
    built: list[PreparedScales] = []

    def scales(workshop: object) -> PreparedScales:
        built.append(PreparedScales(WorkshopScales(workshop), prepared()))  # type: ignore[arg-type]  # a workshop
        return built[0]

    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(building, "WorkshopScales", scales)
        patch.setattr(opening, "AuditEntries", disk)
        hub = await stack.enter_async_context(hub_in_process(deployment))
        for agency, delay in DELAYS.items():
            adapter = GoodAdapter(agency, delay=delay)
            await stack.enter_async_context(connected(deployment, hub.links_port, adapter))
        channel = await stack.enter_async_context(requesters_channel(deployment, hub.requesters_port))
        journal = Journal()
        crowd, open_one = Crowd(channel, journal), partial(_open, hub)
        for name in (*VISITORS, *OTHERS) * SESSIONS_EACH:
            crowd.join(name, open_one(name))
        desk = Desk(channel, {name: open_one(name) for name in everybody() if name not in (*VISITORS, *OTHERS)})
        on = Partnership(hub=hub, crowd=crowd, desk=desk, journal=journal, scales=built[0])
        hub.in_force.listen(on.note)
        yield on


def read_log(deployment: Deployment) -> list[Entry]:
    """Read the whole audit log of a hub that has stopped."""
    database = sqlite3.connect(deployment.folder / "data" / "hub.sqlite")
    try:
        rows = database.execute("select position, kind, body, recorded_at_ms from audit_entry order by position")
        return [Entry(position=row[0], kind=row[1], body=json.loads(row[2]), at_ms=row[3]) for row in rows]
    finally:
        database.close()


def _open(hub: Hub, user_name: str) -> str:
    # Signing in is no part of what is tried out here; where it is, it goes through the door.
    return hub.sessions.open(everybody()[user_name], is_strong=True)


def _requester(name: str, level: str, agency: str) -> Requester:
    return Requester(user_name=name, display_name=name, access_level=level, agency=agency, areas=("bolton",))


def _account(requester: Requester, password_hash: str) -> Account:
    return Account(
        user_name=requester.user_name,
        display_name=requester.display_name,
        access_level=requester.access_level,
        agency=requester.agency,
        areas=requester.areas,
        password_hash=password_hash,
    )
