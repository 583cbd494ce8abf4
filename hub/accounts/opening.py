"""The last step of every sign-in: whether the account may be signed in to, and as whom."""

import asyncio
import time
from collections.abc import Callable, Collection

from hub.accounts.credentials import SignedIn
from hub.accounts.kept import AccountStore
from hub.model.account import Account
from hub.model.request import Requester


def milliseconds_now() -> int:
    """Return the time since 1970."""
    return time.time_ns() // 1_000_000


class Opening:
    """Opens accounts whose holders have proved who they are."""

    def __init__(
        self, accounts: AccountStore, known_levels: Callable[[], Collection[str]], now_ms: Callable[[], int]
    ) -> None:
        """Take where accounts are kept, and a look at the access levels of the policy in force."""
        self._accounts = accounts
        self._known_levels = known_levels
        self._now_ms = now_ms

    def may(self, account: Account | None) -> bool:
        """Tell whether there is an account, not disabled, with an access level of the policy in force."""
        return account is not None and not account.disabled and account.access_level in self._known_levels()

    async def open(self, account: Account, *, is_strong: bool, device: str = "") -> SignedIn:
        """Note the time of this sign-in and return who has signed in, and when they last did before."""
        await asyncio.to_thread(self._accounts.set_last_signed_in, account.user_name, self._now_ms())
        requester = Requester(
            user_name=account.user_name,
            display_name=account.display_name,
            access_level=account.access_level,
            agency=account.agency,
            areas=account.areas,
        )
        last = account.last_signed_in_ms
        return SignedIn(requester=requester, last_signed_in_ms=last, is_strong=is_strong, device=device)
