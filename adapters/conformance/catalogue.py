"""What the hub may ask: questions with their fields, and of each field how its values are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from adapters.conformance.people import NOTHING_SET, People
from adapters.kit.errors import Fault, ManifestError
from adapters.kit.marked_yaml import read_marked

LONGEST_TEXT = 2_000
USUAL_TEXT = 200
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{1,20}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How the values of a field are written."""

    type: str = "text"
    choices: tuple[str, ...] = ()
    max_length: int = LONGEST_TEXT

    def fault(self, cell: str) -> str:
        """Say what is wrong with a value, without repeating it; nothing for one that fits, or for no value."""
        tests: Mapping[str, tuple[tuple[bool, str], ...]] = {
            "date": ((is_day(cell), "is not a day written YYYY-MM-DD"),),
            "identifier": ((_IDENTIFIER.fullmatch(cell) is not None, "is not an identifier of letters and digits"),),
            "number": ((_NUMBER.fullmatch(cell) is not None, "is not a number"),),
            "choice": ((cell in self.choices, "is none of the choices"),),
            "text": (
                (cell.isprintable(), "holds control characters"),
                (len(cell) <= self.max_length, f"is longer than {self.max_length} characters"),
            ),
        }
        return next((what for fits, what in tests[self.type] if cell and not fits), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of the catalogue."""

    fields: tuple[str, ...]
    deadline_ms: int
    is_register: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All questions and fields that the suite asks for."""

    questions: Mapping[str, Asked]
    fields: Mapping[str, FieldRule]


def is_day(cell: str) -> bool:
    """Tell whether a day exists and is written YYYY-MM-DD."""
    try:
        return cell == date.fromisoformat(cell).isoformat()
    except ValueError:
        return False


def read_catalogue(people: People) -> Catalogue:
    """Read the policy folder that the people file names, or take what the file itself says."""
    if people.catalogue is not None:
        return _from_policies(people.catalogue, people.deadline_ms)
    fields = {name: field for asked in people.questions.values() for name, field in asked.items()}
    return Catalogue(
        questions={
            question: Asked(fields=tuple(asked), deadline_ms=people.deadline_ms)
            for question, asked in people.questions.items()
        },
        fields={
            name: FieldRule(type=field.type, choices=tuple(field.choices), max_length=field.max_length)
            for name, field in fields.items()
        },
    )


def _from_policies(folder: Path, deadline_ms: int) -> Catalogue:
    listed = _tree(folder / "fields.yaml").get("fields")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    identity = tuple(str(part["id"]) for part in parts if part.get("identity") == "true")
    trees = [_tree(file) for file in sorted((folder / "questions").glob("*.yaml"))]
    return Catalogue(
        questions={
            str(tree["id"]): Asked(
                fields=(*identity, *(name for name in _texts(tree.get("fields")) if name not in identity)),
                deadline_ms=int(str(tree.get("deadline_ms", deadline_ms))),
                is_register=tree.get("kind") == "register",
            )
            for tree in trees
        },
        fields={
            str(part["id"]): FieldRule(
                type=str(part.get("type", "text")),
                choices=_texts(part.get("choices")),
                max_length=int(str(part.get("max_length", USUAL_TEXT))),
            )
            for part in parts
        },
    )


def _tree(file: Path) -> dict[str, object]:
    marked = read_marked(file, NOTHING_SET)
    if not isinstance(marked.tree, dict) or marked.faults:
        fault = Fault(
            file=file, line=1, what="this is no file of a hub's policy", mend="Name its folder as `catalogue`."
        )
        raise ManifestError(marked.faults or [fault])
    return marked.tree


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
