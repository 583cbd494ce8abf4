"""An independent opinion on what a policy allows: plain loops over what the files say.

Written without Casbin, without the compiler and without any of the hub's code, so that a fault in one is not a fault
in the other. It is slow on purpose: nothing is worked out beforehand, nothing is remembered.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Content = dict[str, Any]


class Cell(NamedTuple):
    """One thing to decide for a level."""

    question: str
    agency: str
    field_class: str
    purpose: str
    area: str


class Holder(NamedTuple):
    """What somebody asks as."""

    level: str
    agency: str
    areas: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Files:
    """What the files of a policy say, as plain mappings and lists."""

    vocabulary: Content
    agencies: list[Content]
    fields: list[Content]
    questions: dict[str, Content]
    levels: dict[str, Content]
    agreements: dict[str, Content]

    def written(self) -> dict[str, bytes]:
        """Spell the files, as an administrator would have saved them."""
        texts = {"vocabulary.yaml": self.vocabulary}
        texts["agencies.yaml"] = {"agencies": self.agencies}
        texts["fields.yaml"] = {"fields": self.fields}
        for folder in ("questions", "levels", "agreements"):
            texts |= {f"{folder}/{name}.yaml": content for name, content in getattr(self, folder).items()}
        return {name: yaml.safe_dump(content, sort_keys=False).encode() for name, content in texts.items()}


def files_in(folder: Path) -> Files:
    """Read the files of a folder with nothing but the YAML library."""
    return Files(
        vocabulary=_read(folder / "vocabulary.yaml"),
        agencies=_read(folder / "agencies.yaml")["agencies"],
        fields=_read(folder / "fields.yaml")["fields"],
        questions={file.stem: _read(file) for file in sorted((folder / "questions").glob("*.yaml"))},
        levels={file.stem: _read(file) for file in sorted((folder / "levels").glob("*.yaml"))},
        agreements={file.stem: _read(file) for file in sorted((folder / "agreements").glob("*.yaml"))},
    )


def _read(file: Path) -> Content:
    content: Content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content


def allows(files: Files, level: str, cell: Cell) -> bool:
    """Tell whether a level may see a class of fields in an area: some grant names it all, and no denial does."""
    asked = files.questions[cell.question]
    if cell.agency not in asked["agencies"] or cell.purpose not in asked["purposes"]:
        return False
    asked_fields = fields_of(files, cell.question)
    if cell.field_class not in {field["class"] for field in files.fields if field["id"] in asked_fields}:
        return False
    granted = denied = False
    for name in family(files, level):
        for grant in files.levels[name].get("grants", []):
            granted = granted or names(grant, cell)
        for denial in files.levels[name].get("denials", []):
            denied = denied or names(denial, cell)
    return granted and not denied


def names(sentence: Content, cell: Cell) -> bool:
    """Tell whether a sentence names each part, or all; one that names no area is about all of them."""
    parts = {
        "questions": cell.question,
        "agencies": cell.agency,
        "classes": cell.field_class,
        "purposes": cell.purpose,
        "areas": cell.area,
    }
    said = {"areas": "all", **sentence}
    return all(said[key] == "all" or part in said[key] for key, part in parts.items())


def family(files: Files, level: str) -> set[str]:
    """Return a level and everything that it inherits from."""
    found = {level}
    for parent in files.levels[level].get("inherits", []):
        found |= family(files, parent)
    return found


def fields_of(files: Files, question: str) -> list[str]:
    """Return a question's fields: those that say who a person is, then those that it lists."""
    identity = [field["id"] for field in files.fields if field.get("identity")]
    return identity + [name for name in files.questions[question]["fields"] if name not in identity]


def permit(  # the parts of one decision
    files: Files, holder: Holder, agency: str, question: str, purpose: str, at: datetime
) -> tuple[tuple[str, ...], str | None]:
    """Return the fields that may be asked of an agency, and the refusal if there are none."""
    if not may_ask_at_all(files, holder):
        return (), "access_level"
    class_of = {field["id"]: field["class"] for field in files.fields}
    identity = [field["id"] for field in files.fields if field.get("identity")]
    asked = fields_of(files, question)
    allowed = set()
    for found in {class_of[name] for name in asked}:
        cells = [Cell(question, agency, found, purpose, area) for area in holder.areas]
        if all(allows(files, holder.level, cell) for cell in cells):
            allowed.add(found)
    by_level = [name for name in asked if class_of[name] in allowed]
    if not set(identity) <= set(by_level):
        return (), "access_level"
    flowing = {
        found
        for found in allowed
        if agency == holder.agency or agreed(files, holder.agency, agency, purpose, found, at)
    }
    by_agreement = [name for name in by_level if class_of[name] in flowing]
    if not set(identity) <= set(by_agreement):
        return (), "no_agreement"
    return tuple(by_agreement), None


def may_ask_at_all(files: Files, holder: Holder) -> bool:
    """Tell whether there is such a holder, and whether they ask: a professional of that agency, in its areas."""
    level = files.levels[holder.level]
    if level.get("kind", "professional") != "professional" or level.get("agency", holder.agency) != holder.agency:
        return False
    if not holder.areas:
        return False
    served = areas_of(files, holder.agency)
    return all(area in served for area in holder.areas)


def areas_of(files: Files, agency: str) -> list[str]:
    """Return the areas that an agency serves: those that it lists, or all."""
    everywhere = [area["id"] for area in files.vocabulary["areas"]]
    for found in files.agencies:
        if found["id"] == agency:
            listed: list[str] | str = found.get("areas", "all")
            return everywhere if isinstance(listed, str) else listed
    return []


def needs_step_up(files: Files, fields: tuple[str, ...]) -> bool:
    """Tell whether one of these fields is of a class that is shown after a second factor only."""
    guarded = [term["id"] for term in files.vocabulary["field_classes"] if term.get("step_up", False)]
    return any(field["class"] in guarded for field in files.fields if field["id"] in fields)


def agreed(  # the parts of one flow
    files: Files, requester_agency: str, agency: str, purpose: str, field_class: str, at: datetime
) -> bool:
    """Tell whether some agreement in force covers a flow."""
    return any(
        requester_agency in agreement["parties"]
        and agency in agreement["parties"]
        and purpose in agreement["purposes"]
        and field_class in agreement["classes"]
        and first_second(agreement) <= at < end(agreement)
        for agreement in files.agreements.values()
    )


def first_second(agreement: Content) -> datetime:
    """Return the instant from which an agreement is in force."""
    return _instant(agreement["from"])


def end(agreement: Content) -> datetime:
    """Return the first instant at which an agreement is no longer in force; a date is covered to its end."""
    until = agreement["until"]
    return _instant(until) if isinstance(until, datetime) else _instant(until) + timedelta(days=1)


def _instant(said: date) -> datetime:
    if isinstance(said, datetime):
        return said.replace(tzinfo=UTC) if said.tzinfo is None else said
    return datetime.combine(said, time(), tzinfo=UTC)
