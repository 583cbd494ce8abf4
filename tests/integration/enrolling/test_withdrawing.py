"""What ends a certificate ends its links: suspension and revocation at once, and expiry though the stream is open."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import grpc
import pytest
from cryptography import x509
from grpc.experimental.session_cache import ssl_session_cache_lru
from sharing.v1 import agencies_pb2
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import capture_logs

from adapters.kit.own_key import OwnKey
from hub.errors import NotReady
from hub.model.entry import Entry
from hub.model.membership import Member
from tests.integration.enrolling.desk import AGENCY, Desk, credentials_of
from tests.integration.journey.waiting import until
from tests.lib.administration import refusal_of
from tests.lib.agency_stream import METHOD, OPTIONS, dialled
from tests.lib.deployment import AGENCIES
from tests.lib.enrolled_adapter import running_adapter
from tests.lib.good_adapter import GoodAdapter, all_connected, connected, hello_of
from tests.lib.requester import PATIENCE_SECONDS, signed_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

PERMISSION_DENIED = grpc.StatusCode.PERMISSION_DENIED
DOWN, HELD = ("no_answer", "down"), ("held", "")
OTHERS = [agency for agency in AGENCIES if agency != AGENCY]
INSTANCE = "withdrawn-instance-1"
RENEW = "/sharing.v1.LinkService/Renew"
CUT_SECONDS, EXPIRED_SECONDS = 1.0, 5.0
CLOSES = ["suspend", "revoke"]


async def close(desk: Desk, how: str) -> int:
    return await (desk.suspend() if how == "suspend" else desk.revoke())


def turn_clock(desk: Desk, by: timedelta) -> None:
    """Let the hub's clock for certificates be ahead."""
    ahead = int(by.total_seconds() * 1_000)
    desk.administration.hub.rooms.enrolling.membership._now_ms = lambda: time.time_ns() // 1_000_000 + ahead


@pytest.mark.parametrize("how", CLOSES)
async def test_links_of_a_withdrawn_agency_are_cut_within_a_second_and_none_is_admitted(desk: Desk, how: str) -> None:
    files = await desk.enrolled()
    async with desk.linked(credentials_of(files), INSTANCE) as stream:
        began = asyncio.get_running_loop().time()
        assert await close(desk, how) == 1
        while await stream.read() is not None:
            pass
        assert asyncio.get_running_loop().time() - began < CUT_SECONDS
    assert await desk.code_of_linking(credentials_of(files)) is PERMISSION_DENIED
    assert await desk.code_of_linking(desk.administration.deployment.agency_credentials("schools")) is PERMISSION_DENIED
    async with desk.linked(desk.administration.deployment.agency_credentials("health"), INSTANCE):
        pass


@pytest.mark.parametrize("how", CLOSES)
async def test_a_question_that_was_asked_of_a_withdrawn_agency_is_answered_at_once_without_it(
    desk: Desk, how: str, people: Iterator[PersonKeys]
) -> None:
    hub, deployment = desk.administration.hub, desk.administration.deployment
    slow = GoodAdapter(AGENCY, delay=60.0)
    async with (
        all_connected(deployment, hub.links_port, OTHERS),
        connected(deployment, hub.links_port, slow),
        signed_in(deployment, hub.requesters_port) as requester,
    ):
        asking = asyncio.create_task(requester.ask(next(people)))
        await slow.was_asked.wait()
        began = asyncio.get_running_loop().time()
        await close(desk, how)
        during = await asking
        assert asyncio.get_running_loop().time() - began < CUT_SECONDS
        after = await requester.ask(next(people))
    for answer in (during, after):
        assert answer.outcome(AGENCY) == DOWN
        assert not answer.completeness.complete
        assert {answer.outcome(agency) for agency in OTHERS} == {HELD}


@pytest.mark.parametrize("how", CLOSES)
async def test_links_are_cut_as_soon_as_that_is_recorded_whatever_becomes_of_the_store(
    desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = desk.administration.deployment.agency_credentials(AGENCY)
    enrolling = desk.administration.hub.rooms.enrolling

    def fail(_member: Member) -> None:
        raise NotReady("STORE_UNUSABLE", "The store is locked.")

    async with desk.linked(credentials, INSTANCE):
        monkeypatch.setattr(enrolling._around.store, "change", fail)
        assert await refusal_of(close(desk, how)) == "STORE_UNUSABLE"
        assert not desk.administration.hub.links.connected(AGENCY)
    assert await desk.code_of_linking(credentials) is PERMISSION_DENIED
    monkeypatch.undo()
    # Whoever was told that it was not kept says it again.
    await close(desk, how)
    assert [member.state for member in enrolling._around.store.all()] == [enrolling.membership.of(AGENCY).state]


@pytest.mark.parametrize("how", CLOSES)
async def test_nothing_is_withdrawn_that_cannot_be_recorded(
    desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = desk.administration.deployment.agency_credentials(AGENCY)
    enrolling = desk.administration.hub.rooms.enrolling

    async def fail(*_entries: Entry) -> int:
        raise NotReady("AUDIT_UNWRITABLE", "The log cannot be written.")

    async with desk.linked(credentials, INSTANCE):
        monkeypatch.setattr(enrolling._around.audit, "record", fail)
        assert await refusal_of(close(desk, how)) == "AUDIT_UNWRITABLE"
        assert len(desk.administration.hub.links.connected(AGENCY)) == 1
    assert enrolling._around.store.all() == ()


@pytest.mark.parametrize("how", CLOSES)
async def test_a_link_that_gives_way_to_another_is_cut_too(desk: Desk, how: str) -> None:
    credentials = desk.administration.deployment.agency_credentials(AGENCY)
    register = desk.administration.hub.links
    async with desk.linked(credentials, INSTANCE):
        (old,) = register.connected(AGENCY)
        old._pending[1] = old._pending.get(1)  # type: ignore[assignment]  # so that it waits for an answer
        async with desk.linked(credentials, INSTANCE):
            old._pending.clear()
            assert await close(desk, how) == 2
            assert old._closed.is_set()


async def test_a_connection_that_was_open_before_opens_no_link_afterwards(desk: Desk) -> None:
    files = await desk.enrolled()
    async with grpc.aio.secure_channel(desk.links, credentials_of(files)) as channel:
        first = channel.stream_stream(METHOD)()
        await first.write(hello_of(INSTANCE).SerializeToString())
        assert await first.read()
        await desk.suspend()
        second = channel.stream_stream(METHOD)()
        with pytest.raises(grpc.RpcError):
            await second.read()
        assert await second.code() is PERMISSION_DENIED


async def test_whoever_is_refused_again_and_again_does_not_fill_the_log(desk: Desk) -> None:
    credentials = desk.administration.deployment.agency_credentials(AGENCY)
    await desk.suspend()
    with capture_logs() as logged:
        async with grpc.aio.secure_channel(desk.links, credentials) as channel:
            for _ in range(20):
                with pytest.raises(grpc.aio.AioRpcError):
                    await channel.unary_unary(RENEW)(b"", timeout=PATIENCE_SECONDS)
    said = [line for line in logged if line["event"] == "link.refused"]
    assert 1 <= len(said) <= 5
    assert said[0]["why"] == "suspended"
    assert said[0]["agency"] == AGENCY


async def test_what_is_withdrawn_between_the_call_and_its_hello_opens_no_link(desk: Desk) -> None:
    files = await desk.enrolled()
    async with dialled(desk.links, credentials_of(files)) as stream, asyncio.timeout(PATIENCE_SECONDS):
        waits = desk.administration.hub.links._turnstiles
        while AGENCY not in waits or waits[AGENCY]._left > 63:  # noqa: ASYNC110  (the hub has no event for a call)
            await asyncio.sleep(0.01)
        await desk.suspend()
        await stream.write(hello_of(INSTANCE))
        with pytest.raises(grpc.RpcError):
            await stream.read()
        assert await stream.call.code() is PERMISSION_DENIED
    assert not desk.administration.hub.links.connected(AGENCY)


async def test_a_suspended_agency_comes_back_with_what_it_has_once_it_is_resumed(desk: Desk) -> None:
    files = await desk.enrolled()
    await desk.suspend()
    assert (await desk.member()).state == agencies_pb2.AGENCY_STATE_SUSPENDED
    await desk.resume()
    async with desk.linked(credentials_of(files), INSTANCE):
        assert (await desk.member()).state == agencies_pb2.AGENCY_STATE_ADMITTED


async def test_a_resumed_agency_gets_the_receipts_that_it_is_owed_since_it_was_suspended_each_once(desk: Desk) -> None:
    files, hub = await desk.enrolled(), desk.administration.hub
    async with running_adapter(AGENCY, desk.links, files):
        await until(lambda: len(hub.links.connected(AGENCY)) == 1)
        await desk.suspend()
        await desk.resume()
        await desk.suspend()
        assert not hub.links.connected(AGENCY)
        await desk.resume()
        await until(lambda: len(hub.links.connected(AGENCY)) == 1)
        owed = hub.links.owed(AGENCY)
        assert owed is not None
        await until(lambda: owed.outstanding == 0)
    with closing(sqlite3.connect(files.key.parent / "journal.sqlite")) as journal:
        got = [position for (position,) in journal.execute("SELECT audit_position FROM receipts ORDER BY number")]
    assert got == desk.administration.receipts(AGENCY)


async def test_a_revoked_agency_comes_back_with_a_new_token_only_and_what_it_had_is_of_no_use_for_good(
    desk: Desk,
) -> None:
    old, by_hand = await desk.enrolled(name="old"), desk.administration.deployment.agency_credentials(AGENCY)
    await desk.revoke()
    assert await refusal_of(desk.resume()) == "NOT_SUSPENDED"
    assert await refusal_of(desk.suspend()) == "AGENCY_REVOKED"
    new = await desk.enrolled(name="new")
    for credentials in (credentials_of(old), by_hand, desk.administration.deployment.agency_credentials(AGENCY)):
        assert await desk.code_of_linking(credentials) is PERMISSION_DENIED
    async with desk.linked(credentials_of(new), INSTANCE):
        assert (await desk.member()).state == agencies_pb2.AGENCY_STATE_ADMITTED


@pytest.mark.parametrize("how", CLOSES)
async def test_a_withdrawn_certificate_renews_nothing(desk: Desk, how: str) -> None:
    files = await desk.enrolled()
    assert (await desk.renew(files, OwnKey.new().request)).certificate
    await close(desk, how)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await desk.renew(files, OwnKey.new().request)
    assert refused.value.code() is PERMISSION_DENIED


@pytest.mark.parametrize("how", CLOSES)
async def test_what_was_withdrawn_stays_so_when_the_hub_starts_again(desk: Desk, how: str) -> None:
    files = await desk.enrolled()
    await close(desk, how)
    kept = desk.administration.hub.rooms.enrolling._around.store
    membership = desk.administration.hub.rooms.enrolling.membership
    again = type(membership)(kept, membership._authorities, membership._knows, membership._now_ms)
    assert again.of(AGENCY) == membership.of(AGENCY)
    assert again.of(AGENCY).state.value == ("suspended" if how == "suspend" else "revoked")
    assert files.certificate.exists()


async def test_a_link_whose_certificate_ends_is_cut_within_five_seconds_though_its_stream_is_open(desk: Desk) -> None:
    files = await desk.enrolled()
    async with desk.linked(credentials_of(files), INSTANCE) as stream:
        turn_clock(desk, timedelta(days=14, seconds=5))
        began = asyncio.get_running_loop().time()
        while await stream.read() is not None:
            pass
        assert asyncio.get_running_loop().time() - began < EXPIRED_SECONDS
    assert await desk.code_of_linking(credentials_of(files)) is PERMISSION_DENIED


async def test_a_link_whose_certificate_has_ended_is_asked_nothing_even_before_it_is_cut(
    desk: Desk, people: Iterator[PersonKeys], monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, deployment = desk.administration.hub, desk.administration.deployment
    adapter = GoodAdapter(AGENCY)
    async with (
        connected(deployment, hub.links_port, adapter),
        signed_in(deployment, hub.requesters_port) as requester,
    ):
        end = hub.links.connected(AGENCY)[0].certificate
        assert end is not None
        monkeypatch.setattr(hub.links, "_now_ms", lambda: end.ends_at_ms)
        answer = await requester.ask(next(people))
    assert answer.outcome(AGENCY) == DOWN
    assert not adapter.asks


@pytest.mark.slow
async def test_a_session_that_tls_resumes_stands_for_no_certificate_that_has_ended(desk: Desk) -> None:
    sans = [x509.UniformResourceIdentifier(f"urn:sharing:agency:{AGENCY}")]
    authority = desk.administration.deployment.authority
    leaf = authority.issue(AGENCY, sans, lifetime=timedelta(seconds=3))
    credentials = grpc.ssl_channel_credentials(authority.certificate, leaf.key, leaf.certificate)
    resuming = (("grpc.ssl_session_cache", ssl_session_cache_lru(1)), *OPTIONS)
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        grpc.aio.secure_channel(desk.links, credentials, options=resuming) as channel,
    ):
        call = channel.stream_stream(METHOD)()
        await call.write(hello_of(INSTANCE).SerializeToString())
        while await call.read() is not grpc.aio.EOF:
            pass
    # A new handshake would have failed with UNAVAILABLE: here TLS did not look at the certificate again.
    async with grpc.aio.secure_channel(desk.links, credentials, options=resuming) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await channel.unary_unary(RENEW)(b"", timeout=PATIENCE_SECONDS)
    assert refused.value.code() is PERMISSION_DENIED


@pytest.mark.slow
async def test_a_certificate_that_really_ends_takes_its_link_with_it(desk: Desk) -> None:
    sans = [x509.UniformResourceIdentifier(f"urn:sharing:agency:{AGENCY}")]
    authority = desk.administration.deployment.authority
    leaf = authority.issue(AGENCY, sans, lifetime=timedelta(seconds=3))
    credentials = grpc.ssl_channel_credentials(authority.certificate, leaf.key, leaf.certificate)
    ends = x509.load_pem_x509_certificate(leaf.certificate).not_valid_after_utc.timestamp()
    async with desk.linked(credentials, INSTANCE) as stream:
        while await stream.read() is not None:
            pass
        assert 0 <= time.time() - ends < EXPIRED_SECONDS
