"""A deployment's keys: its own certificate authority, the hub's and the agencies' certificates, secret files."""

import ipaddress
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AGENCY_URI = "urn:sharing:agency:"
AUTHORITY_DAYS = 3_650
LEAF_LIFETIME = timedelta(days=397)

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
        """Write NAME.pem and NAME.key, the key for its owner alone, into a folder and return their paths."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        write_secret(key, self.key)
        certificate.write_bytes(self.certificate)
        return certificate, key


class Authority:
    """Issues certificates that everything trusts that was given `certificate`."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """Take the authority's own key and certificate."""
        self._key = key
        self._certificate = certificate

    @classmethod
    def new(cls, name: str, *, now: datetime | None = None, days: int = AUTHORITY_DAYS) -> Self:
        """Make an authority with a new key."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), _name(name), key.public_key(), now or datetime.now(UTC), timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_key_usage("key_cert_sign", "crl_sign"), critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()))

    @classmethod
    def read(cls, certificates: bytes, key: bytes) -> Self:
        """Take an authority from PEM: the one of several certificates to which the key belongs.

        Raises TypeError when the key is of another kind than ours, ValueError when it belongs to none.
        """
        private = serialization.load_pem_private_key(key, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            message = "the authority's key is not of an elliptic curve"
            raise TypeError(message)
        for certificate in x509.load_pem_x509_certificates(certificates):
            if certificate.public_key() == private.public_key():
                return cls(private, certificate)
        message = "the authority's key belongs to none of its certificates"
        raise ValueError(message)

    @property
    def certificate(self) -> bytes:
        """Return the authority's certificate as PEM."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def leaf(self) -> Leaf:
        """Return the authority's own certificate and key, for keeping."""
        return Leaf(certificate=self.certificate, key=_key_as_pem(self._key))

    def server(self, names: Sequence[str] = ("localhost", "127.0.0.1")) -> Leaf:
        """Issue a certificate for a server that is reached by these names or addresses."""
        return self.issue(names[0], [_host_name(name) for name in names], server=True)

    def agency(self, agency: str) -> Leaf:
        """Issue the certificate by which an agency's adapter is known to the hub."""
        return self.issue(agency, [x509.UniformResourceIdentifier(f"{AGENCY_URI}{agency}")])

    def issue(
        self,
        name: str,
        sans: Sequence[x509.GeneralName],
        *,
        server: bool = False,
        now: datetime | None = None,
        lifetime: timedelta = LEAF_LIFETIME,
    ) -> Leaf:
        """Issue a certificate for a server or a client; a negative lifetime makes one that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        validity = (now or datetime.now(UTC), lifetime)
        return Leaf(certificate=self._signed(name, sans, key.public_key(), purpose, validity), key=_key_as_pem(key))

    def certify(self, public_key: bytes, agency: str, *, lifetime: timedelta, now: datetime | None = None) -> bytes:
        """Return an agency's certificate, as PEM, for a public key (DER) whose private one stays where it was made."""
        key = serialization.load_der_public_key(public_key)
        if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            message = "an agency's key is of an elliptic curve, or RSA"
            raise TypeError(message)
        sans = [x509.UniformResourceIdentifier(f"{AGENCY_URI}{agency}")]
        return self._signed(agency, sans, key, ExtendedKeyUsageOID.CLIENT_AUTH, (now or datetime.now(UTC), lifetime))

    def _signed(
        self,
        name: str,
        sans: Sequence[x509.GeneralName],
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        purpose: x509.ObjectIdentifier,
        validity: tuple[datetime, timedelta],
    ) -> bytes:
        builder = _builder(_name(name), self._certificate.subject, key, *validity)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_key_usage("digital_signature"), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName(sans), critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read; refuse to replace one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _key_as_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _host_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    now: datetime,
    lifetime: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # Clocks differ a little; and an expired certificate must have begun before it ended.
        .not_valid_before(now - timedelta(hours=1) + min(lifetime, timedelta()))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _key_usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _KEY_USES})


def new_secret_key(size: int) -> bytes:
    """Make a secret key of so many random bytes."""
    return secrets.token_bytes(size)
