import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from hub.keys import AGENCY_URI, Authority, Leaf, new_secret_key, write_secret

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.new("Test authority", now=NOW)


def read(leaf: Leaf) -> x509.Certificate:
    return x509.load_pem_x509_certificate(leaf.certificate)


def is_trusted(authority: Authority, leaf: Leaf, *, at: datetime = NOW) -> bool:
    """Ask the library's own verifier whether a client certificate is the authority's."""
    store = Store([x509.load_pem_x509_certificate(authority.certificate)])
    try:
        PolicyBuilder().store(store).time(at).build_client_verifier().verify(read(leaf), [])
    except VerificationError:
        return False
    return True


def test_an_agency_s_certificate_names_it_and_nothing_else(authority: Authority) -> None:
    certificate = read(authority.agency("health"))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"{AGENCY_URI}health"]
    assert len(list(names)) == 1
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_the_hub_s_certificate_has_its_names_and_addresses_and_is_for_servers_only(authority: Authority) -> None:
    certificate = read(authority.server(["localhost", "127.0.0.1", "::1"]))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_a_certificate_is_trusted_by_those_who_trust_its_authority_and_nobody_else(authority: Authority) -> None:
    issued = authority.issue("health", [x509.DNSName("health")], now=NOW)
    assert is_trusted(authority, issued)
    assert not is_trusted(Authority.new("Another authority", now=NOW), issued)
    assert not is_trusted(Authority.new("Test authority", now=NOW), issued)


def test_an_expired_certificate_is_not_trusted(authority: Authority) -> None:
    expired = authority.issue("health", [x509.DNSName("health")], now=NOW, lifetime=timedelta(days=-1))
    assert not is_trusted(authority, expired)


def test_nothing_that_an_authority_issued_can_issue(authority: Authority) -> None:
    for leaf in (authority.agency("health"), authority.server()):
        constraints = read(leaf).extensions.get_extension_for_class(x509.BasicConstraints)
        assert constraints.critical
        assert not constraints.value.ca


def test_an_authority_is_the_same_after_keeping_it(authority: Authority) -> None:
    again = Authority.read(authority.leaf.certificate, authority.leaf.key)
    assert is_trusted(authority, again.issue("health", [x509.DNSName("health")], now=NOW))


def test_an_authority_of_another_kind_is_refused(authority: Authority) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with pytest.raises(TypeError, match="elliptic curve"):
        Authority.read(authority.certificate, pem)


def test_keys_are_for_their_owner_alone_and_never_replaced(tmp_path: Path, authority: Authority) -> None:
    certificate, key = authority.agency("health").write(tmp_path / "keys", "health")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert b"PRIVATE" not in certificate.read_bytes()
    with pytest.raises(FileExistsError):
        write_secret(key, b"another")
    assert b"PRIVATE" in key.read_bytes()


def test_the_repr_of_a_leaf_does_not_show_its_key(authority: Authority) -> None:
    assert "PRIVATE" not in repr(authority.leaf)


def test_secret_keys_are_of_the_size_asked_for_and_never_alike() -> None:
    assert len({new_secret_key(32) for _ in range(100)}) == 100
    assert len(new_secret_key(32)) == 32
