"""Challenges that a passkey signs: random, each used once and soon, in memory only."""

import secrets
from collections.abc import Callable

from hub.accounts.shares import Shares

CHALLENGE_BYTES = 32
LIFETIME_SECONDS = 120
MOST_OPEN = 10_000


class Challenges:
    """Issues challenges, each for one purpose and one holder, and takes each back once."""

    def __init__(self, clock: Callable[[], float], most_open: int = MOST_OPEN) -> None:
        """Start with none; `clock` counts seconds and never goes back."""
        self._clock = clock
        self._most_open = most_open
        self._open: dict[bytes, tuple[str, str, float]] = {}
        self._shares = Shares[bytes]()

    def __len__(self) -> int:
        """Count the challenges that are kept."""
        return len(self._open)

    def issue(self, purpose: str, holder: str = "", *, source: str = "") -> bytes:
        """Make a challenge; when there are too many, the oldest is forgotten, as time would soon have it anyway.

        Before it comes to that, a holder, or a source of strangers, that has many open loses its own oldest.
        """
        self._forget_expired()
        if len(self._open) >= self._most_open:
            self._forget(next(iter(self._open)))
        challenge = secrets.token_bytes(CHALLENGE_BYTES)
        self._open[challenge] = (purpose, holder, self._clock() + LIFETIME_SECONDS)
        if (given_up := self._shares.take(challenge, holder or source)) is not None:
            del self._open[given_up]
        return challenge

    def take(self, challenge: bytes, purpose: str, holder: str = "") -> bool:
        """Take a challenge back, whatever becomes of it; tell whether it was issued for this, and not too long ago."""
        self._shares.leave(challenge)
        issued_for, issued_to, expires_at = self._open.pop(challenge, ("", "", 0.0))
        return (issued_for, issued_to) == (purpose, holder) and self._clock() < expires_at

    def _forget_expired(self) -> None:
        """Forget what has expired; all live equally long, so the oldest expire first."""
        now = self._clock()
        while self._open and next(iter(self._open.values()))[2] <= now:
            self._forget(next(iter(self._open)))

    def _forget(self, challenge: bytes) -> None:
        del self._open[challenge]
        self._shares.leave(challenge)
