"""Makes ID tokens by hand, good ones and any other, since a library for tokens would refuse to make most of these."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

Sign = Callable[[bytes], bytes]
Part = Mapping[str, object] | bytes
KID = "signing-1"
CLIENT = "hub"


def encoded(part: Part) -> str:
    """Write a part of a token: an object as JSON, bytes as they are."""
    written = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def token(header: Part, claims: Part, sign: Sign) -> str:
    """Put a token together."""
    said = f"{encoded(header)}.{encoded(claims)}"
    return f"{said}.{encoded(sign(said.encode()))}"


def by_secret(secret: bytes) -> Sign:
    """Sign as HS256 does."""
    return lambda said: hmac.digest(secret, said, "sha256")


def nothing(_: bytes) -> bytes:
    """Sign as "none" does."""
    return b""


def number(value: int) -> str:
    """Write a number as keys do."""
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """An RSA key; `signs` as RS256 does unless another hash is named."""

    kid: str = KID
    bits: int = 2048
    private: rsa.RSAPrivateKey = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "private", rsa.generate_private_key(public_exponent=65537, key_size=self.bits))

    def signs(self, said: bytes, with_hash: hashes.HashAlgorithm | None = None) -> bytes:
        return self.private.sign(said, padding.PKCS1v15(), with_hash or hashes.SHA256())

    def jwk(self, **further: object) -> dict[str, object]:
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "kid": self.kid, "n": number(numbers.n), "e": number(numbers.e), **further}

    def exponent(self) -> str:
        """Return what makes a key private, which no issuer publishes."""
        return number(self.private.private_numbers().d)

    def pem(self) -> bytes:
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, kind)


@dataclass(frozen=True, kw_only=True)
class CurveKey:
    """A key on P-256; `signs` as ES256 does."""

    kid: str = "curve-1"
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def signs(self, said: bytes) -> bytes:
        r, s = decode_dss_signature(self.private.sign(said, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def jwk(self, **further: object) -> dict[str, object]:
        point = self.private.public_key().public_numbers()
        x, y = (encoded(value.to_bytes(32, "big")) for value in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "kid": self.kid, "x": x, "y": y, **further}
