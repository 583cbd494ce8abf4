"""What is found in the record, for people."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from sharing.v1 import audit_pb2, records_pb2

from hub.cli.tables import cell, heading, make_table, sentence
from hub.client.audit_documents import said_in, spell_discrepancy
from hub.client.moments import spell_for_people
from hub.client.told import read_reason

_MEBIBYTE = 1024 * 1024


def show_found(console: Console, found: audit_pb2.SearchResponse) -> None:
    """Paint what a search has found, newest first, each entry whole."""
    if not found.entries:
        sentence(console, "Nothing is found.")
    for entry in found.entries:
        show_entry(console, entry)
    console.print()
    if found.before:
        sentence(console, f"There may be older ones: say --before {found.before}, or more with --most.")
    elif found.entries:
        sentence(console, f"{len(found.entries)} found; everything has been looked through.")


def show_entry(console: Console, found: audit_pb2.FoundEntry) -> None:
    """Paint one entry whole, as it is in the log, below its place, its moment and its kind."""
    said = said_in(found)
    at_ms = said.get("at_ms")
    at = spell_for_people(at_ms) if isinstance(at_ms, int) else "an unknown time"
    heading(console, f"{found.position}, {at} (UTC): {str(said.get('kind', '')).replace('_', ' ')}")
    console.print(cell(json.dumps(said, ensure_ascii=True, sort_keys=True)), soft_wrap=True)


def show_proof(console: Console, proven: audit_pb2.GetProofResponse) -> None:
    """Paint one entry, its proof and the checkpoint in which it is."""
    show_entry(console, proven.entry)
    console.print()
    sentence(console, f"Its proof, {len(proven.proof)} hashes:")
    for one in proven.proof:
        console.print(cell(f"  {one.hex()}"), soft_wrap=True)
    sentence(console, "The checkpoint in which it is:")
    _note(console, proven.note)


def show_checkpoint(console: Console, signed: audit_pb2.GetCheckpointResponse, into: Path | None) -> None:
    """Paint a signed state of the log, and the key that signed it."""
    _note(console, signed.note)
    sentence(console, f"Signed with the key {signed.key.hex()}.")
    if into is not None:
        sentence(console, f"It is in {into}. Keep it where the hub's operator cannot change it.")


def show_exported(console: Console, path: Path, size: int) -> None:
    """Paint where the export is, and how it is verified."""
    sentence(console, f"{path} holds {size:,} bytes.")
    sentence(console, "Verify it, on any machine, with either of two programs that share no code:")
    console.print(cell(f"  hub audit verify {path}"), soft_wrap=True)
    console.print(cell(f"  python -m adapters.kit.verifying {path}"), soft_wrap=True)


@contextmanager
def counting(console: Console | None) -> Iterator[Callable[[int], None]]:
    """Count on a terminal what has been written so far; silently elsewhere."""
    so_far = shown = 0
    is_seen = console is not None and console.is_terminal

    def count(size: int) -> None:
        nonlocal so_far, shown
        so_far += size
        if is_seen and so_far // _MEBIBYTE > shown:
            shown = so_far // _MEBIBYTE
            sys.stderr.write(f"\r{shown} MiB")
            sys.stderr.flush()

    yield count
    if shown:
        sys.stderr.write("\r")


def show_reconciled(console: Console, one: audit_pb2.ReconcileResponse) -> None:
    """Paint how one agency's journal stands to the record."""
    title = one.agency.title or one.agency.id
    heading(console, title)
    if one.reason != records_pb2.OUTCOME_REASON_UNSPECIFIED:
        sentence(console, f"NOT compared to the end: {read_reason(one.reason)[1]}.", "bold red")
    if one.last:
        sentence(console, f"Receipts {one.first} to {one.last}: {one.same} are the same on both sides.")
    elif one.reason == records_pb2.OUTCOME_REASON_UNSPECIFIED:
        sentence(console, "There are no receipts to compare.")
    for found in one.discrepancies:
        is_late = found.kind == audit_pb2.DISCREPANCY_KIND_OUTSTANDING
        sentence(console, f"{spell_discrepancy(found.kind).upper()}: {found.says}", "yellow" if is_late else "bold red")
        sentence(console, found.mend)
    if one.has_more:
        sentence(console, "There are more than are listed.", "bold red")


def show_breadth(console: Console, found: audit_pb2.BreadthResponse) -> None:
    """Paint who asked about unusually many people."""
    since = spell_for_people(found.from_ms)
    if not found.broad:
        sentence(console, f"Nobody stands out among {found.requesters} requesters since {since} (UTC).")
        return
    table = make_table(
        ("Requester", "Agency", "Access level", "People", "Usual", "Questions", "Searches", "Of one case")
    )
    for broad in found.broad:
        counts = (broad.people, broad.usual, broad.requests, broad.searches, broad.people_of_one_case)
        numbers = (cell(str(number)) for number in counts)
        table.add_row(cell(broad.requester), cell(broad.agency), cell(broad.access_level), *numbers)
    console.print(table)
    console.print()
    sentence(
        console,
        f"Of {found.requesters} requesters since {since} (UTC). To stand out is no fault: ask them, and their office.",
    )


def _note(console: Console, note: str) -> None:
    for line in note.splitlines():
        console.print(cell(f"  {line}"), soft_wrap=True)
