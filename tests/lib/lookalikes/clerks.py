"""Write records as clerks do: by ear, in haste, from an old letter, and in the style of their system.

The rates are guesses of how often each fault is met in the records of councils, schools and clinics; they were
written before anything was measured, and nothing is set by what the hub's own rules forgive.
"""

import random
import unicodedata
from dataclasses import dataclass, replace

from tests.lib.lookalikes.homes import KINDS
from tests.lib.lookalikes.origins import Custom, Origin
from tests.lib.lookalikes.people import Gender, Home, Person, Written
from tests.lib.lookalikes.slips import misheard, slipped_date, typo, wrong_digit

SHORTEST_PART = 3
_SHORT_KINDS = {"Road": "Rd", "Street": "St", "Avenue": "Ave", "Close": "Cl", "Drive": "Dr", "Lane": "La"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often a record has each fault, of those in which it could have it."""

    typo: float = 0.03
    misheard: float = 0.015
    other_spelling: float = 0.10
    short_form: float = 0.10
    middle_added: float = 0.05
    middle_instead: float = 0.01
    part_of_a_name: float = 0.25
    other_family: float = 0.45
    swapped: float = 0.008
    swapped_family_first: float = 0.06
    no_accents: float = 0.6
    capitals: float = 0.2
    slipped_date: float = 0.025
    year_only: float = 0.004
    no_date: float = 0.02
    no_gender: float = 0.1
    wrong_gender: float = 0.008
    no_address: float = 0.1
    no_postcode: float = 0.05
    old_address: float = 0.45
    wrong_digit: float = 0.01
    number_of_another: float = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Writes down one record after another."""

    rng: random.Random
    faults: Faults

    def write(self, person: Person, origin: Origin, household: Person | None = None) -> Written:
        """Write a record; where somebody of the household is known, that person's number may get into it."""
        given, family = self._given(person, origin), self._family(person, origin)
        if self._is(self._swapping(origin)):
            given, family = family, given
        home = person.former_home if self._is(self.faults.old_address) else person.home
        whose = household if household is not None and self._is(self.faults.number_of_another) else person
        return Written(
            given_name=self._styled(given),
            family_name=self._styled(family),
            date_of_birth=self._date(person),
            gender=self._gender(person),
            address="" if self._is(self.faults.no_address) else self._address(home),
            postcode="" if self._is(self.faults.no_postcode) else self._mistyped(home.postcode, self.faults.typo / 2),
            nhs_number=self._number(whose.nhs_number),
            upn=self._number(whose.upn),
        )

    def _is(self, chance: float) -> bool:
        return self.rng.random() < chance

    def _swapping(self, origin: Origin) -> float:
        return self.faults.swapped_family_first if origin.custom is Custom.FAMILY_FIRST else self.faults.swapped

    def _given(self, person: Person, origin: Origin) -> str:
        rng, faults, given = self.rng, self.faults, person.given
        first, _, second = given.partition(" ")
        if first == "Mohammed" and second:
            # The name that honours the prophet is written with the other, left out, or taken for the whole.
            given = rng.choices((given, second, first), (45, 42, 13))[0]
        elif "-" in given and self._is(faults.part_of_a_name):
            given = given.partition("-")[0]
        if person.middle and self._is(faults.middle_instead):
            given = person.middle
        elif self._is(faults.short_form) and given in origin.short:
            given = rng.choice(origin.short[given])
        else:
            given = self._spelt(given, origin)
        if person.middle and self._is(faults.middle_added):
            given = f"{given} {person.middle}"
        return self._by_ear(given)

    def _family(self, person: Person, origin: Origin) -> str:
        family = person.family
        if person.other_family and self._is(self.faults.other_family):
            family = person.other_family
        elif origin.custom is Custom.FATHERS_NAMES and self._is(self.faults.part_of_a_name / 2):
            # Three names, and the form has room for two: the father's is taken for the family's, or both are put in.
            family = self.rng.choice((person.middle, f"{person.middle} {family}"))
        for mark in ("-", " "):
            if mark in family and self._is(self.faults.part_of_a_name):
                # Nobody takes an article (Al-, El-, O') for a name.
                family = self.rng.choice([part for part in family.split(mark) if len(part) >= SHORTEST_PART])
        return self._by_ear(self._spelt(family, origin))

    def _spelt(self, name: str, origin: Origin) -> str:
        words = [
            self.rng.choice(origin.alike[word])
            if word in origin.alike and self._is(self.faults.other_spelling)
            else word
            for word in ([name] if name in origin.alike else name.split(" "))
        ]
        return " ".join(words)

    def _by_ear(self, name: str) -> str:
        name = misheard(name, self.rng) if self._is(self.faults.misheard) else name
        return self._mistyped(name, self.faults.typo)

    def _mistyped(self, text: str, chance: float) -> str:
        return typo(text, self.rng) if self._is(chance) else text

    def _styled(self, name: str) -> str:
        if not name.isascii() and self._is(self.faults.no_accents):
            name = _plain(name)
        return name.upper() if self._is(self.faults.capitals) else name

    def _date(self, person: Person) -> str:
        if self._is(self.faults.no_date):
            return ""
        if self._is(self.faults.year_only):
            return str(person.born.year)
        return slipped_date(person.born, self.rng) if self._is(self.faults.slipped_date) else person.born.isoformat()

    def _gender(self, person: Person) -> str:
        if self._is(self.faults.no_gender):
            return ""
        if self._is(self.faults.wrong_gender):
            return (Gender.MALE if person.gender is Gender.FEMALE else Gender.FEMALE).value
        return person.gender.value

    def _address(self, home: Home) -> str:
        rng, street = self.rng, home.street
        if rng.random() < 0.3:
            words, _, kind = street.rpartition(" ")
            street = f"{words} {_SHORT_KINDS.get(kind, kind)}" if kind in KINDS else street
        house = home.house.rpartition(", ")[2] if rng.random() < 0.2 else home.house
        town = f", {home.town}" if rng.random() < 0.6 else ""
        line = self._mistyped(f"{house} {street}{town}", self.faults.typo)
        return line.upper() if self._is(self.faults.capitals) else line

    def _number(self, number: str) -> str:
        return wrong_digit(number, self.rng) if self._is(self.faults.wrong_digit) else number


def careful(faults: Faults) -> Faults:
    """Return the faults of somebody who writes down whom a question is about: name and date are always there."""
    return replace(faults, no_date=0.0, year_only=0.0, slipped_date=faults.slipped_date / 2)


def _plain(name: str) -> str:
    name = name.translate(str.maketrans("łŁ", "lL"))
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
