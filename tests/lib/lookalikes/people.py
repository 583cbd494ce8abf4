"""The values of the generator: people as they truly are, and what one agency's record says of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Gender(StrEnum):
    """Is a person's gender as records have it."""

    FEMALE = "female"
    MALE = "male"


class Kin(StrEnum):
    """Is what somebody is to the child asked about."""

    SELF = "self"
    TWIN = "twin"
    SIBLING = "sibling"
    COUSIN = "cousin"
    PARENT = "parent"
    NAMESAKE = "namesake"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Is a made-up address."""

    house: str
    street: str
    town: str
    postcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Is somebody as he or she truly is; no record has all of it. `other_family` was borne before, or is beside."""

    kin: Kin
    origin: str
    given: str
    middle: str
    family: str
    other_family: str
    gender: Gender
    born: date
    home: Home
    former_home: Home
    nhs_number: str
    upn: str


# What a record can say, in the order of its columns.
COLUMNS = ("given_name", "family_name", "date_of_birth", "gender", "address", "postcode", "nhs_number", "upn")


@dataclass(slots=True, kw_only=True)
class Written:
    """Is what a clerk wrote down."""

    given_name: str
    family_name: str
    date_of_birth: str
    gender: str
    address: str
    postcode: str
    nhs_number: str = ""
    upn: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the cells of a row."""
        return tuple(getattr(self, column) for column in COLUMNS)
