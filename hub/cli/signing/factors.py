"""`hub factor`: the second factors of the account that is signed in."""

from typing import Annotated

import typer

from hub.cli.options import At, Json, settle
from hub.cli.signing.options import CodeFile, PasswordFile

factor_app = typer.Typer(help="Your second factors.", no_args_is_help=True)

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.


@factor_app.command("list")
def list_factors(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """List your second factors; passkeys are added in the web client."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import factor_journeys  # noqa: PLC0415 - see above

    factor_journeys.list_factors(place)


@factor_app.command("add")
def add(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """Add an authenticator: show its seed, ask for a code.

    The seed is shown once; without a terminal, say `hub factor confirm CODE` afterwards.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import factor_journeys  # noqa: PLC0415 - see above

    factor_journeys.add(place)


@factor_app.command("confirm")
def confirm(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code that your authenticator shows.")],
    *,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Take an authenticator into use by its first code."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import factor_journeys  # noqa: PLC0415 - see above

    factor_journeys.confirm(place, code)


@factor_app.command("remove")
def remove(
    ctx: typer.Context,
    factor: Annotated[str, typer.Argument(metavar="FACTOR", help="As `hub factor list` shows it.")],
    *,
    password_file: PasswordFile = None,
    code_file: CodeFile = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Remove one second factor.

    Your authenticator (totp) goes only with your password and a code of it.
    """
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import factor_journeys  # noqa: PLC0415 - see above

    factor_journeys.remove(place, factor, password_file, code_file)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(factor_app, name="factor")
