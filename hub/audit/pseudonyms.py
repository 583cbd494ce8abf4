"""Pseudonyms: how the audit log names a person without naming one."""

import hashlib
import hmac

from hub.model.person import PersonKeys
from hub.model.text import plain

KEY_BYTES = 32


class Pseudonyms:
    """Turns the keys of a person into keyed pseudonyms; without the key nobody can turn them back or compare them."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        """Take the secret key; destroying it makes every pseudonym made with it meaningless."""
        if len(key) != KEY_BYTES:
            message = f"a pseudonym key has {KEY_BYTES} bytes"
            raise ValueError(message)
        self._key = key

    def of(self, person: PersonKeys) -> list[str]:
        """Return one pseudonym for each way in which the person was named, so that each way finds the entry."""
        ways = []
        if person.nhs_number:
            ways.append(f"nhs_number:{person.nhs_number}")
        if person.upn:
            ways.append(f"upn:{person.upn}")
        if person.has_full_name:
            ways.append(f"name:{plain(person.given_name)}:{plain(person.family_name)}:{person.date_of_birth}")
        return [hmac.new(self._key, way.encode(), hashlib.sha256).hexdigest()[:32] for way in ways]
