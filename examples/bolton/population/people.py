"""The values of the true population: children, their homes, and who knows them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Gender(StrEnum):
    """Is a child's gender as the birth was registered."""

    FEMALE = "female"
    MALE = "male"


class System(StrEnum):
    """Is a back-office system of Bolton, by the agency that owns it."""

    SOCIAL_CARE = "social_care"
    HEALTH = "health"
    SCHOOLS = "schools"
    YOUTH_OFFENDING = "youth_offending"
    CONNEXIONS = "connexions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Is a made-up address in Bolton; street and number are separate because systems store them unlike."""

    house: str
    street: str
    district: str
    postcode: str

    @property
    def line(self) -> str:
        """Give the first line of an envelope."""
        return f"{self.house} {self.street}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Is an address with the day on which the child came to live there."""

    address: Address
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """Is a made-up school; the number is its place in a pupil number, first and last year are year groups (0 to 13)."""

    number: int
    name: str
    short_name: str
    first_year: int
    last_year: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Child:
    """Is one child as he or she truly is; no system holds all of it."""

    key: str
    household: int
    origin: str
    given: str
    middle: str = ""
    family: str
    former_family: str = ""
    known_as: str = ""
    gender: Gender
    born: date
    twin: bool = False
    homes: tuple[Home, ...]
    nhs_number: str
    upn: str = ""
    practice: str
    former_practice: str = ""
    school: School | None = None
    former_school: School | None = None
    mother: str
    phone: str
    trouble: float
    known_to: frozenset[System]

    @property
    def address(self) -> Address:
        """Give where the child lives now."""
        return self.homes[-1].address

    @property
    def former_address(self) -> Address:
        """Give where the child lived before; the present address when there was no move."""
        return self.homes[-2].address if len(self.homes) > 1 else self.address


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Population:
    """Is everybody, on one day; the same seed, size and day give the same population."""

    seed: int
    day: date
    children: tuple[Child, ...]

    def known_to(self, system: System) -> tuple[Child, ...]:
        """List the children of whom a system holds at least one record."""
        return tuple(child for child in self.children if system in child.known_to)


def age_on(born: date, day: date) -> int:
    """Count full years of age; negative before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def year_group(born: date, day: date) -> int:
    """Give the English school year (0 is Reception) of a child on a day; below 0 before school, above 13 after."""
    began = day.year if day >= date(day.year, 9, 1) else day.year - 1
    return age_on(born, date(began, 8, 31)) - 4
