"""The authority is changed while everything runs: no question fails, and in the end the old one opens nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import grpc
import pytest
import pytest_asyncio
from sharing.v1 import links_pb2

from adapters.kit.own_key import OwnKey
from hub import rolling
from hub.deploying import CannotDeploy
from tests.integration.enrolling.desk import Desk, credentials_of
from tests.integration.enrolling.questions import all_linked, asking_on
from tests.integration.journey.waiting import until
from tests.lib.administration import FIRST, Administration, administration_of
from tests.lib.agency_stream import METHOD
from tests.lib.deployment import AGENCIES, Deployment
from tests.lib.enrolled_adapter import EnrolledAdapter, running_adapter
from tests.lib.good_adapter import hello_of

RENEW = "/sharing.v1.LinkService/Renew"

# It takes the hub a second to notice each step.
pytestmark = pytest.mark.slow


@pytest_asyncio.fixture
async def administration(deployment: Deployment) -> AsyncIterator[Administration]:
    async with administration_of(deployment) as administration:
        yield administration


@pytest_asyncio.fixture
async def desk(administration: Administration, deployment: Deployment) -> Desk:
    return Desk(
        administration=administration, seat=await administration.seat(FIRST), folder=deployment.folder.parent / "desk"
    )


async def test_authorities_change_without_a_question_that_fails(desk: Desk, deployment: Deployment) -> None:
    folder, trusted = deployment.folder, deployment.folder / "keys" / "authority.pem"
    hub, old = desk.administration.hub, deployment.agency_credentials("schools")
    membership = hub.rooms.enrolling.membership

    async def taken_up(count: int) -> None:
        await until(lambda: len(membership._authorities.fingerprints) == count)

    async def asked_more(answers: list[object]) -> None:
        so_far = len(answers)
        await until(lambda: len(answers) > so_far + 5)

    async with AsyncExitStack() as stack:
        adapters: list[EnrolledAdapter] = []
        for agency in AGENCIES:
            files = await desk.enrolled(agency, name=agency)
            adapters.append(await stack.enter_async_context(running_adapter(agency, desk.links, files)))
        await all_linked(hub.links)
        async with asking_on(desk.administration, trusted.read_bytes) as asked:
            await until(lambda: len(asked.answers) > 5)
            rolling.begin(folder)
            await taken_up(2)
            await asked_more(asked.answers)
            assert (await desk.member("health")).links_of_old_authority == 1
            await asyncio.gather(*(adapter.renew() for adapter in adapters))
            await all_linked(hub.links)
            await until(lambda: all(_of_newest(desk, agency) for agency in AGENCIES))
            assert (await desk.member("health")).links_of_old_authority == 0
            vouching = membership._authorities.vouching
            rolling.switch(folder)
            await until(lambda: membership._authorities.vouching != vouching)
            await asked_more(asked.answers)
            # What is dialled now sees the new certificate of the hub, and knows its authority by the last renewal.
            await asyncio.gather(*(adapter.renew() for adapter in adapters))
            await until(lambda: all(_of_newest(desk, agency) for agency in AGENCIES))
            rolling.retire(folder)
            await taken_up(1)
            await asked_more(asked.answers)
        assert not asked.failures
        assert not asked.lacking()
        assert len(asked.answers) > 20
    assert await desk.code_of_linking(old) is grpc.StatusCode.UNAVAILABLE
    kinds = [entry["authorities"] for entry in desk.administration.audited() if entry["kind"] == "authorities_trusted"]
    assert [len(authorities) for authorities in kinds] == [1, 2, 2, 1]


async def test_links_that_rest_on_an_authority_that_is_retired_end_at_once(desk: Desk, deployment: Deployment) -> None:
    files = await desk.enrolled("schools")
    membership = desk.administration.hub.rooms.enrolling.membership
    async with desk.linked(credentials_of(files), "instance-of-the-old-authority") as stream:
        rolling.begin(deployment.folder)
        rolling.switch(deployment.folder)
        await until(lambda: len(membership._authorities.fingerprints) == 2)
        rolling.retire(deployment.folder)
        while await stream.read() is not None:
            pass
    assert len(membership._authorities.fingerprints) == 1


async def test_a_connection_from_before_an_authority_was_retired_neither_links_nor_renews_afterwards(
    desk: Desk, deployment: Deployment
) -> None:
    files, membership = await desk.enrolled("schools"), desk.administration.hub.rooms.enrolling.membership
    async with grpc.aio.secure_channel(desk.links, credentials_of(files)) as channel:
        first = channel.stream_stream(METHOD)()
        await first.write(hello_of("instance-of-the-old-authority").SerializeToString())
        assert await first.read()
        rolling.begin(deployment.folder)
        rolling.switch(deployment.folder)
        await until(lambda: len(membership._authorities.fingerprints) == 2)
        rolling.retire(deployment.folder)
        while await first.read() is not grpc.aio.EOF:
            pass
        # TLS has verified the connection when its authority was trusted still, and never looks again.
        request = links_pb2.RenewRequest(certificate_request=OwnKey.new().request).SerializeToString()
        for call in (channel.stream_stream(METHOD)().read(), channel.unary_unary(RENEW)(request)):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call
            assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert not desk.administration.hub.links.connected("schools")


async def test_an_authority_is_not_retired_while_it_vouches_for_the_hub(desk: Desk, deployment: Deployment) -> None:
    with pytest.raises(CannotDeploy, match="one authority only"):
        rolling.retire(deployment.folder)
    rolling.begin(deployment.folder)
    with pytest.raises(CannotDeploy, match="under way"):
        rolling.begin(deployment.folder)
    with pytest.raises(CannotDeploy, match="still shows"):
        rolling.retire(deployment.folder)
    # The token leads to the authority that vouches for the hub now; the certificate is of the next one.
    await until(lambda: len(desk.administration.hub.rooms.enrolling.membership._authorities.fingerprints) == 2)
    files = await desk.enrolled("schools")
    async with desk.linked(credentials_of(files), "instance-while-authorities-change"):
        pass


async def test_files_that_do_not_fit_together_change_nothing(desk: Desk, deployment: Deployment) -> None:
    key, kept = deployment.folder / "keys" / "hub.key", (deployment.folder / "keys" / "hub.key").read_bytes()
    keyring = desk.administration.hub.rooms.enrolling.membership._authorities
    before = keyring.vouching
    key.write_bytes((deployment.folder / "keys" / "authority.key").read_bytes())
    assert keyring.changed() is None  # type: ignore[attr-defined]  # the keyring itself
    files = await desk.enrolled("schools")
    assert keyring.vouching == before
    key.write_bytes(kept)
    assert keyring.changed() is not None  # type: ignore[attr-defined]  # as above
    async with desk.linked(credentials_of(files), "instance-of-files-that-fit"):
        pass


def _of_newest(desk: Desk, agency: str) -> bool:
    """Tell whether every link of an agency that takes questions rests on the authority that issues now."""
    newest = desk.administration.hub.rooms.enrolling.membership._authorities.fingerprints[0]
    taking = [link for link in desk.administration.hub.links.connected(agency) if not link.is_draining]
    return bool(taking) and all(link.certificate and link.certificate.authority == newest for link in taking)
