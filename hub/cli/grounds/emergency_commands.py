"""The commands of `hub break-glass`: opening and closing emergency access, and reviewing how it was used."""

from typing import Annotated

import typer

from hub.cli.grounds.options import Emergency, Everything, Finding
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
    Question,
    Uln,
    Upn,
    WholeAddress,
)

emergency_app = typer.Typer(
    help="Emergency access to one person; everybody concerned is told, and it is reviewed.", no_args_is_help=True
)

Access = Annotated[str, typer.Argument(metavar="ACCESS", help="As `hub break-glass list` shows it.")]

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.


def open_access(  # noqa: PLR0913  (each is an option of the command)
    ctx: typer.Context,
    question: Question,
    *,
    because: Annotated[
        Emergency | None, typer.Option(help="What the emergency is; may be left out with --preview.")
    ] = None,
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
    only_preview: Annotated[bool, typer.Option("--preview", help="Say what would happen; open nothing.")] = False,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say what would be opened and who would be told, and then open it.

    It needs a second factor given within the last two minutes: hub stepup.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import emergency_journeys  # noqa: PLC0415 - see above
    from hub.cli.person import Whom  # noqa: PLC0415 - see above

    if only_preview:
        emergency_journeys.preview(place, question)
        return
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
    emergency_journeys.open_access(place, question, whom, because.value if because else "", is_sure=is_sure)


def close(
    ctx: typer.Context,
    access: Annotated[str, typer.Argument(metavar="[ACCESS]", help="One access; else all of this session.")] = "",
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """End emergency access as soon as it is not needed any more; answers that rest on it are dropped."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import emergency_journeys  # noqa: PLC0415 - see above

    emergency_journeys.close(place, access)


def list_uses(
    ctx: typer.Context,
    *,
    everything: Everything = False,
    by_user: Annotated[bool, typer.Option("--by-user", help="Count the uses of each user.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """List how emergency access was used: your own uses, those that concern your agency, or as an auditor all."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import emergency_journeys  # noqa: PLC0415 - see above

    emergency_journeys.list_uses(place, everything=everything, by_user=by_user)


def review(
    ctx: typer.Context,
    access: Access,
    finding: Annotated[Finding, typer.Argument(help="What it was.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say what a use is found to have been; never your own."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import emergency_journeys  # noqa: PLC0415 - see above

    emergency_journeys.review(place, access, finding.value)


def add_to(app: typer.Typer) -> None:
    """Add these commands, in the order of an emergency."""
    emergency_app.command("open")(open_access)
    emergency_app.command()(close)
    emergency_app.command("list")(list_uses)
    emergency_app.command()(review)
    app.add_typer(emergency_app, name="break-glass")
