"""What an explanation says: every rule and agreement considered, the verdict on each class, and what failed first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.access.rows import Effect
from hub.model.policy import Refusal


class Condition(StrEnum):
    """Is a condition of asking, in the order in which they are looked at; the first that fails is told."""

    LEVEL_EXISTS = "level_exists"
    LEVEL_CAN_BE_HELD = "level_can_be_held"
    LEVEL_HELD_THERE = "level_held_there"
    AREAS_SERVED = "areas_served"
    QUESTION_EXISTS = "question_exists"
    ASKED_OF_AGENCY = "asked_of_agency"
    PURPOSE_SERVED = "purpose_served"
    GRANTED = "granted"
    NOT_DENIED = "not_denied"
    IDENTITY_ALLOWED = "identity_allowed"
    AGREED = "agreed"
    IDENTITY_AGREED = "identity_agreed"


class Verdict(StrEnum):
    """Is what becomes of one class of fields."""

    SHOWN = "shown"
    NOT_GRANTED = "not_granted"
    DENIED = "denied"
    NO_AGREEMENT = "no_agreement"
    WITHOUT_IDENTITY = "without_identity"


class Part(StrEnum):
    """Is a part of a sentence that may name what is asked for, or not."""

    QUESTION = "question"
    AGENCY = "agency"
    PURPOSE = "purpose"
    AREA = "area"
    CLASS = "class"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConsidered:
    """One grant or denial of the level, or of one that it inherits from.

    It counts for its classes, which are of the question's, if it misses nothing that is asked for. Its name says where
    it stands in its file; `areas` are those of the office that it names.
    """

    name: str
    effect: Effect
    because: str
    misses: tuple[Part, ...]
    areas: tuple[str, ...]
    classes: tuple[str, ...]
    told: str

    @property
    def counts_for(self) -> tuple[str, ...]:
        """Return the classes that it grants or denies here."""
        return () if self.misses else self.classes


class Standing(StrEnum):
    """Is how an agreement stands at an instant."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementConsidered:
    """One agreement between the two agencies; it counts for the classes if it is in force and serves the purpose."""

    id: str
    title: str
    standing: Standing
    since: datetime
    until: datetime
    serves_purpose: bool
    classes: tuple[str, ...]
    told: str

    @property
    def counts_for(self) -> tuple[str, ...]:
        """Return the classes that may flow under it now."""
        return self.classes if self.standing is Standing.IN_FORCE and self.serves_purpose else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassVerdict:
    """What becomes of one class of the question's fields, and which rules or agreements decided that."""

    field_class: str
    verdict: Verdict
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an office may ask an agency a question for a purpose at an instant, or not.

    `failed` is None if it may. There is no refusal where there is no permit either: the question does not exist, or is
    not asked of that agency. Nothing in it repeats what was typed; it names only what is in the policy.
    """

    failed: Condition | None
    refusal: Refusal | None
    summary: str
    fields: tuple[str, ...] = ()
    classes: tuple[ClassVerdict, ...] = ()
    rules: tuple[RuleConsidered, ...] = ()
    agreements: tuple[AgreementConsidered, ...] = ()
