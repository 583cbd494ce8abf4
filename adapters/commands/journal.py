"""`adapter journal`: the agency's own people read, search, export and keep what was asked of them and what left."""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from structlog.typing import FilteringBoundLogger

from adapters.commands.journal_notices import notices
from adapters.commands.journal_opening import to_read
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
from adapters.commands.opening import FAULTS, AsJson, ManifestPath, find_journal, open_manifest, print_json
from adapters.commands.person_keys import read_person
from adapters.commands.spans import milliseconds, moment_before, moment_of
from adapters.kit.answering import wall_clock_ms
from adapters.kit.journal import AskOutcome, open_journal
from adapters.kit.journal_export import export_journal
from adapters.kit.journal_keeping import Older, older_than, remove_older
from adapters.kit.journal_search import Search, count_asks, find_asks, receipts_of
from adapters.kit.journal_summary import summarise
from adapters.kit.logs import quiet_loop, set_up_logs
from adapters.kit.manifest import Limits, Manifest, Source
from adapters.kit.own_people import own_records, past_protection
from adapters.kit.reader import Reader
from adapters.kit.switch import user_of_this_machine
from adapters.kit.unmade import Unmade

LOOK_SECONDS = 30.0

MakeReader = Callable[[Source, Limits, FilteringBoundLogger], Reader]

ByPerson = Annotated[bool, typer.Option("--person", help="By a person: say whom on standard input, never here.")]
ByReference = Annotated[str, typer.Option("--reference", help="By your own reference of a record.")]
ByRequest = Annotated[str, typer.Option("--request", help="By the hub's name of a request.")]
ByQuestion = Annotated[str, typer.Option("--question")]
ByAgency = Annotated[str, typer.Option("--agency", help="By the requester's agency.")]
ByRequester = Annotated[str, typer.Option("--requester", help="By the requester's user name.")]
ByPurpose = Annotated[str, typer.Option("--purpose")]
ByOutcome = Annotated[AskOutcome | None, typer.Option("--outcome")]
Since = Annotated[str, typer.Option("--since", help="A day as in 2026-11-24, or a span as in 7d. UTC.")]
Until = Annotated[str, typer.Option("--until", help="A day, or a span; what is of that moment or later is left out.")]

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
def search(  # noqa: PLR0913  one option for each thing that one may search by
    context: typer.Context,
    manifest: ManifestPath,
    *,
    person: ByPerson = False,
    reference: ByReference = "",
    request: ByRequest = "",
    question: ByQuestion = "",
    agency: ByAgency = "",
    requester: ByRequester = "",
    purpose: ByPurpose = "",
    outcome: ByOutcome = None,
    since: Since = "",
    until: Until = "",
    most: Annotated[int, typer.Option("--most", min=1, max=100_000, help="How many, the newest first.")] = 100,
    as_json: AsJson = False,
) -> None:
    """List what was asked, with what became of it and what was disclosed."""
    wanted = Search(
        own=_own(context, manifest, as_json=as_json) if person else None,
        reference=reference,
        request=request,
        question=question,
        agency=agency,
        requester=requester,
        purpose=purpose,
        outcome=outcome or "",
        since_ms=_moment(since, "--since"),
        until_ms=_moment(until, "--until"),
    )
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
def export(  # noqa: PLR0913  as for `search`
    context: typer.Context,
    manifest: ManifestPath,
    *,
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="A folder that is not there yet.")],
    person: ByPerson = False,
    reference: ByReference = "",
    request: ByRequest = "",
    question: ByQuestion = "",
    agency: ByAgency = "",
    requester: ByRequester = "",
    purpose: ByPurpose = "",
    outcome: ByOutcome = None,
    since: Since = "",
    until: Until = "",
    as_json: AsJson = False,
) -> None:
    """Write what is picked, or all of it, into a folder, as CSV and as JSON, with the hash of every file."""
    wanted = Search(
        own=_own(context, manifest, as_json=as_json) if person else None,
        reference=reference,
        request=request,
        question=question,
        agency=agency,
        requester=requester,
        purpose=purpose,
        outcome=outcome or "",
        since_ms=_moment(since, "--since"),
        until_ms=_moment(until, "--until"),
    )
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


def _moment(text: str, option: str) -> int | None:
    return moment_of(datetime.now(UTC), text, option) if text else None


def _own(context: typer.Context, file: Path, *, as_json: bool) -> list[tuple[str, str]]:
    """Find the own records of the person whom standard input names; says which sources did not answer."""
    described = past_protection(open_manifest(file, as_json=as_json))
    person = read_person()
    own, silent = asyncio.run(_look(context.obj, described, person))
    for question in silent:
        typer.echo(f"NOT LOOKED IN: the source of {question} did not answer.", err=True)
    if silent and not own:
        raise typer.Exit(FAULTS)
    return own


async def _look(
    make_reader: MakeReader, manifest: Manifest, person: Mapping[str, str]
) -> tuple[list[tuple[str, str]], list[str]]:
    log = set_up_logs(manifest.agency)
    quiet_loop(log)
    readers = {name: _made(make_reader, source, manifest.limits, log) for name, source in manifest.sources.items()}
    try:
        # One that cannot be opened is one that does not answer.
        await asyncio.gather(*(reader.open() for reader in readers.values()), return_exceptions=True)
        return await own_records(manifest, readers, person, LOOK_SECONDS)
    finally:
        await asyncio.gather(*(reader.close() for reader in readers.values()), return_exceptions=True)


def _made(make_reader: MakeReader, source: Source, limits: Limits, log: FilteringBoundLogger) -> Reader:
    try:
        return make_reader(source, limits, log)
    except Exception as fault:  # noqa: BLE001  a source whose driver is missing is one that does not answer
        return Unmade(fault)
