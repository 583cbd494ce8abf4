import asyncio
import threading
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from hub.accounts.hashing_cost import HashingCost
from hub.accounts.password_rules import LONGEST_PASSWORD
from hub.accounts.passwords import Passwords
from hub.accounts.sign_in import LONGEST_USER_NAME, MOST_LOOKING, MOST_STRANGERS
from hub.errors import SignInRefused, TooMuch
from hub.model.account import Account
from hub.store.accounts import Accounts
from hub.store.tables import metadata
from tests.unit.hub.accounts.scene import PASSWORD, Scene

WRONG = "kestrel harbour thimbles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody whom another provider has signed in."""

    issuer: str = "https://login.example.org"
    subject: str = "248289"
    is_strong: bool = True


async def refusal(scene: Scene, **given: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        await scene.sign_in(**given)
    return refused.value


async def test_name_and_password_together_open_the_door(scene: Scene) -> None:
    scene.add("s.patel", access_level="social_worker", agency="social_care", areas=("north", "east"))
    signed_in = await scene.sign_in("s.patel")
    requester = signed_in.requester
    assert (requester.user_name, requester.access_level, requester.agency) == (
        "s.patel",
        "social_worker",
        "social_care",
    )
    assert requester.areas == ("north", "east")
    assert not signed_in.is_strong


async def test_the_last_sign_in_is_told_at_the_next(scene: Scene) -> None:
    assert (await scene.sign_in()).last_signed_in_ms is None
    at_ms = scene.clock.ms()
    scene.clock.now += 86_400
    await refusal(scene, password=WRONG)
    assert (await scene.sign_in()).last_signed_in_ms == at_ms


async def test_every_refusal_reads_the_same(scene: Scene) -> None:
    scene.add("disabled", disabled=True)
    scene.add("gone", access_level="gone")
    scene.add("no.level", access_level="")
    scene.add("no.password", password_hash="")
    scene.add("with.codes")
    await scene.enrol("with.codes")
    used = scene.code("with.codes")
    await scene.sign_in("with.codes", code=used)
    refusals = [
        await refusal(scene, user_name="nobody"),
        await refusal(scene, password=WRONG),
        await refusal(scene, user_name=""),
        await refusal(scene, password=""),
        await refusal(scene, user_name="n" * 10_000),
        await refusal(scene, password="p" * 10_000),
        await refusal(scene, user_name="N.OKAFOR"),
        await refusal(scene, user_name="n.okafor\x00"),
        await refusal(scene, user_name="n.okafor\ud800"),
        await refusal(scene, user_name="disabled"),
        await refusal(scene, user_name="gone"),
        await refusal(scene, user_name="no.level"),
        await refusal(scene, user_name="no.password", password=""),
        await refusal(scene, user_name="no.password"),
        await refusal(scene, user_name="with.codes"),
        await refusal(scene, user_name="with.codes", code="000000"),
        await refusal(scene, user_name="with.codes", code=used),
        await refusal(scene, user_name="with.codes", password=WRONG, code=scene.code("with.codes", 1)),
    ]
    refusals += [await refusal(scene, user_name="gone", password=WRONG) for _ in range(11)]
    assert {(said.reason, said.message, said.mend, said.field, str(said)) for said in refusals} == {
        (refusals[0].reason, refusals[0].message, refusals[0].mend, "", refusals[0].message)
    }


async def test_the_hub_s_own_record_learns_which_account_was_tried_but_not_what_was_typed(scene: Scene) -> None:
    assert (await refusal(scene, password=WRONG)).account == "n.okafor"
    assert (await refusal(scene, user_name="my-secret-password")).account == ""


@pytest.mark.parametrize(
    "given",
    [
        {"user_name": "n" * (LONGEST_USER_NAME + 1)},
        {"password": "p" * (LONGEST_PASSWORD + 1)},
        {"user_name": "n.okafor\ud800"},
        {"user_name": "ñ.okafor"},
    ],
)
async def test_what_cannot_be_a_name_or_a_password_never_reaches_the_store(
    scene: Scene, given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(type(scene.kept.accounts), "find", lambda _self, name: asked.append(name))
    await refusal(scene, **given)
    assert asked == []


async def test_a_name_that_nobody_has_is_looked_up_as_often_and_finds_as_much(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.sign_in()
    found: list[bool] = []
    find = type(scene.kept.accounts).find

    def recording(accounts: Accounts, name: str) -> Account | None:
        account = find(accounts, name)
        found.append(account is not None)
        return account

    monkeypatch.setattr(type(scene.kept.accounts), "find", recording)
    await refusal(scene, password=WRONG)
    await refusal(scene, user_name="nobody")
    assert found == [True, False, False, True]


async def test_a_level_that_the_policy_no_longer_knows_lets_nobody_in(scene: Scene) -> None:
    scene.levels.clear()
    await refusal(scene)


async def test_an_account_with_an_authenticator_needs_its_code(scene: Scene) -> None:
    await scene.enrol()
    await refusal(scene)
    await refusal(scene, code="123456x")
    assert (await scene.sign_in(code=scene.code())).is_strong


async def test_a_code_may_be_a_step_early_or_late_and_typed_with_a_space(scene: Scene) -> None:
    await scene.enrol()
    await refusal(scene, code=scene.code(steps=-2))
    await refusal(scene, code=scene.code(steps=2))
    late = scene.code(steps=-1)
    await scene.sign_in(code=f"{late[:3]} {late[3:]}")
    await scene.sign_in(code=scene.code(steps=1))


async def test_a_code_works_once(scene: Scene) -> None:
    await scene.enrol()
    code = scene.code()
    await scene.sign_in(code=code)
    await refusal(scene, code=code)
    scene.clock.now += 30
    await refusal(scene, code=code)
    await scene.sign_in(code=scene.code())


async def test_a_code_works_once_for_two_at_the_same_moment_in_two_processes(scene: Scene) -> None:
    await scene.enrol()
    other = scene.another_process()
    for _ in range(5):
        scene.clock.now += 60
        code = scene.code()
        desks = (scene.desk, other, scene.desk, other)
        mine = [Scene(**{**_parts(scene), "desk": desk}).sign_in(code=code) for desk in desks]
        done = await asyncio.gather(*mine, return_exceptions=True)
        assert sum(not isinstance(one, BaseException) for one in done) == 1
        assert all(isinstance(one, SignInRefused) for one in done if isinstance(one, BaseException))


def _parts(scene: Scene) -> dict[str, object]:
    return {name: getattr(scene, name) for name in Scene.__dataclass_fields__}


async def test_a_code_that_came_with_a_wrong_password_is_not_used_up(scene: Scene) -> None:
    await scene.enrol()
    await refusal(scene, password=WRONG, code=scene.code())
    await scene.sign_in(code=scene.code())


async def test_a_seed_that_was_moved_to_another_account_opens_nothing(scene: Scene) -> None:
    scene.add("s.patel")
    await scene.enrol()
    await scene.enrol("s.patel")
    with scene.engine.begin() as connection:
        connection.exec_driver_sql(
            "update code_seed set sealed = (select sealed from code_seed where user_name = 's.patel')"
        )
    await refusal(scene, code=scene.code("s.patel"))
    await scene.sign_in("s.patel", code=scene.code("s.patel"))


async def test_a_new_device_is_given_a_token_and_is_known_from_then_on(scene: Scene) -> None:
    token = (await scene.sign_in()).device
    assert len(token) >= 43
    assert (await scene.sign_in(device=token)).device == ""
    scene.add("s.patel")
    other = (await scene.sign_in("s.patel", device=token)).device
    assert other
    assert other != token
    assert token not in _everything_kept(scene)


def _everything_kept(scene: Scene) -> str:
    with scene.engine.connect() as connection:
        return repr([connection.execute(sa.select(table)).all() for table in metadata.tables.values()])


async def test_a_hash_of_another_cost_is_made_anew_at_the_next_good_sign_in(scene: Scene) -> None:
    old = Passwords(HashingCost(memory_kib=128, passes=2))
    scene.kept.accounts.set_password("n.okafor", old.hash(PASSWORD))
    old.close()
    before = scene.account().password_hash
    await refusal(scene, password=WRONG)
    assert scene.account().password_hash == before
    await scene.sign_in()
    assert scene.account().password_hash != before
    assert not scene.passwords.is_outdated(scene.account().password_hash)
    await scene.sign_in()


async def test_a_flood_is_refused_alike_for_everyone_and_leaves_room_for_known_devices(scene: Scene) -> None:
    device = (await scene.sign_in()).device
    go_on, held = threading.Event(), scene.passwords._threads
    blocking = [held.submit(go_on.wait, 10) for _ in range(held._max_workers)]
    flood = [asyncio.ensure_future(scene.sign_in(("nobody", "n.okafor")[number % 2])) for number in range(100)]
    done, waiting = await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
    while len(done) < 100 - MOST_STRANGERS:
        finished, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        done |= finished
    mine = asyncio.ensure_future(scene.sign_in(device=device))
    while not (mine.done() or scene.desk.sign_in._known.taken):  # noqa: ASYNC110  (a place has no event to wait for)
        await asyncio.sleep(0)
    go_on.set()
    assert (await mine).requester.user_name == "n.okafor"
    busy = [one.exception() for one in done]
    assert all(isinstance(one, TooMuch) for one in busy)
    assert {(one.reason, one.message, one.mend) for one in busy if isinstance(one, TooMuch)} == {
        ("SIGN_INS_BUSY", str(busy[0]), "Try again in a few seconds.")
    }
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert len(results) == MOST_STRANGERS
    assert not [one for one in results if isinstance(one, TooMuch)]
    assert all(one.result() for one in blocking)


async def test_a_look_has_a_place_too(scene: Scene) -> None:
    flood = await asyncio.gather(*(scene.sign_in() for _ in range(MOST_LOOKING + 1)), return_exceptions=True)
    assert isinstance(flood[-1], TooMuch)


async def test_an_external_identity_opens_the_account_that_it_is_tied_to(scene: Scene) -> None:
    scene.kept.identities.add("https://login.example.org", "248289", "n.okafor")
    signed_in = await scene.desk.sign_in.sign_in_external(Identity())
    assert signed_in.requester.user_name == "n.okafor"
    assert signed_in.is_strong
    weak = await scene.desk.sign_in.sign_in_external(Identity(is_strong=False))
    assert not weak.is_strong
    assert weak.last_signed_in_ms == scene.clock.ms()


@pytest.mark.parametrize("identity", [Identity(subject="9"), Identity(issuer="https://other.example.org")])
async def test_an_external_identity_that_is_tied_to_nobody_is_refused_in_the_same_words(
    scene: Scene, identity: Identity
) -> None:
    scene.kept.identities.add("https://login.example.org", "248289", "n.okafor")
    with pytest.raises(SignInRefused) as refused:
        await scene.desk.sign_in.sign_in_external(identity)
    assert (refused.value.message, refused.value.account) == ((await refusal(scene, password=WRONG)).message, "")


async def test_a_disabled_account_is_closed_to_external_identities_too(scene: Scene) -> None:
    scene.add("disabled", disabled=True)
    scene.kept.identities.add("https://login.example.org", "248289", "disabled")
    with pytest.raises(SignInRefused) as refused:
        await scene.desk.sign_in.sign_in_external(Identity())
    assert refused.value.account == "disabled"


async def test_what_is_shown_and_given_at_sign_in_is_not_in_any_repr(scene: Scene) -> None:
    await scene.enrol()
    signed_in = await scene.sign_in(code=scene.code())
    assert signed_in.device not in repr(signed_in)
    assert "argon2" not in repr(scene.account())
