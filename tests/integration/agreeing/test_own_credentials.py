"""What people do with their own account: password, second factors, stepping up and signing out everywhere."""

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pyotp
import pytest
from sharing.v1 import accounts_pb2, questions_pb2, sessions_pb2

from tests.lib.administration import Administration, Seat, administration_of, make_administration, refusal_of
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD, open_deployment

NURSE = "n.okafor"
NEW_PASSWORD = "lantern-orchard-ferry"
ORIGIN = "https://hub.example"
PASSKEYS = f'[sign_in]\nrelying_party = "hub.example"\norigin = "{ORIGIN}"\n'


@pytest.fixture(scope="module")
def _with_passkeys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_administration(tmp_path_factory.mktemp("with passkeys"), settings=PASSKEYS).folder


@pytest.fixture
async def administration(_with_passkeys: Path, tmp_path: Path) -> AsyncIterator[Administration]:
    shutil.copytree(_with_passkeys, tmp_path / "deployment")
    async with administration_of(open_deployment(tmp_path / "deployment")) as administration:
        yield administration


async def menu(seat: Seat) -> questions_pb2.MenuResponse:
    return await seat.call(seat.questions.Menu, questions_pb2.MenuRequest())


async def change(seat: Seat, present: str, password: str = NEW_PASSWORD) -> int:
    request = accounts_pb2.ChangePasswordRequest(present=present, password=password)
    return (await seat.call(seat.credentials.ChangePassword, request)).ended_sessions


async def step_up(seat: Seat, code: str) -> sessions_pb2.StepUpResponse:
    return await seat.call(seat.sessions.StepUp, sessions_pb2.StepUpRequest(code=code))


async def factors(seat: Seat) -> list[str]:
    found = await seat.call(seat.credentials.ListFactors, accounts_pb2.ListFactorsRequest())
    return [factor.id for factor in found.factors]


async def begin_totp(seat: Seat) -> accounts_pb2.BeginTotpResponse:
    return await seat.call(seat.credentials.BeginTotp, accounts_pb2.BeginTotpRequest())


async def begin_passkey(seat: Seat) -> str:
    return (await seat.call(seat.credentials.BeginPasskey, accounts_pb2.BeginPasskeyRequest())).options_json


async def finish_passkey(seat: Seat, options: str) -> accounts_pb2.FinishPasskeyResponse:
    credential = Authenticator(origin=ORIGIN).register(options)
    request = accounts_pb2.FinishPasskeyRequest(credential_json=credential, label="A key")
    return await seat.call(seat.credentials.FinishPasskey, request)


async def remove(seat: Seat, factor: str, *, password: str = "", code: str = "") -> None:
    request = accounts_pb2.RemoveFactorRequest(id=factor, password=password, code=code)
    await seat.call(seat.credentials.RemoveFactor, request)


def refused_codes(administration: Administration) -> list[str]:
    return [one["requester"] for one in administration.audited() if one["kind"] == "step_up_refused"]


async def test_a_changed_password_ends_the_other_sessions(administration: Administration) -> None:
    nurse, other = await administration.signed_in(NURSE), await administration.signed_in(NURSE)
    assert await refusal_of(change(nurse, "wrong-harbour-thimble")) == "CURRENT_PASSWORD_REFUSED"
    assert await refusal_of(change(nurse, PASSWORD, "short")) != "CURRENT_PASSWORD_REFUSED"
    assert (await menu(other)).questions
    assert await change(nurse, PASSWORD) == 1
    assert await refusal_of(menu(other)) == "NOT_SIGNED_IN"
    assert (await menu(nurse)).questions
    assert await refusal_of(administration.sign_in(NURSE)) == "SIGN_IN_REFUSED"
    assert "password_changed" in {one.get("what") for one in administration.audited()}


async def test_the_first_factor_needs_no_fresh_one_and_every_later_one_does(administration: Administration) -> None:
    nurse = await administration.seat(NURSE, fresh=False)
    codes = await administration.enrol(nurse)
    assert await factors(nurse) == ["totp"]
    stale = await administration.seat(NURSE, fresh=False)
    for call in (begin_totp(stale), begin_passkey(stale), remove(stale, "totp", password=PASSWORD)):
        assert await refusal_of(call) == "STEP_UP_NEEDED"
    await finish_passkey(nurse, await begin_passkey(nurse))
    assert len(await factors(nurse)) == 2
    later = administration.turn_codes(60)
    assert await refusal_of(step_up(stale, codes.at(later - 600))) == "CODE_REFUSED"
    stale.hold((await step_up(stale, codes.at(later))).token)
    await finish_passkey(stale, await begin_passkey(stale))
    assert len(await factors(stale)) == 3


async def test_a_session_that_began_before_there_was_a_factor_adds_none_beside_it(
    administration: Administration,
) -> None:
    """Who has got hold of a session begins early, and waits until its holder has added the first factor."""
    holder, thief = [await administration.seat(NURSE, fresh=False) for _ in range(2)]
    options, seed = await begin_passkey(thief), (await begin_totp(thief)).seed
    await finish_passkey(holder, await begin_passkey(holder))
    assert await refusal_of(finish_passkey(thief, options)) == "STEP_UP_NEEDED"
    confirm = accounts_pb2.ConfirmTotpRequest(code=pyotp.TOTP(seed).now())
    assert await refusal_of(thief.call(thief.credentials.ConfirmTotp, confirm)) == "STEP_UP_NEEDED"
    assert len(await factors(holder)) == 1


async def test_stepping_up_gives_the_session_another_token(administration: Administration) -> None:
    nurse = await administration.seat(NURSE)
    codes = await administration.enrol(nurse)
    session = await administration.seat(NURSE, fresh=False)
    later = administration.turn_codes(60)
    said = await step_up(session, codes.at(later))
    assert (said.seconds, said.token != session.token) == (900, True)
    assert await refusal_of(menu(session)) == "NOT_SIGNED_IN"
    session.hold(said.token)
    assert (await menu(session)).questions
    assert await refusal_of(step_up(session, codes.at(later))) == "CODE_REFUSED"
    assert (await menu(session)).questions
    assert refused_codes(administration) == [NURSE]


async def test_confirming_an_authenticator_gives_the_session_another_token(administration: Administration) -> None:
    nurse = await administration.seat(NURSE, fresh=False)
    before = Seat(nurse.channel, nurse.token, user_name=NURSE)
    await administration.enrol(nurse)
    assert await refusal_of(menu(before)) == "NOT_SIGNED_IN"
    assert (await menu(nurse)).questions


async def test_wrong_codes_are_counted_recorded_and_at_last_not_looked_at(administration: Administration) -> None:
    nurse = await administration.seat(NURSE)
    codes = await administration.enrol(nurse)
    later = administration.turn_codes(60)
    for number in range(10):
        assert await refusal_of(step_up(nurse, f"{number:06}")) == "CODE_REFUSED"
    assert await refusal_of(step_up(nurse, codes.at(later))) == "CODE_REFUSED"
    assert refused_codes(administration) == [NURSE] * 11
    assert await refusal_of(step_up(nurse, "")) == "CODE_MISSING"


async def test_a_factor_is_removed_by_who_has_just_shown_one(administration: Administration) -> None:
    nurse = await administration.seat(NURSE)
    codes = await administration.enrol(nurse)
    passkey = (await finish_passkey(nurse, await begin_passkey(nurse))).factor.id
    for odd in ("", "no-such", "ÿ", "a" * 2_000):
        assert await refusal_of(remove(nurse, odd)) == "NO_SUCH_FACTOR"
    await remove(nurse, passkey)
    assert await factors(nurse) == ["totp"]
    later = administration.turn_codes(60)
    assert await refusal_of(remove(nurse, "totp", password="wrong-harbour-thimble", code=codes.at(later)))
    assert await refusal_of(remove(nurse, "totp", password=PASSWORD, code=codes.at(later - 600)))
    await remove(nurse, "totp", password=PASSWORD, code=codes.at(later))
    assert await factors(nurse) == []
    removed = [one for one in administration.audited() if one.get("what") == "factor_removed"]
    assert [one["account"] for one in removed] == [NURSE, NURSE]


async def test_signing_out_everywhere_ends_every_session_of_that_account(administration: Administration) -> None:
    nurse, other, social_worker = [await administration.seat(name) for name in (NURSE, NURSE, "s.patel")]
    await nurse.call(nurse.sessions.SignOut, sessions_pb2.SignOutRequest(everywhere=True))
    for seat in (nurse, other):
        assert await refusal_of(menu(seat)) == "NOT_SIGNED_IN"
    assert (await menu(social_worker)).questions


async def test_the_last_sign_in_is_shown_at_the_next(administration: Administration) -> None:
    began = int(time.time() * 1_000)
    assert (await administration.sign_in(NURSE)).last_signed_in_ms == 0
    assert began <= (await administration.sign_in(NURSE)).last_signed_in_ms <= int(time.time() * 1_000)
