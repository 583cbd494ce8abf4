"""Grounds: what officers say to going without consent, and what a question leaves its requester's agency to do."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Informed(StrEnum):
    """Is whether the person, or whoever decides for a child, has been told, or why not."""

    NOT_SAID = "not_said"
    YES = "yes"
    NO_UNSAFE = "no_unsafe"
    NO_IMPRACTICABLE = "no_impracticable"
    NO_PREJUDICE = "no_prejudice"
    LATER = "later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """One source agency's designated officer, by user name, has confirmed a ground; it holds up to, not at, `until`."""

    agency: str
    officer: str
    until: datetime


class DutyKind(StrEnum):
    """Is what is to be done: get the consent form signed that a question relies on, tell somebody, review a use."""

    CONSENT_FORM = "consent_form"
    INFORM = "inform"
    BREAK_GLASS_REVIEW = "break_glass_review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entailed:
    """Something that the requester's agency must do by the end of a day, since a question was permitted."""

    kind: DutyKind
    due: date
