"""The commands on terminals: passwords unseen, progress live, colours where they are wanted, Ctrl-C with a word."""

import asyncio
import contextlib
import os
import pty
import signal
import sys

from sharing.v1 import questions_pb2

from tests.integration.client.desk import ASK, PASSWORD, Desk
from tests.unit.hub.client import sample


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


def converse(terminal: int, typed: bytes) -> str:
    """Read a terminal to its end, and type once something has been asked."""
    seen = b""
    # The system says with an error that nobody is left on the other side.
    with contextlib.suppress(OSError):
        while shown := os.read(terminal, 65536):
            seen += shown
            if typed and b": " in seen:
                os.write(terminal, typed)
                typed = b""
    os.close(terminal)
    return seen.decode()


async def on_terminal(desk: Desk, *words: str, typed: bytes = b"", **environment: str) -> tuple[int, str]:
    """Run a command on a terminal of 80 columns, and give its exit code and all that was shown."""
    ours, theirs = pty.openpty()
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hub.cli",
        *words,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=desk.environment(TERM="xterm-256color", COLUMNS="80", LINES="50", **environment),
        start_new_session=True,
    )
    os.close(theirs)
    seen = await asyncio.to_thread(converse, ours, typed)
    return await started.wait(), seen


async def test_on_a_terminal_the_password_is_typed_without_being_shown(desk: Desk) -> None:
    code, seen = await on_terminal(desk, "signin", "r.adeyemi", typed=PASSWORD.encode() + b"\n")
    assert code == 0
    assert "Password of r.adeyemi:" in seen
    assert PASSWORD not in seen
    assert "Ruth Adeyemi" in seen


async def test_on_a_terminal_progress_is_live_and_in_colour_unless_no_colour_is_wanted(desk: Desk) -> None:
    desk.be_signed_in()
    code, seen = await on_terminal(desk, *ASK)
    assert code == 0
    assert "\x1b[1m" in seen
    assert "…" in seen
    code, seen = await on_terminal(desk, *ASK, NO_COLOR="1")
    assert code == 0
    assert "\x1b[3" not in seen.replace("\x1b[3A", "")
