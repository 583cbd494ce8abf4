"""How families name their children: by their origin's custom, and by what happens in a family's life."""

import random
from dataclasses import dataclass

from examples.bolton.population.names import Custom, Names
from examples.bolton.population.people import Gender


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Parents:
    """Holds two parents' names, and whether the children carry both, hers, or his."""

    mother_given: str
    mother_family: str
    father_given: str
    father_family: str
    grandfather_given: str
    carried: str


def parents(names: Names, family: str, rng: random.Random) -> Parents:
    """Make a couple; `carried` is decided once, so that full siblings are named alike."""
    mother_family = rng.choice(names.titles) if names.titles and rng.random() < 0.6 else rng.choice(names.family)
    carried = rng.choices(("his", "hers", "both"), (80, 13, 7))[0]
    if names.custom is not Custom.SHARED:
        carried = "his"
    return Parents(
        mother_given=names.given(Gender.FEMALE, rng),
        mother_family=mother_family,
        father_given=names.given(Gender.MALE, rng),
        father_family=family,
        grandfather_given=names.given(Gender.MALE, rng),
        carried=carried,
    )


def family_name(names: Names, couple: Parents, gender: Gender, rng: random.Random) -> str:
    """Name a child after the custom of its parents' origin."""
    match names.custom:
        case Custom.GENDERED:
            return gendered(couple.father_family, gender)
        case Custom.TITLED if gender is Gender.FEMALE and rng.random() < 0.3:
            return rng.choice(names.titles)
        case Custom.FATHERS_NAMES:
            return couple.grandfather_given
        case _:
            return _carried(couple)


def middle_name(names: Names, couple: Parents, gender: Gender, rng: random.Random) -> str:
    """Give a middle name, or an empty string."""
    match names.custom:
        case Custom.FATHERS_NAMES | Custom.FATHERS_MIDDLE:
            return couple.father_given
        case Custom.FAMILY_FIRST:
            return ""
        case _:
            return names.given(gender, rng) if rng.random() < 0.55 else ""


def gendered(family: str, gender: Gender) -> str:
    """Give the Polish form of a family name for a girl or a boy."""
    if gender is Gender.FEMALE and family.endswith(("ski", "cki", "dzki")):
        return f"{family[:-1]}a"
    return family


def _carried(couple: Parents) -> str:
    match couple.carried:
        case "hers":
            return couple.mother_family
        case "both" if couple.mother_family != couple.father_family:
            return f"{couple.mother_family}-{couple.father_family}"
        case _:
            return couple.father_family
