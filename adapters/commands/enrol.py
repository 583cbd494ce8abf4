"""`adapter enrol`: exchanges a token for the adapter's first certificate, and writes it where the manifest says."""

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import typer

from adapters.commands.opening import FAULTS, AsJson, ManifestPath, open_manifest, print_json
from adapters.kit.credential_files import CredentialFiles
from adapters.kit.enrolling import Enrolment, Token
from adapters.kit.errors import NoCertificate
from adapters.kit.proxying import Proxy

STDIN = "-"


def enrol(
    manifest: ManifestPath,
    *,
    token: Annotated[
        str,
        typer.Option(
            "--token", metavar="TOKEN", envvar="ADAPTER_TOKEN", help="The token; a shell may remember what is typed."
        ),
    ] = "",
    token_file: Annotated[
        str, typer.Option("--token-file", metavar="FILE", help="Read the token from FILE; '-' is stdin.")
    ] = "",
    hub: Annotated[
        str, typer.Option("--hub", metavar="HOST:PORT", help="Where the hub is reached, if not as the token says.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Get this adapter's certificate for a token of the hub's administrator; without one, it is asked for.

    The key is made here and leaves this machine never. A running adapter renews the certificate by itself.
    """
    described = open_manifest(manifest, as_json=as_json)
    try:
        given = Token.read(_token(token, token_file))
        ends = asyncio.run(
            Enrolment(
                token=given,
                agency=described.agency,
                files=CredentialFiles.of(described.hub),
                address=hub or given.address,
                proxy=described.hub.proxy or _proxy_to(hub or given.address),
            ).run()
        )
    except NoCertificate as fault:
        _fail(f"Not enrolled: {fault}.")
    except UnicodeDecodeError:
        _fail("Not enrolled: what was given is no text, so it holds no token.")
    except OSError as fault:
        _fail(f"Not enrolled: `{fault.filename}` cannot be read or written ({fault.strerror}).")
    if as_json:
        certificate = str(described.hub.certificate)
        print_json({"agency": described.agency, "ends_at": ends.isoformat(), "certificate": certificate})
        return
    typer.echo(f"Enrolled as {described.agency}. The certificate holds until {ends.isoformat(sep=' ')}.")
    typer.echo("`adapter run` renews it by itself.")


def _token(typed: str, file: str) -> str:
    """Find the token: typed, in the environment, in a file, piped in, or asked for without showing it."""
    if file and file != STDIN:
        return Path(file).read_text(encoding="utf-8")
    if typed and not file:
        return typed
    if file == STDIN or not sys.stdin.isatty():
        return sys.stdin.readline()
    return getpass.getpass("Token: ")


def _proxy_to(address: str) -> Proxy | None:
    """Find the HTTP proxy through which gRPC goes to an address where the manifest names none."""
    proxies = {name.lower(): value for name, value in getproxies_environment().items()}
    grpc_proxy = os.environ.get("grpc_proxy", "")  # noqa: SIM112  gRPC knows it in small letters only
    found = grpc_proxy or proxies.get("https") or proxies.get("http") or ""
    if not found or proxy_bypass(address.rpartition(":")[0]):
        return None
    parts = urlsplit(found if "//" in found else f"//{found}")
    where = parts.netloc.rpartition("@")[2]
    return Proxy(address=where, user=unquote(parts.username or "") or None, password=unquote(parts.password or ""))


def _fail(what: str) -> NoReturn:
    typer.echo(what, err=True)
    raise typer.Exit(FAULTS)
