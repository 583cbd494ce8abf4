"""An independent opinion on what may leave: plain loops over what the files say, and one table of reasons.

Written without any of the hub's code, like oracle.py, which says what may be asked. Terms, rows and requests are plain
values here, and every rule is looked up in the files anew.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.policies import oracle
from tests.policies.oracle import Content, Files, Holder

STATES = (
    "not_said",
    "not_sought",
    "sought",
    "explicit",
    "implied_by_statute",
    "refused",
    "no_reply",
    "cannot_consent",
    "withdrawn",
    "expired",
)
GIVEN = ("explicit", "implied_by_statute")
SAID_NO = ("refused", "withdrawn")

# Whether a ground was given that counts, and whether anybody has said no: the reason why something is kept back.
REASONS = {
    (True, True): "not_confirmed",
    (True, False): "not_confirmed",
    (False, True): "consent_refused",
    (False, False): "no_consent",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a source says of one record; empty lists stand for all."""

    state: str = "not_said"
    until: str = ""
    classes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    opt_out: str = "none"
    shield: str = "none"
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record: its cells by field, the day on which it was last changed, and what its source says of it."""

    cells: dict[str, str]
    day: str = ""
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who asks which agency for what, and on what that rests."""

    holder: Holder
    agency: str
    question: str
    purpose: str
    person: dict[str, str]
    at: datetime
    condition: str = ""
    ground: str = ""
    is_confirmed: bool = False
    is_break_glass: bool = False
    is_stepped_up: bool = True


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the requester sees of one agency: its outcome, the reason, the rows, and which classes are kept back."""

    outcome: str
    reason: str | None = None
    rows: tuple[dict[str, str], ...] = ()
    withheld: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The files, and three looks at them that would take long if they were taken for every row."""

    files: Files
    classes: dict[str, Content]
    places: frozenset[str]
    identity: frozenset[str]


def facts_of(files: Files) -> Facts:
    """Look at the files once."""
    classes: dict[str, Any] = {found["id"]: found for found in files.vocabulary["field_classes"]}
    return Facts(
        files=files,
        classes={found["id"]: classes[found["class"]] for found in files.fields},
        places=frozenset(found["id"] for found in files.fields if found.get("locates")),
        identity=frozenset(found["id"] for found in files.fields if found.get("identity")),
    )


def shown(facts: Facts, wanted: Wanted, rows: list[Row], asked: tuple[list[str], str | None] | None = None) -> Shown:
    """Say what may be shown of some rows of one agency; `asked` is what asked_fields says of it, if that is known."""
    files = facts.files
    fields, refusal = asked or asked_fields(facts, wanted)
    if refusal is not None:
        return Shown(outcome="not_permitted", reason=refusal)
    known = [row for row in rows if is_known(files, wanted, row)]
    if not known:
        return Shown(outcome="nothing_held")
    about = [row for row in known if is_about(row, wanted.person)]
    if not about:
        return Shown(outcome="no_answer", reason="malformed")
    judged = [cells_of(facts, wanted, fields, row) for row in about]
    withheld = frozenset(found for _, kept in judged for found in kept)
    if withheld and not any(name not in facts.identity for cells, _ in judged for name in cells):
        for reason in ("consent_refused", "not_confirmed", "no_consent"):
            if reason in {why for _, why in withheld}:
                return Shown(outcome="withheld", reason=reason, withheld=withheld)
    return Shown(outcome="held", rows=tuple(cells for cells, _ in judged), withheld=withheld)


def asked_fields(facts: Facts, wanted: Wanted) -> tuple[list[str], str | None]:
    """Return the fields that may come back: those that are permitted, less what needs what was not given."""
    holder, at = wanted.holder, wanted.at
    permitted, refusal = oracle.permit(facts.files, holder, wanted.agency, wanted.question, wanted.purpose, at)
    fields = []
    for name in permitted:
        found = facts.classes[name]
        if found.get("step_up") and not wanted.is_stepped_up:
            continue
        if found.get("special") and wanted.condition not in found["special"]:
            continue
        fields.append(name)
    return fields, refusal


def is_known(files: Files, wanted: Wanted, row: Row) -> bool:
    """Tell whether a row is one of which the requester may know at all: shielding, area and age."""
    if row.said.shield == "absolute":
        return False
    if row.said.shield == "person" and not sees_protected(files, wanted):
        return False
    if row.said.areas and not any(area in wanted.holder.areas for area in row.said.areas):
        return False
    oldest = files.questions[wanted.question].get("oldest_record_days")
    if oldest is None or not row.day:
        return True
    return (wanted.at.date() - date.fromisoformat(row.day)).days <= oldest


def sees_protected(files: Files, wanted: Wanted) -> bool:
    """Tell whether the requester may be shown somebody whom an agency protects."""
    level = files.levels[wanted.holder.level]
    return bool(level.get("sees_shielded", False) or opens_glass(files, wanted))


def opens_glass(files: Files, wanted: Wanted) -> bool:
    """Tell whether break-glass access counts: it was opened, and the level may open it."""
    return wanted.is_break_glass and bool(files.levels[wanted.holder.level].get("break_glass", False))


def is_about(row: Row, person: dict[str, str]) -> bool:
    """Tell whether a row has one of the numbers that were asked for."""
    return any(person.get(kind) and row.cells.get(kind) == person[kind] for kind in ("nhs_number", "upn"))


def cells_of(facts: Facts, wanted: Wanted, fields: list[str], row: Row) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """Return the values of a row that may be shown, and the classes of which something is kept back, and why."""
    reasons: dict[str, str | None] = {}
    hides_places = row.said.shield == "address" and not sees_protected(facts.files, wanted)
    cells: dict[str, str] = {}
    kept: set[tuple[str, str]] = set()
    for name in fields:
        value = row.cells.get(name, "")
        if not value:
            continue
        if hides_places and name in facts.places:
            continue
        found = facts.classes[name]
        if found["id"] not in reasons:
            reasons[found["id"]] = kept_back(facts.files, wanted, found, row)
        reason = reasons[found["id"]]
        if reason is not None:
            kept.add((found["id"], reason))
            continue
        cells[name] = value
    return cells, kept


def kept_back(files: Files, wanted: Wanted, found: Content, row: Row) -> str | None:
    """Return why a class of a row is kept back; None where it is not."""
    needs, may_object = found.get("consent", False), found.get("opt_out", False)
    if wanted.holder.agency == wanted.agency or not (needs or may_object):
        return None
    objects = may_object and somebody_objects(files, wanted, row)
    if not objects and (not needs or has_consented(wanted, found["id"], row.said)):
        return None
    said_no = objects or row.said.state in SAID_NO
    takes = [entry for entry in found.get("grounds", []) if entry["ground"] == wanted.ground]
    for entry in takes:
        if wanted.is_confirmed or (not entry["officer"] and not said_no):
            return None
    if opens_glass(files, wanted):
        return None
    return REASONS[bool(takes), bool(said_no)]


def somebody_objects(files: Files, wanted: Wanted, row: Row) -> bool:
    """Tell whether parents object, or a pupil who is old enough or whose age nobody knows."""
    if row.said.opt_out != "pupil":
        return row.said.opt_out == "parents"
    born = row.cells.get("date_of_birth", "")
    if not born:
        return True
    age: int = files.vocabulary.get("release", {}).get("opt_out_age", 16)
    day, today = date.fromisoformat(born), wanted.at.date()
    had_birthday = (today.month, today.day) >= (day.month, day.day)
    return today.year - day.year - (0 if had_birthday else 1) >= age


def has_consented(wanted: Wanted, field_class: str, said: Said) -> bool:
    """Tell whether consent is there, today, for this class, this purpose and this agency."""
    if said.state not in GIVEN:
        return False
    if said.until and date.fromisoformat(said.until) < wanted.at.date():
        return False
    for limits, value in (
        (said.classes, field_class),
        (said.purposes, wanted.purpose),
        (said.agencies, wanted.holder.agency),
    ):
        if limits and value not in limits:
            return False
    return True
