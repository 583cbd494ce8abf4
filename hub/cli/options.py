"""The options that many commands share, and where a command works once they are settled."""

import os
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.place import Place, Whole, usual_folder

At = Annotated[Path | None, typer.Option("--at", metavar="DIR", help="Folder with client.toml and the session.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Because = Annotated[str, typer.Option(metavar="REASON", help="Why; never a person's name.")]
Proposal = Annotated[str, typer.Argument(metavar="PROPOSAL", help="As `hub policy proposals` shows it.")]


def settle(ctx: typer.Context, at: Path | None, *, as_json: bool) -> Place:
    """Settle where the command works: its own options go before those of `hub`, these before HUB_AT."""
    # Before gRPC is imported: its own log would print a failed handshake between our words.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    whole: Whole = ctx.obj
    return Place(folder=at or whole.at or usual_folder(), as_json=as_json or whole.as_json)
