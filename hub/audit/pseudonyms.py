"""Pseudonyms: how the audit log names a person without naming one, under keys that can be destroyed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.person import PersonKeys
from hub.model.text import plain

KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonym:
    """How entries of one epoch name a person: one keyed hash for each way in which the person was named."""

    epoch: int
    ways: tuple[str, ...]


class Pseudonyms:
    """Turns the keys of a person into keyed pseudonyms; without the key nobody can turn them back or compare them."""

    __slots__ = ("_keys", "current")

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        """Take the secret key of each epoch that still has one; the newest is the current.

        Destroying a key makes every pseudonym made with it meaningless, and leaves the log as it is.
        """
        if not keys or any(len(key) != KEY_BYTES for key in keys.values()):
            message = f"each epoch of pseudonyms has a key of {KEY_BYTES} bytes, and there is one at least"
            raise ValueError(message)
        self._keys = dict(sorted(keys.items()))
        self.current = max(self._keys)

    @property
    def epochs(self) -> frozenset[int]:
        """Return the epochs that still have a key."""
        return frozenset(self._keys)

    def of(self, person: PersonKeys) -> Pseudonym:
        """Name a person under the current epoch, once for each way in which the person was named."""
        return _named(self._keys[self.current], self.current, _ways(person))

    def under_every_epoch(self, person: PersonKeys) -> tuple[Pseudonym, ...]:
        """Name a person under each epoch that still has its key, the oldest first: what a search looks for."""
        ways = _ways(person)
        return tuple(_named(key, epoch, ways) for epoch, key in self._keys.items())


def _named(key: bytes, epoch: int, ways: list[str]) -> Pseudonym:
    hashes = (hmac.digest(key, way.encode(), "sha256").hex()[:32] for way in ways)
    return Pseudonym(epoch=epoch, ways=tuple(hashes))


def _ways(person: PersonKeys) -> list[str]:
    ways = []
    if person.nhs_number:
        ways.append(f"nhs_number:{person.nhs_number}")
    if person.upn:
        ways.append(f"upn:{person.upn}")
    if person.has_full_name:
        ways.append(f"name:{plain(person.given_name)}:{plain(person.family_name)}:{person.date_of_birth}")
    # What came later stands behind, and what was there before is spelt as it was: old entries are found by it.
    if person.uln:
        ways.append(f"uln:{person.uln}")
    ways += [f"local:{agency}:{number}" for agency, number in person.local_numbers]
    return ways or _in_part(person)


def _in_part(person: PersonKeys) -> list[str]:
    """Name somebody of whom neither a number nor the whole name was given: by all that was, and found by that again."""
    names = f"{plain(person.given_name)}:{plain(person.family_name)}:{person.date_of_birth}"
    places = f"{plain(person.postcode)}:{plain(person.address)}"
    return [f"part:{names}:{places}"] if (names + places).strip(":") else []
