"""Every open session, found by a hash of its token."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator

from hub.model.request import Requester
from hub.sessions.session import EndedBy, Session, SessionRules, not_signed_in

TOKEN_BYTES = 32


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
        self._revocations: Counter[str] = Counter()

    def __len__(self) -> int:
        """Count the open sessions."""
        return len(self._by_token)

    def __iter__(self) -> Iterator[Session]:
        """Iterate over the sessions that are open now, whatever becomes of them meanwhile."""
        return iter(list(self._by_token.values()))

    def held_answers(self) -> int:
        """Count the answers held over all sessions."""
        return sum(len(session.held()) for session in self._by_token.values())

    def revocations(self, user_name: str) -> int:
        """Count how often an account's sessions were revoked; `open` wants the count from before the account was read.

        So no session is opened on what the account was before a revocation, however the two overlap.
        """
        return self._revocations[user_name]

    def all_revocations(self) -> dict[str, int]:
        """Return those counts of all accounts, for a sign-in that does not say yet whose it is."""
        return dict(self._revocations)

    def open(
        self,
        requester: Requester,
        *,
        idle_seconds: int | None = None,
        absolute_seconds: int | None = None,
        is_strong: bool = False,
        revocations: int = 0,
    ) -> str:
        """Open a session and return its token, which is kept nowhere.

        A level may shorten what the deployment's rules allow, never lengthen it. `is_strong` says that a second factor
        was given at sign-in. Raises NotSignedIn when the account's sessions were revoked meanwhile.
        """
        if self._revocations[requester.user_name] != revocations:
            raise not_signed_in()
        session = Session(requester, self.rules, self._now)
        session.shorten(idle_seconds, absolute_seconds)
        if is_strong:
            session.step_up()
            # A provider vouches for what was shown some minutes ago: an emergency takes what is shown here and now.
            session.spend_factor()
        return self._file(session)

    def require(self, token: str) -> Session:
        """Return the session that a token opens and count it as used; raise NotSignedIn when there is none."""
        digest = _digest(token)
        session = self._by_token.get(digest)
        if session is None or self._end_if_over(digest, session):
            raise not_signed_in()
        session.use()
        return session

    def step_up(self, token: str) -> str:
        """Note that a session's requester has just given a second factor; return the token that replaces the old one.

        Whoever had got hold of the session before gains nothing by what its requester proves now.
        """
        session = self.require(token)
        session.step_up()
        del self._by_token[_digest(token)]
        return self._file(session)

    def sign_out(self, token: str) -> int:
        """End the session that a token opens; return how many held answers were dropped."""
        session = self.require(token)
        return self._end(_digest(token), session, EndedBy.SIGN_OUT)

    def sign_out_everywhere(self, user_name: str) -> int:
        """End every session of one account at its holder's wish, also those that are just being opened.

        Returns how many held answers were dropped.
        """
        self._revocations[user_name] += 1
        return sum(self._end(digest, session, EndedBy.SIGN_OUT) for digest, session in self._of(user_name))

    def revoke(self, user_name: str) -> int:
        """End every session of one account, also those that are just being opened; return how many were open."""
        self._revocations[user_name] += 1
        of_account = self._of(user_name)
        for digest, session in of_account:
            self._end(digest, session, EndedBy.REVOKED)
        return len(of_account)

    def revoke_others(self, session: Session) -> int:
        """End every session of an account but this one, also those that are just being opened; return how many."""
        self._revocations[session.requester.user_name] += 1
        others = [item for item in self._of(session.requester.user_name) if item[1] is not session]
        for digest, other in others:
            self._end(digest, other, EndedBy.REVOKED)
        return len(others)

    def sweep(self) -> None:
        """End every session that has been idle for too long or has reached its end."""
        for digest, session in list(self._by_token.items()):
            self._end_if_over(digest, session)

    def end_all(self) -> None:
        """End every session because the hub stops."""
        for digest, session in list(self._by_token.items()):
            self._end(digest, session, EndedBy.SHUTDOWN)

    def _now(self) -> float:
        return self._clock()

    def _file(self, session: Session) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._by_token[_digest(token)] = session
        return token

    def _of(self, user_name: str) -> list[tuple[bytes, Session]]:
        return [item for item in self._by_token.items() if item[1].requester.user_name == user_name]

    def _end_if_over(self, digest: bytes, session: Session) -> bool:
        if (by := session.over) is None:
            return False
        self._end(digest, session, by)
        return True

    def _end(self, digest: bytes, session: Session, by: EndedBy) -> int:
        del self._by_token[digest]
        dropped = session.end(by)
        self._on_end(session, dropped)
        return dropped


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
