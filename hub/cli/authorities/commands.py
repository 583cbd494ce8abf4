"""The operator's commands of `hub keys`: the authority that certificates come from, and its successor."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.place import print_document

Folder = Annotated[Path, typer.Argument(help="The deployment's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

keys_app = typer.Typer(help="The authority that certificates come from.", no_args_is_help=True)

# What makes deployments is loaded inside the commands, because the other commands must start quickly.


def show(ctx: typer.Context, folder: Folder, *, as_json: Json = False) -> None:
    """Show which authorities are trusted, and until when what they signed holds."""
    from hub import rolling  # noqa: PLC0415 - see above

    standing = rolling.look(folder)
    if as_json or ctx.obj.as_json:
        authorities = [
            {
                "title": one.title,
                "fingerprint": one.fingerprint,
                "ends_at": one.ends_at.isoformat(),
                "issues": one.issues,
                "vouches": one.vouches,
            }
            for one in standing.authorities
        ]
        print_document({"authorities": authorities, "hub_ends_at": standing.hub_ends_at.isoformat()})
        return
    _print(f"The hub's own certificate holds until {_day(standing.hub_ends_at)}.")
    for one in standing.authorities:
        does = [word for word, is_so in (("issues", one.issues), ("vouches for the hub", one.vouches)) if is_so]
        _print(
            f"{one.title}: {', '.join(does) or 'is trusted still'}; until {_day(one.ends_at)}", f"  {one.fingerprint}"
        )


def roll(folder: Folder) -> None:
    """Begin a change of authority: a new one issues, the old one is trusted still.

    The hub may run; adapters learn of the new one when they renew.
    """
    from hub import rolling  # noqa: PLC0415 - see above

    _deploy(lambda: rolling.begin(folder))
    _print(
        "A new authority issues from now on; the old one is trusted still, and vouches for the hub.",
        "Give professionals' clients the new keys/authority.pem. When every adapter has renewed (hub agency list),",
        f"go on with: hub keys switch {folder}",
    )


def switch(folder: Folder) -> None:
    """Give the hub a new certificate, of the authority that issues now.

    Whoever does not know that authority yet is cut off: see `hub agency list` first.
    """
    from hub import rolling  # noqa: PLC0415 - see above

    _deploy(lambda: rolling.switch(folder))
    _print("The hub shows its new certificate from the next connection on.")


def retire(folder: Folder) -> None:
    """End a change of authority: only the one that issues is trusted.

    Links that rest on another end at once.
    """
    from hub import rolling  # noqa: PLC0415 - see above

    _deploy(lambda: rolling.retire(folder))
    _print("Only the authority that issues is trusted now.")


def add_to(app: typer.Typer) -> None:
    """Add these commands, in the order in which they are typed."""
    for command in (show, roll, switch, retire):
        keys_app.command()(command)
    app.add_typer(keys_app, name="keys")


def _deploy(work: Callable[[], None]) -> None:
    from hub.deploying import CannotDeploy  # noqa: PLC0415 - see above

    try:
        work()
    except CannotDeploy as error:
        raise CommandError("CANNOT", str(error), mend=error.mend) from None


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
