"""Names of one origin, read from its text file: what people are called, and how clerks write it."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from examples.bolton.population.people import Gender

FOLDER = Path(__file__).parent / "names"


class Custom(StrEnum):
    """Says how a family passes its names on."""

    SHARED = "shared"
    GENDERED = "gendered"
    TITLED = "titled"
    FATHERS_NAMES = "fathers_names"
    FATHERS_MIDDLE = "fathers_middle"
    FAMILY_FIRST = "family_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Holds the names of one origin; `alike` maps a spelling to its other spellings, `short` to its short forms."""

    origin: str
    custom: Custom
    weight: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    family: tuple[str, ...]
    titles: tuple[str, ...]
    alike: dict[str, tuple[str, ...]]
    short: dict[str, tuple[str, ...]]

    def given(self, gender: Gender, rng: random.Random) -> str:
        """Pick a given name; earlier names in the list are commoner."""
        names = self.girls if gender is Gender.FEMALE else self.boys
        return names[int(len(names) * rng.random() ** 1.4)]

    def spelt_otherwise(self, name: str, rng: random.Random) -> str:
        """Pick another usual spelling of a name; the name itself when there is none."""
        return rng.choice(self.alike.get(name, (name,)))

    def shortened(self, name: str, rng: random.Random) -> str:
        """Pick a short form of a name; the name itself when there is none."""
        return rng.choice(self.short.get(name, (name,)))


def read_all() -> tuple[Names, ...]:
    """Read every origin's file, in the order of their names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.txt")))


def _read(path: Path) -> Names:
    head, *parts = re.split(r"^\[(\w+)\]\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    settings = dict(line.split(": ") for line in head.splitlines())
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return Names(
        origin=path.stem,
        custom=Custom(settings["custom"]),
        weight=int(settings["weight"]),
        girls=_listed(sections["girls"]),
        boys=_listed(sections["boys"]),
        family=_listed(sections["family"]),
        titles=_listed(sections.get("titles", "")),
        alike=_groups(sections["alike"].splitlines()),
        short=_short_forms(sections["short"].splitlines()),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.replace("\n", ",").split(",") if name.strip()))


def _groups(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    alike: dict[str, tuple[str, ...]] = {}
    for line in lines:
        group = _listed(line)
        for name in group:
            alike.setdefault(name, tuple(other for other in group if other != name))
    return alike


def _short_forms(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {name: _listed(forms) for name, forms in (line.split(": ") for line in lines)}
