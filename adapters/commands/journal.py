"""`adapter journal`: the agency's own people read, search, export and keep what was asked of them and what left."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from adapters.commands.journal_notices import notices
from adapters.commands.journal_opening import to_read
from adapters.commands.journal_picking import picking
from adapters.commands.journal_printing import (
    print_asks,
    print_exported,
    print_older,
    print_request,
    print_summary,
    told_exported,
    told_older,
    told_summary,
)
from adapters.commands.opening import FAULTS, AsJson, ManifestPath, find_journal, print_json
from adapters.commands.spans import milliseconds, moment_before, moment_of
from adapters.kit.answering import wall_clock_ms
from adapters.kit.journal import open_journal
from adapters.kit.journal_export import export_journal
from adapters.kit.journal_keeping import Older, older_than, remove_older
from adapters.kit.journal_search import Search, count_asks, find_asks, receipts_of
from adapters.kit.journal_summary import summarise
from adapters.kit.switch import user_of_this_machine

journal: Final = typer.Typer(
    help="What was asked of this agency, what left, to whom and why.", no_args_is_help=True, add_completion=False
)
journal.command()(notices)


@journal.command()
def summary(
    manifest: ManifestPath,
    *,
    since: Annotated[str, typer.Option("--since", help="From when on: a day, or a span as in 7d.")] = "7d",
    as_json: AsJson = False,
) -> None:
    """Say what was asked, by whom, and what became of it, of late; exit code 1 if anything is missing."""
    since_ms = moment_of(datetime.now(UTC), since, "--since")
    with to_read(manifest, as_json=as_json) as connection:
        found = summarise(connection, since_ms)
    if as_json:
        print_json(told_summary(found, since_ms))
    else:
        print_summary(found, since_ms)
    raise typer.Exit(FAULTS if found.numbers.missing or found.standing.has_refused else 0)


@journal.command()
@picking
def search(
    manifest: ManifestPath,
    *,
    wanted: Search,
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="How many, the newest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what was asked, with what became of it and what was disclosed."""
    with to_read(manifest, as_json=as_json) as connection:
        there = count_asks(connection, wanted)
        asks = [
            {**ask, "receipts": receipts_of(connection, str(ask["request_id"]))}
            for ask in find_asks(connection, wanted, most=most)
        ]
    if as_json:
        print_json({"found": there, "asks": asks})
    else:
        print_asks(asks, there)


@journal.command()
def show(
    manifest: ManifestPath,
    request: Annotated[str, typer.Argument(help="The hub's name of a request, as a search lists it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show everything about one request: what was asked, what left, the receipts and how far a consent goes."""
    with to_read(manifest, as_json=as_json) as connection:
        asks = list(find_asks(connection, Search(request=request)))
        receipts = receipts_of(connection, request)
    if as_json:
        print_json({"request": request, "asks": asks, "receipts": receipts})
    else:
        print_request(asks, receipts)
    raise typer.Exit(0 if asks or receipts else FAULTS)


@journal.command()
@picking
def export(
    manifest: ManifestPath,
    *,
    wanted: Search,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A folder that is not there yet.")],
    as_json: AsJson = False,
) -> None:
    """Write what is picked, or all of it, into a folder, as CSV and as JSON, with the hash of every file."""
    with to_read(manifest, as_json=as_json) as connection:
        try:
            written = export_journal(connection, wanted, to, at_ms=wall_clock_ms(), by=user_of_this_machine())
        except OSError as fault:
            typer.echo(f"Nothing was exported to {to}: {fault.strerror}.", err=True)
            raise typer.Exit(FAULTS) from None
    if as_json:
        print_json(told_exported(written))
    else:
        print_exported(written)


@journal.command()
def keep(
    manifest: ManifestPath,
    *,
    span: Annotated[str, typer.Option("--for", metavar="SPAN", help="As in 7y, 18m, 6w or 30d.")],
    only_look: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")
    ] = False,
    sure: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove what is older than you keep it; that there was something, and how much, stays."""
    before = moment_before(datetime.now(UTC), span, "--for")
    file = find_journal(manifest, as_json=as_json)
    with to_read(manifest, as_json=as_json) as connection:
        found = older_than(connection, milliseconds(before))
    if not only_look and not found.is_nothing:
        if not sure:
            print_older(found, removed=False)
            typer.confirm("Remove it for ever?", abort=True, err=True)
        found = _remove(file, milliseconds(before))
    if as_json:
        print_json(told_older(found, removed=not only_look))
    else:
        print_older(found, removed=not only_look)


def _remove(file: Path, before_ms: int) -> Older:
    try:
        connection = open_journal(file)
        try:
            return remove_older(connection, before_ms, at_ms=wall_clock_ms(), by=user_of_this_machine())
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as fault:
        typer.echo(f"The journal cannot be written ({type(fault).__name__}); look what was removed.", err=True)
        raise typer.Exit(FAULTS) from None
