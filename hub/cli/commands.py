"""The thin client's commands for questions: their names and options are a promise, described in docs/client.md."""

from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import At, Json, settle
from hub.cli.whom_options import (
    Born,
    Case,
    FamilyName,
    Gender,
    GivenName,
    Local,
    Name,
    NhsNumber,
    Postcode,
    Purpose,
    Question,
    Uln,
    Upn,
    WholeAddress,
)

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs,
# so that `hub --help` and a misspelt option answer at once.

RequestId = Annotated[str | None, typer.Argument(metavar="[REQUEST_ID]", help="As `hub ask` and `hub view` show it.")]


def menu(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """Show the questions that you may ask."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import journeys  # noqa: PLC0415 - see above

    journeys.menu(place)


def ask(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    question: Question,
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
    purpose: Purpose = "",
    basis: Annotated[str, typer.Option(metavar="BASIS", help="Lawful basis: one of `hub menu`.")] = "",
    case: Case = "",
    condition: Annotated[str, typer.Option(metavar="CONDITION", help="Special condition: one of `hub menu`.")] = "",
    ground: Annotated[str, typer.Option(metavar="GROUND", help="Ground for going without consent.")] = "",
    reason: Annotated[str, typer.Option(metavar="REASON", help="Why consent is not sought; goes with --ground.")] = "",
    informed: Annotated[
        str, typer.Option(metavar="YES|NO…|DAY", help="Whether they have been told, or by when; goes with --ground.")
    ] = "",
    confirmation: Annotated[str, typer.Option(metavar="ID", help="Officers' confirmation of the ground.")] = "",
    break_glass: Annotated[str, typer.Option(metavar="ID", help="Break-glass access that you have opened.")] = "",
    needs_more: Annotated[bool, typer.Option("--needs-more", help="Less would not do.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Ask one question about one person; agencies are shown as they answer."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import journeys  # noqa: PLC0415 - see above
    from hub.cli.person import Whom, Why  # noqa: PLC0415 - see above

    why = Why(
        purpose=purpose,
        basis=basis,
        case=case,
        condition=condition,
        ground=ground,
        reason=reason,
        informed=informed,
        confirmation=confirmation,
        break_glass=break_glass,
        needs_more=needs_more,
    )
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
    journeys.ask(place, question, whom, why)


def view(ctx: typer.Context, request_id: RequestId = None, *, at: At = None, as_json: Json = False) -> None:
    """Show an answer again that the hub still holds; without REQUEST_ID, list what is held."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import journeys  # noqa: PLC0415 - see above

    if request_id is None:
        journeys.list_held(place)
    else:
        journeys.view(place, request_id)


def close(
    ctx: typer.Context,
    request_id: RequestId = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Drop every answer that is held.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Have the hub drop an answer that you have finished with."""
    place = settle(ctx, at, as_json=as_json)
    if everything == (request_id is not None):
        raise CommandError("WHAT_TO_CLOSE", "It is not clear what to close.", mend="Give one REQUEST_ID, or --all.")
    from hub.cli import journeys  # noqa: PLC0415 - see above

    journeys.close(place, request_id)


def status(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """Show who is connected, and which policy is in force."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import journeys  # noqa: PLC0415 - see above

    journeys.status(place)


def add_to(app: typer.Typer) -> None:
    """Add these commands, in the order of a working day."""
    for command in (menu, ask, view, close, status):
        app.command()(command)
