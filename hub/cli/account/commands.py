"""The commands of `hub account` that call a hub; `hub account add` beside them works on a deployment's folder."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import At, Because, Json, settle
from hub.cli.setup import account_app

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.

User = Annotated[str, typer.Argument(metavar="USER", help="The unique user name.")]


def list_accounts(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """List the accounts that you may see."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import journeys  # noqa: PLC0415 - see above

    journeys.list_accounts(place)


def create(
    ctx: typer.Context,
    user: User,
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="The person's name, as screens show it.")],
    agency: Annotated[str, typer.Option(metavar="AGENCY", help="Identifier of the person's agency.")],
    at: At = None,
    as_json: Json = False,
) -> None:
    """Make an account, and print its invitation, once.

    It has no office yet, and nobody signs in to it until one is published.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import journeys  # noqa: PLC0415 - see above

    journeys.create(place, user, name, agency)


def disable(ctx: typer.Context, user: User, *, at: At = None, as_json: Json = False) -> None:
    """Let an account sign in no more; its sessions end at once."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import journeys  # noqa: PLC0415 - see above

    journeys.disable(place, user)


def reset(ctx: typer.Context, user: User, *, at: At = None, as_json: Json = False) -> None:
    """Print an invitation to choose a new password, once.

    Second factors stay.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import journeys  # noqa: PLC0415 - see above

    journeys.reset(place, user)


def office(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    users: Annotated[list[str], typer.Argument(metavar="USER…", help="The unique user names.")],
    *,
    because: Because,
    level: Annotated[str, typer.Option(metavar="LEVEL", help="Identifier of the access level.")] = "",
    agency: Annotated[str, typer.Option(metavar="AGENCY", help="Identifier of the agency.")] = "",
    area: Annotated[list[str] | None, typer.Option(metavar="AREA", help="Identifier of an area; repeatable.")] = None,
    none: Annotated[bool, typer.Option("--none", help="Take the office away instead.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Propose an office: a level, in an agency and areas."""
    place = settle(ctx, at, as_json=as_json)
    if none == bool(level or agency or area) or not (none or (level and agency)):
        mend = "Give --level and --agency, with --area where it has areas; or --none."
        raise CommandError("OFFICE_INVALID", "It is not clear which office is meant.", mend=mend)
    from hub.cli.account import proposing  # noqa: PLC0415 - see above

    held = proposing.Office(level=level, agency=agency, areas=tuple(area or ()))
    proposing.propose(place, [proposing.office_change(user, held) for user in users], because)


def enable(ctx: typer.Context, user: User, *, because: Because, at: At = None, as_json: Json = False) -> None:
    """Propose that a disabled account may sign in again."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import proposing  # noqa: PLC0415 - see above

    proposing.propose(place, [proposing.enabling(user)], because)


def lost_factor(ctx: typer.Context, user: User, *, because: Because, at: At = None, as_json: Json = False) -> None:
    """Propose to remove second factors that are lost.

    The password goes with them; afterwards, print an invitation with `reset`.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import proposing  # noqa: PLC0415 - see above

    proposing.propose(place, [proposing.removing_factors(user)], because)


def tie(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    user: User,
    issuer: Annotated[str, typer.Argument(metavar="ISSUER", help="As `hub issuers` shows it.")],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="What the provider calls that user.")],
    *,
    because: Because,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Propose to tie an account to a provider's user."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import proposing  # noqa: PLC0415 - see above

    proposing.propose(place, [proposing.tying(user, issuer, subject)], because)


def import_accounts(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="user_name,display_name,agency,access_level,areas")],
    *,
    because: Because,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Make accounts from a CSV file, and propose their offices.

    Those that are there already are not made again.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.account import importing  # noqa: PLC0415 - see above

    importing.import_accounts(place, file, because)


def add_to(_app: typer.Typer) -> None:
    """Add these commands beside the one that needs the deployment's folder."""
    for name, command in (
        ("list", list_accounts),
        ("create", create),
        ("disable", disable),
        ("reset", reset),
        ("office", office),
        ("enable", enable),
        ("lost-factor", lost_factor),
        ("tie", tie),
        ("import", import_accounts),
    ):
        account_app.command(name)(command)
