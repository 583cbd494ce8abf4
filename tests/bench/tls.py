"""Certificates of one benchmark run, as a folder that all of its processes read."""

from collections.abc import Iterable
from pathlib import Path

import grpc

from tests.lib.certificates import Authority

CHANNEL_OPTIONS = (
    ("grpc.enable_retries", 0),
    # Each agency has its own connection, as it would from its own building.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.keepalive_time_ms", 30_000),
)


def agency_ids(count: int) -> list[str]:
    """Return the identifiers of a number of agencies."""
    return [f"agency_{number:02}" for number in range(1, count + 1)]


def write_certificates(folder: Path, agencies: Iterable[str]) -> None:
    """Write ca.pem, and hub and each agency as NAME.pem and NAME.key."""
    authority = Authority.new()
    (folder / "ca.pem").write_bytes(authority.certificate)
    authority.server().write(folder, "hub")
    for agency in agencies:
        authority.agency(agency).write(folder, agency)


def channel_credentials(folder: Path, agency: str | None = None) -> grpc.ChannelCredentials:
    """Return a client's credentials; an agency shows its certificate."""
    authority = (folder / "ca.pem").read_bytes()
    if agency is None:
        return grpc.ssl_channel_credentials(authority)
    key, certificate = (folder / f"{agency}.key").read_bytes(), (folder / f"{agency}.pem").read_bytes()
    return grpc.ssl_channel_credentials(authority, key, certificate)


def server_credentials(folder: Path, *, agencies_only: bool) -> grpc.ServerCredentials:
    """Return a server's credentials; where only agencies may connect, a client certificate is required."""
    pair = (folder / "hub.key").read_bytes(), (folder / "hub.pem").read_bytes()
    authority = (folder / "ca.pem").read_bytes() if agencies_only else None
    return grpc.ssl_server_credentials([pair], authority, require_client_auth=agencies_only)
