"""Accounts and what belongs to them: the allocated office, invitations, and second factors."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

USER_NAME = re.compile(r"[a-z][a-z0-9.\-]{1,63}")
LONGEST_DISPLAY_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Somebody who shall have an account: the user name and what is allocated to it, as far as it is."""

    user_name: str
    display_name: str
    agency: str
    access_level: str = ""
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who may sign in, as what, for which agency.

    Without an access level nobody signs in; without a password hash its holder has not set a password yet. Without
    areas none are allocated.
    """

    user_name: str
    display_name: str
    access_level: str
    agency: str
    password_hash: str = field(repr=False)
    disabled: bool = False
    areas: tuple[str, ...] = ()
    last_signed_in_ms: int | None = None

    @property
    def standing(self) -> str:
        """Spell what the account is allowed to be: equal exactly as long as nobody changes that."""
        return "/".join((self.access_level, self.agency, ",".join(self.areas), "disabled" if self.disabled else ""))


class InvitationKind(StrEnum):
    """Is what an invitation is for; neither takes second factors away."""

    FIRST_PASSWORD = "first_password"  # noqa: S105  (the name of a kind, no password)
    NEW_PASSWORD = "new_password"  # noqa: S105  (as above)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link by which the holder of an account sets a password, once; the token itself is kept nowhere."""

    digest: bytes = field(repr=False)
    user_name: str
    kind: InvitationKind
    expires_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSeed:
    """The seed of an account's one-time codes, sealed, and the last time step whose code was accepted."""

    sealed: bytes = field(repr=False)
    is_confirmed: bool
    last_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey of an account: its public half, and how often its authenticator says that it has signed."""

    credential_id: bytes = field(repr=False)
    user_name: str
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str
    added_at_ms: int
