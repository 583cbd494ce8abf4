"""Forms of given names: which spellings and short forms stand for one name, here and where families came from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.linkage.forms_a_to_k import NAMES_A_TO_K
from hub.linkage.forms_l_to_z import NAMES_L_TO_Z


def _read(text: str) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(text.split("\n")):
        for form in line.split():
            found.setdefault(form, set()).add(number)
    return MappingProxyType({form: frozenset(numbers) for form, numbers in found.items()})


# For each form the numbers of the names for which it may stand; a form may stand for several. The names were written
# down for this program from what is in use in Britain and Ireland, wherever it came from.
FORMS: Final = _read(NAMES_A_TO_K + NAMES_L_TO_Z)
NO_FORMS: Final[frozenset[int]] = frozenset()

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
