"""Certificates for one run: an authority that nobody else trusts, the stand-in hub's certificate and the agency's."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AGENCY_URI = "urn:sharing:agency:"
LIFETIME = timedelta(days=1)
_CLOCKS_DIFFER = timedelta(hours=1)
_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes = field(repr=False)


class RunAuthority:
    """Issues for one day."""

    def __init__(self, name: str) -> None:
        """Make a key and a certificate for it."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, name, self._key)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(
            self._key, hashes.SHA256()
        )

    @property
    def certificate(self) -> bytes:
        """Return the authority's certificate as PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, *names: str) -> Pair:
        """Issue a certificate for a server of these names or addresses."""
        return self._issue(names[0], [_host(name) for name in names], ExtendedKeyUsageOID.SERVER_AUTH)

    def agency(self, agency: str) -> Pair:
        """Issue the certificate that names an agency."""
        uri = x509.UniformResourceIdentifier(f"{AGENCY_URI}{agency}")
        return self._issue(agency, [uri], ExtendedKeyUsageOID.CLIENT_AUTH)

    def _issue(self, name: str, sans: Sequence[x509.GeneralName], purpose: x509.ObjectIdentifier) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        builder = _builder(name, str(issuer), key)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage("digital_signature"), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
        by = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        signed = builder.add_extension(by, critical=False).sign(self._key, hashes.SHA256())
        plain = serialization.NoEncryption()
        return Pair(
            certificate=signed.public_bytes(serialization.Encoding.PEM),
            key=key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain),
        )


def _builder(name: str, issuer: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _USES})


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
