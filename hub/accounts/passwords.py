"""Passwords: made, hashed with argon2id, and compared, off the event loop."""

import asyncio
import os
import secrets
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2.exceptions import InvalidHashError, VerificationError

from hub.accounts.hashing_cost import LEAST, HashingCost

_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Make a password that can be read out: four groups of five letters, 100 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def composed(password: str) -> str:
    """Return a password with each letter and its accents as one character, where there is one (NFC).

    Keyboards differ in how they type an accented letter, and its owner cannot see it. NFKC would go further and make
    different signs alike, which would only help who guesses.
    """
    return unicodedata.normalize("NFC", password)


class Passwords:
    """Hashes and compares passwords on a few threads of its own, so that sign-ins never hold up questions."""

    def __init__(self, cost: HashingCost = LEAST) -> None:
        """Prepare a hash that no password matches, for user names that do not exist."""
        self._hasher = cost.hasher()
        # Half of the processors: a flood of sign-ins must leave the other half to questions.
        threads = max(1, (os.cpu_count() or 1) // 2)
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="passwords")
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def close(self) -> None:
        """Stop the threads; a comparison that is running ends first."""
        self._threads.shutdown()

    def hash(self, password: str) -> str:
        """Hash a password for keeping; blocks for the time that the cost asks for."""
        return self._hasher.hash(_spelt(password))

    async def hashed(self, password: str) -> str:
        """Hash a password for keeping, off the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.hash, password)

    async def matches(self, password: str, kept_hash: str | None) -> bool:
        """Tell whether a password is the one that was hashed; None takes as long and is never matched."""
        loop = asyncio.get_running_loop()
        verified = await loop.run_in_executor(self._threads, self._verify, kept_hash or self._nobody, password)
        return verified and bool(kept_hash)

    def is_outdated(self, kept_hash: str) -> bool:
        """Tell whether a hash was made at another cost than this one, and should be made anew."""
        return self._hasher.check_needs_rehash(kept_hash)

    def _verify(self, kept_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept_hash, _spelt(password))
        except (VerificationError, InvalidHashError):
            return False


def _spelt(password: str) -> bytes:
    """Spell a password as bytes; halves of characters, which JSON can smuggle in, are no reason to fail."""
    return composed(password).encode("utf-8", "surrogatepass")
