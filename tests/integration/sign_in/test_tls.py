import ssl
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from hub.accounts.oidc.identity import ExternalIdentity
from hub.accounts.oidc.issuer import Issuer
from hub.accounts.oidc.issuers import Issuers
from hub.errors import NotReady
from tests.integration.sign_in.door import NOW, REDIRECT, Clock
from tests.lib.certificates import Authority
from tests.lib.hostile_issuer import SUBJECT, HostileIssuer
from tests.lib.minting import CLIENT


def serving_as(authority: Authority, folder: Path, address: str = "127.0.0.1") -> ssl.SSLContext:
    leaf = authority.server(addresses=(address,))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*leaf.write(folder, "leaf"))
    return context


async def sign_in(tls: ssl.SSLContext) -> ExternalIdentity:
    async with HostileIssuer(now=NOW, tls=tls) as hostile:
        assert hostile.url.startswith("https://")
        known = Issuer(id="it", title="It", url=hostile.url, client_id=CLIENT)
        async with Issuers([known], clock=Clock(), wall=Clock()) as issuers:
            begun = await issuers.begin("it", REDIRECT)
            asked = parse_qs(urlsplit(begun.url).query)
            hostile.nonce = asked["nonce"][0]
            return await issuers.finish(begun.handle, asked["state"][0], "a-code")


async def refused(tls: ssl.SSLContext) -> str:
    with capture_logs() as logged, pytest.raises(NotReady):
        await sign_in(tls)
    return str(logged[0]["reason"])


def trust(authority: Authority, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "trusted.pem").write_bytes(authority.certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "trusted.pem"))


async def test_an_issuer_that_the_machine_s_store_trusts_is_spoken_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority.new()
    trust(authority, tmp_path, monkeypatch)
    assert (await sign_in(serving_as(authority, tmp_path))).subject == SUBJECT


async def test_an_issuer_whose_certificate_nobody_vouches_for_is_not_spoken_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(Authority.new(), tmp_path, monkeypatch)
    assert await refused(serving_as(Authority.new("Stranger"), tmp_path)) == "unreachable"


async def test_an_issuer_whose_certificate_is_for_another_name_is_not_spoken_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority.new()
    trust(authority, tmp_path, monkeypatch)
    assert await refused(serving_as(authority, tmp_path, "127.0.0.2")) == "unreachable"
