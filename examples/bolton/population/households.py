"""Families one after another: parents, births, twins, moves, cousins, and what changes a child's name."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from examples.bolton.population import customs
from examples.bolton.population.customs import Parents
from examples.bolton.population.names import Names
from examples.bolton.population.people import Address, Gender, Home
from examples.bolton.population.places import Places, practice

OLDEST_DAYS = 20 * 365 + 4
TWINS, COUSINS, SAME_NAMED_COUSIN, RENAMED, LIVES_APART = 0.017, 0.14, 0.3, 0.045, 0.06


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Newborn:
    """Is a child as the family knows it, before any service does."""

    given: str
    middle: str
    family: str
    former_family: str
    known_as: str
    gender: Gender
    born: date
    twin: bool
    homes: tuple[Home, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Household:
    """Is one family with its children, oldest first."""

    number: int
    names: Names
    parents: Parents
    practice: str
    former_practice: str
    phone: str
    trouble: float
    children: tuple[Newborn, ...]


@dataclass(slots=True, kw_only=True, repr=False)
class Town:
    """Makes households on one day; remembers the families of each origin, so that cousins can be born to them."""

    origins: tuple[Names, ...]
    places: Places
    day: date
    rng: random.Random
    relatives: dict[str, list[tuple[str, str, Gender]]] = field(default_factory=dict)

    def households(self) -> Iterator[Household]:
        """Yield families without end."""
        weights = [names.weight for names in self.origins]
        number = 0
        while True:
            number += 1
            yield self._household(number, self.rng.choices(self.origins, weights)[0])

    def _household(self, number: int, names: Names) -> Household:
        rng = self.rng
        relatives = self.relatives.setdefault(names.origin, [])
        cousin = rng.choice(relatives) if relatives and rng.random() < COUSINS else None
        couple = customs.parents(names, cousin[0] if cousin else rng.choice(names.family), rng)
        births = self._births()
        homes = self._homes(births[0][0])
        children = [self._child(names, couple, born, twin, homes) for born, twin in births]
        if cousin and not children[0].twin and rng.random() < SAME_NAMED_COUSIN:
            children[0] = _named_after(children[0], cousin)
        children = _twins_apart(children, names, rng)
        relatives.extend((couple.father_family, child.given, child.gender) for child in children)
        district = homes[-1].address.district
        former = practice(homes[0].address.district, rng) if len(homes) > 1 else ""
        return Household(
            number=number,
            names=names,
            parents=couple,
            practice=practice(district, rng),
            former_practice=former,
            phone=f"07700 900{rng.randint(0, 999):03d}",
            trouble=rng.betavariate(1.1, 7),
            children=tuple(children),
        )

    def _births(self) -> list[tuple[date, bool]]:
        born = self.day - timedelta(days=self.rng.randrange(OLDEST_DAYS))
        births: list[tuple[date, bool]] = []
        for _ in range(self.rng.choices((1, 2, 3, 4, 5, 6), (27, 36, 21, 10, 4, 2))[0]):
            if born > self.day:
                break
            twins = self.rng.random() < TWINS
            births.extend([(born, twins)] * (2 if twins else 1))
            born += timedelta(days=self.rng.randint(400, 1500))
        return births

    def _homes(self, first_birth: date) -> tuple[Home, ...]:
        since = first_birth - timedelta(days=self.rng.randint(30, 2000))
        homes = [Home(address=self.places.address(self.rng), since=since)]
        for _ in range(self.rng.choices((0, 1, 2, 3), (52, 30, 13, 5))[0]):
            since += timedelta(days=self.rng.randint(200, 3000))
            if since < self.day:
                homes.append(Home(address=self.places.address(self.rng), since=since))
        return tuple(homes)

    def _child(self, names: Names, couple: Parents, born: date, twin: bool, homes: tuple[Home, ...]) -> Newborn:  # noqa: FBT001
        rng = self.rng
        gender = rng.choice((Gender.FEMALE, Gender.MALE))
        given = names.given(gender, rng)
        family = customs.family_name(names, couple, gender, rng)
        renamed = rng.random() < RENAMED
        own = homes if rng.random() >= LIVES_APART else (*homes, self._elsewhere(homes[-1], born))
        return Newborn(
            given=given,
            middle=customs.middle_name(names, couple, gender, rng),
            family=rng.choice(names.family) if renamed else family,
            former_family=family if renamed else "",
            known_as=names.shortened(given, rng) if rng.random() < 0.3 and given in names.short else "",
            gender=gender,
            born=born,
            twin=twin,
            homes=_from_birth(own, born),
        )

    def _elsewhere(self, last: Home, born: date) -> Home:
        earliest = max(last.since, born)
        days = max((self.day - earliest).days, 1)
        address: Address = self.places.address(self.rng)
        return Home(address=address, since=earliest + timedelta(days=self.rng.randrange(days)))


def _from_birth(homes: tuple[Home, ...], born: date) -> tuple[Home, ...]:
    current = [home for home in homes if home.since <= born][-1:]
    later = [home for home in homes if home.since > born]
    started = [Home(address=home.address, since=born) for home in current]
    return (*started, *later) or homes


def _named_after(child: Newborn, cousin: tuple[str, str, Gender]) -> Newborn:
    """Give a child the whole name of a cousin."""
    family, given, gender = cousin
    return replace(
        child,
        given=given,
        middle="",
        family=customs.gendered(family, gender),
        former_family="",
        known_as="",
        gender=gender,
    )


def _twins_apart(children: list[Newborn], names: Names, rng: random.Random) -> list[Newborn]:
    """Give twins one family name and unlike given names, one time in three very similar ones."""
    apart: list[Newborn] = []
    for child in children:
        sibling = apart[-1] if apart and child.twin and apart[-1].born == child.born else None
        apart.append(_second_twin(child, sibling, names, rng) if sibling else child)
    return apart


def _second_twin(child: Newborn, first: Newborn, names: Names, rng: random.Random) -> Newborn:
    pool = names.girls if child.gender is Gender.FEMALE else names.boys
    similar = [name for name in pool if name != first.given and name[:2] == first.given[:2]]
    unlike = [name for name in pool if name != first.given]
    given = rng.choice(similar) if similar and rng.random() < 0.35 else rng.choice(unlike)
    family = customs.gendered(first.family, child.gender)
    return replace(child, given=given, middle="", family=family, former_family="", known_as="", homes=first.homes)
