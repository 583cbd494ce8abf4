"""The thin client's commands for the register: find a child whose number nobody knows, page by page."""

from typing import Annotated

import typer

from hub.cli.options import At, Json, settle
from hub.cli.whom_options import Case, Purpose

Beginning = "The beginning, at least two letters."


def search(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    question: Annotated[str, typer.Argument(metavar="[QUESTION]", help="A register of `hub menu`.")] = "child_register",
    *,
    given: Annotated[str, typer.Option(metavar="NAME", help=f"Given name. {Beginning}")] = "",
    family: Annotated[str, typer.Option(metavar="NAME", help=f"Family name. {Beginning}")] = "",
    born_from: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Date of birth, or the first of a span.")] = "",
    born_to: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The last of that span.")] = "",
    postcode_area: Annotated[str, typer.Option(metavar="AREA", help="First half of a postcode, as in BL1.")] = "",
    school: Annotated[str, typer.Option(metavar="NAME", help="Part of a school's name.")] = "",
    gp: Annotated[str, typer.Option(metavar="NAME", help="Part of a GP practice's name.")] = "",
    purpose: Purpose = "",
    basis: Annotated[str, typer.Option(metavar="BASIS", help="Lawful basis: one of `hub menu`.")] = "",
    case: Case = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Search for whoever fits; the first page is shown, and `hub more` shows the next."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import search_journeys  # noqa: PLC0415 - it brings gRPC, which is slow to import
    from hub.cli.person import Why  # noqa: PLC0415 - as above
    from hub.model.criteria import Criteria  # noqa: PLC0415 - as above

    criteria = Criteria(
        given_name=given,
        family_name=family,
        born_from=born_from,
        born_to=born_to,
        postcode_area=postcode_area,
        school=school,
        gp_practice=gp,
    )
    search_journeys.search(place, question, criteria, Why(purpose=purpose, basis=basis, case=case))


def more(
    ctx: typer.Context,
    request_id: Annotated[str, typer.Argument(metavar="REQUEST_ID", help="As `hub search` shows it.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show the next page of a search."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli import search_journeys  # noqa: PLC0415 - as above

    search_journeys.more(place, request_id)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (search, more):
        app.command()(command)
