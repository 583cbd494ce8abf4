"""The `hub` command: what can be typed, and how a command ends."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from hub.cli import card_commands, commands, demo, search_commands, serve, setup
from hub.cli.account import commands as account
from hub.cli.agency import commands as agency
from hub.cli.audit import commands as audit
from hub.cli.authorities import commands as authorities
from hub.cli.ending import end
from hub.cli.errors import ExitCode
from hub.cli.grounds import duty_commands, emergency_commands, officer_commands
from hub.cli.linkage import commands as linkage
from hub.cli.place import Whole
from hub.cli.policy import commands as policy
from hub.cli.signing import commands as signing
from hub.cli.signing import factors


def make_app() -> typer.Typer:
    """Build the commands, in the order in which `hub --help` shows them."""
    app = typer.Typer(name="hub", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(_whole)
    going_without = (officer_commands, emergency_commands, duty_commands)
    asking = (commands, card_commands, search_commands)
    folders = (setup, account, agency, authorities, linkage)
    for module in (signing, *asking, *going_without, factors, policy, audit, *folders, serve, demo):
        module.add_to(app)
    return app


def _whole(
    ctx: typer.Context,
    *,
    at: Annotated[
        Path | None,
        typer.Option("--at", metavar="DIR", envvar="HUB_AT", help="Folder with client.toml; else ~/.config/hub."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Ask the agencies about a person, in place, and keep nothing."""
    ctx.obj = Whole(at=at, as_json=as_json)
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def run(words: Sequence[str]) -> int:
    """Run one command and give its exit code; nothing that goes wrong leaves as a traceback."""
    as_json = "--json" in words
    try:
        ended = typer.main.get_command(app).main(list(words), prog_name="hub", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last resort, which says it in words
        return end(error, as_json=as_json)
    if ended == ExitCode.STOPPED:
        # Typer turns Ctrl-C into this code before it comes here.
        return end(KeyboardInterrupt(), as_json=as_json)
    return ended if isinstance(ended, int) else ExitCode.DONE


def main() -> None:
    """Run the command that was typed."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A name that the terminal's character set lacks is spelt out, not an error.
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


app = make_app()
