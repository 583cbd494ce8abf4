"""An ID token as it arrives: its form, its header and its signature.

joserfc checks the signature, with the algorithms that the issuer may use and with one key that the issuer publishes.
Everything in a header that could bring another key or another reading (jwk, jku, x5u, x5c, crit, b64) is refused before
joserfc sees the token. Authlib, which is made for the browser's side of this, is not used: it would bring a second
HTTP client and a second reader of tokens, for two addresses that are put together here in a few lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from hub.accounts.oidc.documents import read_object
from hub.accounts.oidc.flaws import Flaw, Flawed
from hub.accounts.oidc.issuer import Signing
from hub.accounts.oidc.keys import PublicKey

LONGEST_TOKEN = 16 * 1024
_THREE_PARTS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# Two thumbprints of certificates are let in, since issuers send them; nothing reads them.
_KNOWN = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_LONGEST_WORD = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A token whose form and header are in order; nothing in it is to be believed yet."""

    token: str = field(repr=False)
    algorithm: str
    kid: str | None


def read_envelope(token: object) -> Envelope:
    """Look at a token's form and header; raise Flawed."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not _THREE_PARTS.fullmatch(token):
        raise Flawed(Flaw.FORM)
    header = _part(token, 0, Flaw.HEADER)
    if not header.keys() <= _KNOWN or not all(_is_word(value) for value in header.values()):
        raise Flawed(Flaw.HEADER)
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "JWT")
    if not isinstance(algorithm, str) or str(kind).upper() != "JWT":
        raise Flawed(Flaw.HEADER)
    return Envelope(token=token, algorithm=algorithm, kid=kid if isinstance(kid, str) else None)


def believed(envelope: Envelope, key: PublicKey, algorithms: Sequence[Signing]) -> dict[str, object]:
    """Return what a token says once its signature is verified; raise Flawed."""
    try:
        jws.deserialize_compact(envelope.token, key, algorithms=[*algorithms])
    except (JoseError, ValueError, TypeError):
        raise Flawed(Flaw.SIGNATURE) from None
    return _part(envelope.token, 1, Flaw.FORM)


def _part(token: str, number: int, flaw: Flaw) -> dict[str, object]:
    try:
        written = urlsafe_b64decode(token.split(".")[number].encode())
    except ValueError:
        raise Flawed(flaw) from None
    return read_object(written, flaw)


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_WORD
