"""Passwords: made, hashed with argon2id, and compared, off the event loop."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB and two passes are the least that OWASP advises; one comparison takes about 20 ms.
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Make a password that can be read out: four groups of five letters, 100 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


class Passwords:
    """Hashes and compares passwords on a few threads of its own, so that sign-ins never hold up questions."""

    def __init__(self) -> None:
        """Prepare a hash that no password matches, for user names that do not exist."""
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def close(self) -> None:
        """Stop the threads; a comparison that is running ends first."""
        self._threads.shutdown()

    def hash(self, password: str) -> str:
        """Hash a password for keeping; takes about 20 ms."""
        return self._hasher.hash(password)

    async def matches(self, password: str, kept_hash: str | None) -> bool:
        """Tell whether a password is the one that was hashed; None takes as long and is never matched."""
        loop = asyncio.get_running_loop()
        verified = await loop.run_in_executor(self._threads, self._verify, kept_hash or self._nobody, password)
        return verified and kept_hash is not None

    def _verify(self, kept_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept_hash, password)
        except (VerificationError, InvalidHashError):
            return False
