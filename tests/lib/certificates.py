"""A certificate authority for tests: issues the hub's and the agencies' certificates, all of invented names."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_KEY_USES = (
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Leaf:
    """A certificate and its private key, both as PEM."""

    certificate: bytes
    key: bytes

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write NAME.pem and NAME.key into a folder and return their paths."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.certificate)
        key.touch(mode=0o600)
        key.write_bytes(self.key)
        return certificate, key


class Authority:
    """Issues certificates that everything trusts that was given `certificate`."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Take the authority's own key and certificate."""
        self._key = key
        self._certificate = certificate

    @classmethod
    def new(cls, name: str = "Test Authority", *, now: datetime | None = None, days: int = 7) -> Self:
        """Make an authority with a new key."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), _name(name), key, now or datetime.now(UTC), timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()))

    @property
    def certificate(self) -> bytes:
        """Return the authority's certificate as PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def server(self, *, names: Sequence[str] = ("localhost",), addresses: Sequence[str] = ("127.0.0.1",)) -> Leaf:
        """Issue a certificate for a server that is reached by these names and addresses."""
        sans = [x509.DNSName(name) for name in names]
        return self.issue(
            names[0], [*sans, *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses)], server=True
        )

    def agency(self, agency: str) -> Leaf:
        """Issue the certificate by which an agency's adapter is known to the hub."""
        return self.issue(agency, [x509.UniformResourceIdentifier(f"urn:sharing:agency:{agency}")])

    def issue(
        self,
        name: str,
        sans: Sequence[x509.GeneralName],
        *,
        server: bool = False,
        now: datetime | None = None,
        lifetime: timedelta = timedelta(days=7),
    ) -> Leaf:
        """Issue a certificate for a server or a client; a negative lifetime makes one that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = _builder(_name(name), self._certificate.subject, key, now or datetime.now(UTC), lifetime)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage("digital_signature"), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
        )
        return Leaf(
            certificate=builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
            key=key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of test machines differ a little; and an expired certificate must have begun before it ended.
        .not_valid_before(now - timedelta(hours=1) + min(lifetime, timedelta()))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _KEY_USES})
