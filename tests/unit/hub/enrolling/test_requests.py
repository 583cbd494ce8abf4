"""Of a certificate request only its key counts, and only if the request proves it."""

from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from hub.enrolling.requests import key_in
from hub.errors import InvalidRequest


def request_of(key: object, *, name: str = "schools", hashed: bool = True) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(key, SHA256() if hashed else None).public_bytes(Encoding.DER)  # type: ignore[arg-type]  # any key


@pytest.mark.parametrize(
    "make",
    [
        lambda: ec.generate_private_key(ec.SECP256R1()),
        lambda: ec.generate_private_key(ec.SECP384R1()),
        lambda: rsa.generate_private_key(65537, 2048),
    ],
)
def test_a_key_that_gRPC_knows_is_taken(make: Callable[[], ec.EllipticCurvePrivateKey]) -> None:
    key = make()
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key_in(request_of(key)) == public


@pytest.mark.parametrize(
    "make",
    [
        lambda: request_of(rsa.generate_private_key(65537, 1024)),  # noqa: S505  (is to be refused)
        lambda: request_of(ec.generate_private_key(ec.SECP256K1())),
        lambda: request_of(ed25519.Ed25519PrivateKey.generate(), hashed=False),
        lambda: request_of(dsa.generate_private_key(1024)),  # noqa: S505  (is to be refused)
        lambda: request_of(ec.generate_private_key(ec.SECP256R1()), name="x" * 60)[:-1],
        lambda: request_of(ec.generate_private_key(ec.SECP256R1())) + bytes(10_000),
        lambda: request_of(ec.generate_private_key(ec.SECP256R1())).replace(b"\x02\x01\x00", b"\x02\x01\x01", 1),
        lambda: b"",
        lambda: b"-----BEGIN CERTIFICATE REQUEST-----",
    ],
)
def test_what_is_no_request_or_has_no_fit_key_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(InvalidRequest, match="whose key fits"):
        key_in(make())


def test_a_request_in_somebody_else_s_name_for_a_key_that_it_does_not_prove_is_refused() -> None:
    own, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    raw = [key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) for key in (own, other)]
    forged = request_of(own).replace(*raw)
    with pytest.raises(InvalidRequest, match="whose key fits"):
        key_in(forged)
