"""Secrets that must be read again, sealed while they rest: AES-256-GCM, each bound to the account that it is of."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBroken(Exception):
    """Is raised when a secret was sealed with another key, for another account, or was changed."""


class Seal:
    """Seals and opens with one key."""

    def __init__(self, key: bytes) -> None:
        """Take the key of the deployment; raise ValueError when it is not one."""
        if len(key) != KEY_BYTES:
            message = f"a key for sealing has {KEY_BYTES} bytes"
            raise ValueError(message)
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, user_name: str) -> bytes:
        """Seal a secret of an account."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, user_name.encode())

    def open(self, sealed: bytes, user_name: str) -> bytes:
        """Return the secret that was sealed for this account; raise SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], user_name.encode())
        except (InvalidTag, ValueError):
            raise SealBroken from None
