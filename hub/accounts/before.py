"""What is done before a change of an account is kept: it is recorded, since what cannot be recorded is not changed."""

from collections.abc import Awaitable, Callable

# Is called with the account's user name, once all that could speak against the change has been looked at.
Before = Callable[[str], Awaitable[None]]


async def nothing_before(_user_name: str) -> None:
    """Do nothing: stands where nobody records."""
