"""The commands on terminals: passwords unseen, progress live, colours where they are wanted, Ctrl-C with a word."""

import asyncio
import signal
from collections.abc import Sequence

from sharing.v1 import accounts_pb2, questions_pb2, sessions_pb2

from tests.integration.client.desk import ASK, PASSWORD, Desk
from tests.lib import terminal
from tests.lib.terminal import Seen
from tests.unit.hub.client import agreed_sample, sample


async def test_a_terminal_with_an_old_character_set_is_no_obstacle(desk: Desk) -> None:
    desk.be_signed_in()
    whole = sample.whole()
    whole.agencies[2].records.cells[2] = "Żółć 李"
    desk.hub.script.say("View", questions_pb2.ViewResponse(answer=whole))
    ran = await desk.run("view", "r-7f3a", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert ran.code == 0
    assert ran.err == ""


async def test_ctrl_c_while_agencies_are_asked_says_what_may_be_left(desk: Desk) -> None:
    desk.be_signed_in()
    never = asyncio.Event()
    desk.hub.script.say("Ask", questions_pb2.AskResponse(part=sample.parts()[0]), never)
    started = await desk.start(*ASK)
    assert started.stdout is not None
    assert b"Youth offending" in await started.stdout.readline()
    started.send_signal(signal.SIGINT)
    _, err = await started.communicate()
    assert started.returncode == 130
    assert "Traceback" not in err.decode()
    assert "hub view" in err.decode()


async def on_terminal(desk: Desk, *words: str, answers: Sequence[tuple[str, str]] = (), **more: str) -> Seen:
    """Run a command at a desk with a terminal."""
    return await terminal.on_terminal(words, answers, environment=desk.environment(**more), folder=desk.folder)


CODE = (r"Code of your second factor \(Enter if you have none\): ", "123456")


async def test_on_a_terminal_the_password_is_typed_without_being_shown_and_then_the_code_is_asked_for(
    desk: Desk,
) -> None:
    seen = await on_terminal(desk, "signin", "r.adeyemi", answers=[("Password of r.adeyemi: ", PASSWORD), CODE])
    assert seen.code == 0
    assert PASSWORD not in seen.shown
    assert "Ruth Adeyemi" in seen.shown
    (call,) = desk.hub.script.named("SignIn")
    assert call.request == sessions_pb2.SignInRequest(user_name="r.adeyemi", password=PASSWORD, code="123456")


async def test_the_code_is_asked_for_before_the_hub_has_heard_the_password(desk: Desk) -> None:
    calls_so_far: list[int] = []

    def look(_shown: str) -> str:
        calls_so_far.append(len(desk.hub.script.calls))
        return ""

    seen = await terminal.on_terminal(
        ("signin", "r.adeyemi"),
        [("Password of r.adeyemi: ", PASSWORD), (CODE[0], look)],
        environment=desk.environment(),
        folder=desk.folder,
    )
    assert seen.code == 0
    assert calls_so_far == [0]


async def test_on_a_terminal_progress_is_live_and_in_colour_unless_no_colour_is_wanted(desk: Desk) -> None:
    desk.be_signed_in()
    seen = await on_terminal(desk, *ASK)
    assert seen.code == 0
    assert "\x1b[1m" in seen.shown
    assert "…" in seen.shown
    seen = await on_terminal(desk, *ASK, NO_COLOR="1")
    assert seen.code == 0
    assert "\x1b[3" not in seen.shown.replace("\x1b[3A", "")


async def test_a_new_authenticator_is_shown_as_a_picture_and_confirmed_in_one_go(desk: Desk) -> None:
    desk.be_signed_in()
    seen = await on_terminal(desk, "factor", "add", answers=[("The code that it shows now .*: ", "123456")])
    assert seen.code == 0
    assert "▀" in seen.shown or "▄" in seen.shown
    assert agreed_sample.begun().uri in seen.shown.replace("\r\n", "")
    assert f"Seed: {agreed_sample.begun().seed}" in seen.shown
    assert "counts from now on" in seen.shown
    (confirmed,) = desk.hub.script.named("ConfirmTotp")
    assert confirmed.request == accounts_pb2.ConfirmTotpRequest(code="123456")
    assert desk.token.read_text(encoding="ascii").strip() == "stepped-up"


async def test_a_new_password_is_typed_twice_and_must_be_the_same(desk: Desk) -> None:
    desk.be_signed_in()
    present = ("Your present password: ", PASSWORD)
    new = ("Your new password: ", "kestrel-harbour-thimble")
    seen = await on_terminal(desk, "password", answers=[present, new, ("once more: ", "kestrel-harbour-thimbel")])
    assert seen.code == 2
    assert "not the same" in seen.shown
    assert not desk.hub.script.calls
    seen = await on_terminal(desk, "password", answers=[present, new, ("once more: ", "kestrel-harbour-thimble")])
    assert seen.code == 0
    assert "Your 2 other sessions have ended." in seen.shown
    assert "kestrel" not in seen.shown
