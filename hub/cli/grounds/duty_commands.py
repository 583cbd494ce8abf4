"""The commands of `hub duty` and `hub contact`: what an agency owes, and asking another to get in touch."""

from typing import Annotated

import typer

from hub.cli.grounds.options import Everything
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
    Uln,
    Upn,
    WholeAddress,
)

duty_app = typer.Typer(help="What your agency has to do since its people have asked.", no_args_is_help=True)

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.


def list_duties(ctx: typer.Context, *, everything: Everything = False, at: At = None, as_json: Json = False) -> None:
    """List what your agency has to do, or as an auditor every agency; what is overdue comes first."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import duty_journeys  # noqa: PLC0415 - see above

    duty_journeys.list_duties(place, everything=everything)


def done(
    ctx: typer.Context,
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="As `hub duty list` shows it.")],
    *,
    evidence: Annotated[
        str, typer.Option(metavar="REFERENCE", help="Where it can be seen in your own records; never a name.")
    ],
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say that something is done, and where that can be seen."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import duty_journeys  # noqa: PLC0415 - see above

    duty_journeys.done(place, duty, evidence)


def contact(  # noqa: PLR0913  (each is an option of the command)
    ctx: typer.Context,
    agency: Annotated[str, typer.Argument(metavar="AGENCY", help="Identifier of the agency.")],
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
    case: Case = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Ask an agency to get in touch with you about a person, should it know the person.

    You are told that it was passed on, and never whether the agency knows the person.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import duty_journeys  # noqa: PLC0415 - see above
    from hub.cli.person import Whom, Why  # noqa: PLC0415 - see above

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
    duty_journeys.contact(place, agency, whom, Why(purpose=purpose, case=case))


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    duty_app.command("list")(list_duties)
    duty_app.command()(done)
    app.add_typer(duty_app, name="duty")
    app.command()(contact)
