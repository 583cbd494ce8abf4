"""`adapter journal notices`: where others hold something else than the agency's own records, and what came of it."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.commands.journal_opening import to_read
from adapters.commands.journal_printing import print_table
from adapters.commands.opening import FAULTS, AsJson, ManifestPath, find_journal, moment, print_json
from adapters.commands.spans import moment_of
from adapters.kit.answering import wall_clock_ms
from adapters.kit.journal import open_journal
from adapters.kit.notices import NoticeKind, NoticeSearch, find_notices, mark_done
from adapters.kit.switch import user_of_this_machine


def notices(  # noqa: PLR0913  one option for each thing that one may search by
    manifest: ManifestPath,
    *,
    field: Annotated[str, typer.Option("--field", help="By the field that differs.")] = "",
    kind: Annotated[NoticeKind | None, typer.Option("--kind")] = None,
    since: Annotated[str, typer.Option("--since", help="A day as in 2026-11-24, or a span as in 7d. UTC.")] = "",
    only_open: Annotated[bool, typer.Option("--open", help="Only those that nobody has looked into.")] = False,
    done: Annotated[str, typer.Option("--done", metavar="NOTICE", help="Say that this one has been looked into.")] = "",
    as_json: AsJson = False,
) -> None:
    """List where others hold something else than your own records, and what requesters have said of them."""
    if done:
        _mark(find_journal(manifest, as_json=as_json), done)
        return
    since_ms = moment_of(datetime.now(UTC), since, "--since") if since else None
    search = NoticeSearch(field=field, kind=kind or "", since_ms=since_ms, is_open=only_open)
    with to_read(manifest, as_json=as_json) as connection:
        found = list(find_notices(connection, search))
    if as_json:
        print_json({"notices": found})
    else:
        _print(found)


def _mark(file: Path, notice: str) -> None:
    try:
        connection = open_journal(file)
        try:
            is_marked = mark_done(connection, notice, at_ms=wall_clock_ms(), by=user_of_this_machine())
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as fault:
        typer.echo(f"The journal cannot be written ({type(fault).__name__}).", err=True)
        raise typer.Exit(FAULTS) from None
    if not is_marked:
        typer.echo("There is no such notice that is open. List them with --open.", err=True)
        raise typer.Exit(FAULTS)
    typer.echo("Noted.")


def _print(found: Sequence[Mapping[str, object]]) -> None:
    names = ("NOTICE", "WHEN", "RECORD", "WHAT", "REQUEST", "DONE")
    print_table(names, map(_line, found))
    still_open = sum(one["done_at_ms"] is None for one in found)
    typer.echo(f"{len(found)} notices, {still_open} open.")


def _line(one: Mapping[str, object]) -> Sequence[object]:
    done = one["done_at_ms"]
    return (
        one["id"],
        moment(int(str(one["received_at_ms"]))),
        one["own_references"] or f"{one['family_name']}, {one['given_name']}, {one['date_of_birth']}",
        _what(one),
        one["request_id"],
        f"{moment(int(str(done)))} {one['done_by']}" if done is not None else "",
    )


def _what(one: Mapping[str, object]) -> str:
    if one["kind"] == NoticeKind.JUDGEMENT:
        word = "the person" if one["is_same"] else "NOT the person"
        return f"{word}, says {one['requester']} ({one['requester_agency']})"
    values = one["other_values"]
    told = f": {'; '.join(map(str, values))}" if isinstance(values, list) and values else ""
    return f"{one['field']}: {one['agencies']} other(s) hold something else{told}"
