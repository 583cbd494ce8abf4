"""Every sign-in that is refused is told the same: the same status, the same words, the same bytes beside them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hub.accounts.shares import MOST_OF_ONE
from tests.integration.doors.front_door import ORIGIN, FrontDoor
from tests.integration.doors.visitor import Told, Visitor, reason, told
from tests.integration.journey.refusing import said_by
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD

Attempt = Callable[[], Awaitable[Told]]


async def attempts(door: FrontDoor, visitor: Visitor) -> dict[str, Attempt]:
    """Return an attempt for each reason there is to refuse one."""
    used = door.code("with.codes")
    await visitor.sign_in("with.codes", code=used)
    for number in range(12):
        await told(visitor.sign_in("guessed", f"guess number {number}"))
    stranger = Authenticator(origin=ORIGIN, user_handle=b"nobody's")

    def by_password(user_name: str, password: str = PASSWORD, code: str = "") -> Attempt:
        return lambda: told(visitor.sign_in(user_name, password, code=code))

    def by_issuer(subject: str, *, state: str = "", handle: str = "") -> Attempt:
        async def attempt() -> Told:
            its_handle, its_state = await door.back_from_issuer(visitor, subject)
            return await told(visitor.finish_external(handle or its_handle, state or its_state))

        return attempt

    return {
        "wrong password": by_password("n.okafor", "wrong"),
        "no password": by_password("n.okafor", ""),
        "long password": by_password("n.okafor", PASSWORD * 100),
        "unknown": by_password("n.okafar"),
        "no name": by_password(""),
        "other case": by_password("N.Okafor"),
        "name with a space": by_password("n.okafor "),
        "long name": by_password("n" * 5_000),
        "name beyond ASCII": by_password("n.okáfor"),
        "disabled": by_password("shut.out"),
        "no office": by_password("no.office"),
        "level that is gone": by_password("lost.level"),
        "code missing": by_password("with.codes"),
        "code wrong": by_password("with.codes", code="000000"),
        "code used": by_password("with.codes", code=used),
        "code of 10,000 digits": by_password("with.codes", code="1" * 10_000),
        "code right, password wrong": by_password("with.codes", "wrong", door.code("with.codes", 1)),
        "throttled": by_password("guessed"),
        "passkey unknown": lambda: told(visitor.sign_in_with(stranger)),
        "issuer's user tied to nobody": by_issuer("stranger"),
        "issuer's user, disabled here": by_issuer("shut.out"),
        "issuer's user without an office": by_issuer("no.office"),
        "handle unknown": by_issuer("n.okafor", handle="x" * 43),
        "state of another": by_issuer("n.okafor", state="x" * 43),
    }


# What is known of the account that was tried is recorded, and never what was typed.
TRIED = {
    "wrong password": "n.okafor",
    "no password": "",
    "long password": "",
    "disabled": "shut.out",
    "no office": "no.office",
    "level that is gone": "lost.level",
    "code missing": "with.codes",
    "code wrong": "with.codes",
    "code used": "with.codes",
    "code of 10,000 digits": "with.codes",
    "code right, password wrong": "with.codes",
    "throttled": "guessed",
    "issuer's user, disabled here": "shut.out",
    "issuer's user without an office": "no.office",
}


async def test_whatever_the_reason_every_byte_is_the_same_and_the_hub_alone_knows_whom_it_was_about(
    door: FrontDoor, visitor: Visitor
) -> None:
    usual = await told(visitor.sign_in(password="wrong"))
    assert "password" in usual.details
    different, wrongly_recorded = {}, {}
    for kind, attempt in (await attempts(door, visitor)).items():
        before = len(door.recorded("sign_in_refused"))
        if (was_told := await attempt()) != usual:
            different[kind] = was_told
        recorded = door.recorded("sign_in_refused")[before:]
        if recorded != [("sign_in_refused", {"account": TRIED.get(kind, "")})]:
            wrongly_recorded[kind] = recorded
    assert different == {}
    assert wrongly_recorded == {}


async def test_an_issuer_s_answer_is_good_for_one_try_whoever_makes_it(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    handle, state = await door.back_from_issuer(visitor, "n.okafor")
    await visitor.finish_external(handle, state)
    usual = await told(visitor.sign_in(password="wrong"))
    assert await told(visitor.finish_external(handle, state)) == usual
    # Whoever has the address that a browser was sent back to has no handle, and uses up nobody's.
    handle, state = await door.back_from_issuer(visitor, "n.okafor")
    theirs, _ = await another.begin_external("trust")
    assert await told(another.finish_external(theirs.handle, state)) == usual
    assert await told(another.finish_external(state, state)) == usual
    # A sign-in is the client's that began it; that it went well for somebody else is nothing that it can see.
    door.issuer.minted = None
    handle, state = await door.back_from_issuer(visitor, "n.okafor", acr="")
    assert not (await visitor.finish_external(handle, state)).is_stepped_up


async def test_what_cannot_be_begun_is_told_and_keeps_nothing(visitor: Visitor) -> None:
    assert await reason(visitor.begin_external("elsewhere")) == "ISSUER_UNKNOWN"
    for redirect in ("https://evil.example/back", "http://127.0.0.1.evil.example/", "javascript:alert(1)", ""):
        assert await reason(visitor.begin_external("trust", redirect)) == "REDIRECT_INVALID", redirect


async def test_whoever_begins_a_thousand_times_holds_no_more_than_their_share(
    door: FrontDoor, visitor: Visitor
) -> None:
    for _ in range((MOST_OF_ONE + 50) // 50):
        await asyncio.gather(*(visitor.begin_external("trust") for _ in range(50)))
        await asyncio.gather(*(visitor.passkey_options() for _ in range(50)))
    rooms = door.hub.rooms
    assert len(rooms.issuers._pending) == len(rooms.desk.passkeys._of_strangers) == MOST_OF_ONE


async def test_an_issuer_that_is_down_is_said_to_be_and_a_sign_in_that_waits_for_it_is_refused(
    door: FrontDoor, visitor: Visitor
) -> None:
    handle, state = await door.back_from_issuer(visitor, "n.okafor")
    await door.issuer.__aexit__(None, None, None)
    assert await told(visitor.finish_external(handle, state)) == await told(visitor.sign_in(password="wrong"))


async def test_a_refusal_says_what_to_do_and_leaks_nothing(visitor: Visitor) -> None:
    with pytest.raises(Exception, match="do not match") as refused:
        await visitor.sign_in("n.okafor", "a-telling-password")
    said = said_by(refused.value)  # type: ignore[arg-type]  # said_by says itself when it is no error of a call
    assert said.mend
    assert not said.leak
    assert "telling" not in said.wire
    assert "okafor" not in said.wire
