"""The time of a refused sign-in over the wire: whatever the reason, it tells an observer nothing."""

import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from sharing.v1.sessions_pb2_grpc import add_SessionServiceServicer_to_server

from hub.accounts.desk import Clocks, Desk, open_desk
from hub.accounts.hashing_cost import LEAST, HashingCost
from hub.accounts.passwords import Passwords
from hub.accounts.sealing import Seal
from hub.edge.border import Border
from hub.edge.callers import Callers
from hub.edge.sessions import SessionService
from hub.main import Hub
from hub.store.accounts import Accounts
from hub.store.engine import open_store
from tests.integration.doors.front_door import Opened, open_deployment
from tests.integration.doors.visitor import Visitor, reason, visiting
from tests.lib.deployment import PASSWORD, Deployment, hub_in_process
from tests.lib.measuring import auc
from tests.unit.hub.accounts.scene import Clock, kept_in

HOUR = 3_600
# Dear enough to stand out from the rest of an attempt as the real one does, cheap enough for thousands.
QUICK = HashingCost(memory_kib=1_024, passes=1)
WARMING = 10
BASE = "wrong password"

KINDS = (
    "unknown",
    "disabled, right password",
    "no office, right password",
    "lost level, right password",
    "right password without its code",
    "right password with a code used before",
    "throttled, right password",
)

Attempt = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The hub's own service of sessions on a port of its own, with a desk whose hours pass at will."""

    visitor: Visitor
    desk: Desk
    hours: Clock

    async def seconds(self, attempt: Attempt) -> float:
        """Time one attempt, after everybody's share has come back but that of one account."""
        self.hours.now += 10 * HOUR
        while self.desk.throttle.admit_stranger("guessed", "elsewhere"):
            pass
        user_name, password, code = attempt
        began = time.perf_counter()
        assert await reason(self.visitor.sign_in(user_name, password, code=code)) == "SIGN_IN_REFUSED"
        return time.perf_counter() - began


@asynccontextmanager
async def counter(opened: Opened, cost: HashingCost) -> AsyncIterator[Counter]:
    """Put a desk of this cost into a running hub; real TLS, real store and real record stay as they are.

    No setting makes a hash as cheap as this, so that none can be weakened by mistake.
    """
    deployment, hours, frozen = opened.deployment, Clock(), Clock(now=time.time())
    engine = open_store(deployment.settings().store_url())
    with closing(Passwords(cost)) as passwords:
        rehash(Accounts(engine), passwords)
        async with hub_in_process(deployment) as hub:
            desk = open_desk(
                kept_in(engine),
                passwords=passwords,
                seal=Seal((deployment.folder / "keys" / "seal.key").read_bytes()),
                known_levels=lambda: hub.in_force.policy.levels,
                clocks=Clocks(steady=hours, since_1970=frozen, now_ms=frozen.ms),
            )
            async with served(hub, desk, deployment) as port, visiting(deployment, port) as visitor:
                yield Counter(visitor=visitor, desk=desk, hours=hours)
    engine.dispose()


def rehash(accounts: Accounts, passwords: Passwords) -> None:
    kept = passwords.hash(PASSWORD)
    for account in accounts.all():
        accounts.set_password(account.user_name, kept)


@asynccontextmanager
async def served(hub: Hub, desk: Desk, deployment: Deployment) -> AsyncIterator[int]:
    """Serve sessions as the hub does, with another desk; yield the port."""
    rooms = hub.rooms
    service = SessionService(
        callers=Callers(rooms.sessions, rooms.in_force),
        desk=desk,
        issuers=rooms.issuers,
        in_force=rooms.in_force,
        telling=rooms.grounds.telling,
        audit=rooms.audit,
    )
    server = grpc.aio.server(interceptors=[Border()])
    add_SessionServiceServicer_to_server(service, server)
    keys = deployment.folder / "keys"
    pair = ((keys / "hub.key").read_bytes(), (keys / "hub.pem").read_bytes())
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    await server.start()
    try:
        yield port
    finally:
        await server.stop(1)


async def attempts(on: Counter, opened: Opened) -> dict[str, Attempt]:
    """Return an attempt for each reason; one code has been used before, and stays what it is as long as this runs."""
    code = opened.code("with.codes")
    await on.visitor.sign_in("with.codes", code=code)
    return {
        BASE: ("n.okafor", "kestrel harbour thimbles", ""),
        "unknown": ("n.okafar", "kestrel harbour thimbles", ""),
        "disabled, right password": ("shut.out", PASSWORD, ""),
        "no office, right password": ("no.office", PASSWORD, ""),
        "lost level, right password": ("lost.level", PASSWORD, ""),
        "right password without its code": ("with.codes", PASSWORD, ""),
        "right password with a code used before": ("with.codes", PASSWORD, code),
        "throttled, right password": ("guessed", PASSWORD, ""),
    }


async def distances(on: Counter, tried: dict[str, Attempt], samples: int) -> dict[str, float]:
    """Time all kinds in turns whose order is drawn by lot; return how far each is from the wrong password's 0.50."""
    taken: dict[str, list[float]] = {kind: [] for kind in tried}
    chance = random.Random(samples)
    for number in range(samples + WARMING):
        for kind in chance.sample(sorted(tried), k=len(tried)):
            took = await on.seconds(tried[kind])
            if number >= WARMING:
                taken[kind].append(took)
    return {kind: auc(times, taken[BASE]) - 0.5 for kind, times in taken.items() if kind != BASE}


async def measured(folder: Path, cost: HashingCost, samples: int, *kinds: str) -> dict[str, float]:
    """Compare some kinds, or all, with a wrong password."""
    opened = open_deployment(folder / "deployment", identities={})
    async with counter(opened, cost) as on:
        tried = await attempts(on, opened)
        found = await distances(on, {kind: tried[kind] for kind in (BASE, *(kinds or KINDS))}, samples)
    print({kind: round(far, 3) for kind, far in found.items()})  # noqa: T201  (a figure that we promise)
    return found


# How far chance goes with n of each is the square root of (2n + 1) / 12n²: 0.049 with 70, 0.009 with 2,000.


async def test_the_time_of_a_refusal_over_the_wire_does_not_tell_why(tmp_path: Path) -> None:
    found = await measured(tmp_path, QUICK, 70)
    assert {kind: far for kind, far in found.items() if abs(far) >= 0.20} == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_the_time_of_thousands_of_refusals_over_the_wire_does_not_tell_why(tmp_path: Path, kind: str) -> None:
    assert abs((await measured(tmp_path, QUICK, 2_000, kind))[kind]) < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
async def test_at_the_real_cost_too_the_time_of_a_refusal_over_the_wire_does_not_tell_why(
    tmp_path: Path, kind: str
) -> None:
    # 300 of each, as many as can be had in a quarter of a minute: chance goes as far as 0.024.
    assert abs((await measured(tmp_path, LEAST, 300, kind))[kind]) < 0.10
