"""Who has signed in elsewhere, as an issuer vouches for it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIdentity:
    """One person at one issuer; an account is found by both together, never by the subject alone.

    `issuer` is the issuer's address, which no other issuer can claim. `is_strong` says that the issuer named one of the
    assurance levels that the deployment counts as strong, and that it was proved just now. `authenticated_at` is when
    the person last proved who they are, None when the issuer does not say.
    """

    issuer: str
    subject: str = field(repr=False)
    is_strong: bool
    authenticated_at: datetime | None
