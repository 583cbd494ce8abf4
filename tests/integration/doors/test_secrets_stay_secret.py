"""Whatever opens something is in no log and in no file of the hub, in any form: tokens, passwords, codes, handles."""

import re
import time
from pathlib import Path

import pyotp
from sharing.v1 import accounts_pb2, sessions_pb2

from tests.integration.doors.conftest import SECRET
from tests.integration.doors.front_door import ORIGIN
from tests.integration.doors.test_provider_over_the_wire import PUBLIC, come_back, go, opened_with
from tests.integration.doors.visitor import Visitor, reason, visiting
from tests.integration.journey.canaries import Canaries, contents, files_of
from tests.lib.authenticator import Authenticator
from tests.lib.deployment import PASSWORD, HubProcess

NEW_PASSWORD = "juniper-lantern-quarry"


async def go_through_every_door(visitor: Visitor, opened_codes: list[str], canaries: Canaries) -> None:
    """Sign in and step up in every way, rightly and wrongly, and note all that is secret about it."""
    session = await visitor.sign_in()
    canaries.note(session.token, "token of a sign-in by password")
    canaries.note(session.device, "token of a device")
    await reason(visitor.sign_in(password=canaries.value("wrong password")))
    await reason(visitor.sign_in("with.codes", code=canaries.value("wrong code")))
    await reason(visitor.sign_in(canaries.value("name that nobody has")))
    await reason(visitor.sign_in(device=canaries.value("device that is none"), password="wrong"))
    for code in opened_codes:
        canaries.note((await visitor.sign_in("with.codes", code=code)).token, "token of a sign-in with a code")
    await visitor.sign_in(device=session.device)
    await change_password(visitor, canaries)
    await add_codes(visitor, canaries)
    await with_passkey(visitor, canaries)
    await through_provider(visitor, canaries)


async def change_password(visitor: Visitor, canaries: Canaries) -> None:
    wrong = accounts_pb2.ChangePasswordRequest(present=canaries.value("wrong present"), password=NEW_PASSWORD)
    await reason(visitor.call(visitor.credentials.ChangePassword, wrong))
    unfit = accounts_pb2.ChangePasswordRequest(present=PASSWORD, password=canaries.value("x")[:9])
    await reason(visitor.call(visitor.credentials.ChangePassword, unfit))
    right = accounts_pb2.ChangePasswordRequest(present=PASSWORD, password=NEW_PASSWORD)
    await visitor.call(visitor.credentials.ChangePassword, right)
    invited = accounts_pb2.AcceptInvitationRequest(token=canaries.value("invitation"), password=NEW_PASSWORD)
    await reason(visitor.call(visitor.credentials.AcceptInvitation, invited))


async def add_codes(visitor: Visitor, canaries: Canaries) -> None:
    begun = await visitor.call(visitor.credentials.BeginTotp, accounts_pb2.BeginTotpRequest())
    canaries.note(begun.seed, "seed of codes")
    request = accounts_pb2.ConfirmTotpRequest(code=pyotp.TOTP(begun.seed).at(time.time()))
    visitor.token = (await visitor.call(visitor.credentials.ConfirmTotp, request)).token
    canaries.note(visitor.token, "token of a session whose codes were confirmed")
    canaries.note(
        await visitor.step_up(pyotp.TOTP(begun.seed).at(time.time(), counter_offset=1)), "token of a step-up by code"
    )


async def with_passkey(visitor: Visitor, canaries: Canaries) -> None:
    passkey = Authenticator(origin=ORIGIN)
    await visitor.register(passkey)
    canaries.note(await visitor.step_up_with(passkey), "token of a step-up by passkey")
    canaries.note((await visitor.sign_in_with(passkey)).token, "token of a sign-in by passkey")
    forged = sessions_pb2.FinishPasskeySignInRequest(credential_json=canaries.value("no credential"))
    await reason(visitor.call(visitor.sessions.FinishPasskeySignIn, forged))


async def through_provider(visitor: Visitor, canaries: Canaries) -> None:
    stranger = canaries.note("a-stranger-of-the-provider", "name of a provider's user who is nobody here")
    for person in ("careful-person", stranger):
        handle, back = await go(visitor, PUBLIC, person)
        canaries.note(handle, "handle")
        canaries.note(back["state"], "state")
        canaries.note(back["code"], "code of the provider")
        if person == "careful-person":
            canaries.note((await come_back(visitor, handle, back)).token, "token of a sign-in through a provider")
        else:
            await reason(come_back(visitor, handle, back))
        await reason(visitor.finish_external(canaries.value("handle"), canaries.value("state"), canaries.value("code")))


def found(canaries: Canaries, *roots: Path) -> dict[str, list[str]]:
    """Name the files in which something secret is, but the one in which the operator keeps the provider's."""
    everywhere = contents(path for path in files_of(*roots) if path.name != "issuer.secret")
    return {path.name: secret for path, held in everywhere.items() if (secret := canaries.found_in(held))}


async def test_nothing_that_opens_something_is_in_the_log_or_in_any_file(
    tmp_path: Path, real_issuers: tuple[str, str]
) -> None:
    canaries, opened = Canaries(), opened_with(tmp_path / "deployment", real_issuers)
    for secret, where in ((PASSWORD, "password"), (NEW_PASSWORD, "new password"), (SECRET, "the provider's secret")):
        canaries.note(secret, where)
    canaries.note(opened.codes["with.codes"].secret, "seed of another account's codes")
    program = HubProcess(opened.deployment)
    everywhere = (opened.deployment.folder, program.log_file)
    try:
        ports = program.start()
        async with visiting(opened.deployment, ports.requesters) as visitor:
            await go_through_every_door(visitor, [opened.code("with.codes"), opened.code("with.codes", 1)], canaries)
            assert found(canaries, *everywhere) == {}, "while sessions are open"
        assert program.terminate() == 0
    finally:
        program.kill()
    assert found(canaries, *everywhere) == {}, "after the hub has ended"
    assert len(canaries.planted) > 30
    assert b"issuer.refused" in program.log()
    # The control: what is kept of an account is there, and would be found.
    kept = opened.deployment.kept()
    assert b"n.okafor" in kept
    assert re.search(rb"\$argon2id\$v=19\$m=19456,t=2,p=1\$", kept)
    (opened.deployment.folder / "data" / "control").write_text(f"... {next(iter(canaries.planted))}")
    assert found(canaries, *everywhere)
