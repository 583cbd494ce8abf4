"""Whom the certificate of a connection stands for, and what makes it no agency's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from hub.edge.certificates import NotAnAgency, agency_certificate
from hub.keys import Authority

OURS, OTHERS = Authority.new("Ours"), Authority.new("Others")
TRUSTED = OURS.certificate + OTHERS.certificate
NAME = x509.UniformResourceIdentifier("urn:sharing:agency:schools")


def context(certificate: bytes, tls: bytes = b"TLSv1.3") -> dict[str, list[bytes]]:
    return {"ssl_tls_version": [tls], "x509_pem_cert": [certificate]}


def made(*, uses: list[x509.ObjectIdentifier] | None = None, ca: bool | None = False, names: bool = True) -> bytes:
    """Make a certificate as somebody else's tools might."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    if uses is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([NAME]), critical=False)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
NOT_AGENCIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "two agencies": (
        lambda: OURS.issue("x", [NAME, x509.UniformResourceIdentifier("urn:sharing:agency:health")]).certificate,
        "not_one_agency",
    ),
    "no agency": (lambda: OURS.issue("x", [x509.DNSName("schools")]).certificate, "not_one_agency"),
    "no names at all": (lambda: made(uses=[CLIENT], names=False), "no_name"),
    "a server": (lambda: OURS.issue("x", [NAME], server=True).certificate, "wrong_use"),
    "a server as well": (lambda: made(uses=[CLIENT, SERVER]), "wrong_use"),
    "any use": (lambda: made(uses=None), "no_use"),
    "an authority": (lambda: made(uses=[CLIENT], ca=True), "wrong_use"),
    "perhaps an authority": (lambda: made(uses=[CLIENT], ca=None), "no_use"),
    "nothing readable": (lambda: b"no certificate", "unreadable"),
}


@pytest.mark.parametrize("which", NOT_AGENCIES)
def test_a_certificate_stands_for_no_agency_that_is_for(which: str) -> None:
    make, why = NOT_AGENCIES[which]
    with pytest.raises(NotAnAgency, match=why):
        agency_certificate(context(make()), TRUSTED)


@pytest.mark.parametrize("version", [b"TLSv1.2", b"TLSv1.1", b""])
def test_a_connection_of_old_tls_stands_for_nobody(version: bytes) -> None:
    with pytest.raises(NotAnAgency, match="old_tls"):
        agency_certificate(context(OURS.agency("schools").certificate, version), TRUSTED)
    with pytest.raises(NotAnAgency, match="old_tls"):
        agency_certificate({"x509_pem_cert": [OURS.agency("schools").certificate]}, TRUSTED)


def test_a_connection_without_a_certificate_stands_for_nobody() -> None:
    with pytest.raises(NotAnAgency, match="no_certificate"):
        agency_certificate({"ssl_tls_version": [b"TLSv1.3"]}, TRUSTED)


def test_an_agency_s_certificate_says_for_whom_how_long_and_by_whom() -> None:
    leaf = OTHERS.agency("schools")
    found, read = (
        agency_certificate(context(leaf.certificate), TRUSTED),
        x509.load_pem_x509_certificate(leaf.certificate),
    )
    assert found.agency == "schools"
    assert found.serial == f"{read.serial_number:x}"
    assert found.begins_at_ms == read.not_valid_before_utc.timestamp() * 1_000
    assert found.ends_at_ms == read.not_valid_after_utc.timestamp() * 1_000
    assert found.authority == x509.load_pem_x509_certificate(OTHERS.certificate).fingerprint(SHA256()).hex()


def test_a_certificate_of_an_authority_that_is_not_trusted_any_more_stands_for_nobody() -> None:
    with pytest.raises(NotAnAgency, match="foreign"):
        agency_certificate(context(OTHERS.agency("schools").certificate), OURS.certificate)
