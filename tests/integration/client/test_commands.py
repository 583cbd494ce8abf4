"""The commands as people and programs run them: real processes against a real server over TLS."""

import asyncio
import stat
import sys
from collections.abc import Sequence

import grpc
import pytest
from sharing.v1 import questions_pb2, sessions_pb2

from tests.integration.client.desk import ASK, PASSWORD, Desk
from tests.lib.scripted_hub import Refusal, ScriptedHub
from tests.unit.hub.client import sample

CODES = [
    (grpc.StatusCode.INVALID_ARGUMENT, 2),
    (grpc.StatusCode.UNAUTHENTICATED, 3),
    (grpc.StatusCode.PERMISSION_DENIED, 4),
    (grpc.StatusCode.UNAVAILABLE, 5),
    (grpc.StatusCode.NOT_FOUND, 6),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, 7),
    (grpc.StatusCode.INTERNAL, 1),
]


async def test_a_day_at_the_desk_ends_with_nothing_left(desk: Desk) -> None:
    signed_in = await desk.sign_in()
    assert signed_in.code == 0
    assert "Ruth Adeyemi: Health visitor" in signed_in.out
    assert stat.S_IMODE(desk.token.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700

    menu = await desk.run("menu")
    assert "child_services" in menu.out

    asked = await desk.run(*ASK)
    assert asked.code == 0
    assert "Children's social care holds something, and it is shown (21 ms)" in asked.out
    assert "3 of 5 agencies answered." in asked.out

    assert "r-7f3a" in (await desk.run("view")).out
    assert "3 Mill Lane" in (await desk.run("view", "r-7f3a")).out
    assert "has dropped it" in (await desk.run("close", "r-7f3a")).out
    assert "not connected" in (await desk.run("status")).out

    signed_out = await desk.run("signout")
    assert "has dropped them" in signed_out.out
    assert not desk.token.exists()
    assert sorted(path.name for path in desk.folder.iterdir()) == ["ca.pem", "client.toml"]


async def test_the_hub_is_sent_what_was_typed_with_the_sessions_proof(desk: Desk) -> None:
    await desk.sign_in()
    await desk.run(*ASK)
    (signed_in,) = desk.hub.script.named("SignIn")
    assert signed_in.request == sessions_pb2.SignInRequest(user_name="r.adeyemi", password=PASSWORD)
    (asked,) = desk.hub.script.named("Ask")
    assert isinstance(asked.request, questions_pb2.AskRequest)
    assert asked.request.person.nhs_number == "9994760009"
    assert asked.request.case_reference == "HV/2026-114"
    assert asked.authorization == f"Bearer {sample.session().token}"


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("menu",), {"policy_version", "questions"}),
        (("view",), {"held"}),
        (("view", "r-7f3a"), {"question", "people", "outcomes", "complete"}),
        (("close", "--all"), {"dropped_answers"}),
        (("status",), {"hub_version", "agencies"}),
        (ASK, {"question", "purpose", "policy_version", "request_id", "people", "outcomes", "complete"}),
        (("signout",), {"dropped_answers"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
async def test_with_json_stdout_is_one_document_and_nothing_else(
    desk: Desk, words: Sequence[str], keys: set[str]
) -> None:
    desk.be_signed_in()
    ran = await desk.run(*words, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert keys <= ran.document.keys()


async def test_the_options_for_all_commands_may_stand_before_or_after_the_command(desk: Desk) -> None:
    at = ("--at", str(desk.folder))
    signed_in = await desk.run(*at, "--json", "signin", "r", "--password-file", "-", typed=PASSWORD, HUB_AT="/nowhere")
    assert signed_in.document["display_name"] == "Ruth Adeyemi"
    assert (await desk.run("menu", *at, "--json", HUB_AT="/nowhere")).code == 0


@pytest.mark.parametrize(("code", "ends"), CODES, ids=str)
async def test_a_refusal_ends_with_its_code_and_one_error_document(
    desk: Desk, code: grpc.StatusCode, ends: int
) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Ask", Refusal(code=code, message="Not so.", reason="WHY", mend="Give --purpose, one of: a."))
    ran = await desk.run(*ASK, "--json")
    assert ran.code == ends
    assert ran.document == {"error": {"reason": "WHY", "message": "Not so.", "mend": "Give --purpose, one of: a."}}
    assert ran.err == "hub: Not so.\nGive --purpose, one of: a.\n"


async def test_a_sign_in_that_is_refused_leaves_no_token(desk: Desk) -> None:
    desk.hub.script.say("SignIn", Refusal(code=grpc.StatusCode.UNAUTHENTICATED, message="No.", reason="REFUSED"))
    ran = await desk.sign_in()
    assert ran.code == 3
    assert not desk.token.exists()
    assert PASSWORD not in ran.out + ran.err


async def test_a_session_that_is_over_is_forgotten(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Menu", Refusal(code=grpc.StatusCode.UNAUTHENTICATED, message="Over.", reason="ENDED"))
    assert (await desk.run("menu")).code == 3
    assert not desk.token.exists()
    again = await desk.run("menu")
    assert again.code == 3
    assert "hub signin USER" in again.err


async def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    await desk.sign_in()
    desk.hub.script.say("SignIn", sample.session(token="the-second"))
    await desk.sign_in()
    assert desk.token.read_text(encoding="ascii").strip() == "the-second"
    (ended,) = desk.hub.script.named("SignOut")
    assert ended.authorization == f"Bearer {sample.session().token}"


async def test_a_hub_that_cannot_be_reached_keeps_the_token_for_another_try(desk: Desk) -> None:
    desk.be_signed_in()
    settings = desk.folder / "client.toml"
    settings.write_text('address = "127.0.0.1:1"\nca = "ca.pem"\n', encoding="utf-8")
    ran = await desk.run("signout", "--json")
    assert ran.code == 5
    assert ran.document["error"]["reason"] == "UNREACHABLE"
    assert desk.token.exists()


async def test_what_answers_with_a_foreign_certificate_is_not_trusted_and_never_sees_the_token(desk: Desk) -> None:
    desk.be_signed_in()
    async with ScriptedHub() as other:
        (desk.folder / "client.toml").write_text(f'address = "{other.target}"\nca = "ca.pem"\n', encoding="utf-8")
        ran = await desk.run("menu")
    assert ran.code == 5
    assert ran.err.splitlines()[0] == "hub: What answers at the hub's address cannot prove that it is the hub."
    assert not other.script.calls


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("mneu",), "menu"),
        (("ask",), "QUESTION"),
        (("menu", "--colour"), "--colour"),
        (("close",), "--all"),
        (("close", "r-1", "--all"), "REQUEST_ID"),
        (("close", ""), "request id"),
        (("view", ""), "request id"),
        ((*ASK[:2], "--name", "Amina Khan", "--born", "6 May 2014", *ASK[4:]), "--born"),
        (ASK[:-2], "--case"),
        ((*ASK[:2], *ASK[4:]), "--nhs-number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
async def test_a_command_that_is_wrong_says_how_to_mend_it_and_sends_nothing(
    desk: Desk, words: Sequence[str], says: str
) -> None:
    desk.be_signed_in()
    ran = await desk.run(*words, "--json")
    assert ran.code == 2
    assert says in ran.err
    assert ran.document["error"]["message"]
    assert not desk.hub.script.calls


async def test_without_a_purpose_the_hub_says_which_ones_there_are(desk: Desk) -> None:
    desk.be_signed_in()
    mend = "For this question you may give: safeguarding."
    missing = Refusal(
        code=grpc.StatusCode.INVALID_ARGUMENT, message="The purpose is missing.", reason="PURPOSE_MISSING", mend=mend
    )
    desk.hub.script.say("Ask", missing)
    ran = await desk.run(*ASK[:4], *ASK[6:])
    assert ran.code == 2
    assert mend in ran.err


async def test_a_password_that_cannot_be_read_is_asked_for_by_option(desk: Desk) -> None:
    ran = await desk.run("signin", "r.adeyemi")
    assert ran.code == 2
    assert "--password-file" in ran.err
    assert (await desk.run("signin", "r.adeyemi", "--password-file", "absent")).code == 2
    assert (await desk.run("signin", "r.adeyemi", "--password-file", "-")).code == 2
    assert not desk.hub.script.calls


async def test_a_password_file_may_end_with_or_without_a_line_break(desk: Desk) -> None:
    for number, ending in enumerate(("", "\n", "\r\n")):
        (desk.folder / "password").write_bytes(f" {PASSWORD} {ending}".encode())
        assert (await desk.run("signin", "r.adeyemi", "--password-file", "password")).code == 0
        request = desk.hub.script.named("SignIn")[number].request
        assert isinstance(request, sessions_pb2.SignInRequest)
        assert request.password == f" {PASSWORD} "


async def test_an_answer_that_contradicts_itself_is_not_shown(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Ask", *[questions_pb2.AskResponse(part=part) for part in sample.parts()[:-1]])
    ran = await desk.run(*ASK, "--json")
    assert ran.code == 1
    assert ran.document["error"]["reason"] == "BAD_ANSWER"
    assert "Amina" not in ran.out + ran.err


async def test_hostile_text_neither_steers_the_terminal_nor_breaks_the_document(desk: Desk) -> None:
    hostile = "\x1b]0;owned\x07\x9b2J[red]Khan[/red]\u202e"
    whole = sample.whole()
    whole.agencies[2].records.cells[2] = hostile
    desk.hub.script.say("View", questions_pb2.ViewResponse(answer=whole))
    desk.be_signed_in()
    for words in (("view", "r-7f3a"), ("view", "r-7f3a", "--json")):
        ran = await desk.run(*words)
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(ran.out)
    names = [value["value"] for value in ran.document["people"][0]["fields"]["family_name"]]
    assert names[0] == hostile


async def test_help_answers_without_loading_what_only_calls_need(desk: Desk) -> None:
    look = (
        "import sys; from hub.cli import run; code = run(['--help']);"
        "sys.exit(code or bool({'grpc', 'rich', 'sharing', 'sqlalchemy'} & set(sys.modules)))"
    )
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-c", look, stdout=asyncio.subprocess.PIPE, env=desk.environment()
    )
    out, _ = await started.communicate()
    assert started.returncode == 0
    assert all(f" {name} " in out.decode() for name in ("signin", "signout", "menu", "ask", "view", "close", "status"))
