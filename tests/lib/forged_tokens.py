"""ID tokens that must be refused: what is wrong with each, how it is made, and the reason that the hub must log."""

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from hub.accounts.oidc.claims import half_hash
from tests.lib.hostile_issuer import ACCESS_TOKEN, CURVE, ENCRYPTING, KEY, STRANGER, HostileIssuer
from tests.lib.minting import CLIENT, KID, Part, Sign, by_secret, encoded, nothing, token

Forge = Callable[[HostileIssuer], object]
Forged = tuple[str, str, Forge]
GOOD_HEADER = {"alg": "RS256", "kid": KID, "typ": "JWT"}
HOUR = 3600


def headed(header: Part, sign: Sign = KEY.signs) -> Forge:
    """Forge with another header, and everything else in order."""
    return lambda issuer: token(header, issuer.claims(), sign)


def with_header(sign: Sign = KEY.signs, **changes: object) -> Forge:
    """Forge with a header that is good but for the changes."""
    return headed({**GOOD_HEADER, **changes}, sign)


def saying(**changes: object) -> Forge:
    """Forge with claims that are good but for the changes, properly signed."""
    return lambda issuer: issuer.honest(**changes)


def payload(make: Callable[[dict[str, object]], bytes]) -> Forge:
    """Forge with a payload written by hand, properly signed."""
    return lambda issuer: token(GOOD_HEADER, make(issuer.claims()), KEY.signs)


def at(name: str, seconds: float) -> Forge:
    """Forge with a time so many seconds from now."""
    return lambda issuer: issuer.honest(**{name: int(issuer.now + seconds)})


def certificate() -> str:
    """Make the stranger a certificate of his own, as x5c has it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, STRANGER.private.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(STRANGER.private, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def unencoded(issuer: HostileIssuer) -> str:
    """Sign the payload as it stands (RFC 7797), so that a reader who does not know it reads something else."""
    header = encoded({**GOOD_HEADER, "b64": False, "crit": ["b64"]})
    signature = KEY.signs(f"{header}.".encode() + json.dumps(issuer.claims()).encode())
    return f"{header}.{encoded(issuer.claims())}.{encoded(signature)}"


def changed_after(issuer: HostileIssuer) -> str:
    """Change who it is about after signing."""
    header, _, signature = issuer.honest().split(".")
    return f"{header}.{encoded(issuer.claims(sub='somebody-else'))}.{signature}"


def flipped(issuer: HostileIssuer) -> str:
    """Flip one bit of the signature."""
    said = issuer.honest().rpartition(".")[0]
    signature = bytearray(KEY.signs(said.encode()))
    signature[7] ^= 1
    return f"{said}.{encoded(bytes(signature))}"


def flattened(issuer: HostileIssuer) -> str:
    """Write the token as JSON (RFC 7515, section 7.2.2)."""
    header, said, signature = issuer.honest().split(".")
    return json.dumps({"protected": header, "payload": said, "signature": signature})


def encrypted(_: HostileIssuer) -> str:
    """Write something with the five parts of a JWE."""
    return ".".join((encoded({"alg": "RSA-OAEP", "enc": "A256GCM"}), *map(encoded, (b"key", b"iv", b"text", b"tag"))))


def twice(claims: Mapping[str, object]) -> bytes:
    return json.dumps(claims)[:-1].encode() + b', "sub": "somebody-else"}'


FORMS: tuple[Forged, ...] = (
    ("a token that is an object", "form", lambda _: {}),
    ("a token that is a number", "form", lambda _: 7),
    ("an empty token", "form", lambda _: ""),
    ("two parts", "form", lambda issuer: issuer.honest().rpartition(".")[0]),
    ("five parts, as a JWE has", "form", encrypted),
    ("a token as JSON", "form", flattened),
    ("padding", "form", lambda issuer: issuer.honest() + "="),
    ("a line break at the end", "form", lambda issuer: issuer.honest() + "\n"),
    ("20 KiB", "form", saying(padding="x" * 20_000)),
    ("a header that is no base64", "header", lambda issuer: "A" + issuer.honest()),
    ("a header that is no object", "header", headed(b'["alg"]')),
    ("a payload that is no JSON", "form", payload(lambda _: b"sub=somebody")),
    ("a payload that is a list", "form", payload(lambda claims: json.dumps([claims]).encode())),
    ("a payload that is no UTF-8", "form", payload(lambda _: b'{"sub": "\xff"}')),
    ("a payload that is nested without end", "form", payload(lambda _: b"[" * 8_000)),
    ("a claim that is there twice", "form", payload(twice)),
    ("a number that is none", "form", payload(lambda claims: json.dumps(claims | {"exp": float("nan")}).encode())),
)

HEADERS: tuple[Forged, ...] = (
    ("no algorithm", "header", headed({"kid": KID})),
    ("an algorithm that is a list", "header", with_header(alg=["RS256"])),
    ("an algorithm that is there twice", "header", headed(b'{"alg": "none", "kid": "signing-1", "alg": "RS256"}')),
    ("none, unsigned", "form", with_header(nothing, alg="none")),
    ("none, with something for a signature", "key", with_header(alg="none")),
    ("nOnE", "key", with_header(alg="nOnE")),
    ("HS256 with the public key for a secret", "key", with_header(by_secret(KEY.pem()), alg="HS256")),
    ("HS256 with the modulus for a secret", "key", with_header(by_secret(str(KEY.jwk()["n"]).encode()), alg="HS256")),
    ("HS256 with nothing for a secret", "key", with_header(by_secret(b""), alg="HS256", kid="../../dev/null")),
    ("HS256 with the client's name for a secret", "key", with_header(by_secret(CLIENT.encode()), alg="HS256")),
    (
        "an algorithm that this issuer may not use",
        "signature",
        with_header(lambda said: KEY.signs(said, hashes.SHA384()), alg="RS384"),
    ),
    ("ES256 over an RSA signature", "key", with_header(alg="ES256")),
    ("an ES256 signature of zeros", "signature", headed({"alg": "ES256", "kid": CURVE.kid}, lambda _: bytes(64))),
    ("a key of its own in the header", "header", with_header(STRANGER.signs, jwk=STRANGER.jwk())),
    ("the address of a key of its own", "header", with_header(STRANGER.signs, jku="https://stranger.example/keys")),
    ("the address of a certificate of its own", "header", with_header(STRANGER.signs, x5u="https://stranger.example/")),
    ("a certificate of its own", "header", with_header(STRANGER.signs, x5c=[certificate()])),
    ("another issuer's key", "key", with_header(STRANGER.signs, kid=STRANGER.kid)),
    ("another issuer's key under our key's name", "signature", with_header(STRANGER.signs)),
    ("a key that is for encryption", "key", with_header(ENCRYPTING.signs, kid=ENCRYPTING.kid)),
    ("a name of a key that is a number", "header", with_header(kid=1)),
    ("a payload that is not encoded", "header", unencoded),
    ("an extension that nobody knows", "header", with_header(crit=["exp"], exp=1)),
    ("a list of extensions that is empty", "header", with_header(crit=[])),
    ("a word in the header that nobody knows", "header", with_header(zip="DEF")),
    ("a token inside the token", "header", with_header(cty="JWT")),
    ("an access token", "header", with_header(typ="at+jwt")),
    ("a logout token", "header", with_header(typ="logout+jwt")),
    ("a flipped bit", "signature", flipped),
    ("a change after signing", "signature", changed_after),
)

CLAIMS: tuple[Forged, ...] = (
    *(("no " + name, "claim_missing", saying(**{name: None})) for name in ("iss", "aud", "sub", "exp", "iat")),
    ("no nonce", "nonce", saying(nonce=None)),
    ("somebody else's iss", "iss", saying(iss="https://stranger.example")),
    ("our iss with a slash", "iss", lambda issuer: issuer.honest(iss=f"{issuer.url}/")),
    ("a list with our iss", "iss", lambda issuer: issuer.honest(iss=[issuer.url])),
    ("somebody else's aud", "aud", saying(aud="another")),
    ("an empty list of aud", "aud", saying(aud=[])),
    ("an aud that begins like ours", "aud", saying(aud=f"{CLIENT}-test")),
    ("an aud that is no text", "aud", saying(aud=[CLIENT, 7])),
    ("several aud and no azp", "azp", saying(aud=[CLIENT, "another"])),
    ("several aud and somebody else's azp", "azp", saying(aud=[CLIENT, "another"], azp="another")),
    ("somebody else's azp", "azp", saying(azp="another")),
    ("a list with our azp", "azp", saying(azp=[CLIENT])),
    ("an exp that has passed", "exp", at("exp", -61)),
    ("an exp that is text", "exp", saying(exp="4000000000")),
    ("an exp that is true", "exp", saying(exp=True)),
    ("an iat to come", "iat", at("iat", 61)),
    ("an iat of an hour ago", "iat", at("iat", -HOUR)),
    ("an iat that is text", "iat", saying(iat="1")),
    ("an nbf to come", "nbf", at("nbf", 61)),
    ("an nbf that is text", "nbf", saying(nbf="1")),
    ("a nonce of another sign-in", "nonce", saying(nonce="0" * 43)),
    ("a list with our nonce", "nonce", lambda issuer: issuer.honest(nonce=[issuer.nonce])),
    ("a nonce of another alphabet", "nonce", saying(nonce="\ud800")),
    ("an at_hash of another token", "at_hash", saying(at_hash=half_hash("another", "RS256"))),
    ("an at_hash of another length", "at_hash", saying(at_hash=half_hash(ACCESS_TOKEN, "RS512"))),
    ("an at_hash that is a number", "at_hash", saying(at_hash=7)),
    ("an empty sub", "subject", saying(sub="")),
    ("a sub that is a number", "subject", saying(sub=7)),
    ("a sub that is a list", "subject", saying(sub=["invented-person-7"])),
    ("a sub of 256 letters", "subject", saying(sub="x" * 256)),
    ("a sub with a line break", "subject", saying(sub="invented-person-7\nsomebody")),
    ("an auth_time to come", "auth_time", at("auth_time", 61)),
    ("an auth_time that is text", "auth_time", saying(auth_time="now")),
    ("an auth_time beyond every calendar", "auth_time", saying(auth_time=-(10**300))),
)
