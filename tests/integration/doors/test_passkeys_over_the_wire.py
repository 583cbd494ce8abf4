"""Passkeys over the wire: made within a session, used to sign in and to step up, removed, and never anybody else's."""

import asyncio
import time

import pyotp
from sharing.v1 import accounts_pb2, sessions_pb2

from tests.integration.doors.front_door import ORIGIN, FrontDoor
from tests.integration.doors.visitor import Visitor, reason, told
from tests.lib.authenticator import PRESENT, Authenticator


def new_passkey() -> Authenticator:
    return Authenticator(origin=ORIGIN)


async def begin_codes(visitor: Visitor) -> pyotp.TOTP:
    """Have a seed made, which does not count yet."""
    seed = (await visitor.call(visitor.credentials.BeginTotp, accounts_pb2.BeginTotpRequest())).seed
    return pyotp.TOTP(seed)


async def confirm_codes(visitor: Visitor, codes: pyotp.TOTP) -> str:
    """Make a seed count, and keep the new token."""
    request = accounts_pb2.ConfirmTotpRequest(code=codes.at(time.time()))
    visitor.token = (await visitor.call(visitor.credentials.ConfirmTotp, request)).token
    return visitor.token


async def test_a_passkey_is_registered_signs_in_steps_up_and_is_removed(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    passkey = new_passkey()
    await visitor.sign_in()
    factor = await visitor.register(passkey, "Telephone")
    assert await visitor.factors() == ["Telephone"]

    said = await another.sign_in_with(passkey)
    assert (said.access_level, said.is_stepped_up, said.device) == ("health_visitor", True, "")
    assert said.last_signed_in_ms > 0

    # The session that made the passkey has not shown it.
    assert await reason(visitor.remove(factor.id)) == "STEP_UP_NEEDED"
    before = visitor.token
    assert await visitor.step_up_with(passkey) != before
    await visitor.remove(factor.id)
    assert await visitor.factors() == []
    assert await reason(another.sign_in_with(passkey)) == "SIGN_IN_REFUSED"
    kinds = [kind for kind, _ in door.recorded()]
    assert kinds == [
        "authorities_trusted",
        "signed_in",
        "account_changed",
        "signed_in",
        "stepped_up",
        "account_changed",
        "sign_in_refused",
    ]
    # Whose it was is not known any more, and nothing else is kept of it.
    assert door.recorded("sign_in_refused") == [("sign_in_refused", {"account": ""})]


async def test_the_first_factor_needs_a_session_and_each_further_one_a_fresh_second_factor(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    assert await reason(visitor.register(new_passkey())) == "NOT_SIGNED_IN"
    first, second = new_passkey(), new_passkey()
    await visitor.sign_in()
    await another.sign_in()
    await visitor.register(first, "First")
    begin = accounts_pb2.BeginPasskeyRequest()
    assert await reason(another.call(another.credentials.BeginPasskey, begin)) == "STEP_UP_NEEDED"
    assert await reason(begin_codes(another)) == "STEP_UP_NEEDED"
    await another.step_up_with(first)
    await another.register(second, "Second")
    assert await visitor.factors() == ["First", "Second"]
    # What was shown counts for a while only.
    door.pass_by(door.hub.sessions.rules.idle_seconds - 1)
    assert await visitor.is_let_in()
    assert await another.is_let_in()
    door.pass_by(2)
    assert await reason(another.register(new_passkey())) == "STEP_UP_NEEDED"


async def test_what_was_begun_as_the_first_factor_is_not_finished_beside_another_one(
    visitor: Visitor, another: Visitor
) -> None:
    """Try to add a factor of one's own with a stolen session, after the holder has added theirs."""
    await visitor.sign_in()
    another.token = visitor.token
    codes = await begin_codes(another)
    asked = await another.call(another.credentials.BeginPasskey, accounts_pb2.BeginPasskeyRequest())
    await visitor.register(new_passkey(), "The holder's")
    assert await reason(confirm_codes(another, codes)) == "STEP_UP_NEEDED"
    request = accounts_pb2.FinishPasskeyRequest(
        credential_json=new_passkey().register(asked.options_json), label="The thief's"
    )
    assert await reason(another.call(another.credentials.FinishPasskey, request)) == "STEP_UP_NEEDED"
    assert await visitor.factors() == ["The holder's"]


async def test_confirming_codes_gives_the_session_another_token(visitor: Visitor, another: Visitor) -> None:
    before = (await visitor.sign_in()).token
    codes = await begin_codes(visitor)
    wrong = accounts_pb2.ConfirmTotpRequest(code="000000")
    assert await reason(visitor.call(visitor.credentials.ConfirmTotp, wrong)) == "CODE_REFUSED"
    assert await confirm_codes(visitor, codes) != before
    assert not await another.is_let_in(before)
    # From now on the password alone is not enough, and the code that confirmed the seed is used up.
    used = codes.at(time.time())
    assert await reason(another.sign_in()) == "SIGN_IN_REFUSED"
    assert await reason(another.sign_in(code=used)) == "SIGN_IN_REFUSED"
    assert (await another.sign_in(code=codes.at(time.time(), counter_offset=1))).is_stepped_up


async def test_refused_changes_of_factors_are_recorded_before_they_are_told(door: FrontDoor, visitor: Visitor) -> None:
    await visitor.sign_in()
    codes = await begin_codes(visitor)
    wrong = accounts_pb2.ConfirmTotpRequest(code="000000")
    assert await reason(visitor.call(visitor.credentials.ConfirmTotp, wrong)) == "CODE_REFUSED"
    await confirm_codes(visitor, codes)
    assert await reason(visitor.remove("totp", password="wrong", code="000000")) == "CODE_REFUSED"
    refusals = door.recorded("account_change_refused")
    assert refusals == [("account_change_refused", {"account": "n.okafor", "what": "codes"})] * 2
    assert await visitor.factors() == ["Codes of an authenticator"]


async def test_another_account_s_passkey_steps_nobody_up_and_counts_neither_way(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    mine, theirs = new_passkey(), new_passkey()
    await visitor.sign_in()
    await visitor.register(mine)
    await another.sign_in("s.patel")
    await another.register(theirs)
    token = visitor.token
    assert await reason(visitor.step_up_with(theirs)) == "PASSKEY_REFUSED"
    # Nor does one's own passkey with what another account's session was given to sign.
    options = await another.step_up_options()
    request = sessions_pb2.StepUpRequest(credential_json=mine.sign_in(options))
    assert await reason(visitor.call(visitor.sessions.StepUp, request)) == "PASSKEY_REFUSED"
    assert await visitor.is_let_in(token)
    assert [body["requester"] for _, body in door.recorded("step_up_refused")] == ["n.okafor"] * 2
    assert await visitor.step_up_with(mine)


async def test_what_was_signed_to_sign_in_does_not_step_up_nor_the_other_way_round(visitor: Visitor) -> None:
    passkey = new_passkey()
    await visitor.sign_in()
    await visitor.register(passkey)
    request = sessions_pb2.StepUpRequest(credential_json=passkey.sign_in(await visitor.passkey_options()))
    assert await reason(visitor.call(visitor.sessions.StepUp, request)) == "PASSKEY_REFUSED"
    stepping = passkey.sign_in(await visitor.step_up_options())
    assert await reason(visitor.finish_passkey(stepping)) == "SIGN_IN_REFUSED"


async def test_an_answer_is_good_once_and_a_count_that_goes_back_is_refused(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    passkey = new_passkey()
    await visitor.sign_in()
    await visitor.register(passkey)
    response = passkey.sign_in(await visitor.passkey_options())
    await another.finish_passkey(response)
    assert await reason(another.finish_passkey(response)) == "SIGN_IN_REFUSED"
    # Somebody has copied the passkey, and the copy does not know how often the other one was used.
    passkey.sign_count -= 1
    assert await reason(another.sign_in_with(passkey)) == "SIGN_IN_REFUSED"
    passkey.sign_count -= 1
    assert await reason(visitor.step_up_with(passkey)) == "PASSKEY_REFUSED"
    assert door.recorded("sign_in_refused") == [("sign_in_refused", {"account": "n.okafor"})] * 2


async def test_of_one_answer_that_is_brought_eight_times_at_once_one_opens_a_session(
    door: FrontDoor, visitor: Visitor, another: Visitor
) -> None:
    passkey = new_passkey()
    await visitor.sign_in()
    await visitor.register(passkey)
    response = passkey.sign_in(await visitor.passkey_options())
    outcomes = await asyncio.gather(*(another.finish_passkey(response) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, sessions_pb2.SignInResponse) for outcome in outcomes) == 1
    assert len(door.hub.sessions) == 2


async def test_lies_of_a_browser_are_refused_in_the_words_of_every_sign_in(visitor: Visitor, another: Visitor) -> None:
    usual = await told(another.sign_in(password="wrong"))
    passkey = new_passkey()
    await visitor.sign_in()
    await visitor.register(passkey)
    honest = {"origin": passkey.origin, "rp_id": "", "flags": passkey.flags, "user_handle": passkey.user_handle}
    lies = (
        {"origin": "https://hub.example.org.evil.example"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"user_handle": b"somebody else"},
        {"client_says": {"crossOrigin": True}},
        {"client_says": {"type": "webauthn.create"}},
        {"key": new_passkey().key},
        {"credential_id": b"nobody's"},
    )
    for lie in lies:
        liar = Authenticator(**{**vars(passkey), **honest, **lie})  # type: ignore[arg-type]  # each is of its field's type
        assert await told(another.sign_in_with(liar)) == usual, lie
        passkey.sign_count = liar.sign_count
    for nonsense in ("", "{}", "null", "[" * 5_000, '{"id": "\\ud800"}', "x" * 16_000):
        assert await told(another.finish_passkey(nonsense)) == usual
    assert await another.sign_in_with(passkey)


async def test_a_factor_that_is_not_there_cannot_be_removed(visitor: Visitor) -> None:
    passkey = new_passkey()
    await visitor.sign_in()
    await visitor.register(passkey)
    await visitor.step_up_with(passkey)
    for factor in ("", "AAAA", "not base64 at all", "é" * 300):
        assert await reason(visitor.remove(factor)) == "NO_SUCH_FACTOR", factor
    assert await reason(visitor.remove("totp", password="x", code="1")) == "NO_AUTHENTICATOR"
    assert len(await visitor.factors()) == 1


async def test_another_account_s_passkey_cannot_be_removed(visitor: Visitor, another: Visitor) -> None:
    mine, theirs = new_passkey(), new_passkey()
    await visitor.sign_in()
    await visitor.register(mine)
    await visitor.step_up_with(mine)
    await another.sign_in("s.patel")
    factor = await another.register(theirs)
    assert await reason(visitor.remove(factor.id)) == "NO_SUCH_FACTOR"
    assert len(await another.factors()) == 1
