"""The adapter's key: made here, never sent; and whether what the hub signed for it is what was asked for."""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.kit.credential_files import fits
from adapters.kit.errors import NoCertificate

AGENCY_NAME = "urn:sharing:agency:"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A new key, and the request that proves it to the hub."""

    pem: bytes = field(repr=False)
    request: bytes

    @classmethod
    def new(cls) -> "OwnKey":
        """Make a key. The request names nobody: who it is for is said by the token, or by the present certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
        return cls(
            pem=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            request=request.public_bytes(Encoding.DER),
        )

    def require_fit(self, certificate: bytes, authorities: bytes, agency: str, now: datetime) -> None:
        """Raise NoCertificate unless a certificate is for this key and agency, in force, and comes with authorities."""
        try:
            signed = x509.load_pem_x509_certificate(certificate)
            x509.load_pem_x509_certificates(authorities)
        except ValueError:
            raise NoCertificate("what the hub sent is no certificate") from None
        if not fits(certificate, self.pem):
            raise NoCertificate("the hub's certificate is for another key")
        if agencies_named(signed) != {agency}:
            raise NoCertificate("the hub's certificate names another agency than the manifest")
        if not signed.not_valid_before_utc <= now < signed.not_valid_after_utc:
            raise NoCertificate("the hub's certificate is not in force: compare this machine's clock with the hub's")


def agencies_named(certificate: x509.Certificate) -> set[str]:
    """Return the agencies that a certificate names."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    return {uri.removeprefix(AGENCY_NAME) for uri in uris if uri.startswith(AGENCY_NAME)}
