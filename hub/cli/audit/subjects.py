"""Who looked at a person: asking, showing it to whoever answers that person, and the letter."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from sharing.v1 import audit_pb2

from hub.cli.audit.letter import letter
from hub.cli.calling import with_hub
from hub.cli.person import Whom, make_person
from hub.cli.place import Place, open_console
from hub.cli.printable import printable
from hub.cli.tables import cell, lines, make_table, sentence
from hub.client import audit_documents
from hub.client.client import HubClient
from hub.client.moments import spell_for_people
from hub.client.told import Told, assemble, read_source


def subject(place: Place, whom: Whom, case: str, agencies: Sequence[str], *, as_letter: bool) -> None:
    """Ask the journals, show the agencies as they answer, then everything."""
    now = datetime.now(UTC)
    request = audit_pb2.SubjectRequest(
        person=make_person(whom, now.date()), agencies=agencies, case_reference=case.strip()
    )
    console = None if place.as_json or as_letter else open_console()
    told = with_hub(place, lambda hub: _ask(hub, request, console))
    if as_letter:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in letter(told, case.strip(), now.date())))
    else:
        place.show(audit_documents.told_document(told), lambda shown: show_told(shown, told))


async def _ask(hub: HubClient, request: audit_pb2.SubjectRequest, console: Console | None) -> Told:
    parts, titles = [], {}
    async for part in hub.audit.subject(request):
        parts.append(part)
        titles.update({choice.id: choice.title for choice in part.opening.planned})
        if console is not None and part.HasField("outcome"):
            source = read_source(part.outcome, titles.get(part.outcome.agency) or part.outcome.agency)
            console.print(cell(f"{source.title} {source.words}"), soft_wrap=True)
    return assemble(parts)


def show_told(console: Console, told: Told) -> None:
    """Paint who looked, newest first."""
    console.print()
    if told.looks:
        table = make_table(("When (UTC)", "Who", "What kind", "Why", "Out of records of"), widths=(3, 4, 4, 4, 4))
        for look in told.looks:
            table.add_row(
                cell(spell_for_people(look.at_ms)),
                lines((look.agency, look.office)),
                lines(look.kinds),
                lines((look.purpose, look.lawful_basis)),
                lines(look.sources),
            )
        console.print(table)
    else:
        sentence(console, "Nobody is told of.")
    console.print()
    if not told.is_complete:
        sentence(console, "NOT complete: what the agencies that did not answer would tell is not known.", "bold red")
    sentence(console, "With --letter it becomes a letter to the person. The hub has kept nothing of it.")
