"""The whole population out of one seed: families, then identifiers, schools and who knows each child."""

import random
from collections.abc import Iterator
from datetime import date

from examples.bolton.population import names, places
from examples.bolton.population.coverage import known_to
from examples.bolton.population.households import Household, Newborn, Town
from examples.bolton.population.identifiers import Upns, nhs_numbers
from examples.bolton.population.people import Child, Population, School, year_group
from examples.bolton.population.places import Places

DAY = date(2026, 11, 20)
BOLTON, NEIGHBOURS = 350, (351, 352, 355, 359)
LAST_YEAR_AT_SCHOOL, LAST_YEAR = 11, 13


def population(seed: int, size: int, day: date = DAY) -> Population:
    """Make a population of exactly that size; the same arguments always give the same people."""
    town_places = places.build(random.Random(f"{seed}:places"))
    town = Town(origins=names.read_all(), places=town_places, day=day, rng=random.Random(f"{seed}:families"))
    people = _People(town_places, day, seed)
    children: list[Child] = []
    for household in town.households():
        children.extend(people.of(household))
        if len(children) >= size:
            break
    return Population(seed=seed, day=day, children=tuple(children[:size]))


class _People:
    """Turns newborns into children with identifiers, schools and services."""

    def __init__(self, town: Places, day: date, seed: int) -> None:
        self._places = town
        self._day = day
        self._rng = random.Random(f"{seed}:lives")
        self._nhs = nhs_numbers(random.Random(f"{seed}:nhs"))
        self._upns = Upns()
        self._count = 0

    def of(self, household: Household) -> Iterator[Child]:
        """Yield a household's children."""
        for newborn in household.children:
            self._count += 1
            yield self._child(household, newborn)

    def _child(self, household: Household, newborn: Newborn) -> Child:
        rng = self._rng
        school, former = self._schools(newborn)
        trouble = min(1.0, household.trouble * rng.uniform(0.4, 1.8))
        moved = len(newborn.homes) > 1
        return Child(
            key=f"c{self._count:06d}",
            household=household.number,
            origin=household.names.origin,
            given=newborn.given,
            middle=newborn.middle,
            family=newborn.family,
            former_family=newborn.former_family,
            known_as=newborn.known_as,
            gender=newborn.gender,
            born=newborn.born,
            twin=newborn.twin,
            homes=newborn.homes,
            nhs_number=next(self._nhs),
            upn=self._upn(newborn.born, newborn.homes[0].address.district),
            practice=household.practice,
            former_practice=household.former_practice if moved else "",
            school=school,
            former_school=former,
            mother=f"{household.parents.mother_given} {household.parents.mother_family}",
            phone=household.phone,
            trouble=trouble,
            known_to=known_to(newborn.born, self._day, trouble, school is not None, rng),
        )

    def _schools(self, newborn: Newborn) -> tuple[School | None, School | None]:
        rng, year = self._rng, year_group(newborn.born, self._day)
        if year < 0 or rng.random() < 0.03:
            return None, None
        if year > LAST_YEAR_AT_SCHOOL and (year > LAST_YEAR or rng.random() < 0.6):
            return None, None
        school = self._places.school(year, newborn.homes[-1].address.district, rng)
        former = self._places.school(max(year - 1, 0), newborn.homes[0].address.district, rng)
        return school, former if former.number != school.number else None

    def _upn(self, born: date, district: str) -> str:
        """Give the number that the first school gave; none before school age."""
        year = year_group(born, self._day)
        if year < 0:
            return ""
        began = self._day.year - (self._day < date(self._day.year, 9, 1))
        first = self._places.school(0, district, self._rng)
        elsewhere = self._rng.random() < 0.1
        authority = self._rng.choice(NEIGHBOURS) if elsewhere else BOLTON
        return self._upns.next(authority, first.number, began - year)
