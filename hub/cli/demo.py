"""`hub demo`: runs a whole deployment, for show or for one question."""

import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hub.cli.demonstration.deployment import Deployment
    from hub.cli.demonstration.script import Script

_LOOK_SECONDS = 0.5


def demo(
    source: Annotated[Path, typer.Argument(help="A folder of examples/.")] = Path("examples/bolton"),
    *,
    once: Annotated[bool, typer.Option("--once", help="Ask one question, sign out, and end.")] = False,
) -> None:
    """Run a whole deployment until Ctrl-C, and leave nothing behind."""
    # Loaded here because the other commands must start quickly.
    from hub.cli.demonstration.deployment import running_deployment  # noqa: PLC0415
    from hub.cli.demonstration.processes import StartFailed  # noqa: PLC0415
    from hub.cli.demonstration.script import read_script  # noqa: PLC0415

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _as_ctrl_c)
    script = read_script(source)
    folder = Path(tempfile.mkdtemp(prefix="hub-demo-"))
    try:
        with running_deployment(source, script, folder) as deployment:
            if once:
                _ask_once(script, deployment)
            else:
                _invite(script, deployment)
                _wait(deployment)
    except StartFailed as failed:
        sys.stderr.write(f"{failed}\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        sys.stderr.write("\nStopping …\n")
    finally:
        shutil.rmtree(folder)
    sys.stderr.write("Everything has been stopped and removed.\n")


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("demo")(demo)


def _invite(script: "Script", deployment: "Deployment") -> None:
    """Print who can sign in and what is worth trying; every command works when pasted into another terminal."""
    lines = [f"\n{script.title} is running. These people can sign in:\n"]
    for person in script.people:
        password = (deployment.seat(person.user_name) / "password").read_text(encoding="utf-8").strip()
        lines.append(f"  {person.user_name:<14} {password}   {person.display_name}, {person.level} ({person.agency})")
    lines.append("\nTry, in another terminal:\n")
    for question in script.questions:
        lines.append(f"  # {question.shows}")
        lines += [f"  {command}" for command in _commands(deployment, question.who, question.arguments)]
        lines.append("")
    print("\n".join(lines), flush=True)  # noqa: T201  (what the command is for)
    sys.stderr.write("Ctrl-C stops everything and removes it.\n")


def _commands(deployment: "Deployment", user_name: str, arguments: list[str]) -> list[str]:
    seat = deployment.seat(user_name)
    at = ["--at", str(seat)]
    return [
        shlex.join([*_hub(), *at, *words])
        for words in (["signin", user_name, "--password-file", str(seat / "password")], arguments, ["signout"])
    ]


def _hub() -> list[str]:
    """Return how the `hub` command is typed here."""
    script = Path(sys.executable).with_name("hub")
    if not script.exists():
        return [sys.executable, "-m", "hub.cli"]
    return [str(script.relative_to(Path.cwd())) if script.is_relative_to(Path.cwd()) else str(script)]


def _ask_once(script: "Script", deployment: "Deployment") -> None:
    """Type the commands of the first question, then show that nothing is held any more."""
    question = script.questions[0]
    seat = deployment.seat(question.who)
    sign_in = ["signin", question.who, "--password-file", str(seat / "password")]
    for words in (sign_in, question.arguments, ["view"], ["signout"], sign_in, ["view"], ["status"], ["signout"]):
        sys.stderr.write(f"\n$ hub {shlex.join(words)}\n")
        sys.stderr.flush()
        typed = [sys.executable, "-m", "hub.cli", "--at", str(seat), *words]
        if subprocess.run(typed, check=False).returncode:  # noqa: S603  (our own module)
            raise typer.Exit(1)


def _wait(deployment: "Deployment") -> None:
    """Wait for Ctrl-C, telling of any process that ends by itself."""
    told: set[str] = set()
    while True:
        for ended in deployment.processes.ended():
            if ended not in told:
                sys.stderr.write(f"This process has ended by itself: {ended}\n")
                told.add(ended)
        time.sleep(_LOOK_SECONDS)


def _as_ctrl_c(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
