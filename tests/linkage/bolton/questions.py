"""Whom a requester of Bolton asks about, and how: by a number, by names and birthday, by them with a slip, or all."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sharing.v1.records_pb2 import PersonKeys

from tests.linkage.bolton.town import Child, Town


class Kind(StrEnum):
    """Is what is known of the child who is asked about."""

    NHS_NUMBER = "NHS number"
    UPN = "UPN"
    NAMES = "names and birthday"
    SLIP = "the same with a slip"
    ALL = "all of these, right"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Question:
    """One question about one child."""

    kind: Kind
    child: Child
    keys: PersonKeys


def questions(town: Town, count: int, seed: int) -> Iterator[Question]:
    """Draw about `count` questions, of each kind as many; any child may be drawn, known to agencies or not."""
    for kind in Kind:
        rng = random.Random(f"{seed} {kind}")
        able = [child for child in town.children.values() if kind is not Kind.UPN or child.upn]
        for child in rng.sample(able, min(len(able), count // len(Kind))):
            yield Question(kind=kind, child=child, keys=_keys(kind, child, rng))


def _keys(kind: Kind, child: Child, rng: random.Random) -> PersonKeys:
    match kind:
        case Kind.NHS_NUMBER:
            return PersonKeys(nhs_number=child.nhs_number)
        case Kind.UPN:
            return PersonKeys(upn=child.upn)
        case Kind.NAMES:
            return _by_name(child.given_name, child.family_name, child.date_of_birth)
        case Kind.SLIP:
            return slipped(child, rng)
        case Kind.ALL:
            keys = _by_name(child.given_name, child.family_name, child.date_of_birth)
            keys.MergeFrom(PersonKeys(nhs_number=child.nhs_number, upn=child.upn))
            return keys


def _by_name(given_name: str, family_name: str, date_of_birth: str) -> PersonKeys:
    return PersonKeys(given_name=given_name, family_name=family_name, date_of_birth=date_of_birth)


def slipped(child: Child, rng: random.Random) -> PersonKeys:
    """Type a child's names and birthday with one slip: in the one name, in the other, or in the day."""
    given, family, born = child.given_name, child.family_name, child.date_of_birth
    match rng.choice(("given", "family", "born")):
        case "given":
            return _by_name(mistyped(given, rng), family, born)
        case "family":
            return _by_name(given, mistyped(family, rng), born)
        case _:
            return _by_name(given, family, misread(born, rng))


def mistyped(name: str, rng: random.Random) -> str:
    """Leave a letter out, type one twice, or change two about; never the first, and what comes out is another name."""
    ways: tuple[Callable[[int], str], ...] = (
        lambda at: name[:at] + name[at + 1 :],
        lambda at: name[:at] + name[at] + name[at:],
        lambda at: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    places = range(1, len(name) - 1)
    found = [way(at) for way in ways for at in places if name[at].isalpha() and name[at + 1].isalpha()]
    others = [slip for slip in found if slip != name]
    return rng.choice(others) if others else name + name[-1]


def misread(born: str, rng: random.Random) -> str:
    """Change day and month about where that is a day too; otherwise, and as often, take the day before or after."""
    day = date.fromisoformat(born)
    beside = [date.fromordinal(day.toordinal() + by) for by in (-1, 1)]
    about = [day.replace(month=day.day, day=day.month)] if day.day <= 12 and day.day != day.month else []
    return rng.choice(rng.choice([beside, about or beside])).isoformat()
