"""The commands of `hub policy` that look and change nothing; their names and options are a promise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import At, Json, Proposal, settle

if TYPE_CHECKING:
    from sharing.v1 import policies_pb2

# The journeys bring gRPC, and checking brings Casbin, which are slow to import; each command imports what it needs.

OfProposal = Annotated[
    str, typer.Option("--proposal", metavar="PROPOSAL", help="Of a proposal; else what is in force.")
]
_WORDS_WITH_USER, _WORDS_WITHOUT = 4, 3


def check(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder of the draft.")] = Path("policies"),
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Check a draft on this machine, with its own tests.

    It is the same check as the hub's; no hub is asked.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import drafting  # noqa: PLC0415 - see above

    drafting.check(place, folder)


def show(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    file: Annotated[str | None, typer.Argument(metavar="[FILE]", help="Print this file of it.")] = None,
    *,
    proposal: OfProposal = "",
    number: Annotated[int, typer.Option(metavar="N", min=0, help="Of an earlier publication.")] = 0,
    into: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Write it into a new or empty folder.")] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show a policy's texts: in force, proposed or earlier."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.show(place, _which(proposal, number), file, into)


def matrix(
    ctx: typer.Context,
    *,
    level: Annotated[str, typer.Option(metavar="LEVEL", help="Only this access level.")] = "",
    proposal: OfProposal = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV, for a spreadsheet.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show who may ask what of whom, for which purpose, and see what."""
    place = settle(ctx, at, as_json=as_json)
    if as_csv and place.as_json:
        raise CommandError("CSV_OR_JSON", "It cannot be CSV and JSON at once.", mend="Give --csv or --json.")
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.matrix(place, _which(proposal), level, as_csv=as_csv)


def explain(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="[USER] QUESTION AGENCY PURPOSE", help="Without USER: --as.")],
    *,
    office: Annotated[
        str, typer.Option("--as", metavar="LEVEL/AGENCY[/AREA,…]", help="An office, instead of USER's.")
    ] = "",
    proposal: OfProposal = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Explain why somebody may ask something, or may not.

    Names a user, or with --as an office; a question, the agency that would be asked, and a purpose.
    """
    place = settle(ctx, at, as_json=as_json)
    if len(words) != (_WORDS_WITHOUT if office else _WORDS_WITH_USER):
        mend = "Give USER QUESTION AGENCY PURPOSE; or, with --as, QUESTION AGENCY PURPOSE."
        raise CommandError("WHAT_TO_EXPLAIN", "It is not clear what to explain.", mend=mend)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    *user, question, source, purpose = words
    asked = reading.Asked(user_name="".join(user), office=office, question=question, source=source, purpose=purpose)
    reading.explain(place, _which(proposal), asked)


def diff(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="PROPOSAL | N M", help="A proposal, or two publications.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show exactly what a proposal changes.

    With two numbers, what changed from one publication to the other.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    match words:
        case [proposal]:
            reading.diff_proposal(place, proposal)
        case [old, new] if old.isdecimal() and new.isdecimal():
            reading.diff_publications(place, int(old), int(new))
        case _:
            mend = "Give one PROPOSAL, or the numbers of two publications."
            raise CommandError("WHAT_TO_COMPARE", "It is not clear what to compare.", mend=mend)


def rehearse(
    ctx: typer.Context,
    proposal: Proposal,
    *,
    last: Annotated[int, typer.Option(metavar="N", min=1, max=20_000, help="How many of the last questions.")] = 1000,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say which of the last questions would come out otherwise."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.rehearse(place, proposal, last)


def proposals(
    ctx: typer.Context,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Those too that were published or withdrawn.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """List what is proposed."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.proposals(place, everything=everything)


def history(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """List what has been in force, newest first."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.history(place)


def reviews(
    ctx: typer.Context,
    *,
    days: Annotated[int, typer.Option(metavar="N", min=0, max=3660, help="How many days ahead.")] = 90,
    at: At = None,
    as_json: Json = False,
) -> None:
    """List agreements and emergencies whose review falls due."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import reading  # noqa: PLC0415 - see above

    reading.reviews(place, days)


def _which(proposal: str, number: int = 0) -> "policies_pb2.Which":
    """Name a policy: of a proposal, of a publication, or the one in force."""
    from sharing.v1 import policies_pb2  # noqa: PLC0415 - see above

    if proposal and number:
        raise CommandError("WHICH_POLICY", "Two policies are named.", mend="Give --proposal or --number.")
    if proposal:
        return policies_pb2.Which(proposal=proposal)
    return policies_pb2.Which(publication=number) if number else policies_pb2.Which()
