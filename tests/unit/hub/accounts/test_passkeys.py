import asyncio
import contextlib
import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import base64url_to_bytes

from hub.accounts import ceremonies
from hub.accounts.challenges import LIFETIME_SECONDS, Challenges
from hub.accounts.shares import MOST_OF_ONE
from hub.errors import InvalidRequest, NotAllowed, SignInRefused, TooMuch
from tests.lib.authenticator import PRESENT, VERIFIED, Authenticator
from tests.unit.hub.accounts.scene import PARTY, Clock, Scene, desk_over

Change = Callable[[Authenticator], object]


def new_authenticator() -> Authenticator:
    return Authenticator(origin=PARTY.origin)


async def registered(scene: Scene, user_name: str = "n.okafor") -> Authenticator:
    """Give an account a passkey, as its browser would."""
    authenticator, passkeys = new_authenticator(), scene.desk.passkeys
    response = authenticator.register(await passkeys.begin_registration(user_name))
    await passkeys.finish_registration(user_name, response, "Telephone")
    return authenticator


async def refusal(scene: Scene, response: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        await scene.desk.passkeys.finish_sign_in(response)
    return refused.value


async def test_a_passkey_signs_its_holder_in_strongly_without_a_name_or_a_password(scene: Scene) -> None:
    authenticator = await registered(scene)
    for _ in range(3):
        response = authenticator.sign_in(await scene.desk.passkeys.begin_sign_in())
        signed_in = await scene.desk.passkeys.finish_sign_in(response)
        assert signed_in.requester.user_name == "n.okafor"
        assert signed_in.is_strong
    assert signed_in.last_signed_in_ms == scene.clock.ms()


async def test_beginning_to_sign_in_tells_nobody_who_has_a_passkey(scene: Scene) -> None:
    before = json.loads(await scene.desk.passkeys.begin_sign_in())
    await registered(scene)
    after = json.loads(await scene.desk.passkeys.begin_sign_in())
    assert before.pop("challenge") != after.pop("challenge")
    assert before == after
    assert after["allowCredentials"] == []
    assert after["userVerification"] == "required"


async def test_what_the_authenticator_keeps_does_not_name_the_account(scene: Scene) -> None:
    options = json.loads(await scene.desk.passkeys.begin_registration("n.okafor"))
    assert b"okafor" not in base64url_to_bytes(options["user"]["id"])
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"


async def test_passkeys_that_synchronise_and_do_not_count_are_taken(scene: Scene) -> None:
    authenticator = await registered(scene)
    authenticator.steps = 0
    for _ in range(2):
        await scene.desk.passkeys.finish_sign_in(authenticator.sign_in(await scene.desk.passkeys.begin_sign_in()))


LIES: dict[str, Change] = {
    "another origin": lambda one: setattr(one, "origin", "https://hub.example.org.attacker.example"),
    "the origin without TLS": lambda one: setattr(one, "origin", "http://hub.example.org"),
    "another relying party": lambda one: setattr(one, "rp_id", "attacker.example"),
    "nobody there": lambda one: setattr(one, "flags", VERIFIED),
    "nobody verified": lambda one: setattr(one, "flags", PRESENT),
    "another challenge": lambda one: one.client_says.update(challenge="AAAA"),
    "another ceremony": lambda one: one.client_says.update(type="webauthn.other"),
    "a page inside another's page": lambda one: one.client_says.update(crossOrigin=True),
}
SIGN_IN_LIES: dict[str, Change] = {
    **LIES,
    "another key": lambda one: setattr(one, "key", ec.generate_private_key(ec.SECP256R1())),
    "a count that goes back": lambda one: setattr(one, "steps", -3),
    "a count that stands still": lambda one: setattr(one, "steps", 0),
    "a passkey that nobody has": lambda one: setattr(one, "credential_id", b"x" * 32),
    "another holder": lambda one: setattr(one, "user_handle", ceremonies.user_handle("s.patel")),
    "no holder": lambda one: setattr(one, "user_handle", b""),
}


@pytest.mark.parametrize("lie", SIGN_IN_LIES)
async def test_an_authenticator_that_lies_signs_nobody_in_and_is_told_nothing(scene: Scene, lie: str) -> None:
    authenticator = await registered(scene)
    for _ in range(3):
        await scene.desk.passkeys.finish_sign_in(authenticator.sign_in(await scene.desk.passkeys.begin_sign_in()))
    SIGN_IN_LIES[lie](authenticator)
    said = await refusal(scene, authenticator.sign_in(await scene.desk.passkeys.begin_sign_in()))
    with pytest.raises(SignInRefused) as usual:
        await scene.sign_in(password="wrong")
    assert (said.reason, said.message, said.mend) == (usual.value.reason, usual.value.message, usual.value.mend)


@pytest.mark.parametrize("lie", LIES)
async def test_an_authenticator_that_lies_registers_no_passkey(scene: Scene, lie: str) -> None:
    authenticator = new_authenticator()
    LIES[lie](authenticator)
    response = authenticator.register(await scene.desk.passkeys.begin_registration("n.okafor"))
    with pytest.raises(InvalidRequest, match="could not be registered"):
        await scene.desk.passkeys.finish_registration("n.okafor", response, "Telephone")
    assert await scene.desk.passkeys.of("n.okafor") == ()


async def test_a_response_is_taken_once(scene: Scene) -> None:
    authenticator = await registered(scene)
    response = authenticator.sign_in(await scene.desk.passkeys.begin_sign_in())
    await scene.desk.passkeys.finish_sign_in(response)
    assert (await refusal(scene, response)).account == "n.okafor"


async def test_a_response_that_does_not_count_is_taken_once_too(scene: Scene) -> None:
    authenticator = await registered(scene)
    authenticator.steps = 0
    response = authenticator.sign_in(await scene.desk.passkeys.begin_sign_in())
    await scene.desk.passkeys.finish_sign_in(response)
    await refusal(scene, response)


async def test_of_the_same_response_twice_at_once_one_is_taken(scene: Scene) -> None:
    authenticator = await registered(scene)
    response = authenticator.sign_in(await scene.desk.passkeys.begin_sign_in())
    finish = scene.desk.passkeys.finish_sign_in
    done = await asyncio.gather(*(finish(response) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, SignInRefused) for one in done) == 3


async def test_a_challenge_is_good_for_its_own_ceremony_and_holder_only(scene: Scene) -> None:
    scene.add("s.patel")
    passkeys, authenticator = scene.desk.passkeys, await registered(scene)
    for options in (await passkeys.begin_registration("n.okafor"), await passkeys.begin_registration("s.patel")):
        as_sign_in = json.dumps({"challenge": json.loads(options)["challenge"], "rpId": PARTY.id})
        await refusal(scene, authenticator.sign_in(as_sign_in))
    response = new_authenticator().register(await passkeys.begin_registration("s.patel"))
    with pytest.raises(InvalidRequest):
        await passkeys.finish_registration("n.okafor", response, "Telephone")


async def test_a_challenge_ends(scene: Scene) -> None:
    authenticator = await registered(scene)
    options = await scene.desk.passkeys.begin_sign_in()
    scene.clock.now += LIFETIME_SECONDS
    await refusal(scene, authenticator.sign_in(options))


async def test_a_passkey_of_another_account_cannot_be_registered_again(scene: Scene) -> None:
    scene.add("s.patel")
    authenticator, passkeys = await registered(scene), scene.desk.passkeys
    response = authenticator.register(await passkeys.begin_registration("s.patel"))
    with pytest.raises(InvalidRequest):
        await passkeys.finish_registration("s.patel", response, "Stolen")
    (kept,) = await passkeys.of("n.okafor")
    assert kept.user_name == "n.okafor"


async def test_an_account_that_may_not_sign_in_may_not_with_a_passkey_either(scene: Scene) -> None:
    authenticator = await registered(scene)
    scene.levels.clear()
    said = await refusal(scene, authenticator.sign_in(await scene.desk.passkeys.begin_sign_in()))
    assert said.account == "n.okafor"


async def test_a_holder_who_is_signed_in_confirms_with_a_passkey_once(scene: Scene) -> None:
    authenticator, passkeys = await registered(scene), scene.desk.passkeys
    options = await passkeys.begin_confirmation("n.okafor")
    assert len(json.loads(options)["allowCredentials"]) == 1
    response = authenticator.sign_in(options)
    await passkeys.finish_confirmation("n.okafor", response)
    with pytest.raises(SignInRefused, match="passkey") as refused:
        await passkeys.finish_confirmation("n.okafor", response)
    assert refused.value.account == "n.okafor"


async def test_nobody_confirms_with_another_s_passkey_or_with_a_sign_in(scene: Scene) -> None:
    scene.add("s.patel")
    passkeys, mine, theirs = scene.desk.passkeys, await registered(scene), await registered(scene, "s.patel")
    for holder, response in (
        ("n.okafor", theirs.sign_in(await passkeys.begin_confirmation("n.okafor"))),
        ("n.okafor", mine.sign_in(await passkeys.begin_confirmation("s.patel"))),
        ("n.okafor", mine.sign_in(await passkeys.begin_sign_in())),
        ("n.okafor", "{}"),
    ):
        with pytest.raises(SignInRefused, match="passkey"):
            await passkeys.finish_confirmation(holder, response)
    await refusal(scene, mine.sign_in(await passkeys.begin_confirmation("n.okafor")))


async def test_an_identifier_that_is_longer_than_the_standard_has_it_is_not_kept(scene: Scene) -> None:
    authenticator = new_authenticator()
    authenticator.credential_id = b"x" * 1_024
    response = authenticator.register(await scene.desk.passkeys.begin_registration("n.okafor"))
    with pytest.raises(InvalidRequest):
        await scene.desk.passkeys.finish_registration("n.okafor", response, "Telephone")


async def test_a_passkey_that_was_removed_signs_nobody_in(scene: Scene) -> None:
    authenticator, passkeys = await registered(scene), scene.desk.passkeys
    assert not await passkeys.remove("s.patel", authenticator.credential_id)
    assert await passkeys.remove("n.okafor", authenticator.credential_id)
    await refusal(scene, authenticator.sign_in(await passkeys.begin_sign_in()))


async def test_an_account_has_so_many_passkeys_and_each_a_label(scene: Scene) -> None:
    for label in ("", "x" * 101, "two\nlines"):
        response = new_authenticator().register(await scene.desk.passkeys.begin_registration("n.okafor"))
        with pytest.raises(InvalidRequest, match="label"):
            await scene.desk.passkeys.finish_registration("n.okafor", response, label)
    for _ in range(20):
        await registered(scene)
    with pytest.raises(TooMuch):
        await registered(scene)


async def test_only_an_account_that_there_is_registers_passkeys(scene: Scene) -> None:
    with pytest.raises(InvalidRequest, match="no such account"):
        await scene.desk.passkeys.begin_registration("nobody")


async def test_a_hub_without_a_domain_takes_no_passkeys_and_says_so(scene: Scene) -> None:
    passkeys = desk_over(scene.kept, scene.passwords, scene.clock, lambda: scene.levels, party=None).passkeys
    for attempt in (
        passkeys.begin_sign_in(),
        passkeys.finish_sign_in("{}"),
        passkeys.begin_registration("n.okafor"),
        passkeys.finish_registration("n.okafor", "{}", "Telephone"),
        passkeys.begin_confirmation("n.okafor"),
        passkeys.finish_confirmation("n.okafor", "{}"),
    ):
        with pytest.raises(NotAllowed, match="no passkeys"):
            await attempt


def test_challenges_are_bounded_and_the_oldest_goes_first() -> None:
    clock = Clock()
    challenges = Challenges(clock, most_open=100)
    first, *others = [challenges.issue("signing in") for _ in range(101)]
    assert len(challenges) == 100
    assert not challenges.take(first, "signing in")
    assert all(challenges.take(one, "signing in") for one in others)
    challenges.issue("signing in")
    clock.now += LIFETIME_SECONDS
    challenges.issue("signing in")
    assert len(challenges) == 1


def test_whoever_begins_again_and_again_loses_their_own_challenges_and_nobody_else_s() -> None:
    challenges = Challenges(Clock())
    mine = challenges.issue("signing in", source="198.51.100.7")
    first, *others = [challenges.issue("signing in", source="192.0.2.1") for _ in range(MOST_OF_ONE + 1)]
    assert not challenges.take(first, "signing in")
    assert all(challenges.take(one, "signing in") for one in (mine, *others))
    assert (len(challenges), len(challenges._shares)) == (0, 0)


@given(st.text() | st.recursive(st.none() | st.booleans() | st.text() | st.integers(), st.lists).map(json.dumps))
def test_whatever_is_no_response_proves_nothing(text: str) -> None:
    for read in (ceremonies.read_assertion, ceremonies.read_registration):
        with pytest.raises(ceremonies.NotProved):
            read(text)


@given(st.data())
def test_a_response_with_a_passage_changed_fails_in_one_way_only(data: st.DataObject) -> None:
    challenge = "A" * 43
    asked = {"challenge": challenge, "rp": {"id": PARTY.id}, "user": {"id": "dXNlcg"}, "rpId": PARTY.id}
    response = new_authenticator().register(json.dumps(asked))
    at = data.draw(st.integers(0, len(response) - 1))
    changed = response[:at] + data.draw(st.characters()) + response[at + data.draw(st.integers(1, 60)) :]
    with contextlib.suppress(ceremonies.NotProved):
        credential, said = ceremonies.read_registration(changed)
        ceremonies.verify_registration(PARTY, credential, said)


def test_a_response_that_is_too_large_is_not_read() -> None:
    with pytest.raises(ceremonies.NotProved):
        ceremonies.read_assertion(" " * (ceremonies.LONGEST_RESPONSE + 1))
