"""The commands of `hub policy` that change something, and the list of all; their names and options are a promise."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.options import At, Because, Json, Proposal, settle
from hub.cli.policy import looking

policy_app = typer.Typer(help="Access levels, and the agreed process by which they change.", no_args_is_help=True)

# The journeys bring gRPC, and checking brings Casbin, which are slow to import; each command imports what it needs.


class Finding(StrEnum):
    """Is what an emergency publication is found to have been."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    TRAINING = "training"


def propose(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The folder of the draft.")],
    *,
    because: Because,
    edited: Annotated[
        str, typer.Option("--edit", metavar="PROPOSAL", help="Replace this proposal's texts; its approvals lapse.")
    ] = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Check a draft, propose it, and show what it changes."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import drafting  # noqa: PLC0415 - see above

    drafting.propose(place, folder, because, edited)


def approve(
    ctx: typer.Context,
    proposal: Proposal,
    *,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Show what a proposal changes, and agree to exactly that."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import process  # noqa: PLC0415 - see above

    process.approve(place, proposal, is_sure=is_sure)


def withdraw(ctx: typer.Context, proposal: Proposal, *, at: At = None, as_json: Json = False) -> None:
    """End a proposal that has not been published."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import process  # noqa: PLC0415 - see above

    process.withdraw(place, proposal)


def publish(
    ctx: typer.Context,
    proposal: Proposal,
    *,
    when: Annotated[
        str, typer.Option("--when", metavar="MOMENT", help="Then, not now: like 2027-01-01T06:00:00+00:00.")
    ] = "",
    emergency: Annotated[
        str, typer.Option(metavar="WHY", help="Without waiting for approvals; everybody is told, and it is reviewed.")
    ] = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Put a proposal in force, now or at a moment."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import process  # noqa: PLC0415 - see above

    process.publish(place, proposal, when, emergency)


def rollback(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="A publication of `hub policy history`.")],
    *,
    because: Because,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Propose what was in force before."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import process  # noqa: PLC0415 - see above

    process.roll_back(place, number, because)


def review(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="A publication of `hub policy history`.")],
    finding: Annotated[Finding, typer.Argument(help="What it was.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Say what an emergency is found to have been.

    Not by whoever published it.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.policy import process  # noqa: PLC0415 - see above

    process.review(place, number, finding.value)


def add_to(app: typer.Typer) -> None:
    """Add these commands, in the order of a change."""
    first = (looking.check, looking.show, looking.matrix, looking.explain)
    change = (propose, looking.diff, looking.rehearse, looking.proposals, approve, withdraw, publish, rollback)
    for command in (*first, *change, looking.history, looking.reviews, review):
        policy_app.command()(command)
    app.add_typer(policy_app, name="policy")
