"""Strangers who try tokens hold up nobody who has one, no revocation, and do not fill the log."""

import asyncio

import pytest

from adapters.kit.enrolling import Token
from adapters.kit.own_key import OwnKey
from hub.enrolling.enrolling import STRANGERS
from hub.errors import NotAllowed
from tests.integration.enrolling.desk import AGENCY, Desk, Refused
from tests.lib.requester import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOTHING = "x" * 43


def refusals(desk: Desk) -> int:
    return [entry["kind"] for entry in desk.administration.audited()].count("enrolment_refused")


async def test_whoever_has_a_token_enrols_from_where_strangers_have_had_all_their_tries(desk: Desk) -> None:
    token = Token.read(await desk.add())
    tried = [await desk.try_token(NOTHING, b"") for _ in range(22)]
    assert [one.reason for one in tried if isinstance(one, Refused)][-2:] == ["TOO_MANY_TRIES"] * 2
    # All adapters of an agency, and of several behind one proxy, come from one address.
    assert isinstance(await desk.try_token(token.secret, OwnKey.new().request), bytes)


async def test_strangers_wait_for_nobody_s_turn_and_take_none(desk: Desk) -> None:
    enrolling = desk.administration.hub.rooms.enrolling
    async with enrolling._one_after_the_other, asyncio.timeout(PATIENCE_SECONDS):
        refused = await desk.try_token(NOTHING, b"")
    assert isinstance(refused, Refused)
    assert refused.reason == "TOKEN_REFUSED"


async def test_strangers_from_everywhere_leave_so_many_entries_in_the_log_and_are_refused_all_the_same(
    desk: Desk,
) -> None:
    enrolling, before = desk.administration.hub.rooms.enrolling, refusals(desk)
    sources = [f"2001:db8:{number:x}::1" for number in range(STRANGERS.at_once + 20)]
    tried = await asyncio.gather(*(enrolling.enrol(NOTHING, b"", one) for one in sources), return_exceptions=True)
    assert all(isinstance(one, NotAllowed) for one in tried)
    assert refusals(desk) - before == STRANGERS.at_once
    assert len(enrolling._tries) == STRANGERS.at_once
    token = Token.read(await desk.add())
    assert isinstance(await desk.try_token(token.secret, OwnKey.new().request), bytes)


async def test_the_requests_that_are_looked_at_for_one_token_are_counted(desk: Desk) -> None:
    token = Token.read(await desk.add())
    tried = [await desk.try_token(token.secret, b"no request") for _ in range(21)]
    assert [one.reason for one in tried if isinstance(one, Refused)] == ["REQUEST_UNFIT"] * 20 + ["TOO_MANY_TRIES"]


async def test_a_token_that_is_withdrawn_while_its_bearer_waits_opens_nothing(desk: Desk) -> None:
    token, enrolling = Token.read(await desk.add()), desk.administration.hub.rooms.enrolling
    async with enrolling._one_after_the_other:
        trying = asyncio.create_task(enrolling.enrol(token.secret, OwnKey.new().request, "127.0.0.1"))
        await asyncio.sleep(0)
        enrolling.membership.used(AGENCY)
    with pytest.raises(NotAllowed):
        await trying
