"""Sign-ins that have begun and wait for the browser to come back: in memory, once each, for ten minutes at most."""

import base64
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from hub.accounts.shares import Shares

PENDING_SECONDS = 10 * 60
MOST_PENDING = 10_000
_SECRET_BYTES = 32


def new_secret() -> str:
    """Make 256 random bits that fit an address; as a verifier it has the 43 characters that PKCE wants."""
    return secrets.token_urlsafe(_SECRET_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What one sign-in was begun with; its secrets are made here and are never shown."""

    issuer_id: str
    redirect: str
    acr_values: tuple[str, ...]
    max_age: int | None
    state: str = field(default_factory=new_secret, repr=False)
    nonce: str = field(default_factory=new_secret, repr=False)
    verifier: str = field(default_factory=new_secret, repr=False)

    def challenge(self) -> str:
        """Return what the issuer is told beforehand of the verifier (PKCE, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class PendingSignIns:
    """Keeps each begun sign-in under a handle that only its beginner knows; the handle itself is kept as a hash."""

    def __init__(self, clock: Callable[[], float], *, most: int = MOST_PENDING) -> None:
        """Start with none; `clock` counts seconds and never goes back."""
        self._clock = clock
        self._most = most
        self._waiting: OrderedDict[bytes, tuple[float, Pending]] = OrderedDict()
        self._shares = Shares[bytes]()

    def __len__(self) -> int:
        """Count those that wait."""
        return len(self._waiting)

    def keep(self, pending: Pending, source: str = "") -> str:
        """Keep one and return its handle; where there are too many the oldest goes, which must begin again.

        Before it comes to that, a source that begins again and again loses its own oldest.
        """
        now = self._clock()
        while self._waiting and (len(self._waiting) >= self._most or self._oldest_ends() <= now):
            self._shares.leave(self._waiting.popitem(last=False)[0])
        handle = new_secret()
        self._waiting[_digest(handle)] = (now + PENDING_SECONDS, pending)
        if (given_up := self._shares.take(_digest(handle), source)) is not None:
            del self._waiting[given_up]
        return handle

    def take(self, handle: str) -> Pending | None:
        """Return what was kept and forget it, whatever comes of it; None when it is unknown, used or too old."""
        self._shares.leave(_digest(handle))
        ends, pending = self._waiting.pop(_digest(handle), (0.0, None))
        return pending if pending is not None and self._clock() < ends else None

    def _oldest_ends(self) -> float:
        return next(iter(self._waiting.values()))[0]


def _digest(handle: str) -> bytes:
    return hashlib.sha256(handle.encode("utf-8", "surrogatepass")).digest()
