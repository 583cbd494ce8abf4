"""Sessions, by whichever way somebody has signed in: what opens one, what ends it, and what never does."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import pytest
from sharing.v1 import accounts_pb2, questions_pb2, questions_pb2_grpc, sessions_pb2

from tests.integration.doors.front_door import ORIGIN, FrontDoor
from tests.integration.doors.visitor import Visitor, reason, told
from tests.integration.journey.waiting import until
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD
from tests.lib.requester import PATIENCE_SECONDS

WAYS = ("password", "passkey", "issuer")
Way = Callable[[Visitor], Awaitable[sessions_pb2.SignInResponse]]


@pytest.fixture(params=WAYS)
async def sign_in(request: pytest.FixtureRequest, door: FrontDoor, visitor: Visitor) -> Way:
    """Return one way in which n.okafor signs in; what it needs is made within a session that has ended since."""
    if request.param == "password":
        return lambda visitor: visitor.sign_in()
    if request.param == "issuer":

        async def through_issuer(visitor: Visitor) -> sessions_pb2.SignInResponse:
            return await visitor.finish_external(*await door.back_from_issuer(visitor, "n.okafor"))

        return through_issuer
    passkey = Authenticator(origin=ORIGIN)
    await visitor.sign_in()
    await visitor.register(passkey)
    await visitor.sign_out()
    visitor.token = ""
    return lambda visitor: visitor.sign_in_with(passkey)


async def test_a_token_that_somebody_brings_along_is_never_taken_over(
    sign_in: Way, visitor: Visitor, another: Visitor
) -> None:
    planted = secrets.token_urlsafe(32)
    visitor.token = planted
    given = (await sign_in(visitor)).token
    assert given != planted
    assert not await another.is_let_in(planted)
    # Nor is the token of a session that is open: whoever signs in within it gets another one, and another session.
    again = (await sign_in(visitor)).token
    tokens = {planted, given, again}
    assert len(tokens) == 3
    # No two are alike in more than chance has it, and each is 43 signs of six bits.
    assert {len(token) for token in tokens} == {43}
    assert all(len(set(token)) > 10 for token in tokens)
    await visitor.sign_out()
    assert not await another.is_let_in(again)
    assert await another.is_let_in(given)


async def test_an_account_that_is_disabled_at_its_holder_s_every_desk_is_out_at_once(
    sign_in: Way, door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    await sign_in(visitor)
    await another.sign_in("p.admin", code=door.code("p.admin"))
    request = accounts_pb2.DisableAccountRequest(user_name="n.okafor")
    assert (await another.call(another.accounts.DisableAccount, request)).ended_sessions == 1
    assert not await visitor.is_let_in()
    assert await reason(sign_in(visitor)) == "SIGN_IN_REFUSED"
    assert door.recorded("sign_in_refused")[-1] == ("sign_in_refused", {"account": "n.okafor"})


async def test_an_idle_session_ends_and_so_does_one_that_is_used_all_the_time(
    sign_in: Way, door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    said = await sign_in(visitor)
    await sign_in(another)
    door.pass_by(said.idle_seconds - 1)
    assert await visitor.is_let_in()
    door.pass_by(2)
    assert not await another.is_let_in()
    for _ in range(12 * 60 * 60 // (said.idle_seconds - 1)):
        assert await visitor.is_let_in()
        door.pass_by(said.idle_seconds - 1)
    assert not await visitor.is_let_in()
    await until(lambda: [body["why"] for _, body in door.recorded("session_ended")][-2:] == ["idle", "expiry"])


async def test_each_sign_in_tells_of_the_last_and_signing_out_everywhere_ends_them_all_and_nobody_else_s(
    sign_in: Way, visitor: Visitor, another: Visitor
) -> None:
    opened = [await sign_in(visitor) for _ in range(3)]
    tokens = [session.token for session in opened]
    # Each has been told when somebody did so before.
    assert opened[0].last_signed_in_ms < opened[1].last_signed_in_ms < opened[2].last_signed_in_ms
    await another.sign_in("s.patel")
    await visitor.sign_out(everywhere=True)
    assert [await visitor.is_let_in(token) for token in tokens] == [False] * 3
    assert await another.is_let_in()


async def test_stepping_up_gives_another_token_and_the_old_one_is_dead_at_once(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    first = (await visitor.sign_in("with.codes", code=door.code("with.codes"))).token
    second = await visitor.step_up(door.code("with.codes", 1))
    assert second != first
    assert not await another.is_let_in(first)
    assert await visitor.is_let_in()
    another.token = first
    assert await reason(another.step_up("123456")) == "NOT_SIGNED_IN"


async def test_of_two_who_step_up_one_session_with_one_token_one_is_left_with_nothing(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    passkey, token = Authenticator(origin=ORIGIN), (await visitor.sign_in()).token
    await visitor.register(passkey)
    another.token = token
    attempts = await asyncio.gather(
        visitor.step_up_with(passkey), another.step_up_with(passkey), return_exceptions=True
    )
    assert sorted(isinstance(attempt, str) for attempt in attempts) == [False, True]
    assert len(door.hub.sessions) == 1
    assert not await visitor.is_let_in(token)


async def test_a_refused_step_up_leaves_the_session_as_it_was_and_is_recorded(
    door: FrontDoor, visitor: Visitor
) -> None:
    token = (await visitor.sign_in("with.codes", code=door.code("with.codes"))).token
    assert await reason(visitor.step_up("000000")) == "CODE_REFUSED"
    assert await visitor.is_let_in(token)
    await visitor.step_up(door.code("with.codes", 1))
    kinds = [kind for kind, body in door.recorded() if body.get("requester") == "with.codes"]
    assert kinds == ["signed_in", "step_up_refused", "stepped_up"]


async def test_a_code_that_signed_somebody_in_neither_signs_in_nor_steps_up_again(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    code = door.code("with.codes")
    await visitor.sign_in("with.codes", code=code)
    assert await reason(another.sign_in("with.codes", code=code)) == "SIGN_IN_REFUSED"
    assert await reason(visitor.step_up(code)) == "CODE_REFUSED"
    # Eight of the same code at once are one code.
    following = door.code("with.codes", 1)
    attempts = [another.sign_in("with.codes", code=following) for _ in range(8)]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(outcome, sessions_pb2.SignInResponse) for outcome in outcomes) == 1


async def test_a_device_s_token_opens_nothing_by_itself(visitor: Visitor, another: Visitor) -> None:
    device = (await visitor.sign_in()).device
    assert len(device) == 43
    assert not await another.is_let_in(device)
    for password in ("", device, "wrong"):
        assert await reason(another.sign_in(password=password, device=device)) == "SIGN_IN_REFUSED"


async def guess(visitor: Visitor, user_name: str, times: int = 12) -> None:
    """Guess at a password until no guess of a stranger's is evaluated any more."""
    for number in range(times):
        assert await reason(visitor.sign_in(user_name, f"guess number {number}")) == "SIGN_IN_REFUSED"


async def test_whoever_guesses_keeps_strangers_out_and_the_holder_s_own_device_in(
    visitor: Visitor, another: Visitor
) -> None:
    device = (await visitor.sign_in()).device
    foreign = (await visitor.sign_in("s.patel")).device
    await guess(another, "n.okafor")
    assert await reason(another.sign_in()) == "SIGN_IN_REFUSED"
    # Another account's device, a made-up one and one that is nearly right count as none.
    for claimed in (foreign, secrets.token_urlsafe(32), device[:-1], device.swapcase(), device * 40):
        assert await reason(another.sign_in(device=claimed)) == "SIGN_IN_REFUSED"
    known = await another.sign_in(device=device)
    assert known.device == ""


async def test_the_other_sessions_end_when_the_password_is_changed_and_the_old_one_opens_nothing(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    await visitor.sign_in()
    await another.sign_in()
    wrong = accounts_pb2.ChangePasswordRequest(present="wrong", password="juniper-lantern-quarry")
    assert await reason(visitor.call(visitor.credentials.ChangePassword, wrong)) == "CURRENT_PASSWORD_REFUSED"
    assert await another.is_let_in()
    right = accounts_pb2.ChangePasswordRequest(present=PASSWORD, password="juniper-lantern-quarry")
    assert (await visitor.call(visitor.credentials.ChangePassword, right)).ended_sessions == 1
    assert not await another.is_let_in()
    assert await visitor.is_let_in()
    assert await reason(another.sign_in()) == "SIGN_IN_REFUSED"
    assert await another.sign_in(password="juniper-lantern-quarry")
    assert door.recorded("account_change%") == [
        ("account_change_refused", {"what": "password", "account": "n.okafor"}),
        ("account_changed", {"what": "password_changed", "account": "n.okafor", "actor": "n.okafor"}),
    ]


async def test_an_invitation_ends_the_sessions_that_are_open_and_holds_once(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    device = (await visitor.sign_in()).device
    await another.sign_in("p.admin", code=door.code("p.admin"))
    reset = accounts_pb2.ResetPasswordRequest(user_name="n.okafor")
    token = (await another.call(another.accounts.ResetPassword, reset)).invitation.token
    assert await visitor.is_let_in()
    assert not await visitor.is_let_in(token)
    accepted = accounts_pb2.AcceptInvitationRequest(token=token, password="juniper-lantern-quarry")
    given = await visitor.call(visitor.credentials.AcceptInvitation, accepted)
    assert given.device not in ("", device)
    assert not await visitor.is_let_in()
    assert await reason(visitor.sign_in(device=device)) == "SIGN_IN_REFUSED"
    assert await visitor.sign_in(password="juniper-lantern-quarry", device=given.device)
    # Used, made up, another token altogether: none holds, and nobody is told which it was.
    unused = secrets.token_urlsafe(32)
    refusals = [
        await told(visitor.call(visitor.credentials.AcceptInvitation, type(accepted)(token=wrong, password="x" * 20)))
        for wrong in (token, unused, visitor.token, "")
    ]
    assert len(set(refusals)) == 1
    assert await visitor.is_let_in()


SHOWN = (
    (),
    (("authorization", "Bearer "),),
    (("authorization", "Bearer null"),),
    (("authorization", "Basic bi5va2Fmb3I6a2VzdHJlbA=="),),
    (("authorization", "bearer TOKEN"),),
    (("authorization", "Bearer TOKENx"),),
    (("authorization", "Bearer  TOKEN"),),
    (("authorization", "TOKEN"),),
    (("cookie", "token=TOKEN"),),
    (("token", "TOKEN"),),
    (("authorization", "Bearer of nothing"), ("authorization", "Bearer TOKEN")),
)


async def test_a_token_counts_only_where_the_contract_has_it(visitor: Visitor) -> None:
    token = (await visitor.sign_in()).token
    menu = questions_pb2_grpc.QuestionServiceStub(visitor.channel).Menu
    for shown in SHOWN:
        metadata = tuple((key, value.replace("TOKEN", token)) for key, value in shown)
        call = menu(questions_pb2.MenuRequest(), metadata=metadata, timeout=PATIENCE_SECONDS)
        assert await reason(call) == "NOT_SIGNED_IN", shown
    # A session is no way to sign in.
    assert await reason(visitor.sign_in(password="")) == "SIGN_IN_REFUSED"
    assert await visitor.is_let_in(token)
