"""Names of one origin, read from its text file: what people are called, and how else that is usually written."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from pathlib import Path

from tests.lib.lookalikes.people import Gender

FOLDER = Path(__file__).parent / "names"


class Custom(StrEnum):
    """Says how a family passes its names on."""

    SHARED = "shared"
    GENDERED = "gendered"
    HONOURED = "honoured"
    FATHERS_NAMES = "fathers_names"
    FATHERS_MIDDLE = "fathers_middle"
    SINGH_KAUR = "singh_kaur"
    FAMILY_FIRST = "family_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Is a list of names of which the earlier are the commoner, as a few names always are."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    def pick(self, rng: random.Random) -> str:
        """Pick a name."""
        return rng.choices(self.names, cum_weights=self.weights)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Holds the names of one origin; `alike` maps a name to its other spellings, `short` to its short forms."""

    name: str
    custom: Custom
    girls: Choice
    boys: Choice
    family: Choice
    titles: tuple[str, ...]
    alike: dict[str, tuple[str, ...]]
    short: dict[str, tuple[str, ...]]

    def given(self, gender: Gender, rng: random.Random) -> str:
        """Pick a given name."""
        return (self.girls if gender is Gender.FEMALE else self.boys).pick(rng)


def read_origins() -> tuple[Origin, ...]:
    """Read every origin's file, in the order of their names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.txt")))


def _read(path: Path) -> Origin:
    head, *parts = re.split(r"^\[(\w+)\]\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return Origin(
        name=path.stem,
        custom=Custom(head.removeprefix("custom: ").strip()),
        girls=_choice(sections["girls"]),
        boys=_choice(sections["boys"]),
        family=_choice(sections["family"]),
        titles=_listed(sections.get("titles", "")),
        alike=_groups(sections["alike"].splitlines()),
        short={name: _listed(forms) for name, forms in (line.split(": ") for line in sections["short"].splitlines())},
    )


def _choice(text: str) -> Choice:
    names = _listed(text)
    return Choice(names=names, weights=tuple(accumulate(1 / (place + 4) for place in range(len(names)))))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.replace("\n", ",").split(",") if name.strip()))


def _groups(lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    alike: dict[str, tuple[str, ...]] = {}
    for group in map(_listed, lines):
        for name in group:
            alike.setdefault(name, tuple(other for other in group if other != name))
    return alike
