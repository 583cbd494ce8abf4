"""Who may hold a link: an agency of this hub, by a certificate of this deployment's authority, and nobody else."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import grpc
import pytest
from cryptography import x509

from hub.keys import Authority, Leaf
from tests.lib.agency_stream import dialled
from tests.lib.deployment import Deployment, Served
from tests.lib.good_adapter import GoodAdapter, connected

UNAVAILABLE, PERMISSION_DENIED = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.PERMISSION_DENIED


def uris(*agencies: str) -> list[x509.UniformResourceIdentifier]:
    return [x509.UniformResourceIdentifier(f"urn:sharing:agency:{agency}") for agency in agencies]


def of_our_authority(deployment: Deployment, *agencies: str, days: int = 7) -> Leaf:
    return deployment.authority.issue("schools", uris(*agencies), lifetime=timedelta(days=days))


def of_another_authority(_deployment: Deployment) -> Leaf:
    return Authority.new("Test authority").agency("schools")


def of_the_hub_itself(deployment: Deployment) -> Leaf:
    return deployment.authority.server()


def that_an_agency_signed(deployment: Deployment) -> Leaf:
    agency = deployment.authority.agency("schools")
    return Authority.read(agency.certificate, agency.key).agency("health")


def that_names_no_uri(deployment: Deployment) -> Leaf:
    return deployment.authority.issue("schools", [x509.DNSName("urn-sharing-agency-schools")])


REFUSED: dict[str, tuple[Callable[[Deployment], Leaf], grpc.StatusCode]] = {
    "of another authority": (of_another_authority, UNAVAILABLE),
    "that an agency signed itself": (that_an_agency_signed, UNAVAILABLE),
    "that has expired": (partial(of_our_authority, days=-1), UNAVAILABLE),
    "of the hub itself": (of_the_hub_itself, UNAVAILABLE),
    "that names no agency": (that_names_no_uri, PERMISSION_DENIED),
    "that names an agency the policy does not know": (
        lambda deployment: of_our_authority(deployment, "fire_brigade"),
        PERMISSION_DENIED,
    ),
    "that names two agencies": (
        lambda deployment: of_our_authority(deployment, "schools", "health"),
        PERMISSION_DENIED,
    ),
}


async def code_of_dialling(served: Served, credentials: grpc.ChannelCredentials) -> grpc.StatusCode:
    """Dial and wait for the hub's first word; return the status with which it refused the link.

    Nothing is said first: a call that is refused while it writes may end with a status of its own side.
    """
    async with dialled(f"127.0.0.1:{served.ports.links}", credentials) as stream, asyncio.timeout(5):
        with pytest.raises(grpc.RpcError):
            await stream.read()
        return await stream.call.code()


@pytest.mark.parametrize("which", REFUSED)
async def test_a_link_is_refused_to_a_certificate(which: str, served: Served) -> None:
    make, expected = REFUSED[which]
    leaf = make(served.deployment)
    credentials = grpc.ssl_channel_credentials(served.deployment.authority.certificate, leaf.key, leaf.certificate)
    assert await code_of_dialling(served, credentials) is expected


async def test_a_link_is_refused_without_a_certificate(served: Served) -> None:
    assert await code_of_dialling(served, served.deployment.requesters_credentials()) is UNAVAILABLE


async def test_a_link_is_refused_in_plain_text(served: Served) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{served.ports.links}") as channel:
        call = channel.stream_stream("/sharing.v1.LinkService/Connect")()
        with pytest.raises(grpc.RpcError):
            await call.read()


async def test_a_link_is_given_to_an_agency(served: Served) -> None:
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
