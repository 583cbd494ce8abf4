"""`hub audit verify`: what was exported is checked on this machine, and no hub is asked."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.options import At, Json, settle


def verify(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Of `hub audit export`; or a deployment's folder.")],
    *,
    entry: Annotated[
        int | None, typer.Option("--entry", metavar="POSITION", min=0, help="Show this entry of it too.")
    ] = None,
    witness: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A checkpoint that somebody has kept: it must continue that.")
    ] = None,
    key: Annotated[str, typer.Option(metavar="HEX", help="The log's key, known from elsewhere.")] = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Verify an exported file, or a deployment's store, without any hub.

    Ends with 0 if it is what the hub recorded, and else with 1.
    """
    place = settle(ctx, at, as_json=as_json)
    # Signatures need a library that is slow to import, and `hub --help` must answer at once.
    from hub.cli.audit import verifying  # noqa: PLC0415

    verifying.verify(place, file, verifying.Believed(entry=entry, witness=witness, key=key))
