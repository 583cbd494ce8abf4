"""Sign-in: a user name with its password and code, or an external identity, matched to the allocated access level."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from hub.accounts.credentials import Credentials, ExternalIdentity, SignedIn
from hub.accounts.kept import Kept
from hub.accounts.one_time_codes import OneTimeCodes
from hub.accounts.opening import Opening
from hub.accounts.password_rules import LONGEST_PASSWORD
from hub.accounts.passwords import Passwords, composed
from hub.accounts.places import Places
from hub.accounts.refusing import refused
from hub.accounts.throttle import Throttle, Ticket
from hub.accounts.tokens import digest, new_token
from hub.model.account import Account, SealedSeed

LONGEST_USER_NAME = 64
NOBODY = ""

# A look takes about a millisecond, a hash some 20 to 100: whoever finds no place would have waited for seconds.
MOST_LOOKING = 256
# Known devices have places of their own, so that a flood of strangers leaves their holders a way in.
MOST_STRANGERS = 32
MOST_KNOWN = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is kept about a user name; of a name that cannot be one, nothing."""

    account: Account | None = None
    seed: SealedSeed | None = None
    is_known_device: bool = False


class SignIn:
    """Lets in those whose name, password, code and access level are all in order, and tells the rest nothing more.

    Whether a name is unknown, disabled or without a level, whether password or code are wrong, missing or used before,
    and whether the attempt was evaluated at all: the work, and so the time, is the same.
    """

    def __init__(
        self,
        kept: Kept,
        *,
        passwords: Passwords,
        codes: OneTimeCodes,
        throttle: Throttle,
        opening: Opening,
        now_ms: Callable[[], int],
    ) -> None:
        """Take what is kept of accounts and the parts that judge."""
        self._kept = kept
        self._passwords = passwords
        self._codes = codes
        self._throttle = throttle
        self._opening = opening
        self._now_ms = now_ms
        self._somebody = NOBODY
        self._looking = Places(MOST_LOOKING)
        self._strangers, self._known = Places(MOST_STRANGERS), Places(MOST_KNOWN)

    async def sign_in(self, credentials: Credentials) -> SignedIn:
        """Return who has signed in; raise SignInRefused, always with the same words and after the same work.

        Raises TooMuch, before anything is compared, while more people are signing in than the hub has places for.
        """
        if not credentials.device:
            # No device is known without a token: whoever finds no place then costs the store nothing.
            with self._strangers.one():
                return await self._judge(credentials, await asyncio.to_thread(self._look, credentials))
        with self._looking.one():
            found = await asyncio.to_thread(self._look, credentials)
        with (self._known if found.is_known_device else self._strangers).one():
            return await self._judge(credentials, found)

    async def sign_in_external(self, identity: ExternalIdentity) -> SignedIn:
        """Return who has signed in by another provider; raise SignInRefused when no account is opened by that."""
        account = await asyncio.to_thread(self._find_external, identity)
        if account is None or not self._opening.may(account):
            raise refused(account.user_name if account else "")
        return await self._opening.open(account, is_strong=identity.is_strong)

    def _look(self, credentials: Credentials) -> _Found:
        name = credentials.user_name
        if not _is_within_bounds(credentials):
            return _Found()
        return _Found(
            account=self._find(name),
            seed=self._kept.seeds.find(name),
            is_known_device=self._kept.devices.knows(name, digest(credentials.device)),
        )

    def _find(self, user_name: str) -> Account | None:
        """Return an account, after looking up one that there is and one that there is not, whichever was asked for.

        To make an account out of a row takes a few microseconds, which can be measured by who tries often enough.
        """
        account = self._kept.accounts.find(user_name)
        if account is None:
            self._kept.accounts.find(self._somebody)
        else:
            self._kept.accounts.find(NOBODY)
            self._somebody = user_name
        return account

    async def _judge(self, credentials: Credentials, found: _Found) -> SignedIn:
        """Evaluate an attempt that the throttle admits, and do the same work for one that it does not."""
        ticket = self._admit(credentials, found)
        account = found.account if ticket else None
        seed = found.seed if ticket and found.seed and found.seed.is_confirmed else None
        password = credentials.password if _is_within_bounds(credentials) else ""
        matches = await self._passwords.matches(password, account.password_hash if account else None)
        step = self._codes.step_of(credentials.code, credentials.user_name, seed)
        is_proved = matches and (seed is None or step is not None)
        if ticket is None or account is None or not is_proved or not self._opening.may(account):
            raise refused(found.account.user_name if found.account else "")
        if step is not None and not await asyncio.to_thread(self._kept.seeds.accept, account.user_name, step):
            raise refused(account.user_name)
        ticket.give_back()
        device = "" if found.is_known_device else new_token()
        await self._note(account, credentials.password, device)
        return await self._opening.open(account, is_strong=seed is not None, device=device)

    def _admit(self, credentials: Credentials, found: _Found) -> Ticket | None:
        if found.is_known_device:
            return self._throttle.admit_known(credentials.user_name, digest(credentials.device))
        name = credentials.user_name if _is_within_bounds(credentials) else ""
        return self._throttle.admit_stranger(name, credentials.source)

    async def _note(self, account: Account, password: str, device: str) -> None:
        """Keep a device that is new, and hash a password anew that was hashed at another cost."""
        if device:
            await asyncio.to_thread(self._kept.devices.add, account.user_name, digest(device), self._now_ms())
        if self._passwords.is_outdated(account.password_hash):
            anew = await self._passwords.hashed(password)
            await asyncio.to_thread(
                self._kept.accounts.set_password, account.user_name, anew, former=account.password_hash
            )

    def _find_external(self, identity: ExternalIdentity) -> Account | None:
        user_name = self._kept.identities.find(identity.issuer, identity.subject)
        return self._kept.accounts.find(user_name) if user_name else None


def _is_within_bounds(credentials: Credentials) -> bool:
    """Tell whether these can be anybody's; no user name has letters beyond ASCII."""
    name, password = credentials.user_name, credentials.password
    return 0 < len(name) <= LONGEST_USER_NAME and name.isascii() and 0 < len(composed(password)) <= LONGEST_PASSWORD
