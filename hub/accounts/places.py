"""How many sign-ins may wait at one time for the threads that hash."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.errors import TooMuch


class Places:
    """Gives each sign-in a place as long as there is one, and refuses whoever finds none, always alike."""

    def __init__(self, most: int) -> None:
        """Start empty."""
        self._most = most
        self.taken = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place; raise TooMuch when all are taken."""
        if self.taken >= self._most:
            raise TooMuch(
                "SIGN_INS_BUSY", "Too many people are signing in at this moment.", mend="Try again in a few seconds."
            )
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
