"""What an ID token says, held against what was asked for (OpenID Connect Core 1.0, section 3.1.3.7)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from joserfc.errors import ClaimError, MissingClaimError
from joserfc.jwt import JWTClaimsRegistry

from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.identity import ExternalIdentity
from hub.accounts.oidc.issuer import FRESH_SECONDS, Issuer

# Clocks of two organisations differ a little; a token is fetched the moment that it is made.
SKEW_SECONDS = 60
OLDEST_SECONDS = 5 * 60
LONGEST_SUBJECT = 255
_END_OF_TIME = 4_102_444_800  # the year 2100, for numbers that no calendar takes
_OF_CLAIM = {
    "iss": Flaw.ISS,
    "aud": Flaw.AUD,
    "exp": Flaw.EXP,
    "iat": Flaw.IAT,
    "nbf": Flaw.NBF,
    "sub": Flaw.SUBJECT,
}

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What this sign-in was begun with, and the moment at which its token is looked at (seconds since 1970)."""

    issuer: Issuer
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)
    algorithm: str
    now: float
    max_age: int | None
    acr_values: tuple[str, ...]


def read_identity(claims: Claims, expected: Expected) -> ExternalIdentity:
    """Return whom the token is about; raise Flawed with the first thing that is not as it must be."""
    _check_registered(claims, expected)
    _check_party(claims, expected.issuer.client_id)
    _check_binding(claims, expected)
    acr, authenticated_at = claims.get("acr"), _authenticated_at(claims, expected)
    if expected.acr_values and acr not in expected.acr_values:
        raise Flawed(Flaw.ACR)
    return ExternalIdentity(
        issuer=expected.issuer.url,
        subject=_subject(claims, expected.issuer.subject_claim),
        is_strong=isinstance(acr, str) and acr in expected.issuer.strong_acr and _is_fresh(authenticated_at, expected),
        authenticated_at=authenticated_at,
    )


def _check_registered(claims: Claims, expected: Expected) -> None:
    """Check issuer, audience and times, as joserfc does for any token, and the age, which it leaves to us."""
    registry = JWTClaimsRegistry(
        now=int(expected.now),
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": expected.issuer.url},
        aud={"essential": True, "value": expected.issuer.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        registry.validate(dict(claims))
    except MissingClaimError:
        raise Flawed(Flaw.CLAIM_MISSING) from None
    except ClaimError as error:
        raise Flawed(_OF_CLAIM.get(error.claim, Flaw.FORM)) from None
    if _seconds(claims["iat"], Flaw.IAT) < expected.now - OLDEST_SECONDS:
        raise Flawed(Flaw.IAT)


def _check_party(claims: Claims, client_id: str) -> None:
    """Check for whom the token was made: among several audiences it must say that it was made for us."""
    audience, party = claims["aud"], claims.get("azp")
    if party is None and isinstance(audience, list) and len(audience) > 1:
        raise Flawed(Flaw.AZP)
    if party is not None and party != client_id:
        raise Flawed(Flaw.AZP)


def _check_binding(claims: Claims, expected: Expected) -> None:
    """Check that the token belongs to this sign-in (nonce) and to the access token that came with it."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not _same(nonce, expected.nonce):
        raise Flawed(Flaw.NONCE)
    at_hash = claims.get("at_hash")
    if "at_hash" in claims and not (
        isinstance(at_hash, str) and _same(at_hash, half_hash(expected.access_token, expected.algorithm))
    ):
        raise Flawed(Flaw.AT_HASH)


def _subject(claims: Claims, name: str) -> str:
    subject = claims.get(name)
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise Flawed(Flaw.SUBJECT)
    return subject


def _authenticated_at(claims: Claims, expected: Expected) -> datetime | None:
    if "auth_time" not in claims and expected.max_age is None:
        return None
    at = _seconds(claims.get("auth_time"), Flaw.AUTH_TIME)
    age = expected.now - at
    if age < -SKEW_SECONDS or (expected.max_age is not None and age > expected.max_age + SKEW_SECONDS):
        raise Flawed(Flaw.AUTH_TIME)
    return datetime.fromtimestamp(at, UTC)


def _is_fresh(authenticated_at: datetime | None, expected: Expected) -> bool:
    """Tell whether the person has just proved who they are: an issuer vouches for hours without asking them again."""
    if authenticated_at is None:
        return False
    oldest = FRESH_SECONDS if expected.max_age is None else expected.max_age
    return expected.now - authenticated_at.timestamp() <= oldest + SKEW_SECONDS


def half_hash(token: str, algorithm: str) -> str:
    """Return the left half of a token's hash, as at_hash has it; the algorithm's last digits name the hash."""
    digest = hashlib.new(f"sha{algorithm[-3:]}", token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


def _seconds(value: object, flaw: Flaw) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _END_OF_TIME:
        raise Flawed(flaw)
    return value


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode())
