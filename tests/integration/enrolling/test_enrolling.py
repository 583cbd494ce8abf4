"""From an administrator's token to a certificate: for one agency, once, and never in the hands of anybody between."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID
from sharing.v1 import agencies_pb2

from adapters.kit.credential_files import fits
from adapters.kit.enrolling import TIMES_ASKED, Token
from adapters.kit.errors import NoCertificate
from adapters.kit.own_key import OwnKey, agencies_named
from adapters.kit.proxying import Proxy
from hub.accounts.tokens import digest
from tests.integration.enrolling.desk import AGENCY, Desk, Refused, certificate_of, credentials_of, mode_of
from tests.lib.administration import AUDITOR, FIRST, Administration, guardian, refusal_of
from tests.lib.certificates import Authority
from tests.lib.connect_proxy import ConnectProxy
from tests.lib.scripted_hub import Refusal, Script, ScriptedHub

pytestmark = pytest.mark.asyncio(loop_scope="module")
INSTANCE = "enrolled-instance-1"
REFUSED = Refused(code=grpc.StatusCode.PERMISSION_DENIED, reason="TOKEN_REFUSED", words="This token opens nothing.")
DAY_MS = 24 * 60 * 60 * 1_000


def later(desk: Desk, milliseconds: int) -> None:
    """Let the hub's clock for tokens and certificates be ahead."""
    membership = desk.administration.hub.rooms.enrolling.membership
    before = membership._now_ms
    membership._now_ms = lambda: before() + milliseconds


async def test_a_token_becomes_a_certificate_that_names_the_agency_for_some_days_and_opens_a_link(desk: Desk) -> None:
    files = await desk.enrolled()
    certificate = certificate_of(files)
    assert agencies_named(certificate) == {AGENCY}
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    left = certificate.not_valid_after_utc - datetime.now(UTC)
    assert timedelta(days=13) < left <= timedelta(days=14)
    assert mode_of(files.key) == 0o600
    assert files.ca.read_bytes() == desk.administration.deployment.authority.certificate
    async with desk.linked(credentials_of(files), INSTANCE):
        assert (await desk.member()).links == 1


async def test_what_is_done_about_certificates_is_in_the_log_and_receipted_to_the_agency(desk: Desk) -> None:
    before = len(desk.administration.audited())
    await desk.enrolled()
    await desk.suspend()
    await desk.resume()
    await desk.revoke()
    said = [entry for entry in desk.administration.audited()[before:] if entry.get("agency") == AGENCY]
    told = [(entry["kind"], entry.get("what", entry.get("how", "")), entry.get("actor", "")) for entry in said]
    assert told == [
        ("agency_invited", "", FIRST),
        ("certificate_issued", "token", ""),
        ("agency_changed", "suspended", FIRST),
        ("agency_changed", "resumed", FIRST),
        ("agency_changed", "revoked", FIRST),
    ]
    assert desk.administration.receipts(AGENCY)[-len(told) :] == [entry["position"] for entry in said]


async def test_tokens_that_open_nothing_are_refused_in_the_same_words_and_recorded(desk: Desk) -> None:
    before = len(desk.administration.audited())
    key, used = OwnKey.new(), Token.read(await desk.add())
    assert isinstance(await desk.try_token(used.secret, key.request), bytes)
    key = OwnKey.new()
    replaced = Token.read(await desk.add())
    suspended = Token.read(await desk.add("health"))
    revoked = Token.read(await desk.add("connexions"))
    await desk.add()
    await desk.suspend("health")
    await desk.revoke("connexions")
    tried = [used.secret, replaced.secret, suspended.secret, revoked.secret, "", "x" * 43]
    assert [await desk.try_token(secret, key.request) for secret in tried] == [REFUSED] * len(tried)
    # Whoever has no token that opens something learns nothing about the request either.
    assert await desk.try_token("x" * 43, b"no request") == REFUSED
    kinds = [entry["kind"] for entry in desk.administration.audited()[before:]]
    assert kinds.count("enrolment_refused") == len(tried) + 1


async def test_a_token_expires(desk: Desk) -> None:
    token = Token.read(await desk.add())
    later(desk, DAY_MS + 1)
    assert await desk.try_token(token.secret, OwnKey.new().request) == REFUSED


async def test_of_two_who_use_a_token_at_once_one_does(desk: Desk) -> None:
    token = Token.read(await desk.add())
    given = await asyncio.gather(*(desk.try_token(token.secret, OwnKey.new().request) for _ in range(4)))
    assert sorted(isinstance(one, bytes) for one in given) == [False, False, False, True]


async def test_whoever_did_not_hear_the_answer_gets_the_same_certificate_for_the_same_request(desk: Desk) -> None:
    token, key = Token.read(await desk.add()), OwnKey.new()
    before = len(desk.administration.audited())
    given = [await desk.try_token(token.secret, key.request) for _ in range(3)]
    given += await asyncio.gather(*(desk.try_token(token.secret, key.request) for _ in range(3)))
    assert isinstance(given[0], bytes)
    assert set(given) == {given[0]}
    assert [entry["kind"] for entry in desk.administration.audited()[before:]] == ["certificate_issued"]
    assert await desk.try_token(token.secret, OwnKey.new().request) == REFUSED
    assert await desk.try_token("x" * 43, key.request) == REFUSED


@pytest.mark.parametrize("ended", ["expired", "suspended", "revoked", "replaced"])
async def test_a_token_that_was_used_gives_nothing_again_once_it_would_not_have_held(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    token, key = Token.read(await desk.add()), OwnKey.new()
    assert isinstance(await desk.try_token(token.secret, key.request), bytes)
    enrolling = desk.administration.hub.rooms.enrolling
    match ended:
        case "expired":
            around, ahead = enrolling._around, enrolling._around.now_ms() + DAY_MS
            monkeypatch.setattr(enrolling, "_around", replace(around, now_ms=lambda: ahead))
        case "suspended":
            await desk.suspend()
        case "revoked":
            await desk.revoke()
        case _:
            await desk.add()
    assert await desk.try_token(token.secret, key.request) == REFUSED


async def test_an_adapter_asks_again_with_the_same_request_where_no_answer_was_heard(desk: Desk) -> None:
    made = Token.read(await desk.add())
    async with ScriptedHub(script := Script()) as deaf_hub:
        authority = x509.load_pem_x509_certificate(deaf_hub.ca)
        script.say("GetAuthority", agencies_pb2.GetAuthorityResponse(authorities=deaf_hub.ca))
        script.say("Enrol", Refusal(code=grpc.StatusCode.UNAVAILABLE))
        known = replace(made, fingerprint=authority.fingerprint(SHA256()))
        enrolment = replace(desk.enrolment(await desk.add()), token=known, address=deaf_hub.target)
        with pytest.raises(NoCertificate, match="cannot be reached"):
            await enrolment.run()
        shown = [call.request.certificate_request for call in script.named("Enrol")]
    assert len(shown) == TIMES_ASKED
    assert len(set(shown)) == 1


async def test_strangers_have_so_many_tries_and_whoever_has_a_token_uses_none_up(desk: Desk) -> None:
    for _ in range(3):
        token = Token.read(await desk.add())
        assert isinstance(await desk.try_token(token.secret, OwnKey.new().request), bytes)
    tried = [await desk.try_token("x" * 43, b"") for _ in range(21)]
    assert tried[:20] == [REFUSED] * 20
    assert isinstance(tried[20], Refused)
    assert tried[20].reason == "TOO_MANY_TRIES"


async def test_a_request_that_does_not_prove_its_key_gets_nothing_and_uses_no_token_up(desk: Desk) -> None:
    token, key = Token.read(await desk.add()), OwnKey.new()
    forged = key.request[:-1] + bytes([key.request[-1] ^ 1])
    for request in (forged, b"", b"x" * 10_000):
        refused = await desk.try_token(token.secret, request)
        assert isinstance(refused, Refused)
        assert refused.reason == "REQUEST_UNFIT"
    assert isinstance(await desk.try_token(token.secret, key.request), bytes)


async def test_the_store_has_a_token_as_its_hash_only_and_the_log_has_not_even_that(desk: Desk) -> None:
    token = Token.read(await desk.add())
    kept = desk.administration.deployment.kept()
    assert digest(token.secret) in kept
    assert token.secret.encode() not in kept
    assert token.secret not in str(desk.administration.audited())


async def test_only_an_administrator_with_a_fresh_second_factor_changes_who_is_connected(
    administration: Administration, desk: Desk
) -> None:
    stale = await administration.seat(FIRST, fresh=False)
    others = await administration.seats(guardian(AGENCY), AUDITOR)
    agencies = desk.seat.agencies
    calls = [
        (agencies.AddAgency, agencies_pb2.AddAgencyRequest(agency=AGENCY)),
        (agencies.SuspendAgency, agencies_pb2.SuspendAgencyRequest(agency=AGENCY)),
        (agencies.ResumeAgency, agencies_pb2.ResumeAgencyRequest(agency=AGENCY)),
        (agencies.RevokeAgency, agencies_pb2.RevokeAgencyRequest(agency=AGENCY)),
    ]
    for call, request in calls:
        assert await refusal_of(stale.call(call, request)) == "STEP_UP_NEEDED"
        for seat in others:
            assert await refusal_of(seat.call(call, request)) == "NOT_YOUR_OFFICE"


async def test_a_token_for_another_agency_than_the_manifest_s_is_not_even_shown_to_the_hub(desk: Desk) -> None:
    token = await desk.add("health")
    with pytest.raises(NoCertificate, match="the token is for 'health', and the manifest for 'schools'"):
        await desk.enrolment(token, agency=AGENCY).run()
    await desk.enrolment(token, agency="health").run()


@pytest.mark.parametrize("shows", ["its own", "the hub's", "nothing"])
async def test_a_man_in_the_middle_never_sees_the_token(desk: Desk, shows: str) -> None:
    genuine = desk.administration.deployment.authority.certificate
    async with ScriptedHub(script := Script()) as false_hub:
        offered = {"its own": false_hub.ca, "the hub's": genuine, "nothing": b""}[shows]
        script.say("GetAuthority", agencies_pb2.GetAuthorityResponse(authorities=offered))
        script.say("Enrol", agencies_pb2.EnrolResponse())
        made = Token.read(await desk.add())
        token = desk.enrolment(await desk.add())
        token = type(token)(token=made, agency=AGENCY, files=desk.files(), address=false_hub.target)
        with pytest.raises(NoCertificate):
            await token.run()
        assert script.named("GetAuthority")
        assert not script.named("Enrol")
    assert not desk.files().certificate.exists()


async def test_a_hub_that_gives_a_certificate_for_another_agency_is_not_believed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, mistaken = await desk.add(), _Mistaken(Authority.new())
    monkeypatch.setattr(desk.administration.hub.rooms.enrolling, "_signer", lambda: mistaken)
    with pytest.raises(NoCertificate, match="names another agency"):
        await desk.enrolment(token).run()
    assert not desk.files().certificate.exists()


class _Mistaken:
    """Signs for whom it was not asked."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def certify(self, public_key: bytes, _agency: str, *, lifetime: timedelta) -> bytes:
        return self._authority.certify(public_key, "health", lifetime=lifetime)


async def test_files_that_cannot_be_written_cost_no_token(desk: Desk, tmp_path: Path) -> None:
    token = await desk.add()
    (tmp_path / "tls").write_text("no folder", encoding="utf-8")
    with pytest.raises((FileExistsError, NotADirectoryError)):
        await desk.enrolment(token).run()
    await desk.enrolment(token, name="elsewhere").run()


async def test_nobody_enrols_into_files_that_are_being_renewed_and_the_token_is_kept(desk: Desk) -> None:
    files, key = await desk.enrolled(), OwnKey.new()
    token = await desk.add()
    with files.turn() as is_ours:
        assert is_ours
        files.begin(key.pem)
        with pytest.raises(NoCertificate, match="is being renewed"):
            await desk.enrolment(token).run()
        given = await desk.renew(files, key.request)
        files.finish(given.certificate, given.authorities)
    assert fits(files.certificate.read_bytes(), files.key.read_bytes())
    await desk.enrolment(token).run()


async def test_the_token_says_by_which_authority_the_hub_is_known(desk: Desk) -> None:
    token = Token.read(await desk.add())
    authority = x509.load_pem_x509_certificate(desk.administration.deployment.authority.certificate)
    assert token.fingerprint == authority.fingerprint(SHA256())
    assert token.address == desk.address


async def test_an_agency_enrols_through_its_proxy_and_not_past_one_that_refuses(desk: Desk) -> None:
    async with ConnectProxy(user="adapter", password="in the way") as proxy:
        known = Proxy(address=proxy.address, user="adapter", password="in the way")
        ends = await replace(desk.enrolment(await desk.add()), proxy=known).run()
        assert ends > datetime.now(UTC)
        assert len(proxy.asked) == 3  # to see who answers, to ask for the authorities, and to show the token
        unknown = replace(desk.enrolment(await desk.add()), proxy=Proxy(address=proxy.address))
        with pytest.raises(NoCertificate, match="the proxy does not let"):
            await unknown.run()
