"""Commands that make a deployment ready: `hub init`, `hub account add`, `hub agency certificate`."""

import re
import shutil
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from hub.errors import ConfigurationError

SHIPPED_POLICIES = Path(__file__).parents[2] / "policies"
_USER_NAME = re.compile(r"[a-z][a-z0-9.\-]{1,63}")

_SETTINGS = """\
# Settings of this hub; docs/operating.md explains each, and those that are not set here.

[listen]
requesters = "{requesters}"  # where professionals' clients connect
links = "{links}"       # where agencies' adapters dial in
"""

Folder = Annotated[Path, typer.Argument(help="The deployment's folder.")]

account_app = typer.Typer(help="Accounts of those who may ask.", no_args_is_help=True)
agency_app = typer.Typer(help="Agencies and their certificates.", no_args_is_help=True)


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
    from hub.audit.pseudonyms import KEY_BYTES  # noqa: PLC0415  (the other commands must start quickly)
    from hub.keys import Authority, new_secret_key, write_secret  # noqa: PLC0415
    from hub.settings import FILE_NAME, read_settings  # noqa: PLC0415
    from hub.store.engine import open_store  # noqa: PLC0415

    if (folder / FILE_NAME).exists():
        _fail(f"{folder} is a deployment already.", "Choose another folder, or remove this one first.")
    if not policies.is_dir():
        _fail(f"There are no policies in {policies}.", "Name their folder with --policies.")
    keys = folder / "keys"
    authority = Authority.new("Sharing hub authority")
    authority.leaf.write(keys, "authority")
    authority.server(host or ["localhost", "127.0.0.1"]).write(keys, "hub")
    write_secret(keys / "pseudonym.key", new_secret_key(KEY_BYTES))
    shutil.copytree(policies, folder / "policies")
    (folder / "data").mkdir(mode=0o700)
    (folder / FILE_NAME).write_text(_SETTINGS.format(requesters=requesters, links=links), encoding="utf-8")
    open_store(read_settings(folder).store_url()).dispose()
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
    """Add an account and print its password, once, on standard output."""
    from hub.access.policy import load_policy  # noqa: PLC0415  (the other commands must start quickly)
    from hub.accounts.passwords import Passwords, new_password  # noqa: PLC0415
    from hub.model.account import Account  # noqa: PLC0415
    from hub.settings import read_settings  # noqa: PLC0415
    from hub.store.accounts import AccountExists, Accounts  # noqa: PLC0415
    from hub.store.engine import open_store  # noqa: PLC0415

    if not _USER_NAME.fullmatch(user_name):
        _fail("That cannot be a user name.", "Take 2 to 64 small letters, digits, '.' or '-', a letter first.")
    try:
        settings = read_settings(folder)
        policy = load_policy(settings.path(settings.policies))
    except ConfigurationError as error:
        _fail(str(error), "Mend these first.")
    if level not in policy.levels:
        _fail(f"There is no access level {level}.", f"There are: {', '.join(policy.levels)}.")
    if agency not in policy.agencies:
        _fail(f"There is no agency {agency}.", f"There are: {', '.join(policy.agencies)}.")
    if policy.levels[level].agency not in (None, agency):
        _fail(f"Level {level} is not for {agency}.", f"It is for {policy.levels[level].agency}.")
    passwords, password = Passwords(), new_password()
    account = Account(
        user_name=user_name,
        display_name=name,
        access_level=level,
        agency=agency,
        password_hash=passwords.hash(password),
    )
    passwords.close()
    engine = open_store(settings.store_url())
    try:
        Accounts(engine).add(account)
    except AccountExists:
        _fail(f"{user_name} has an account already.", "User names are unique: choose another.")
    finally:
        engine.dispose()
    sys.stdout.write(password + "\n")
    _say("This password is shown once. Hand it over in person.")


@agency_app.command("certificate")
def agency_certificate(
    folder: Folder,
    agency: Annotated[str, typer.Argument(help="Identifier of the agency.")],
    into: Annotated[Path, typer.Option(help="Folder to write AGENCY.pem, AGENCY.key and ca.pem into.")],
) -> None:
    """Issue the certificate by which an agency's adapter is known, for one year."""
    from hub.access.policy import load_policy  # noqa: PLC0415  (the other commands must start quickly)
    from hub.keys import Authority  # noqa: PLC0415
    from hub.settings import read_settings  # noqa: PLC0415

    try:
        settings = read_settings(folder)
        agencies = load_policy(settings.path(settings.policies)).agencies
    except ConfigurationError as error:
        _fail(str(error), "Mend these first.")
    if agency not in agencies:
        _fail(f"There is no agency {agency}.", f"There are: {', '.join(agencies)}.")
    certificate = settings.path(settings.keys.authority)
    authority = Authority.read(certificate.read_bytes(), certificate.with_suffix(".key").read_bytes())
    try:
        authority.agency(agency).write(into, agency)
    except FileExistsError:
        _fail(f"{into} holds a key of {agency} already.", "Name another folder with --into.")
    (into / "ca.pem").write_bytes(authority.certificate)
    _say(f"Wrote {agency}.pem, {agency}.key and ca.pem into {into}.")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    app.add_typer(account_app, name="account")
    app.add_typer(agency_app, name="agency")


def _say(*lines: str) -> None:
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _fail(what: str, mend: str) -> NoReturn:
    _say(what, mend)
    raise typer.Exit(2)
