import asyncio

import pytest

from hub.errors import InvalidRequest, NotReady, SignInRefused
from hub.model.account import InvitationKind
from tests.unit.hub.accounts.scene import PASSWORD, Scene

NEW = "curlew over the reservoir"
FIRST, AGAIN = InvitationKind.FIRST_PASSWORD, InvitationKind.NEW_PASSWORD
DAY = 86_400


async def refused(scene: Scene, token: str, password: str = NEW) -> str:
    with pytest.raises(SignInRefused) as refusal:
        await scene.desk.own_password.set_password_by_invitation(token, password)
    assert token not in f"{refusal.value.message} {refusal.value.mend}"
    return refusal.value.message


async def test_an_account_without_a_password_is_opened_by_an_invitation_and_by_nothing_else(scene: Scene) -> None:
    scene.add("s.patel", password_hash="")
    for password in ("", PASSWORD):
        with pytest.raises(SignInRefused):
            await scene.sign_in("s.patel", password)
    token = await scene.desk.own_password.invite("s.patel", FIRST)
    redeemed = await scene.desk.own_password.set_password_by_invitation(token, NEW)
    assert redeemed.user_name == "s.patel"
    signed_in = await scene.sign_in("s.patel", NEW, device=redeemed.device)
    assert signed_in.device == ""
    assert redeemed.device not in repr(redeemed)


async def test_an_invitation_holds_once_and_is_kept_as_a_digest_only(scene: Scene) -> None:
    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    assert len(token) >= 43
    with scene.engine.connect() as connection:
        assert token not in repr(connection.exec_driver_sql("select * from invitation").all())
    await scene.desk.own_password.set_password_by_invitation(token, NEW)
    assert await refused(scene, token) == await refused(scene, "another") == await refused(scene, "\ud800")
    await scene.sign_in(password=NEW)
    with pytest.raises(SignInRefused):
        await scene.sign_in()


async def test_of_two_who_use_an_invitation_at_the_same_moment_one_does(scene: Scene) -> None:
    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    desks = (scene.desk, scene.another_process(), scene.desk)
    attempts = [desk.own_password.set_password_by_invitation(token, f"{NEW} {n}") for n, desk in enumerate(desks)]
    done = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(isinstance(one, SignInRefused) for one in done) == [False, True, True]


@pytest.mark.parametrize(("kind", "days"), [(FIRST, 7), (AGAIN, 1)])
async def test_an_invitation_ends(scene: Scene, kind: InvitationKind, days: int) -> None:
    token = await scene.desk.own_password.invite("n.okafor", kind)
    scene.clock.now += days * DAY
    await refused(scene, token)
    token = await scene.desk.own_password.invite("n.okafor", kind)
    scene.clock.now += days * DAY - 1
    await scene.desk.own_password.set_password_by_invitation(token, NEW)


async def test_a_newer_invitation_replaces_the_older(scene: Scene) -> None:
    older = await scene.desk.own_password.invite("n.okafor", AGAIN)
    newer = await scene.desk.own_password.invite("n.okafor", AGAIN)
    await refused(scene, older)
    await scene.desk.own_password.set_password_by_invitation(newer, NEW)


async def test_a_password_that_breaks_a_rule_does_not_use_an_invitation_up(scene: Scene) -> None:
    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    for password in ("short", "passwordpassword", "n.okafor health hub"):
        with pytest.raises(InvalidRequest):
            await scene.desk.own_password.set_password_by_invitation(token, password)
    await scene.desk.own_password.set_password_by_invitation(token, NEW)


async def test_a_new_password_leaves_the_authenticator(scene: Scene) -> None:
    await scene.enrol()
    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    await scene.desk.own_password.set_password_by_invitation(token, NEW)
    with pytest.raises(SignInRefused):
        await scene.sign_in(password=NEW)


async def test_devices_that_were_known_are_so_no_longer_after_an_invitation(scene: Scene) -> None:
    device = (await scene.sign_in()).device
    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    await scene.desk.own_password.set_password_by_invitation(token, NEW)
    assert (await scene.sign_in(password=NEW, device=device)).device


async def test_nobody_is_invited_to_an_account_that_there_is_not(scene: Scene) -> None:
    with pytest.raises(InvalidRequest, match="no such account"):
        await scene.desk.own_password.invite("nobody", FIRST)


async def test_the_holder_changes_the_password_with_the_present_one(scene: Scene) -> None:
    change = scene.desk.own_password.change_password
    with pytest.raises(SignInRefused) as refusal:
        await change("n.okafor", current=NEW, new=NEW)
    assert refusal.value.account == "n.okafor"
    with pytest.raises(InvalidRequest, match="15"):
        await change("n.okafor", current=PASSWORD, new="wxkjqzvb")
    await change("n.okafor", current=PASSWORD, new=NEW)
    await scene.sign_in(password=NEW)


async def test_guessing_the_present_password_in_a_stolen_session_ends(scene: Scene) -> None:
    change = scene.desk.own_password.change_password
    for number in range(10):
        with pytest.raises(SignInRefused):
            await change("n.okafor", current=f"guess number {number}", new=NEW)
    with pytest.raises(SignInRefused):
        await change("n.okafor", current=PASSWORD, new=NEW)
    scene.clock.now += 3_600
    await change("n.okafor", current=PASSWORD, new=NEW)


async def test_a_password_that_will_stand_alone_is_long_enough_for_that(scene: Scene) -> None:
    scene.add("s.patel", password_hash="")
    token = await scene.desk.own_password.invite("s.patel", FIRST)
    with pytest.raises(InvalidRequest, match="15"):
        await scene.desk.own_password.set_password_by_invitation(token, "wxkjqzvb")
    await scene.desk.own_password.set_password_by_invitation(token, NEW)


async def test_an_invitation_that_cannot_be_recorded_still_holds_afterwards(scene: Scene) -> None:
    async def unrecorded(_user_name: str) -> None:
        raise NotReady("AUDIT_UNWRITABLE", "It cannot be recorded.")

    token = await scene.desk.own_password.invite("n.okafor", AGAIN)
    with pytest.raises(NotReady):
        await scene.desk.own_password.set_password_by_invitation(token, NEW, before=unrecorded)
    await scene.sign_in()
    await scene.desk.own_password.set_password_by_invitation(token, NEW)
    await scene.sign_in(password=NEW)
