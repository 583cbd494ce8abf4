"""`hub linkage train`: estimates, from an authority's own records, how much each likeness of two records says."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import Json

PRIVACY = "Of the records only frequencies of names are kept, and no name that people of fewer than six birthdays bear."

linkage_app = typer.Typer(help="How records are compared: estimated from records of your own.", no_args_is_help=True)

# What trains is an extra of its own and takes seconds to import; the other commands must start quickly.


@linkage_app.command("train", epilog=PRIVACY)
def train(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    records: Annotated[
        Path, typer.Argument(help="CSV or Parquet; columns named as the hub names them: given_name, family_name, …")
    ],
    *,
    into: Annotated[Path, typer.Option(help="The file to write; it is replaced.")] = Path("parameters.json"),
    start: Annotated[
        Path | None, typer.Option("--start", metavar="FILE", help="Parameters to start from; else those shipped.")
    ] = None,
    trained_on: Annotated[str, typer.Option(metavar="WORDS", help="Said in the file of where it comes from.")] = "",
    pairs: Annotated[int, typer.Option(min=10_000, help="Pairs drawn to see how alike two people are.")] = 1_000_000,
    same: Annotated[float | None, typer.Option(metavar="BITS", help="Least weight of the same person.")] = None,
    possibly: Annotated[float | None, typer.Option(metavar="BITS", help="Least weight of possibly.")] = None,
    as_json: Json = False,
) -> None:
    """Estimate parameters by Splink, on this machine and without a network."""
    try:
        from hub.training import training  # noqa: PLC0415 - see above
        from hub.training.errors import CannotTrain  # noqa: PLC0415 - see above
    except ModuleNotFoundError as missing:
        mend = "Install the hub with its extra: pip install 'sharing-hub[linkage]'."
        raise CommandError("EXTRA_MISSING", f"Training needs {missing.name}, which is not here.", mend=mend) from None
    is_json = as_json or bool(getattr(ctx.obj, "as_json", False))
    wanted = training.Wanted(
        records=records, into=into, start=start, trained_on=trained_on, pairs=pairs, same=same, possibly=possibly
    )
    try:
        done = training.train(wanted, tell=_quiet if is_json else _tell)
    except CannotTrain as error:
        raise CommandError("CANNOT_TRAIN", str(error), mend=error.mend) from None
    if is_json:
        sys.stdout.write(json.dumps(done.as_json(), indent=2) + "\n")
        return
    _tell(*done.lines(), PRIVACY)


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.add_typer(linkage_app, name="linkage")


def _tell(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _quiet(*_: str) -> None:
    """Say nothing: a program reads."""
