"""The operator's commands of `hub audit`: the keys of pseudonyms in a deployment's folder, epoch by epoch."""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from hub.cli import typed
from hub.cli.errors import CommandError

Folder = Annotated[Path, typer.Argument(help="The deployment's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]

# What makes deployments is loaded inside the commands, because the other commands must start quickly.


def epochs(ctx: typer.Context, folder: Folder, *, as_json: Json = False) -> None:
    """List the epochs of pseudonyms that still have a key."""
    from hub.cli.place import print_document  # noqa: PLC0415 - see above
    from hub.recording import epochs as kept  # noqa: PLC0415 - see above

    known = kept.epochs_in(_keys(folder))
    if as_json or ctx.obj.as_json:
        print_document({"epochs": known, "current": known[-1] if known else None})
        return
    for epoch in known:
        _print(f"{epoch}{' (current)' if epoch == known[-1] else ''}")


def new_epoch(folder: Folder) -> None:
    """Begin an epoch: people are named by another key from the hub's next start on.

    Entries of one epoch cannot be compared with those of another, except by who has both keys.
    """
    from hub.recording import epochs as kept  # noqa: PLC0415 - see above

    epoch = kept.new_epoch(_keys(folder))
    _print(f"Epoch {epoch} begins when the hub is started again. Copy its key to where the others are kept.")


def destroy_epoch(
    folder: Folder,
    epoch: Annotated[int, typer.Argument(metavar="EPOCH", min=1, help="As `hub audit epochs` shows it.")],
) -> None:
    """Destroy the key of a past epoch: nobody can find a person in its entries any more.

    Asks twice, on a terminal. The log still verifies.
    """
    from hub.deploying import CannotDeploy  # noqa: PLC0415 - see above
    from hub.deploying import destroy_epoch as destroy  # noqa: PLC0415 - see above
    from hub.recording import epochs as kept  # noqa: PLC0415 - see above

    if epoch not in kept.epochs_in(_keys(folder)):
        raise CommandError("NO_SUCH_EPOCH", f"There is no epoch {epoch}.", mend=f"See: hub audit epochs {folder}")
    if not typed.on_terminal():
        mend = "Type it on a terminal: it cannot be undone, so a program may not do it."
        raise CommandError("NOT_SURE", "There is nobody to ask whether it is meant.", mend=mend)
    _print(
        f"When the key of epoch {epoch} is gone, nobody can say any more whom its entries are about: no search by",
        "person finds them, and nobody can be told from the hub's record who looked at them then. The agencies' own",
        "journals still can. The log itself stays whole, and verifies. This cannot be undone.",
    )
    if typed.shown(f"Type the number of the epoch to be destroyed ({epoch})") != str(epoch):
        _stop()
    if typed.shown("Once more, in words: type destroy") != "destroy":
        _stop()
    try:
        destroy(folder, epoch)
    except CannotDeploy as error:
        raise CommandError("EPOCH_IN_USE", str(error), mend=error.mend) from None
    _print(
        f"The key of epoch {epoch} is destroyed. Destroy every copy of it too, in backups as well,",
        "and start the hub again: it holds the key in its memory until then, and records then that it is gone.",
    )


def add_to(audit_app: typer.Typer) -> None:
    """Add these commands."""
    audit_app.command("epochs")(epochs)
    audit_app.command("new-epoch")(new_epoch)
    audit_app.command("destroy-epoch")(destroy_epoch)


def _keys(folder: Path) -> Path:
    from hub.settings import read_settings  # noqa: PLC0415 - see above

    settings = read_settings(folder)
    return settings.path(settings.keys.pseudonyms)


def _stop() -> NoReturn:
    raise CommandError("NOT_SURE", "Nothing was destroyed.", mend="Begin again, if it is meant.")


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
