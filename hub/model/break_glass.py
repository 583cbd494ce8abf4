"""Break-glass access: the window that a session holds, and what is kept of its use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BreakGlassReason(StrEnum):
    """Is why there is an emergency."""

    LIFE_AT_RISK = "life_at_risk"
    SERIOUS_HARM = "serious_harm"
    CHILD_MISSING = "child_missing"
    CANNOT_SPEAK = "cannot_speak"


class ReviewFinding(StrEnum):
    """Is what a use is found to have been."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    TRAINING = "training"
    REFERRED = "referred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Access that one session has open to one person for one question, up to and not including its end.

    `person` are pseudonyms, `told` the agencies that know of it. `ends` is the session's own clock, which nobody can
    set back; `until` is for people.
    """

    id: str
    question: str
    person: frozenset[str]
    told: frozenset[str]
    until: datetime
    ends: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is kept of one use of break-glass access: who, what for and when; `person` are pseudonyms of an epoch."""

    id: str
    requester: str
    requester_agency: str
    access_level: str
    question: str
    reason: BreakGlassReason
    epoch: int
    person: tuple[str, ...]
    told: tuple[str, ...]
    opened_at_ms: int
    until_ms: int
    review_due_ms: int
    finding: ReviewFinding | None = None
    reviewer: str = ""
    reviewed_at_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCount:
    """How often one user has used it, how much of that nobody has reviewed, and how much was not justified."""

    requester: str
    requester_agency: str
    uses: int
    unreviewed: int
    not_justified: int
