"""Forms of given names: which spellings and short forms stand for one name, here and where families came from."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from hub.linkage.forms_a_to_k import NAMES_A_TO_K
from hub.linkage.forms_l_to_z import NAMES_L_TO_Z


class Rank(IntEnum):
    """Is what a form is of a name: the name itself, short for it or another spelling, or kin to it and given apart.

    Lily may be short for Elizabeth, and twins may be called Lily and Elizabeth.
    """

    NAME = 0
    FORM = 1
    KIN = 2


Forms = Mapping[int, Rank]


def _read(text: str) -> Mapping[str, Forms]:
    found: dict[str, dict[int, Rank]] = {}
    for number, line in enumerate(text.split("\n")):
        forms, _, kin = line.partition(";")
        for place, form in enumerate(forms.split()):
            found.setdefault(form, {})[number] = Rank.FORM if place else Rank.NAME
        for form in kin.split():
            found.setdefault(form, {})[number] = Rank.KIN
    return MappingProxyType({form: MappingProxyType(ranks) for form, ranks in found.items()})


# For each form, by the number of each name for which it may stand, what it is of it. The names were written down for
# this program from what is in use in Britain and Ireland, wherever it came from.
FORMS: Final = _read(NAMES_A_TO_K + NAMES_L_TO_Z)
NO_FORMS: Final[Forms] = MappingProxyType({})

# Parts that say nothing of who somebody is beside another part: titles, particles, and what a whole community bears.
COMMON_PARTS: Final = frozenset(
    [
        "kaur",
        "singh",
        "begum",
        "bibi",
        "khatun",
        "bano",
        "bin",
        "bint",
        "ibn",
        "al",
        "el",
        "abu",
        "umm",
        "md",
        "mohd",
        "syed",
        "sayed",
        "miss",
        "master",
        "mr",
        "mrs",
        "ms",
        "dr",
    ]
)
# Names that many give together with a second, by which brothers or sisters are told apart.
LEADING_PARTS: Final = frozenset(
    [
        "mohammed",
        "mohammad",
        "muhammad",
        "mohamed",
        "muhammed",
        "mohamad",
        "ahmed",
        "abdul",
        "abd",
        "abdel",
        "noor",
        "nur",
        "mary",
        "maria",
        "marie",
        "anna",
        "anne",
        "ann",
        "jean",
        "john",
        "juan",
        "jose",
        "xiao",
        "ana",
        "sri",
        "shri",
        "oluwa",
    ]
)
# Of parts that whole communities bear, those that women bear and those that men do.
OF_WOMEN: Final = frozenset(["kaur", "begum", "bibi", "khatun", "bano", "bint", "miss", "mrs", "ms"])
OF_MEN: Final = frozenset(["singh", "bin", "ibn", "md", "mohd", "master", "mr"])
# What many names written in one word begin with; the longest first.
LEADING_SYLLABLES: Final = ("chukwu", "abdul", "abdel", "oluwa", "abdi", "xiao")
# Where one of them is written, no name was known yet: newborn twins are Twin One and Twin Two.
NO_NAME_YET: Final = frozenset(["baby", "infant", "newborn", "neonate", "twin", "triplet", "unnamed", "foetus"])
# What is written where no name is known.
NO_NAMES: Final = frozenset(
    [
        "unknown",
        "notknown",
        "baby",
        "babyboy",
        "babygirl",
        "infant",
        "na",
        "none",
        "test",
        "tbc",
        "male",
        "female",
        "notstated",
    ]
)
