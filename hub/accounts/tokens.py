"""Tokens that open something by themselves: 256 random bits, kept as their digest only."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """Make a token that fits into a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> bytes:
    """Return what is kept of a token; a plain hash suffices, since nobody can try 256 bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
