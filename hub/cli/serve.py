"""`hub serve`: runs one hub process."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.errors import ConfigurationError
from hub.hardening.closing import harden
from hub.hardening.hardening import Hardening
from hub.hardening.restarting import restart_hardened

# gRPC offers no setting for the least version of TLS, but one for the ciphers of version 1.2; those of 1.3 it leaves as
# they are. Left with one that needs a key which both sides share beforehand, no peer agrees on 1.2.
CIPHERS_OF_TLS_1_2 = "GRPC_SSL_CIPHER_SUITES"
NONE_THAT_A_PEER_CAN_HAVE = "ECDHE-PSK-AES128-CBC-SHA"


def serve(
    folder: Annotated[Path, typer.Argument(help="The deployment's folder, as `hub init` makes it.")] = Path(),
    *,
    no_harden: Annotated[
        bool, typer.Option("--no-harden", help="For debugging only: memory keeps what was dropped.")
    ] = False,
) -> None:
    """Run the hub of a deployment until SIGTERM or Ctrl-C.

    Once it answers it prints one JSON line with its ports; its log goes to standard error.
    """
    # Before gRPC is loaded, and before the program starts over, which takes its environment along.
    os.environ[CIPHERS_OF_TLS_1_2] = NONE_THAT_A_PEER_CAN_HAVE
    hardening = _hardened(wanted=not no_harden)
    # Loaded here because the other commands must start quickly.
    from hub.main import Hub, serve_until_stopped  # noqa: PLC0415
    from hub.settings import read_settings  # noqa: PLC0415

    def announce(hub: Hub) -> None:
        sys.stdout.write(json.dumps({"requesters": hub.requesters_port, "links": hub.links_port}) + "\n")
        sys.stdout.flush()

    try:
        asyncio.run(serve_until_stopped(read_settings(folder), announce, hardening))
    except ConfigurationError as error:
        sys.stderr.write(f"The hub does not start. {len(error.faults)} to mend:\n{error}\n")
        raise typer.Exit(1) from None


def _hardened(*, wanted: bool) -> Hardening:
    """Harden this process, which may start it over, and say what is missing even so."""
    if wanted:
        restart_hardened(os.environ)
    hardening = harden(wanted=wanted)
    for loss in hardening.losses:
        sys.stderr.write(f"WARNING: {loss}\n")
    return hardening


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("serve")(serve)
