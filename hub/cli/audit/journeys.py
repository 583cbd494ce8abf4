"""What the commands do that look into the record: call the hub, then show what it says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from sharing.v1 import audit_pb2, links_pb2, records_pb2

from hub.cli.audit import screens
from hub.cli.audit.days import beginning, ending
from hub.cli.audit.new_file import NewFile
from hub.cli.calling import with_hub
from hub.cli.errors import ExitCode
from hub.cli.person import Whom, make_person
from hub.cli.place import Place, open_console
from hub.client import audit_documents
from hub.client.client import HubClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The options that say what an entry must be, as they were typed."""

    requester: str
    agency: str
    question: str
    purpose: str
    kind: str
    request: str
    since: str
    until: str
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The options that say what is compared, as they were typed."""

    agency: str
    first: int
    last: int
    since: str
    until: str


def search(place: Place, whom: Whom, words: Words, most: int) -> None:
    """Find entries and show them whole."""
    request = audit_pb2.SearchRequest(
        person=make_person(whom, datetime.now(UTC).date()) if whom.is_given else None,
        requester=words.requester,
        agency=words.agency,
        question=words.question,
        purpose=words.purpose,
        kind=words.kind,
        request_id=words.request,
        from_ms=beginning(words.since),
        until_ms=ending(words.until),
        before=words.before,
    )
    found = with_hub(place, lambda hub: hub.audit.search(request, most))
    place.show(audit_documents.found_document(found), lambda console: screens.show_found(console, found))


def proof(place: Place, position: int) -> None:
    """Show one entry with its proof."""
    proven = with_hub(place, lambda hub: hub.audit.proof(position))
    place.show(audit_documents.proof_document(proven), lambda console: screens.show_proof(console, proven))


def checkpoint(place: Place, into: Path | None) -> None:
    """Show the newest signed state, or write it down."""
    signed = with_hub(place, lambda hub: hub.audit.checkpoint())
    if into is not None:
        with NewFile(into) as file:
            file.write(signed.note.encode())
    place.show(
        audit_documents.checkpoint_document(signed), lambda console: screens.show_checkpoint(console, signed, into)
    )


def export(place: Place, path: Path, first: int, count: int) -> None:
    """Write what is exported into a new file, whole or not at all."""

    async def write(hub: HubClient) -> int:
        with NewFile(path) as file, screens.counting(None if place.as_json else open_console()) as counted:
            async for piece in hub.audit.export(first, count):
                file.write(piece)
                counted(len(piece))
            return file.size

    size = with_hub(place, write)
    place.show({"file": str(path), "bytes": size}, lambda console: screens.show_exported(console, path, size))


def reconcile(place: Place, what: Compared) -> None:
    """Compare, show each agency as it comes, and end with 1 when something is not as it should be."""
    request = audit_pb2.ReconcileRequest(
        agency=what.agency,
        receipts=links_pb2.ReceiptSpan(first=what.first, last=what.last),
        from_ms=beginning(what.since),
        until_ms=ending(what.until),
    )

    async def compare(hub: HubClient) -> list[audit_pb2.ReconcileResponse]:
        console = None if place.as_json else open_console()
        compared = []
        async for one in hub.audit.reconcile(request):
            compared.append(one)
            if console is not None:
                screens.show_reconciled(console, one)
        return compared

    compared = with_hub(place, compare)
    place.show(audit_documents.reconciled_document(compared), lambda _console: None)
    if any(_is_wrong(one) for one in compared):
        raise typer.Exit(ExitCode.UNEXPECTED)


def breadth(place: Place, days: int) -> None:
    """Show who asked about unusually many people."""
    found = with_hub(place, lambda hub: hub.audit.breadth(days))
    place.show(audit_documents.breadth_document(found), lambda console: screens.show_breadth(console, found))


def _is_wrong(one: audit_pb2.ReconcileResponse) -> bool:
    """Tell whether somebody must look into it: not for receipts that are still on their way."""
    return one.reason != records_pb2.OUTCOME_REASON_UNSPECIFIED or any(
        found.kind != audit_pb2.DISCREPANCY_KIND_OUTSTANDING for found in one.discrepancies
    )
