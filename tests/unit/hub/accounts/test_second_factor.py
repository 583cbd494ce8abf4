from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from hub.accounts.sealing import Seal, SealBroken
from hub.errors import InvalidRequest, NotReady, SignInRefused
from tests.unit.hub.accounts.scene import PASSWORD, Scene, desk_over


async def refusal(scene: Scene, code: str) -> str:
    with pytest.raises(SignInRefused) as refused:
        await scene.desk.second_factor.confirm("n.okafor", code)
    assert refused.value.account == "n.okafor"
    return f"{refused.value.message} {refused.value.mend}"


async def test_an_authenticator_is_given_a_seed_of_160_bits_once(scene: Scene) -> None:
    enrolment = await scene.desk.second_factor.enrol("n.okafor")
    uri = urlsplit(enrolment.uri)
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Sharing%20hub:n.okafor")
    assert parse_qs(uri.query) == {"secret": [enrolment.seed], "issuer": ["Sharing hub"]}
    assert len(enrolment.seed) * 5 == 160
    assert enrolment.seed not in repr(enrolment)


async def test_no_code_is_asked_for_until_the_first_is_confirmed(scene: Scene) -> None:
    await scene.desk.second_factor.enrol("n.okafor")
    assert not (await scene.sign_in()).is_strong
    await scene.enrol()
    with pytest.raises(SignInRefused):
        await scene.sign_in()


async def test_an_authenticator_is_neither_replaced_nor_confirmed_by_a_wrong_code(scene: Scene) -> None:
    await scene.desk.second_factor.enrol("n.okafor")
    with pytest.raises(SignInRefused):
        await scene.desk.second_factor.finish_enrolment("n.okafor", "000000")
    await scene.enrol()
    with pytest.raises(InvalidRequest, match="already"):
        await scene.desk.second_factor.enrol("n.okafor")
    with pytest.raises(InvalidRequest, match="waits"):
        await scene.desk.second_factor.finish_enrolment("n.okafor", scene.code())


async def test_the_code_that_confirmed_an_authenticator_does_not_sign_in(scene: Scene) -> None:
    await scene.enrol()
    scene.clock.now -= 60
    with pytest.raises(SignInRefused):
        await scene.sign_in(code=scene.code())


async def test_a_seed_rests_sealed_with_a_key_that_is_not_in_the_store(scene: Scene) -> None:
    codes = await scene.enrol()
    with scene.engine.connect() as connection:
        sealed = connection.exec_driver_sql("select sealed from code_seed").scalar_one()
    assert codes.secret.encode() not in sealed
    assert Seal(b"k" * 32).open(sealed, "n.okafor").decode() == codes.secret
    for key, user_name in ((b"l" * 32, "n.okafor"), (b"k" * 32, "s.patel")):
        with pytest.raises(SealBroken):
            Seal(key).open(sealed, user_name)
    for broken in (sealed[:-1], sealed[:5], b"", bytes([sealed[0] ^ 1]) + sealed[1:]):
        with pytest.raises(SealBroken):
            Seal(b"k" * 32).open(broken, "n.okafor")


def test_a_key_of_another_length_is_no_key() -> None:
    with pytest.raises(ValueError, match="32"):
        Seal(b"k" * 16)


def test_the_same_seed_is_sealed_in_different_ways() -> None:
    seal = Seal(b"k" * 32)
    assert seal.seal(b"seed", "n.okafor") != seal.seal(b"seed", "n.okafor")


async def test_confirming_takes_a_code_once_wherever_it_was_used(scene: Scene) -> None:
    await scene.enrol()
    code = scene.code()
    await scene.desk.second_factor.confirm("n.okafor", code)
    await refusal(scene, code)
    with pytest.raises(SignInRefused):
        await scene.sign_in(code=code)
    scene.clock.now += 30
    await scene.sign_in(code=scene.code())
    assert await refusal(scene, scene.code()) == await refusal(scene, "000000")


async def test_guessing_codes_in_a_stolen_session_ends_and_is_over_for_the_right_code_too(scene: Scene) -> None:
    await scene.enrol()
    for number in range(10):
        await refusal(scene, f"{number:06}")
    await refusal(scene, scene.code())
    scene.clock.now += 3_600
    await scene.desk.second_factor.confirm("n.okafor", scene.code())


async def test_without_an_authenticator_there_is_nothing_to_confirm_by(scene: Scene) -> None:
    with pytest.raises(InvalidRequest, match="no authenticator"):
        await scene.desk.second_factor.confirm("n.okafor", "123456")
    await scene.desk.second_factor.enrol("n.okafor")
    with pytest.raises(InvalidRequest, match="no authenticator"):
        await scene.desk.second_factor.confirm("n.okafor", "123456")


async def test_an_authenticator_is_given_up_with_password_and_code(scene: Scene) -> None:
    await scene.enrol()
    remove = scene.desk.second_factor.remove
    with pytest.raises(SignInRefused):
        await remove("n.okafor", password="kestrel harbour", code=scene.code())
    with pytest.raises(SignInRefused):
        await remove("n.okafor", password=PASSWORD, code="000000")
    await remove("n.okafor", password=PASSWORD, code=scene.code())
    assert not (await scene.sign_in()).is_strong


async def test_a_password_that_is_too_short_to_stand_alone_keeps_its_authenticator(scene: Scene) -> None:
    await scene.enrol()
    await scene.desk.own_password.change_password("n.okafor", current=PASSWORD, new="wxkjqzvb")
    with pytest.raises(InvalidRequest, match="15"):
        await scene.desk.second_factor.remove("n.okafor", password="wxkjqzvb", code=scene.code())
    assert (await scene.sign_in(password="wxkjqzvb", code=scene.code())).is_strong


async def test_guessing_the_password_while_giving_up_the_authenticator_ends_too(scene: Scene) -> None:
    await scene.enrol()
    for number in range(10):
        with pytest.raises(SignInRefused):
            await scene.desk.second_factor.remove("n.okafor", password=f"guess number {number}", code=scene.code())
    with pytest.raises(SignInRefused):
        await scene.desk.second_factor.remove("n.okafor", password=PASSWORD, code=scene.code())


async def test_another_key_than_the_deployment_s_opens_no_account_with_an_authenticator(scene: Scene) -> None:
    await scene.enrol()
    code = scene.code()
    scene.desk = desk_over(scene.kept, scene.passwords, scene.clock, lambda: scene.levels, key=b"l" * 32)
    with pytest.raises(SignInRefused):
        await scene.sign_in(code=code)


async def unrecorded(_user_name: str) -> None:
    raise NotReady("AUDIT_UNWRITABLE", "It cannot be recorded.")


async def test_codes_are_neither_taken_into_use_nor_given_up_where_that_cannot_be_recorded(scene: Scene) -> None:
    factor = scene.desk.second_factor
    enrolment = await factor.enrol("n.okafor")
    scene.codes["n.okafor"] = pyotp.TOTP(enrolment.seed)
    with pytest.raises(NotReady):
        await factor.finish_enrolment("n.okafor", scene.code(), before=unrecorded)
    assert not await factor.is_confirmed("n.okafor")
    await scene.enrol()
    with pytest.raises(NotReady):
        await factor.remove("n.okafor", password=PASSWORD, code=scene.code(), before=unrecorded)
    assert await factor.is_confirmed("n.okafor")
