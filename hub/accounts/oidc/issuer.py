"""An issuer as the deployment knows it: what it is called, and everything that its tokens are held against."""

from dataclasses import dataclass, field
from enum import StrEnum

# Whoever proved who they are longer ago than this has not just given a second factor, whatever the issuer's level says.
FRESH_SECONDS = 5 * 60


class Signing(StrEnum):
    """How an issuer may sign; "none" and the keyed hashes are left out, so that no setting can let them in."""

    RS256 = "RS256"
    RS384 = "RS384"
    RS512 = "RS512"
    PS256 = "PS256"
    PS384 = "PS384"
    PS512 = "PS512"
    ES256 = "ES256"
    ES384 = "ES384"
    ES512 = "ES512"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One issuer that the deployment trusts for sign-in."""

    id: str
    title: str
    url: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    scopes: tuple[str, ...] = ("openid",)
    subject_claim: str = "sub"
    strong_acr: frozenset[str] = frozenset()
    algorithms: tuple[Signing, ...] = (Signing.RS256, Signing.ES256)
    redirects: frozenset[str] = frozenset()
