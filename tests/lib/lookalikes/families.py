"""Make a child, and the people who are easily taken for that child."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.lib.lookalikes.homes import make_home, near
from tests.lib.lookalikes.numbers import Numbers
from tests.lib.lookalikes.origins import Custom, Origin
from tests.lib.lookalikes.people import Gender, Kin, Person

TODAY = date(2026, 9, 1)
CHILDHOOD_DAYS = 18 * 365
# The share of boys who are called Mohammed before the name by which they are known, where that is usual.
MOHAMMEDS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a question has who in it, and what befell a child: look-alikes are far more than in a town."""

    twin: float = 0.2
    sibling: float = 0.7
    second_sibling: float = 0.3
    cousin: float = 0.3
    parent: float = 0.2
    namesake: float = 0.3
    moved: float = 0.3
    renamed: float = 0.08
    double_barrelled: float = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """Makes people of one origin after another."""

    rng: random.Random
    numbers: Numbers
    rates: Rates

    def child(self, origin: Origin) -> Person:
        """Make a child."""
        rng, gender = self.rng, self.rng.choice(list(Gender))
        home = make_home(rng)
        family = self._family(origin, gender)
        born = TODAY - timedelta(days=rng.randrange(CHILDHOOD_DAYS))
        nhs_number, upn = self.numbers.next()
        return Person(
            kin=Kin.SELF,
            origin=origin.name,
            given=self._given(origin, gender),
            middle=self._middle(origin, gender),
            family=family,
            other_family=origin.family.pick(rng) if rng.random() < self.rates.renamed else "",
            gender=gender,
            born=born,
            home=home,
            former_home=make_home(rng) if rng.random() < self.rates.moved else home,
            nhs_number=nhs_number,
            upn=upn,
        )

    def look_alikes(self, child: Person, origin: Origin) -> list[Person]:
        """Make whom the child may be taken for: family first, then those who only have the same name."""
        rng, rates = self.rng, self.rates
        chances = (
            (rates.twin, self._twin),
            (rates.sibling, self._sibling),
            (rates.second_sibling, self._sibling),
            (rates.cousin, self._cousin),
            (rates.parent, self._parent),
            (rates.namesake, self._namesake),
        )
        return [make(child, origin) for chance, make in chances if rng.random() < chance]

    def stranger(self, child: Person, origin: Origin) -> Person:
        """Make a child of whom an agency's loose search would think: one who shares one thing with the child."""
        other = replace(self.child(origin), kin=Kin.STRANGER)
        match self.rng.randrange(4):
            case 0:
                return replace(other, family=child.family)
            case 1:
                return replace(other, given=child.given, gender=child.gender)
            case 2:
                return replace(other, born=child.born)
            case _:
                return replace(other, home=near(child.home, self.rng))

    def _twin(self, child: Person, origin: Origin) -> Person:
        gender = child.gender if self.rng.random() < 2 / 3 else self.rng.choice(list(Gender))
        # Parents of twins like names that begin alike.
        names = [given for given in (self._given(origin, gender) for _ in range(40)) if given != child.given][:5]
        alike = [given for given in names if given[:1] == child.given[:1]]
        given = (alike or names)[0]
        return self._of_household(child, origin, Kin.TWIN, gender, given, child.born)

    def _sibling(self, child: Person, origin: Origin) -> Person:
        gender, given = self.rng.choice(list(Gender)), child.given
        while given == child.given:
            given = self._given(origin, gender)
        born = self._about(child.born, 300, 3_000)
        return self._of_household(child, origin, Kin.SIBLING, gender, given, born)

    def _cousin(self, child: Person, _: Origin) -> Person:
        """Make a cousin of the same name, as where children are named after a grandparent."""
        home = near(child.home, self.rng) if self.rng.random() < 0.3 else make_home(self.rng)
        return self._somebody(
            child, kin=Kin.COUSIN, born=self._about(child.born, 20, 1_500), home=home, former_home=home
        )

    def _parent(self, child: Person, _: Origin) -> Person:
        """Make father and son, or mother and daughter, of one name at one address."""
        apart = timedelta(days=self.rng.randrange(17 * 365, 42 * 365))
        return self._somebody(child, kin=Kin.PARENT, born=child.born - apart)

    def _namesake(self, child: Person, _: Origin) -> Person:
        born, home = TODAY - timedelta(days=self.rng.randrange(CHILDHOOD_DAYS)), make_home(self.rng)
        return self._somebody(child, kin=Kin.NAMESAKE, born=born, home=home, former_home=home)

    def _about(self, born: date, nearest: int, farthest: int) -> date:
        apart = timedelta(days=self.rng.randrange(nearest, farthest))
        return born + apart if self.rng.random() < 0.5 and born + apart <= TODAY else born - apart

    def _of_household(self, child: Person, origin: Origin, kin: Kin, gender: Gender, given: str, born: date) -> Person:
        family = child.family if gender is child.gender else _for_gender(child.family, origin, gender)
        middle = child.middle if origin.custom in _FATHERS_NAME_IN_THE_MIDDLE else self._middle(origin, gender)
        return self._somebody(child, kin=kin, gender=gender, given=given, born=born, family=family, middle=middle)

    def _somebody(self, child: Person, **differs: object) -> Person:
        nhs_number, upn = self.numbers.next()
        return replace(child, nhs_number=nhs_number, upn=upn, **differs)  # type: ignore[arg-type] # fields of Person

    def _given(self, origin: Origin, gender: Gender) -> str:
        given = origin.given(gender, self.rng)
        if origin.custom is Custom.HONOURED and gender is Gender.MALE and self.rng.random() < MOHAMMEDS:
            return f"Mohammed {given}"
        return given

    def _middle(self, origin: Origin, gender: Gender) -> str:
        if origin.custom in _FATHERS_NAME_IN_THE_MIDDLE:
            return origin.given(Gender.MALE, self.rng)
        if origin.custom is Custom.SHARED and self.rng.random() < 0.5:
            return origin.given(gender, self.rng)
        return ""

    def _family(self, origin: Origin, gender: Gender) -> str:
        rng = self.rng
        match origin.custom:
            case Custom.FATHERS_NAMES:
                return origin.given(Gender.MALE, rng)
            case Custom.HONOURED if gender is Gender.FEMALE and rng.random() < 0.3:
                return rng.choice(origin.titles)
            case Custom.SINGH_KAUR:
                title = "Kaur" if gender is Gender.FEMALE else "Singh"
                return rng.choice((title, f"{title} {origin.family.pick(rng)}"))
            case Custom.SHARED if rng.random() < self.rates.double_barrelled:
                return f"{origin.family.pick(rng)}-{origin.family.pick(rng)}"
            case _:
                return _for_gender(origin.family.pick(rng), origin, gender)


_FATHERS_NAME_IN_THE_MIDDLE = frozenset({Custom.FATHERS_NAMES, Custom.FATHERS_MIDDLE})


def _for_gender(family: str, origin: Origin, gender: Gender) -> str:
    """Give a brother's or a sister's form of a family name."""
    is_hers = gender is Gender.FEMALE
    if origin.custom is Custom.GENDERED:
        his = f"{family[:-1]}i" if family.endswith(("ska", "cka")) else family
        return f"{his[:-1]}a" if is_hers and his.endswith(("ski", "cki")) else his
    if origin.custom is Custom.SINGH_KAUR:
        return family.replace("Singh", "Kaur") if is_hers else family.replace("Kaur", "Singh")
    return family
