"""What a requester has said of people in answers, which holds for one case and for as long as the session lasts."""

import hashlib
import secrets

from hub.model.matching import Word
from hub.model.person import PersonKeys
from hub.model.request import Request

KEY_BYTES = 32
DIGEST_BYTES = 16
# More than anybody says in a day's work; the oldest goes for the newest.
MOST_WORDS = 1_000


class Words:
    """Remembers words by digests with a key of its own: of whom they were said cannot be read out of it.

    A word is said of one agency's records about one person, towards the person asked about, in one case. Who
    has neither a number nor a whole name and day of birth is told from namesakes by where they live.
    """

    def __init__(self) -> None:
        """Start without words."""
        self._key = secrets.token_bytes(KEY_BYTES)
        self._said: dict[bytes, Word] = {}

    def __len__(self) -> int:
        """Count the digests."""
        return len(self._said)

    def say(self, request: Request, agency: str, found: PersonKeys, word: Word) -> None:
        """Remember a word; it takes the place of an earlier one."""
        for way in _ways(request.person):
            digest = self._digest(request, way, agency, found)
            self._said.pop(digest, None)
            self._said[digest] = word
        while len(self._said) > MOST_WORDS:
            del self._said[next(iter(self._said))]

    def said(self, request: Request, agency: str, found: PersonKeys) -> Word:
        """Return what has been said, in whichever way the same person was asked about then."""
        if not self._said:
            return Word.NONE
        digests = (self._digest(request, way, agency, found) for way in _ways(request.person))
        return next((self._said[digest] for digest in digests if digest in self._said), Word.NONE)

    def forget(self) -> None:
        """Forget all of it."""
        self._said.clear()
        self._key = secrets.token_bytes(KEY_BYTES)

    def _digest(self, request: Request, way: tuple[str, ...], agency: str, found: PersonKeys) -> bytes:
        told = (request.case_reference, *way, agency, *_told_apart(found))
        # With their lengths, so that no two lists of texts are one.
        content = b"".join(len(each).to_bytes(4) + each for each in map(str.encode, told))
        return hashlib.blake2b(content, key=self._key, digest_size=DIGEST_BYTES).digest()


def _ways(person: PersonKeys) -> list[tuple[str, ...]]:
    """Return every way in which the keys alone name one person, or all of them where none does."""
    numbers = (("nhs_number", person.nhs_number), ("upn", person.upn), ("uln", person.uln))
    ways: list[tuple[str, ...]] = [way for way in numbers if way[1]]
    if person.has_full_name:
        ways.append(("names", person.given_name, person.family_name, person.date_of_birth))
    return ways or [("all", *_identity(person), *_place(person))]


def _told_apart(found: PersonKeys) -> tuple[str, ...]:
    """Return what tells a record's person from others; a word on one is none on another who has no more than a name."""
    is_one = found.has_number or found.has_full_name
    return _identity(found) if is_one else (*_identity(found), *_place(found))


def _place(person: PersonKeys) -> tuple[str, ...]:
    return person.address, person.postcode, person.gender


def _identity(person: PersonKeys) -> tuple[str, ...]:
    local = (word for number in person.local_numbers for word in number)
    return (
        person.nhs_number,
        person.upn,
        person.uln,
        person.given_name,
        person.family_name,
        person.date_of_birth,
        *local,
    )
