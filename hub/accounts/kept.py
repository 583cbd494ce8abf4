"""What is kept of accounts, as the sign-in sees it; every call blocks for the time of one database access."""

from dataclasses import dataclass
from typing import Protocol

from hub.model.account import Account, Invitation, Passkey, SealedSeed


class AccountStore(Protocol):
    """Finds and changes accounts."""

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        ...

    def set_password(self, user_name: str, password_hash: str, *, former: str | None = None) -> bool:
        """Set the hash of the password; with `former`, only as long as that is still the hash that is kept."""
        ...

    def set_last_signed_in(self, user_name: str, at_ms: int) -> bool:
        """Keep when its holder last signed in."""
        ...


class DeviceStore(Protocol):
    """Knows from which devices an account was signed in to."""

    def knows(self, user_name: str, digest: bytes) -> bool:
        """Tell whether this account was signed in to from the device whose token has this digest."""
        ...

    def add(self, user_name: str, digest: bytes, now_ms: int) -> None:
        """Keep a device, and forget the account's oldest ones beyond the newest few."""
        ...


class SeedStore(Protocol):
    """Keeps the sealed seed of an account's one-time codes."""

    def find(self, user_name: str) -> SealedSeed | None:
        """Return the seed of an account, confirmed or not."""
        ...

    def begin(self, user_name: str, sealed: bytes) -> bool:
        """Keep a seed that is not confirmed yet, in place of another such; tell whether none was confirmed before."""
        ...

    def confirm(self, user_name: str, sealed: bytes, step: int) -> bool:
        """Confirm a seed by a code of this time step; tell whether it is still the one that was begun."""
        ...

    def accept(self, user_name: str, step: int) -> bool:
        """Accept the code of a time step, once; tell whether it was not accepted before."""
        ...

    def remove(self, user_name: str) -> bool:
        """Forget an account's seed; tell whether it had one."""
        ...


class PasskeyStore(Protocol):
    """Keeps passkeys."""

    def find(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey with this identifier."""
        ...

    def of(self, user_name: str) -> tuple[Passkey, ...]:
        """Return an account's passkeys, oldest first."""
        ...

    def add(self, passkey: Passkey) -> bool:
        """Keep a passkey; tell whether its identifier was new."""
        ...

    def count(self, credential_id: bytes, *, former: int, new: int) -> bool:
        """Keep a new sign count in place of the former; tell whether nobody else has used the passkey meanwhile."""
        ...

    def remove(self, user_name: str, credential_id: bytes) -> bool:
        """Forget one passkey of an account; tell whether it had it."""
        ...


class InvitationStore(Protocol):
    """Keeps invitations and uses each once."""

    def add(self, invitation: Invitation) -> None:
        """Keep an invitation; the account's former one no longer holds."""
        ...

    def find(self, digest: bytes, now_ms: int) -> Invitation | None:
        """Return the invitation whose token has this digest, as long as it holds."""
        ...

    def use(self, invitation: Invitation, password_hash: str, now_ms: int) -> bool:
        """Set the password and forget devices; tell whether it still held."""
        ...


class IdentityStore(Protocol):
    """Knows which account an external identity opens."""

    def find(self, issuer: str, subject: str) -> str | None:
        """Return the user name of the account that exactly this subject of exactly this issuer opens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All of it."""

    accounts: AccountStore
    devices: DeviceStore
    seeds: SeedStore
    passkeys: PasskeyStore
    invitations: InvitationStore
    identities: IdentityStore
