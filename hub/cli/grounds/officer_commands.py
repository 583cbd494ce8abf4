"""The commands of `hub officer`: putting a ground to designated officers, and what these decide."""

from typing import Annotated

import typer

from hub.cli.grounds.options import Confirmation, Everything, Verdict, Why
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

officer_app = typer.Typer(
    help="Going without consent: put a ground to officers, and decide as one.", no_args_is_help=True
)

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.


def put(  # noqa: PLR0913  (each is an option of the command)
    ctx: typer.Context,
    question: Question,
    *,
    ground: Annotated[str, typer.Option(metavar="GROUND", help="On what ground: one of `hub menu`.")],
    reason: Annotated[str, typer.Option(metavar="REASON", help="Why consent was not sought, or is overridden.")],
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
    at: At = None,
    as_json: Json = False,
) -> None:
    """Ask the designated officers of the source agencies to confirm a ground.

    Officers learn the question, the ground and your case reference, and not whom it is about: they will ask you.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import officer_journeys  # noqa: PLC0415 - see above
    from hub.cli.person import Whom  # noqa: PLC0415 - see above
    from hub.cli.person import Why as Reasons  # noqa: PLC0415 - see above

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
    why = Reasons(purpose=purpose, basis=basis, case=case)
    officer_journeys.put(place, question, whom, why, ground=ground, override_reason=reason)


def queue(ctx: typer.Context, *, everything: Everything = False, at: At = None, as_json: Json = False) -> None:
    """List what waits for officers, oldest first: as an officer your agency's, as a requester your own."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import officer_journeys  # noqa: PLC0415 - see above

    officer_journeys.queue(place, everything=everything)


def decide(  # noqa: PLR0913  (each is an option of the command)
    ctx: typer.Context,
    confirmation: Confirmation,
    verdict: Annotated[Verdict, typer.Argument(metavar="VERDICT", help="confirmed or declined.")],
    *,
    because: Annotated[
        list[Why], typer.Option(metavar="WHY", help="Such as risk_outweighs or more_detrimental; may be repeated.")
    ],
    reference: Annotated[
        str, typer.Option(metavar="REFERENCE", help="Where your reasons stand in your own records; never a name.")
    ],
    ground: Annotated[
        list[str] | None, typer.Option(metavar="GROUND", help="A ground that applies; may be repeated.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="DAYS", min=1, max=7, help="For how long a confirmation counts.")] = 7,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Decide, as a designated officer, for your agency; once, and never on what you have put yourself."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import officer_journeys  # noqa: PLC0415 - see above

    decided = officer_journeys.Decided(
        verdict=verdict.value,
        because=[why.value for why in because],
        reference=reference,
        grounds=ground or [],
        days=days,
    )
    officer_journeys.decide(place, confirmation, decided)


def revoke(ctx: typer.Context, confirmation: Confirmation, *, at: At = None, as_json: Json = False) -> None:
    """Take back what an officer of your agency has confirmed; answers that rest on it are dropped at once."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.grounds import officer_journeys  # noqa: PLC0415 - see above

    officer_journeys.revoke(place, confirmation)


def add_to(app: typer.Typer) -> None:
    """Add these commands, in the order of a case."""
    for command in (put, queue, decide, revoke):
        officer_app.command()(command)
    app.add_typer(officer_app, name="officer")
