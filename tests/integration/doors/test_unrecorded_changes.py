"""How somebody signs in does not change while that cannot be recorded."""

from collections.abc import Awaitable

import grpc
from grpc import StatusCode
from sharing.v1 import accounts_pb2

from tests.integration.doors.front_door import ORIGIN, FrontDoor
from tests.integration.doors.visitor import Visitor
from tests.integration.journey.refusing import said_by
from tests.integration.journey.test_unwritable_record import refusing_to_write
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD

ANOTHER_PASSWORD = "a heron stands beside the weir 7"


async def refused_while_unrecorded(door: FrontDoor, change: Awaitable[object]) -> tuple[StatusCode, str]:
    with refusing_to_write(door.opened.deployment, kind="account_changed"):
        try:
            await change
        except grpc.aio.AioRpcError as error:
            return error.code(), said_by(error).reason
    return StatusCode.OK, ""


UNWRITABLE = (StatusCode.UNAVAILABLE, "AUDIT_UNWRITABLE")


async def test_a_password_that_cannot_be_recorded_is_not_set(door: FrontDoor, visitor: Visitor) -> None:
    await visitor.sign_in()
    request = accounts_pb2.ChangePasswordRequest(present=PASSWORD, password=ANOTHER_PASSWORD)
    change = visitor.call(visitor.credentials.ChangePassword, request)
    assert await refused_while_unrecorded(door, change) == UNWRITABLE
    assert (await visitor.sign_in()).token
    await visitor.call(visitor.credentials.ChangePassword, request)
    assert (await visitor.sign_in(password=ANOTHER_PASSWORD)).token


async def test_a_passkey_that_cannot_be_recorded_is_neither_added_nor_removed(
    door: FrontDoor, visitor: Visitor
) -> None:
    passkey = Authenticator(origin=ORIGIN)
    await visitor.sign_in()
    assert await refused_while_unrecorded(door, visitor.register(passkey)) == UNWRITABLE
    assert not await visitor.factors()
    factor = await visitor.register(passkey)
    await visitor.step_up_with(passkey)
    before = await visitor.factors()
    assert await refused_while_unrecorded(door, visitor.remove(factor.id)) == UNWRITABLE
    assert await visitor.factors() == before
    await visitor.remove(factor.id)
    assert not await visitor.factors()
