"""What a new password must be, by NIST SP 800-63B-4: long, and not one that is guessed first; nothing else.

There are no rules of composition and no forced changes: both make people choose what is easier to guess.
"""

import re
from collections.abc import Iterator

from hub.accounts.blocklist import Blocklist
from hub.accounts.passwords import composed
from hub.errors import InvalidRequest
from hub.model.account import Account

# NIST's figures: a password that is all there is has 15 characters; beside a second factor 8 are enough.
SHORTEST_ALONE = 15
SHORTEST_BESIDE = 8
# NIST asks for 64 at least. Whatever is accepted counts whole; the bound keeps one hash from becoming somebody's load.
LONGEST_PASSWORD = 256
# What must be left of a password, in letters and digits, when words about its owner and the service are taken out.
LEAST_LEFT = 6
SHORTEST_WORD = 3

SERVICE_WORDS = (
    *("sharing", "hub", "agency", "council", "children", "child", "family", "safeguarding", "social", "care", "health"),
    *("school", "youth", "bolton", "welcome", "login", "signin", "password", "passphrase", "secret", "admin", "user"),
)

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_FIELD = "new_password"


class PasswordRules:
    """Says of a new password which rule it breaks; no error ever holds the password."""

    def __init__(self, blocklist: Blocklist) -> None:
        """Take the list of passwords that are guessed first."""
        self._blocklist = blocklist

    def check(self, password: str, account: Account, *, is_alone: bool) -> str:
        """Return the password as it is hashed; raise InvalidRequest, naming the rule that it breaks and the mend."""
        password = composed(password)
        _check_length(password, SHORTEST_ALONE if is_alone else SHORTEST_BESIDE)
        if not password.isprintable():
            raise _broken("PASSWORD_UNREADABLE", "The password holds characters that cannot be typed everywhere.")
        if self._blocklist.has(password):
            raise _broken("PASSWORD_COMMON", "The password is one of those that are guessed first.")
        left = _without(password, words_about(account))
        if len(left) < LEAST_LEFT or self._blocklist.has(left):
            raise _broken(
                "PASSWORD_ABOUT_YOU", "The password is made of your name, your agency or this service's words."
            )
        return password


def words_about(account: Account) -> tuple[str, ...]:
    """Return the words that somebody who knows the account's holder would try, longest first."""
    about = (account.user_name, account.display_name, account.agency, account.access_level)
    words = {word for text in about for word in _words(text)} | set(SERVICE_WORDS)
    return tuple(sorted(words, key=len, reverse=True))


def _words(text: str) -> Iterator[str]:
    yield from (word for word in _BETWEEN_WORDS.split(text.casefold()) if len(word) >= SHORTEST_WORD)


def _without(password: str, words: tuple[str, ...]) -> str:
    """Return the letters and digits of a password with these words taken out, wherever they stand."""
    left = _BETWEEN_WORDS.sub("", password.casefold())
    for word in words:
        left = left.replace(word, "")
    return left


def _check_length(password: str, shortest: int) -> None:
    if len(password) < shortest:
        raise InvalidRequest(
            "PASSWORD_TOO_SHORT",
            f"The password has fewer than {shortest} characters.",
            mend="Put three or four words together that have nothing to do with each other; spaces count.",
            field=_FIELD,
        )
    if len(password) > LONGEST_PASSWORD:
        mend = "Take a shorter one; nothing would be cut off silently."
        message = f"The password has more than {LONGEST_PASSWORD} characters."
        raise InvalidRequest("PASSWORD_TOO_LONG", message, mend=mend, field=_FIELD)


def _broken(reason: str, message: str) -> InvalidRequest:
    mend = "Choose another: three or four words that have nothing to do with each other or with you."
    return InvalidRequest(reason, message, mend=mend, field=_FIELD)
