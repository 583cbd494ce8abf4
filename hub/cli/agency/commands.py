"""The commands of `hub agency` that call a hub; `hub agency certificate` beside them works on a deployment's folder."""

from typing import Annotated

import typer

from hub.cli.options import At, Json, settle
from hub.cli.setup import agency_app

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.

Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Identifier of the agency.")]


def list_agencies(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """List the agencies, whether they may connect, and when their certificates end."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.agency import journeys  # noqa: PLC0415 - see above

    journeys.list_agencies(place)


def add(
    ctx: typer.Context,
    agency: Agency,
    *,
    address: Annotated[
        str, typer.Option(metavar="HOST:PORT", help="Where adapters reach this hub's port for requesters; else yours.")
    ] = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Print a token by which one adapter of an agency gets its certificate, once.

    A token that was made before holds no more.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.agency import journeys  # noqa: PLC0415 - see above

    journeys.add(place, agency, address)


def suspend(ctx: typer.Context, agency: Agency, *, at: At = None, as_json: Json = False) -> None:
    """End an agency's links at once, and admit none until it is resumed."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.agency import journeys  # noqa: PLC0415 - see above

    journeys.suspend(place, agency)


def resume(ctx: typer.Context, agency: Agency, *, at: At = None, as_json: Json = False) -> None:
    """Let a suspended agency connect again."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.agency import journeys  # noqa: PLC0415 - see above

    journeys.resume(place, agency)


def revoke(ctx: typer.Context, agency: Agency, *, at: At = None, as_json: Json = False) -> None:
    """End an agency's links at once, and make all its certificates useless.

    It needs a new token to come back.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.agency import journeys  # noqa: PLC0415 - see above

    journeys.revoke(place, agency)


def add_to(_app: typer.Typer) -> None:
    """Add these commands beside the one that needs the deployment's folder."""
    agency_app.command("list")(list_agencies)
    for command in (add, suspend, resume, revoke):
        agency_app.command()(command)
