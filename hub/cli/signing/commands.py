"""The commands of everybody's sign-in: their names and options are a promise, described in docs/client.md."""

from typing import Annotated

import typer

from hub.cli.errors import CommandError
from hub.cli.options import At, Json, settle
from hub.cli.signing.options import Code, CodeFile, PasswordFile

# The journeys bring gRPC, which takes half a second to import; each command imports them when it runs.


def signin(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    user: Annotated[str | None, typer.Argument(metavar="[USER]", help="Your unique user name.")] = None,
    *,
    password_file: PasswordFile = None,
    code: Code = "",
    code_file: CodeFile = None,
    issuer: Annotated[
        str | None, typer.Option("--with", metavar="ISSUER", help="Sign in there instead; see `hub issuers`.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="With --with: only print the address.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Sign in; password and code are asked for."""
    place = settle(ctx, at, as_json=as_json)
    if (user is None) == (issuer is None):
        raise CommandError("WHO", "It is not clear who signs in.", mend="Give your user name, or --with ISSUER.")
    if issuer is not None and (password_file or code or code_file):
        mend = "Leave --password-file, --code and --code-file out: the provider asks for what it needs."
        raise CommandError("WHO", "A provider asks for passwords and codes itself.", mend=mend)
    if issuer is not None:
        from hub.cli.signing import external  # noqa: PLC0415 - see above

        external.sign_in(place, issuer, no_browser=no_browser)
    elif user is not None:
        from hub.cli.signing import journeys  # noqa: PLC0415 - see above

        given = journeys.Given(password_file=password_file, code=code, code_file=code_file)
        journeys.sign_in(place, user, given)


def stepup(
    ctx: typer.Context, *, code: Code = "", code_file: CodeFile = None, at: At = None, as_json: Json = False
) -> None:
    """Show your second factor again."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import journeys  # noqa: PLC0415 - see above

    journeys.step_up(place, code, code_file)


def signout(
    ctx: typer.Context,
    *,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="End your sessions on other devices too.")] = False,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Sign out; the hub drops everything that it holds for you."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import journeys  # noqa: PLC0415 - see above

    journeys.sign_out(place, everywhere=everywhere)


def issuers(ctx: typer.Context, *, at: At = None, as_json: Json = False) -> None:
    """List the providers through which one may sign in."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import external  # noqa: PLC0415 - see above

    external.list_issuers(place)


def password(
    ctx: typer.Context,
    *,
    present_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read the present password from FILE; '-' is stdin.")
    ] = None,
    new_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read the new password from FILE; '-' is stdin.")
    ] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Change your password; your other sessions end."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import journeys  # noqa: PLC0415 - see above

    journeys.change_password(place, present_file, new_file)


def accept(
    ctx: typer.Context,
    *,
    token_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Read the invitation from FILE; '-' is stdin.")
    ] = None,
    password_file: PasswordFile = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Accept an invitation: choose the password of your account."""
    place = settle(ctx, at, as_json=as_json)
    from hub.cli.signing import journeys  # noqa: PLC0415 - see above

    journeys.accept(place, token_file, password_file)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (signin, stepup, signout, issuers, accept, password):
        app.command()(command)
