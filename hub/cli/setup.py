"""Commands that make a deployment ready: `hub init`, `hub account add`, `hub agency certificate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from hub.errors import ConfigurationError

if TYPE_CHECKING:
    from hub.deploying import Deployment

SHIPPED_POLICIES = Path(__file__).parents[2] / "policies"

Folder = Annotated[Path, typer.Argument(help="The deployment's folder.")]

account_app = typer.Typer(
    help="Accounts. `add` needs the deployment's folder, for its first accounts; all others call the hub.",
    no_args_is_help=True,
)
agency_app = typer.Typer(
    help="Agencies and their certificates. `certificate` needs the deployment's folder; all others call the hub.",
    no_args_is_help=True,
)

# What makes deployments is loaded inside the commands, because the other commands must start quickly.


def init(
    folder: Folder,
    host: Annotated[
        list[str] | None, typer.Option(help="A host name or address under which the hub is reached; repeatable.")
    ] = None,
    requesters: Annotated[str, typer.Option(help="host:port for professionals' clients.")] = "127.0.0.1:7443",
    links: Annotated[str, typer.Option(help="host:port for agencies' adapters.")] = "127.0.0.1:7444",
    policies: Annotated[Path, typer.Option(help="Policies to start from.")] = SHIPPED_POLICIES,
) -> None:
    """Make a deployment: settings, keys, policies and an empty store. Nothing that exists is replaced."""
    from hub.deploying import CannotDeploy, make_deployment  # noqa: PLC0415 - see above

    try:
        make_deployment(folder, hosts=host, requesters=requesters, links=links, policies=policies)
    except CannotDeploy as error:
        _fail(str(error), error.mend)
    _say(
        f"Made a deployment in {folder}.",
        f"Next: hub agency certificate {folder} AGENCY · hub account add {folder} USER … · hub serve {folder}",
    )


@account_app.command("add")
def add_account(
    folder: Folder,
    user_name: Annotated[str, typer.Argument(help="Unique; small letters, digits, '.' and '-'.")],
    name: Annotated[str, typer.Option(help="The person's name, as screens show it.")],
    level: Annotated[str, typer.Option(help="Identifier of the access level.")],
    agency: Annotated[str, typer.Option(help="Identifier of the person's agency.")],
) -> None:
    """Add an account in the deployment's folder.

    While no hub runs, for its first accounts; prints the password, once, on standard output. Later: `create`, `office`.
    """
    from hub.deploying import CannotDeploy  # noqa: PLC0415 - see above

    try:
        password = _deployment(folder).add_account(user_name, display_name=name, level=level, agency=agency)
    except CannotDeploy as error:
        _fail(str(error), error.mend)
    sys.stdout.write(password + "\n")
    _say("This password is shown once. Hand it over in person.")


@agency_app.command("certificate")
def agency_certificate(
    folder: Folder,
    agency: Annotated[str, typer.Argument(help="Identifier of the agency.")],
    into: Annotated[Path, typer.Option(help="Folder to write AGENCY.pem, AGENCY.key and ca.pem into.")],
) -> None:
    """Issue a certificate in the folder, for about a year, where no hub can: by hand, and key and all.

    `add` and `adapter enrol` are better: the key then never leaves the agency.
    """
    from hub.deploying import CannotDeploy  # noqa: PLC0415 - see above

    try:
        _deployment(folder).issue_certificate(agency, into)
    except CannotDeploy as error:
        _fail(str(error), error.mend)
    _say(f"Wrote {agency}.pem, {agency}.key and ca.pem into {into}.")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    app.add_typer(account_app, name="account")
    app.add_typer(agency_app, name="agency")


def _deployment(folder: Path) -> "Deployment":
    from hub.deploying import open_deployment  # noqa: PLC0415 - see above

    try:
        return open_deployment(folder)
    except ConfigurationError as error:
        _fail(str(error), "Mend these first.")


def _say(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _fail(what: str, mend: str) -> NoReturn:
    _say(what, mend)
    raise typer.Exit(2)
