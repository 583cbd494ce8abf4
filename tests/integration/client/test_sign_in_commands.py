"""The commands of everybody's sign-in: devices, codes, step-up, invitations, providers."""

import asyncio
import json
import re
import stat

import grpc
import pytest
from sharing.v1 import accounts_pb2, sessions_pb2

from tests.integration.client.desk import PASSWORD, Desk
from tests.lib.scripted_hub import Refusal
from tests.unit.hub.client import agreed_sample, sample

NEW = "kestrel-harbour-thimble"


def known() -> sessions_pb2.SignInResponse:
    session = sample.session()
    session.device = "a-device"
    session.last_signed_in_ms = sample.ASKED_MS
    session.notices.append("Publication 7 was an emergency and awaits its review.")
    return session


async def sign_in(desk: Desk, user: str, *words: str, typed: str = PASSWORD + "\n") -> sessions_pb2.SignInRequest:
    ran = await desk.run("signin", user, "--password-file", "-", *words, typed=typed)
    assert ran.code == 0, ran.err
    request = desk.hub.script.named("SignIn")[-1].request
    assert isinstance(request, sessions_pb2.SignInRequest)
    return request


async def test_a_folder_is_known_to_the_hub_from_the_first_sign_in_on_for_each_user_by_itself(desk: Desk) -> None:
    desk.hub.script.say("SignIn", known())
    assert (await sign_in(desk, "r.adeyemi")).device == ""
    assert (await sign_in(desk, "r.adeyemi")).device == "a-device"
    assert (await sign_in(desk, "n.okafor")).device == ""
    kept = desk.folder / "device"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text(encoding="ascii")) == {"r.adeyemi": "a-device", "n.okafor": "a-device"}


async def test_a_device_that_others_could_have_read_is_not_shown_to_the_hub(desk: Desk) -> None:
    desk.hub.script.say("SignIn", known())
    await sign_in(desk, "r.adeyemi")
    (desk.folder / "device").chmod(0o644)
    assert (await sign_in(desk, "r.adeyemi")).device == ""


async def test_whoever_signs_in_sees_when_they_did_so_before_and_what_everybody_must_know(desk: Desk) -> None:
    desk.hub.script.say("SignIn", known())
    said = " ".join((await desk.sign_in()).out.split())
    assert "You signed in before at 2026-11-23 02:13:19 (UTC)." in said
    assert "Notice: Publication 7 was an emergency" in said
    assert "does not know this folder" not in said


async def test_where_nothing_is_remembered_it_is_said(desk: Desk) -> None:
    said = " ".join((await desk.sign_in()).out.split())
    assert "Nobody has signed in to this account before." in said
    assert "The hub does not know this folder" in said


async def test_a_code_may_come_with_the_password_from_the_same_stream_or_as_an_option(desk: Desk) -> None:
    given = await sign_in(desk, "r.adeyemi", "--code-file", "-", typed=f"{PASSWORD}\n123456\n")
    assert (given.password, given.code) == (PASSWORD, "123456")
    assert (await sign_in(desk, "r.adeyemi", "--code", "654321")).code == "654321"
    assert (await sign_in(desk, "r.adeyemi")).code == ""


async def test_a_refused_code_leaves_the_session_open(desk: Desk) -> None:
    desk.be_signed_in()
    refused = Refusal(code=grpc.StatusCode.UNAUTHENTICATED, message="Not accepted.", reason="CODE_REFUSED")
    desk.hub.script.say("StepUp", refused)
    ran = await desk.run("stepup", "--code", "123456")
    assert ran.code == 3
    assert desk.token.exists()


async def test_stepping_up_replaces_the_session_s_token(desk: Desk) -> None:
    desk.be_signed_in()
    ran = await desk.run("stepup", "--code-file", "-", typed="123456\n")
    assert "counts as just given for 15 minutes" in ran.out
    assert desk.token.read_text(encoding="ascii").strip() == "stepped-up"
    assert stat.S_IMODE(desk.token.stat().st_mode) == 0o600
    assert (await desk.run("stepup", "--code", "1", "--json")).document == {"seconds": 900}
    assert desk.hub.script.named("StepUp")[1].authorization == "Bearer stepped-up"


async def test_signing_out_everywhere_is_asked_of_the_hub(desk: Desk) -> None:
    desk.be_signed_in()
    assert "everywhere" in (await desk.run("signout", "--everywhere")).out
    (call,) = desk.hub.script.named("SignOut")
    assert isinstance(call.request, sessions_pb2.SignOutRequest)
    assert call.request.everywhere
    assert not desk.token.exists()


async def test_an_invitation_is_accepted_without_a_session_and_never_as_a_word_of_the_command(desk: Desk) -> None:
    words = ("accept", "--token-file", "-", "--password-file", "-")
    ran = await desk.run(*words, typed=f"an-invitation\n{NEW}\n")
    assert "hub signin n.okafor" in ran.out
    (call,) = desk.hub.script.named("AcceptInvitation")
    assert call.request == accounts_pb2.AcceptInvitationRequest(token="an-invitation", password=NEW)
    assert call.authorization == ""
    assert json.loads((desk.folder / "device").read_text(encoding="ascii")) == {"n.okafor": "a-device"}
    assert (await desk.run("accept", "an-invitation")).code == 2
    assert (await desk.run("accept")).code == 2


async def test_a_password_is_changed_within_the_session(desk: Desk) -> None:
    desk.be_signed_in()
    words = ("password", "--present-file", "-", "--new-file", "-")
    ran = await desk.run(*words, "--json", typed=f"{PASSWORD}\n{NEW}\n")
    assert ran.document == {"ended_sessions": 2}
    (call,) = desk.hub.script.named("ChangePassword")
    assert call.request == accounts_pb2.ChangePasswordRequest(present=PASSWORD, password=NEW)
    assert NEW not in ran.out + ran.err


async def test_second_factors_are_listed_added_confirmed_and_removed(desk: Desk) -> None:
    desk.be_signed_in()
    assert "Authenticator" in (await desk.run("factor", "list")).out
    begun = agreed_sample.begun()
    assert (await desk.run("factor", "add", "--json")).document == {"uri": begun.uri, "seed": begun.seed}
    shown = (await desk.run("factor", "add")).out
    assert f"Seed: {begun.seed}" in shown
    assert "hub factor confirm CODE" in shown
    assert (await desk.run("factor", "confirm", "123456")).code == 0
    assert desk.token.read_text(encoding="ascii").strip() == "stepped-up"
    assert (await desk.run("factor", "remove", "a-passkey", "--json")).document["factors"]
    words = ("factor", "remove", "totp", "--password-file", "-", "--code-file", "-")
    assert (await desk.run(*words, typed=f"{PASSWORD}\n123456\n")).code == 0
    assert [call.request for call in desk.hub.script.named("RemoveFactor")] == [
        accounts_pb2.RemoveFactorRequest(id="a-passkey"),
        accounts_pb2.RemoveFactorRequest(id="totp", password=PASSWORD, code="123456"),
    ]
    assert (await desk.run("factor", "remove", "totp")).code == 2


async def test_providers_are_listed_without_a_session(desk: Desk) -> None:
    assert "hub signin --with trust" in (await desk.run("issuers")).out
    document = (await desk.run("issuers", "--json")).document
    assert document == {"issuers": [{"id": "trust", "title": "The trust's own sign-in"}]}


@pytest.mark.parametrize(
    "words", [(), ("r.adeyemi", "--with", "trust"), ("--with", "trust", "--code", "1")], ids=" ".join
)
async def test_it_must_be_clear_who_signs_in(desk: Desk, words: tuple[str, ...]) -> None:
    assert (await desk.run("signin", *words)).code == 2
    assert not desk.hub.script.calls


async def browse(port: int, target: str, *, host: str = "") -> str:
    """Ask the listener for a page, as a browser does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{port}'}\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer.decode()


async def begun_at_provider(
    desk: Desk, url: str = "https://login.example.org/auth?state=s-1"
) -> asyncio.subprocess.Process:
    desk.hub.script.say("BeginExternalSignIn", sessions_pb2.BeginExternalSignInResponse(url=url, handle="h-1"))
    desk.hub.script.say("FinishExternalSignIn", sessions_pb2.FinishExternalSignInResponse(session=known()))
    started = await desk.start("signin", "--with", "trust", "--no-browser")
    assert started.stderr is not None
    assert b"browser" in await started.stderr.readline()
    return started


def redirect_of(desk: Desk) -> tuple[int, str]:
    """Tell where the command said that it listens."""
    (call,) = desk.hub.script.named("BeginExternalSignIn")
    assert isinstance(call.request, sessions_pb2.BeginExternalSignInRequest)
    found = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/[\w-]+)", call.request.redirect_uri)
    assert found
    return int(found[1]), found[2]


async def test_a_provider_s_user_comes_back_to_this_machine_and_is_signed_in(desk: Desk) -> None:
    started = await begun_at_provider(desk)
    port, path = redirect_of(desk)
    page = await browse(port, f"{path}?state=s-1&code=c-1&iss=https%3A%2F%2Flogin.example.org")
    assert "go back to the terminal" in page
    assert "default-src 'none'" in page
    out, _ = await started.communicate()
    assert (started.returncode, "Ruth Adeyemi" in out.decode()) == (0, True)
    (call,) = desk.hub.script.named("FinishExternalSignIn")
    assert call.request == sessions_pb2.FinishExternalSignInRequest(
        handle="h-1", state="s-1", code="c-1", iss="https://login.example.org"
    )
    assert desk.token.exists()


async def test_what_does_not_bear_the_sign_in_s_own_state_changes_nothing(desk: Desk) -> None:
    started = await begun_at_provider(desk)
    port, path = redirect_of(desk)
    for target in ("/favicon.ico", f"{path}?code=stolen", f"{path}?state=s-2&code=stolen", f"{path}?state=s-1&state=x"):
        assert "404" in await browse(port, target)
    assert "404" in await browse(port, f"{path}?state=s-1&code=stolen", host="evil.example.org")
    assert "200" in await browse(port, f"{path}?state=s-1&code=c-1")
    assert await started.wait() == 0
    (call,) = desk.hub.script.named("FinishExternalSignIn")
    assert isinstance(call.request, sessions_pb2.FinishExternalSignInRequest)
    assert call.request.code == "c-1"


async def test_a_provider_that_refuses_is_said_without_its_own_text(desk: Desk) -> None:
    started = await begun_at_provider(desk)
    port, path = redirect_of(desk)
    await browse(port, f"{path}?state=s-1&error=access_denied&error_description=%1b%5b2Jowned")
    _, err = await started.communicate()
    assert started.returncode == 3
    assert "did not sign you in (access_denied)" in err.decode()
    assert "owned" not in err.decode()
    assert not desk.token.exists()


@pytest.mark.parametrize("url", ["file:///etc/passwd?state=s", "http://evil.example.org/?state=s", "https://a/?x=1"])
async def test_only_a_web_page_is_opened_in_the_browser(desk: Desk, url: str) -> None:
    desk.hub.script.say("BeginExternalSignIn", sessions_pb2.BeginExternalSignInResponse(url=url, handle="h-1"))
    started = await desk.start("signin", "--with", "trust", "--json", "--no-browser")
    try:
        # A command that took the address would wait for somebody to come back.
        async with asyncio.timeout(20):
            out, err = await started.communicate()
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()
    assert started.returncode == 1
    assert json.loads(out)["error"]["reason"] == "BAD_ANSWER"
    assert url not in err.decode()


async def test_the_menu_marks_what_needs_a_second_factor_and_a_view_says_what_was_taken_back(desk: Desk) -> None:
    desk.be_signed_in()
    menu, held, status = sample.menu(), sample.held(), sample.status()
    menu.questions[0].step_up = True
    held.withdrawn.append("r-gone")
    status.notices.append("Publication 7 awaits its review.")
    for name, message in (("Menu", menu), ("ListHeld", held), ("GetStatus", status)):
        desk.hub.script.say(name, message)
    assert "hub stepup" in (await desk.run("menu")).out
    assert "r-gone was taken back" in (await desk.run("view")).out
    assert (await desk.run("view", "--json")).document["withdrawn"] == ["r-gone"]
    said = (await desk.run("status")).out
    assert "(publication 3)" in said
    assert "Notice: Publication 7 awaits its review." in said
