"""The commands of `hub audit` that ask the hub, and the list of all; their names and options are a promise."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.audit import keeping, offline
from hub.cli.audit.options import From, Until
from hub.cli.errors import CommandError
from hub.cli.options import At, Json, settle
from hub.cli.whom_options import (
    Born,
    FamilyName,
    Gender,
    GivenName,
    Local,
    Name,
    NhsNumber,
    Postcode,
    Uln,
    Upn,
    WholeAddress,
)

audit_app = typer.Typer(
    help="The record of what was asked and disclosed, and who looked at a person.", no_args_is_help=True
)

# The journeys bring gRPC, which is slow to import; each command imports what it needs.


def search(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    nhs_number: NhsNumber = "",
    upn: Upn = "",
    uln: Uln = "",
    local: Local = None,
    name: Name = "",
    given_name: GivenName = "",
    family_name: FamilyName = "",
    born: Born = "",
    address: WholeAddress = "",
    postcode: Postcode = "",
    gender: Gender = "",
    requester: Annotated[str, typer.Option(metavar="USER", help="Who did it, or to whose account.")] = "",
    agency: Annotated[str, typer.Option(metavar="AGENCY", help="Whose records or staff it concerns.")] = "",
    question: Annotated[str, typer.Option(metavar="QUESTION", help="Identifier of the question.")] = "",
    purpose: Annotated[str, typer.Option(metavar="PURPOSE", help="Identifier of the purpose.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help="Kind of the entry, like disclosure or refusal.")] = "",
    request: Annotated[str, typer.Option(metavar="REQUEST_ID", help="One request.")] = "",
    since: From = "",
    until: Until = "",
    most: Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="At most so many, the newest.")] = 50,
    before: Annotated[
        int, typer.Option(metavar="POSITION", min=0, help="Only before it: where the last search ended.")
    ] = 0,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Find entries of the record, newest first; every search is an entry itself."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above
    from hub.cli.person import Whom  # noqa: PLC0415 - see above

    whom = Whom(
        nhs_number=nhs_number,
        upn=upn,
        uln=uln,
        local=tuple(local or ()),
        name=name,
        given_name=given_name,
        family_name=family_name,
        born=born,
        address=address,
        postcode=postcode,
        gender=gender,
    )
    words = journeys.Words(
        requester=requester,
        agency=agency,
        question=question,
        purpose=purpose,
        kind=kind,
        request=request,
        since=since,
        until=until,
        before=before,
    )
    journeys.search(place, whom, words, most)


def proof(
    ctx: typer.Context,
    position: Annotated[int, typer.Argument(metavar="POSITION", min=0, help="As `hub audit search` shows it.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show one entry, and that it is in the log."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above

    journeys.proof(place, position)


def checkpoint(
    ctx: typer.Context,
    *,
    into: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it into a new file.")] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show the newest signed state of the log, to be kept elsewhere."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above

    journeys.checkpoint(place, into)


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    *,
    first: Annotated[int, typer.Option(metavar="POSITION", min=0, help="From this entry on.")] = 0,
    count: Annotated[int, typer.Option(metavar="N", min=0, help="So many entries; 0 means all.")] = 0,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Write the log, or a part of it, into a signed file.

    It can be verified without the hub. Needs a fresh second factor.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above

    journeys.export(place, file, first, count)


def reconcile(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    agency: Annotated[str, typer.Argument(metavar="[AGENCY]", help="One agency; else all.")] = "",
    *,
    first: Annotated[int, typer.Option(metavar="N", min=0, help="From this receipt on.")] = 0,
    last: Annotated[int, typer.Option(metavar="N", min=0, help="To this receipt.")] = 0,
    since: From = "",
    until: Until = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Compare the hub's record with the agencies' journals.

    Ends with 1 when something is not as it should be.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above

    journeys.reconcile(place, journeys.Compared(agency=agency, first=first, last=last, since=since, until=until))


def subject(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    nhs_number: NhsNumber = "",
    upn: Upn = "",
    uln: Uln = "",
    local: Local = None,
    name: Name = "",
    given_name: GivenName = "",
    family_name: FamilyName = "",
    born: Born = "",
    address: WholeAddress = "",
    postcode: Postcode = "",
    gender: Gender = "",
    case: Annotated[str, typer.Option(metavar="REFERENCE", help="Under which the person's wish is filed.")] = "",
    agency: Annotated[
        list[str] | None, typer.Option(metavar="AGENCY", help="Only this agency's journal; repeatable.")
    ] = None,
    letter: Annotated[bool, typer.Option("--letter", help="Print it as a letter to the person.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Ask the agencies' journals who looked at a person.

    For whoever answers that person. Needs a fresh second factor.
    """
    place = settle(ctx, at, as_json=as_json)
    if letter and place.as_json:
        raise CommandError("LETTER_OR_JSON", "It cannot be a letter and JSON at once.", mend="Give one of the two.")
    from hub.cli.audit import subjects  # noqa: PLC0415 - see above
    from hub.cli.person import Whom  # noqa: PLC0415 - see above

    whom = Whom(
        nhs_number=nhs_number,
        upn=upn,
        uln=uln,
        local=tuple(local or ()),
        name=name,
        given_name=given_name,
        family_name=family_name,
        born=born,
        address=address,
        postcode=postcode,
        gender=gender,
    )
    subjects.subject(place, whom, case, agency or [], as_letter=letter)


def breadth(
    ctx: typer.Context,
    *,
    days: Annotated[int, typer.Option(metavar="N", min=1, max=92, help="How many days back.")] = 28,
    at: At = None,
    as_json: Json = False,
) -> None:
    """List requesters who asked about unusually many people."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.audit import journeys  # noqa: PLC0415 - see above

    journeys.breadth(place, days)


def add_to(app: typer.Typer) -> None:
    """Add these commands: looking, proving, answering a person, and the operator's."""
    for command in (search, proof, checkpoint, export, offline.verify, reconcile, subject, breadth):
        audit_app.command()(command)
    keeping.add_to(audit_app)
    app.add_typer(audit_app, name="audit")
