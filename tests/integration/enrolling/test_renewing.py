"""An adapter that runs gets its next certificate by the present one, and nobody who asks notices."""

import asyncio
from contextlib import AsyncExitStack

import grpc
import pytest
from cryptography import x509

from adapters.kit.credential_files import CredentialFiles
from adapters.kit.own_key import OwnKey, agencies_named
from hub.model.membership import Member, MemberState
from tests.integration.enrolling.desk import AGENCY, Desk, certificate_of, credentials_of, mode_of
from tests.integration.enrolling.questions import all_linked, asking_on
from tests.integration.journey.refusing import said_by
from tests.integration.journey.waiting import until
from tests.lib.administration import refusal_of
from tests.lib.deployment import AGENCIES
from tests.lib.enrolled_adapter import running_adapter
from tests.lib.requester import PATIENCE_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_certificate_is_renewed_with_a_new_key_for_the_agency_of_the_present_one_whatever_is_asked(
    desk: Desk,
) -> None:
    files, key = await desk.enrolled(), OwnKey.new()
    given = await desk.renew(files, key.request)
    renewed = x509.load_pem_x509_certificate(given.certificate)
    assert agencies_named(renewed) == {AGENCY}
    key.require_fit(given.certificate, given.authorities, AGENCY, renewed.not_valid_before_utc)
    assert renewed.serial_number != certificate_of(files).serial_number
    assert (await desk.member()).certificates == 2


async def test_a_request_that_proves_no_key_renews_nothing(desk: Desk) -> None:
    files = await desk.enrolled()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.renew(files, b"no request")
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    async with grpc.aio.secure_channel(desk.links, credentials_of(files)) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as unread:
            await channel.unary_unary("/sharing.v1.LinkService/Renew")(b"\xff", timeout=PATIENCE_SECONDS)
    assert unread.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_what_is_revoked_while_a_renewal_waits_renews_nothing(desk: Desk) -> None:
    files, enrolling = await desk.enrolled(), desk.administration.hub.rooms.enrolling
    async with enrolling._one_after_the_other:
        renewing = asyncio.create_task(desk.renew(files, OwnKey.new().request))
        await until(lambda: bool(enrolling._one_after_the_other._waiters))
        enrolling.membership.put(Member(agency=AGENCY, state=MemberState.REVOKED, revoked_at_ms=1))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await renewing
    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(("lacks", "reason"), [("signer", "NO_AUTHORITY_KEY"), ("vouching", "NO_AUTHORITY")])
async def test_a_hub_that_could_not_be_known_by_what_it_issues_issues_nothing(
    desk: Desk, lacks: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = await desk.enrolled()
    keyring = desk.administration.hub.rooms.enrolling._around.authorities
    monkeypatch.setattr(type(keyring), lacks, property(lambda _: None))
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.renew(files, OwnKey.new().request)
    assert said_by(refused.value).reason == reason
    assert await refusal_of(desk.add()) == reason


async def test_an_agency_renews_only_so_often(desk: Desk) -> None:
    files = await desk.enrolled()
    for _ in range(20):
        await desk.renew(files, OwnKey.new().request)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.renew(files, OwnKey.new().request)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_adapters_renew_while_questions_go_on_and_none_is_lost(desk: Desk) -> None:
    hub, ca = desk.administration.hub, desk.administration.deployment.authority.certificate
    async with AsyncExitStack() as stack:
        adapters = []
        for agency in AGENCIES:
            files = await desk.enrolled(agency, name=agency)
            adapters.append(await stack.enter_async_context(running_adapter(agency, desk.links, files)))
        await all_linked(hub.links)
        async with asking_on(desk.administration, lambda: ca) as asked:
            await until(lambda: len(asked.answers) > 3)
            for _ in range(2):
                await asyncio.gather(*(adapter.renew() for adapter in adapters))
                await until(lambda: all(_rests_on_newest(desk, adapter.files) for adapter in adapters))
            so_far = len(asked.answers)
            await until(lambda: len(asked.answers) > so_far + 3)
        assert not asked.failures
        assert not asked.lacking()
        assert all(mode_of(adapter.files.key) == 0o600 for adapter in adapters)
        assert all("certificate_renewed" in adapter.events() for adapter in adapters)


def _rests_on_newest(desk: Desk, files: CredentialFiles) -> bool:
    """Tell whether an agency's link that takes questions was dialled with what now stands in its files."""
    certificate = certificate_of(files)
    (agency,) = agencies_named(certificate)
    taking = [link for link in desk.administration.hub.links.connected(agency) if not link.is_draining]
    serials = [link.certificate.serial for link in taking if link.certificate]
    return serials == [f"{certificate.serial_number:x}"]
