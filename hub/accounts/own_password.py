"""How the holder of an account sets its password: by an invitation, or with the present one."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from hub.accounts.before import Before, nothing_before
from hub.accounts.kept import Kept
from hub.accounts.password_rules import PasswordRules
from hub.accounts.passwords import Passwords
from hub.accounts.places import Places
from hub.accounts.throttle import Throttle
from hub.accounts.tokens import digest, new_token
from hub.errors import InvalidRequest, SignInRefused
from hub.model.account import Account, Invitation, InvitationKind

# A first password may wait for a new colleague's first day; whoever needs the others is waiting at this moment.
LIFETIMES: Mapping[InvitationKind, timedelta] = MappingProxyType(
    {
        InvitationKind.FIRST_PASSWORD: timedelta(days=7),
        InvitationKind.NEW_PASSWORD: timedelta(hours=24),
    }
)
MOST_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """Whose password was set by an invitation, and a token for the client to keep: this device is known from now on."""

    user_name: str
    device: str = field(repr=False)


class OwnPassword:
    """Sets passwords that keep to the rules, and says which rule one breaks."""

    def __init__(
        self,
        kept: Kept,
        *,
        passwords: Passwords,
        rules: PasswordRules,
        throttle: Throttle,
        now_ms: Callable[[], int],
    ) -> None:
        """Take what is kept of accounts and the parts that judge."""
        self._kept = kept
        self._passwords = passwords
        self._rules = rules
        self._throttle = throttle
        self._now_ms = now_ms
        self._places = Places(MOST_AT_ONCE)

    async def invite(self, user_name: str, kind: InvitationKind) -> str:
        """Return a token by which the holder sets a password once; it replaces an invitation that is still open."""
        if await asyncio.to_thread(self._kept.accounts.find, user_name) is None:
            raise InvalidRequest("NO_ACCOUNT", "There is no such account.", mend="Add it first.", field="user_name")
        token = new_token()
        expires_at_ms = self._now_ms() + LIFETIMES[kind] // timedelta(milliseconds=1)
        invitation = Invitation(digest=digest(token), user_name=user_name, kind=kind, expires_at_ms=expires_at_ms)
        await asyncio.to_thread(self._kept.invitations.add, invitation)
        return token

    async def set_password_by_invitation(
        self, token: str, new_password: str, *, before: Before = nothing_before
    ) -> Redeemed:
        """Set a password by an invitation, which holds until a password is accepted; raise SignInRefused."""
        with self._places.one():
            found = await asyncio.to_thread(self._kept.invitations.find, digest(token), self._now_ms())
            account = await asyncio.to_thread(self._kept.accounts.find, found.user_name) if found else None
            if found is None or account is None:
                raise _invitation_refused()
            password_hash = await self._hashed(new_password, account, is_alone=not await self._has_codes(account))
            await before(account.user_name)
            if not await asyncio.to_thread(self._kept.invitations.use, found, password_hash, self._now_ms()):
                raise _invitation_refused()
        device = new_token()
        await asyncio.to_thread(self._kept.devices.add, account.user_name, digest(device), self._now_ms())
        return Redeemed(user_name=account.user_name, device=device)

    async def change_password(self, user_name: str, *, current: str, new: str, before: Before = nothing_before) -> None:
        """Change the password of somebody who is signed in and knows the present one; raise SignInRefused."""
        with self._places.one():
            account = await asyncio.to_thread(self._kept.accounts.find, user_name)
            ticket = self._throttle.admit_signed_in(user_name)
            kept_hash = account.password_hash if account and ticket else None
            is_right = await self._passwords.matches(current, kept_hash)
            if account is None or ticket is None or not is_right:
                raise _current_refused(user_name)
            ticket.give_back()
            password_hash = await self._hashed(new, account, is_alone=not await self._has_codes(account))
            await before(user_name)
            change = self._kept.accounts.set_password
            if not await asyncio.to_thread(change, user_name, password_hash, former=account.password_hash):
                raise _current_refused(user_name)

    async def _has_codes(self, account: Account) -> bool:
        seed = await asyncio.to_thread(self._kept.seeds.find, account.user_name)
        return seed is not None and seed.is_confirmed

    async def _hashed(self, password: str, account: Account, *, is_alone: bool) -> str:
        accepted = await asyncio.to_thread(self._rules.check, password, account, is_alone=is_alone)
        return await self._passwords.hashed(accepted)


def _invitation_refused() -> SignInRefused:
    mend = "Ask your administrator for a new one."
    return SignInRefused("INVITATION_REFUSED", "This invitation does not hold, or no longer.", mend=mend)


def _current_refused(user_name: str) -> SignInRefused:
    refusal = SignInRefused("CURRENT_PASSWORD_REFUSED", "The present password is not accepted.", mend="Type it again.")
    refusal.account = user_name
    return refusal
