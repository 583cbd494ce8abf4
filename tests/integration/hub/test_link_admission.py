"""Who may hold a link: an agency by a certificate that counts; anybody else is served nothing, however they connect."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from sharing.v1 import links_pb2

from adapters.kit.own_key import OwnKey
from hub.keys import Authority, Leaf
from hub.model.membership import Member, MemberState
from hub.store.engine import open_store
from hub.store.members import Members
from tests.lib.agency_stream import METHOD, OPTIONS, dialled
from tests.lib.deployment import Deployment, Served, hub_process, make_deployment
from tests.lib.good_adapter import GoodAdapter, connected

FAST, SLOW = 3, 100
SECONDS = 5.0
SUSPENDED, REVOKED = "health", "connexions"
RENEW = "/sharing.v1.LinkService/Renew"
AT_HANDSHAKE = {grpc.StatusCode.UNAVAILABLE}
BY_THE_HUB = {grpc.StatusCode.PERMISSION_DENIED}


def agency_names(*agencies: str) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(f"urn:sharing:agency:{agency}") for agency in agencies]


def foreign(_: Deployment) -> Leaf:
    return Authority.new("Test authority").agency("schools")


def expired(deployment: Deployment) -> Leaf:
    return deployment.authority.issue("schools", agency_names("schools"), lifetime=timedelta(seconds=-1))


def not_yet(deployment: Deployment) -> Leaf:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return deployment.authority.issue("schools", agency_names("schools"), now=tomorrow)


def revoked(deployment: Deployment) -> Leaf:
    return deployment.authority.agency(REVOKED)


def suspended(deployment: Deployment) -> Leaf:
    return deployment.authority.agency(SUSPENDED)


def nameless(deployment: Deployment) -> Leaf:
    return deployment.authority.issue("schools", [x509.DNSName("schools")])


def unknown(deployment: Deployment) -> Leaf:
    return deployment.authority.agency("fire_brigade")


def two_names(deployment: Deployment) -> Leaf:
    return deployment.authority.issue("schools", agency_names("schools", "social_care"))


def servers(deployment: Deployment) -> Leaf:
    return deployment.authority.issue("schools", agency_names("schools"), server=True)


def requesters(deployment: Deployment) -> Leaf:
    name = x509.UniformResourceIdentifier("urn:sharing:requester:n.okafor")
    return deployment.authority.issue("n.okafor", [name])


def self_signed(_: Deployment) -> Leaf:
    """Issue itself: an authority's own certificate, shown as if it were an agency's."""
    return Authority.new("schools").leaf


def signed_by_an_agency(deployment: Deployment) -> Leaf:
    agency = deployment.authority.agency("schools")
    return Authority.read(agency.certificate, agency.key).agency("social_care")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A kind of wrong certificate, and where it must be noticed."""

    make: Callable[[Deployment], Leaf]
    noticed: set[grpc.StatusCode]


WRONG = {
    "of a foreign authority": Wrong(foreign, AT_HANDSHAKE),
    "expired": Wrong(expired, AT_HANDSHAKE),
    "not yet in force": Wrong(not_yet, AT_HANDSHAKE),
    "revoked": Wrong(revoked, BY_THE_HUB),
    "of a suspended agency": Wrong(suspended, BY_THE_HUB),
    "without an agency": Wrong(nameless, BY_THE_HUB),
    "of an unknown agency": Wrong(unknown, BY_THE_HUB),
    "of two agencies": Wrong(two_names, BY_THE_HUB),
    "a server's": Wrong(servers, AT_HANDSHAKE),
    "a requester's": Wrong(requesters, BY_THE_HUB),
    "self-signed": Wrong(self_signed, AT_HANDSHAKE),
    "signed by an agency": Wrong(signed_by_an_agency, AT_HANDSHAKE),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    deployment = make_deployment(tmp_path_factory.mktemp("wrong") / "deployment")
    engine = open_store(deployment.settings().store_url())
    Members(engine).change(Member(agency=SUSPENDED, state=MemberState.SUSPENDED))
    # It was revoked and has a new certificate since: what it had before counts no more even so.
    Members(engine).change(Member(agency=REVOKED, state=MemberState.ADMITTED, revoked_at_ms=1))
    engine.dispose()
    with hub_process(deployment) as served:
        yield served


async def refused_with(port: int, credentials: grpc.ChannelCredentials | None) -> set[grpc.StatusCode]:
    """Try to be served by every call that the port has; return how each was refused."""
    address = f"localhost:{port}"
    if credentials is None:
        channel = grpc.aio.insecure_channel(address, options=OPTIONS)
    else:
        channel = grpc.aio.secure_channel(address, credentials, options=OPTIONS)
    async with channel:
        call = channel.stream_stream(METHOD)(timeout=SECONDS)
        tries: list[Awaitable[object]] = [
            call.read(),
            channel.unary_unary(RENEW)(
                links_pb2.RenewRequest(certificate_request=OwnKey.new().request).SerializeToString(), timeout=SECONDS
            ),
        ]
        codes = set()
        for attempt in tries:
            try:
                received = await attempt
            except grpc.aio.AioRpcError as error:
                codes.add(error.code())
            else:
                raise AssertionError(f"it was served: {received!r}")
        return codes


async def all_refused(served: Served, which: str, times: int) -> None:
    wrong, deployment = WRONG[which], served.deployment
    for _ in range(times):
        leaf = wrong.make(deployment)
        credentials = grpc.ssl_channel_credentials(deployment.authority.certificate, leaf.key, leaf.certificate)
        assert await refused_with(served.ports.links, credentials) == wrong.noticed


async def none_without(served: Served, times: int) -> None:
    for _ in range(times):
        bare = grpc.ssl_channel_credentials(served.deployment.authority.certificate)
        assert await refused_with(served.ports.links, bare) == AT_HANDSHAKE


async def none_in_plain_text(served: Served, times: int) -> None:
    for _ in range(times):
        assert await refused_with(served.ports.links, None) == AT_HANDSHAKE


def agrees_on(served: Served, port: int, version: ssl.TLSVersion, folder: Path) -> bool:
    """Tell whether a connection of exactly this version of TLS is made with an agency's own certificate."""
    certificate, key = folder / "schools.pem", folder / "schools.key"
    if not key.exists():
        served.deployment.authority.agency("schools").write(folder, "schools")
    context = ssl.create_default_context(cadata=served.deployment.authority.certificate.decode())
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secured,
        ):
            return secured.version() is not None
    except (ssl.SSLError, OSError):
        return False


async def none_of_old_tls(served: Served, times: int, folder: Path) -> None:
    for port in (served.ports.links, served.ports.requesters):
        for _ in range(times):
            assert not await asyncio.to_thread(agrees_on, served, port, ssl.TLSVersion.TLSv1_2, folder)
        assert await asyncio.to_thread(agrees_on, served, port, ssl.TLSVersion.TLSv1_3, folder)


@pytest.mark.parametrize("which", WRONG)
async def test_nothing_is_served_to_a_certificate(which: str, served: Served) -> None:
    await all_refused(served, which, FAST)


async def test_nothing_is_served_without_a_certificate(served: Served) -> None:
    await none_without(served, FAST)


async def test_nothing_is_served_in_plain_text(served: Served) -> None:
    await none_in_plain_text(served, FAST)


async def test_no_port_speaks_anything_older_than_tls_1_3(served: Served, tmp_path: Path) -> None:
    await none_of_old_tls(served, FAST, tmp_path)


async def test_an_agency_that_has_what_it_should_is_served(served: Served) -> None:
    async with connected(served.deployment, served.ports.links, GoodAdapter("schools")) as adapter:
        assert adapter.welcomed_as == "schools"


async def test_an_agencys_certificate_opens_no_link_on_the_requesters_port(served: Served) -> None:
    address = f"127.0.0.1:{served.ports.requesters}"
    async with dialled(address, served.deployment.agency_credentials("schools")) as stream:
        with pytest.raises(grpc.RpcError):
            await stream.read()
        assert await stream.call.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize("service", ["sharing.v1.QuestionService/Menu", "sharing.v1.SessionService/SignIn"])
async def test_the_links_port_serves_no_requester(service: str, served: Served) -> None:
    credentials = served.deployment.agency_credentials("schools")
    async with grpc.aio.secure_channel(f"127.0.0.1:{served.ports.links}", credentials) as channel:
        with pytest.raises(grpc.RpcError) as refused:
            await channel.unary_unary(f"/{service}")(b"", timeout=5)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.slow
@pytest.mark.parametrize("which", WRONG)
async def test_nothing_is_served_to_a_certificate_in_a_hundred_tries(which: str, served: Served) -> None:
    await all_refused(served, which, SLOW)


@pytest.mark.slow
async def test_nothing_is_served_without_certificate_or_in_plain_text_or_old_tls_in_a_hundred_tries(
    served: Served, tmp_path: Path
) -> None:
    await none_without(served, SLOW)
    await none_in_plain_text(served, SLOW)
    await none_of_old_tls(served, SLOW, tmp_path)
