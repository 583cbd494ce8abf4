"""Sign-in: one user name and one password, matched to the allocated access level."""

import asyncio
from collections.abc import Callable, Collection
from typing import Protocol

from hub.accounts.passwords import Passwords
from hub.errors import SignInRefused
from hub.model.account import Account
from hub.model.request import Requester

LONGEST_USER_NAME = 64
LONGEST_PASSWORD = 256


class AccountStore(Protocol):
    """Finds accounts; calls block for the time of one database access."""

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        ...


class SignIn:
    """Lets in those whose user name, password and access level are all in order, and tells the rest nothing more."""

    def __init__(
        self,
        accounts: AccountStore,
        passwords: Passwords,
        known_level: Callable[[], Collection[str]],
        areas_of: Callable[[str], tuple[str, ...]],
    ) -> None:
        """Take where accounts are kept, and a look at the access levels and areas of the policy in force."""
        self._accounts = accounts
        self._passwords = passwords
        self._known_level = known_level
        self._areas_of = areas_of

    async def sign_in(self, user_name: str, password: str) -> Requester:
        """Return who has signed in; raise SignInRefused, always with the same words and after the same work."""
        within_bounds = 0 < len(user_name) <= LONGEST_USER_NAME and 0 < len(password) <= LONGEST_PASSWORD
        account = await asyncio.to_thread(self._accounts.find, user_name) if within_bounds else None
        matches = await self._passwords.matches(
            password if within_bounds else "", account.password_hash if account else None
        )
        if account is None or not matches or account.disabled or account.access_level not in self._known_level():
            raise _refused(account)
        return Requester(
            user_name=account.user_name,
            display_name=account.display_name,
            access_level=account.access_level,
            agency=account.agency,
            areas=self._areas_of(account.agency),
        )


def _refused(account: Account | None) -> SignInRefused:
    refused = SignInRefused(
        "SIGN_IN_REFUSED",
        "The user name and the password do not match an account that may sign in.",
        mend="Check both; if they are right, ask your administrator about the account.",
    )
    refused.account = account.user_name if account else ""
    return refused
