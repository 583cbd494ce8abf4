"""Opening the journal to read it, as every command does that looks into it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from adapters.commands.opening import FAULTS, find_journal
from adapters.kit.journal import open_journal, open_journal_to_read


@contextmanager
def to_read(manifest: Path, *, as_json: bool) -> Iterator[sqlite3.Connection]:
    """Open the journal, or say why that cannot be done and end with exit code 1."""
    file = find_journal(manifest, as_json=as_json)
    if not file.is_file():
        typer.echo("There is no journal yet.", err=True)
        raise typer.Exit(FAULTS)
    try:
        # One that an older version made has not all of the tables yet.
        open_journal(file).close()
        connection = open_journal_to_read(file)
        try:
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as fault:
        typer.echo(f"The journal cannot be read ({type(fault).__name__}).", err=True)
        raise typer.Exit(FAULTS) from None
