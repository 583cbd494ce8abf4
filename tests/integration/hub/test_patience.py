"""Connections that are good for nothing end by themselves, on both ports; here the hub has less patience than usual."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from hub.edge.patience import PATIENCE, Patience
from hub.edge.servers import links_server, requesters_server
from hub.main import Hub
from tests.lib.deployment import Deployment, hub_in_process, make_deployment
from tests.lib.fault_proxy import fault_proxy
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.line_faults import LineFault
from tests.lib.requester import requesters_channel

# A real hub, once for all.
pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENCY = "schools"
SHORT = Patience(
    handshake_ms=150, keepalive_ms=200, keepalive_timeout_ms=150, idle_link_ms=150, oldest_ms=300, grace_ms=150
)
PATIENCE_SECONDS = 4.0
BEGINNING_OF_HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    return make_deployment(tmp_path_factory.mktemp("hub") / "deployment")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(deployment: Deployment) -> AsyncIterator[Hub]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("hub.main.links_server", partial(links_server, patience=SHORT))
        patched.setattr("hub.main.requesters_server", partial(requesters_server, patience=SHORT))
        async with hub_in_process(deployment) as hub:
            yield hub


async def ends(reader: asyncio.StreamReader) -> bool:
    """Wait until the hub ends a connection on which nothing more is said; whatever comes before is of no interest."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await reader.read(65_536):
                pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("port", ["requesters_port", "links_port"])
@pytest.mark.parametrize("said", [b"", b"\x16\x03\x01"])
async def test_a_connection_on_which_no_handshake_is_finished_ends(port: str, said: bytes, hub: Hub) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", getattr(hub, port))
    writer.write(said)
    assert await ends(reader)
    writer.close()


@pytest.mark.parametrize("said", [b"", BEGINNING_OF_HTTP2])
async def test_a_connection_of_an_agency_on_which_no_link_is_opened_ends(
    said: bytes, hub: Hub, deployment: Deployment, tmp_path: Path
) -> None:
    deployment.authority.agency(AGENCY).write(tmp_path, AGENCY)
    tls = ssl.create_default_context(cadata=deployment.authority.certificate.decode())
    tls.load_cert_chain(tmp_path / f"{AGENCY}.pem", tmp_path / f"{AGENCY}.key")
    tls.set_alpn_protocols(["h2"])
    reader, writer = await asyncio.open_connection("127.0.0.1", hub.links_port, ssl=tls, server_hostname="localhost")
    writer.write(said)
    assert await ends(reader)
    writer.close()


async def test_a_link_whose_adapter_is_no_longer_there_is_found_out_by_the_connections_own_pings(
    hub: Hub, deployment: Deployment
) -> None:
    async with fault_proxy(hub.links_port) as line, connected(deployment, line.port, GoodAdapter(AGENCY)):
        await asyncio.sleep((SHORT.keepalive_ms + SHORT.keepalive_timeout_ms) / 1_000)
        assert hub.links.connected(AGENCY), "an adapter that is there keeps its link"
        line.strand(LineFault.HALF_OPEN)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while hub.links.connected(AGENCY):  # noqa: ASYNC110  (nobody is told when a link has ended)
                await asyncio.sleep(0.02)


async def test_a_requesters_connection_ends_with_age_whatever_is_called_on_it(hub: Hub, deployment: Deployment) -> None:
    async with requesters_channel(deployment, hub.requesters_port) as channel:
        watched = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        await watched.read()
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises(grpc.RpcError):
                await watched.read()


async def test_the_patience_of_a_hub_is_what_its_operators_are_told() -> None:
    assert PATIENCE.handshake_ms == PATIENCE.idle_link_ms == 10_000
    assert PATIENCE.keepalive_ms + PATIENCE.keepalive_timeout_ms == 30_000
    assert PATIENCE.oldest_ms + PATIENCE.grace_ms == 30 * 60_000
