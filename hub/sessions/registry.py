"""Every open session, found by a hash of its token."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from hub.model.request import Requester
from hub.sessions.session import EndedBy, Session, not_signed_in

TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """How long a session lives and how much it may hold."""

    idle_seconds: int = 15 * 60
    absolute_seconds: int = 12 * 60 * 60
    most_held: int = 20
    most_running: int = 10


class Sessions:
    """Opens, finds and ends sessions; `on_end` is told of each session that ends and what it dropped."""

    def __init__(
        self, rules: SessionRules, *, clock: Callable[[], float], on_end: Callable[[Session, int], None]
    ) -> None:
        """Start without sessions; `clock` counts seconds and never goes back."""
        self.rules = rules
        self._clock = clock
        self._on_end = on_end
        self._by_token: dict[bytes, Session] = {}

    def __len__(self) -> int:
        """Count the open sessions."""
        return len(self._by_token)

    def held_answers(self) -> int:
        """Count the answers held over all sessions."""
        return sum(len(session.held()) for session in self._by_token.values())

    def open(self, requester: Requester) -> str:
        """Open a session and return its token, which is kept nowhere."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        now = self._clock()
        self._by_token[_digest(token)] = Session(
            requester,
            now=now,
            expires_at=now + self.rules.absolute_seconds,
            most_held=self.rules.most_held,
            most_running=self.rules.most_running,
        )
        return token

    def require(self, token: str) -> Session:
        """Return the session that a token opens and count it as used; raise NotSignedIn when there is none."""
        digest = _digest(token)
        session = self._by_token.get(digest)
        now = self._clock()
        if session is None or self._end_if_over(digest, session, now):
            raise not_signed_in()
        session.last_used = now
        return session

    def sign_out(self, token: str) -> int:
        """End the session that a token opens; return how many held answers were dropped."""
        session = self.require(token)
        return self._end(_digest(token), session, EndedBy.SIGN_OUT)

    def revoke(self, user_name: str) -> int:
        """End every session of one account; return how many there were."""
        of_account = [item for item in self._by_token.items() if item[1].requester.user_name == user_name]
        for digest, session in of_account:
            self._end(digest, session, EndedBy.REVOKED)
        return len(of_account)

    def sweep(self) -> None:
        """End every session that has been idle for too long or has reached its end."""
        now = self._clock()
        for digest, session in list(self._by_token.items()):
            self._end_if_over(digest, session, now)

    def end_all(self) -> None:
        """End every session because the hub stops."""
        for digest, session in list(self._by_token.items()):
            self._end(digest, session, EndedBy.SHUTDOWN)

    def _end_if_over(self, digest: bytes, session: Session, now: float) -> bool:
        if now >= session.expires_at:
            self._end(digest, session, EndedBy.EXPIRY)
        elif now - session.last_used >= self.rules.idle_seconds:
            self._end(digest, session, EndedBy.IDLE)
        else:
            return False
        return True

    def _end(self, digest: bytes, session: Session, by: EndedBy) -> int:
        del self._by_token[digest]
        dropped = session.end(by)
        self._on_end(session, dropped)
        return dropped


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
