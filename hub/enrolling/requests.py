"""Certificate requests and what came of them: only the key that signed a request is taken from it."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hub.errors import InvalidRequest
from hub.model.membership import IssuedCertificate

LARGEST_REQUEST = 8 * 1024
LEAST_RSA_BITS = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1)


def key_in(request: bytes) -> bytes:
    """Return the public key (DER) of a request whose signature proves the private one; raise InvalidRequest."""
    try:
        if len(request) > LARGEST_REQUEST:
            raise _unfit()
        asked = x509.load_der_x509_csr(request)
        if not asked.is_signature_valid:
            raise _unfit()
        key = asked.public_key()
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion):
        raise _unfit() from None
    is_fit = (isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS
    )
    if not is_fit:
        raise _unfit()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def issued_as(certificate: bytes, agency: str, now_ms: int) -> IssuedCertificate:
    """Describe a certificate, as PEM, that was just signed for an agency."""
    signed = x509.load_pem_x509_certificate(certificate)
    ends_at_ms = int(signed.not_valid_after_utc.timestamp() * 1_000)
    return IssuedCertificate(
        serial=f"{signed.serial_number:x}", agency=agency, issued_at_ms=now_ms, ends_at_ms=ends_at_ms
    )


def _unfit() -> InvalidRequest:
    return InvalidRequest(
        "REQUEST_UNFIT",
        "This is no certificate request whose key fits.",
        mend="Send a PKCS #10 request in DER, signed by a key on P-256 or P-384, or RSA with 2048 bits at least.",
        field="certificate_request",
    )
