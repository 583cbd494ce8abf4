"""An issuer's public keys, and which of them a token must have been signed with."""

import warnings
from collections.abc import Mapping, Sequence

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from hub.accounts.oidc.flaws import Flaw, Flawed

MOST_KEYS = 64
PublicKey = RSAKey | ECKey
_KINDS: Mapping[object, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_KIND_OF_ALGORITHM = {"RS": "RSA", "PS": "RSA", "ES": "EC"}


def read_keys(document: Mapping[str, object]) -> tuple[PublicKey, ...]:
    """Return the keys of a set that can check signatures; raise Flawed when there is none.

    A set may hold keys of other kinds and for other uses, which are passed over (RFC 7517, section 5). A shared secret
    is never a key of ours, and an RSA key below 2,048 bits is none of anybody's.
    """
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise Flawed(Flaw.NO_KEYS)
    found = tuple(key for key in map(_read, listed[:MOST_KEYS]) if key is not None)
    if not found:
        raise Flawed(Flaw.NO_KEYS)
    return found


def pick(keys: Sequence[PublicKey], kid: str | None, algorithm: str) -> PublicKey | None:
    """Return the one key that a token may have been signed with; None when there is none, or more than one.

    A token that names no key is checked with the only key of its kind, and refused where there are several.
    """
    kind = _KIND_OF_ALGORITHM.get(algorithm[:2])
    fitting = [
        key
        for key in keys
        if key.key_type == kind and key.get("alg") in {None, algorithm} and (kid is None or key.get("kid") == kid)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _read(written: object) -> PublicKey | None:
    if not isinstance(written, dict) or written.get("use", "sig") != "sig":
        return None
    kind = _KINDS.get(written.get("kty"))
    if kind is None or "d" in written:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SecurityWarning)
            return kind.import_key(written)
    except (JoseError, SecurityWarning, ValueError, TypeError, KeyError):
        return None
