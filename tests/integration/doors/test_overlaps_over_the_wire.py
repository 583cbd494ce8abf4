"""A sign-in that is still being proved when its account is disabled or its password changed: it opens nothing."""

import sqlite3
from asyncio import ensure_future
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.integration.doors.front_door import ORIGIN, FrontDoor
from tests.integration.doors.visitor import Visitor, told
from tests.integration.journey.waiting import until
from tests.lib.authenticator import Authenticator

# What is ready to be brought, and whether the hub has begun to look at it.
Prepared = tuple[Callable[[], Awaitable[object]], Callable[[], bool]]


@contextmanager
def nothing_is_written(door: FrontDoor) -> Iterator[None]:
    """Hold the store, as a backup does for a moment: whoever wants to write waits."""
    file = door.opened.deployment.folder / "data" / "hub.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("begin immediate")
        try:
            yield
        finally:
            other.execute("rollback")


async def by_password(door: FrontDoor, visitor: Visitor) -> Prepared:
    return visitor.sign_in, lambda: door.hub.rooms.desk.sign_in._strangers.taken == 1


async def by_passkey(door: FrontDoor, visitor: Visitor) -> Prepared:
    passkey = Authenticator(origin=ORIGIN)
    await visitor.sign_in()
    await visitor.register(passkey)
    await visitor.sign_out()
    response = passkey.sign_in(await visitor.passkey_options())
    challenges = door.hub.rooms.desk.passkeys._of_strangers
    assert len(challenges) == 1
    return lambda: visitor.finish_passkey(response), lambda: len(challenges) == 0


async def by_issuer(door: FrontDoor, visitor: Visitor) -> Prepared:
    handle, state = await door.back_from_issuer(visitor, "n.okafor")
    pending = door.hub.rooms.issuers._pending
    assert len(pending) == 1
    return lambda: visitor.finish_external(handle, state), lambda: len(pending) == 0


@pytest.mark.parametrize("prepare", [by_password, by_passkey, by_issuer], ids=["password", "passkey", "issuer"])
@pytest.mark.parametrize("what", ["disabled", "password changed"])
async def test_a_sign_in_that_is_revoked_while_it_is_proved_opens_nothing(
    prepare: Callable[[FrontDoor, Visitor], Awaitable[Prepared]],
    what: str,
    door: FrontDoor,
    visitor: Visitor,
    another: Visitor,
) -> None:
    usual = await told(another.sign_in(password="wrong"))
    await another.sign_in()
    session = next(iter(door.hub.sessions))
    bring, is_looked_at = await prepare(door, visitor)
    with nothing_is_written(door):
        attempt = ensure_future(bring())
        await until(is_looked_at)
        if what == "disabled":
            door.hub.sessions.revoke("n.okafor")
        else:
            door.hub.sessions.revoke_others(session)
    assert await told(attempt) == usual
    assert len(door.hub.sessions) == (0 if what == "disabled" else 1)
    assert door.recorded("sign_in_refused")[-1] == ("sign_in_refused", {"account": "n.okafor"})
