"""What may be asked at all: fields and their classes, questions, purposes and lawful bases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

V_co = TypeVar("V_co", covariant=True)


class Named(Protocol):
    """Is anything that has an identifier."""

    @property
    def id(self) -> str:
        """Return the identifier, as files and requests spell it."""


N = TypeVar("N", bound=Named)


class Listing(Mapping[str, V_co]):
    """Is an immutable mapping from identifier to value, in the order of the files."""

    __slots__ = ("_by_id",)

    def __init__(self, by_id: Mapping[str, V_co]) -> None:
        """Copy the mapping, so that nobody else can change it."""
        self._by_id = dict(by_id)

    @classmethod
    def of(cls, values: "tuple[N, ...]") -> "Listing[N]":
        """Index values by their identifiers."""
        return Listing({value.id: value for value in values})

    def __getitem__(self, key: str) -> V_co:
        """Return the value with this identifier; raise KeyError when there is none."""
        return self._by_id[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the identifiers in the order of the files."""
        return iter(self._by_id)

    def __len__(self) -> int:
        """Count the values."""
        return len(self._by_id)

    def __repr__(self) -> str:
        """Show the identifiers only."""
        return f"Listing({', '.join(self._by_id)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Why something may be asked.

    The person is told who looked for this purpose once `told_after_days` have passed, unless they are never told.
    """

    id: str
    title: str
    explanation: str
    told_after_days: int = 0
    never_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A legal ground on which a requester may rely (UK GDPR, article 6)."""

    id: str
    title: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialCondition:
    """A condition under which what the law sets apart may be asked for (UK GDPR, articles 9 and 10)."""

    id: str
    title: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground on which consent may be gone without."""

    id: str
    title: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideReason:
    """Why consent was not sought or is overridden; `grounds` are those that it may go with, and empty if all are."""

    id: str
    title: str
    explanation: str
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldClass:
    """Fields that are granted and shared together because they are equally sensitive.

    Those of a class with `step_up` are shown only to a requester who has just given a second factor. One with `consent`
    leaves its source only with consent or on one of `grounds`, each of which says whether a designated officer must
    confirm it; one with `opt_out` may be objected to. Whoever asks for it must rely on one of `special`, if there are
    any. `handling` says what may be done with it, and is shown with every answer.
    """

    id: str
    title: str
    explanation: str
    step_up: bool
    consent: bool = False
    opt_out: bool = False
    special: tuple[str, ...] = ()
    grounds: Mapping[str, bool] = field(default_factory=dict)
    handling: str = ""

    @property
    def is_kept_back(self) -> bool:
        """Tell whether a source's word on consent or objection can keep it back."""
        return self.consent or self.opt_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the country in which agencies work and people hold offices."""

    id: str
    title: str
    explanation: str


class FieldType(StrEnum):
    """Is how a field's values are written."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that an agency may tell about a person; choices are empty unless the type is choice.

    One that `locates` says where a person lives or can be met.
    """

    id: str
    label: str
    field_class: str
    type: FieldType
    choices: tuple[str, ...]
    max_length: int
    comparable: bool
    identity: bool
    locates: bool = False


class QuestionKind(StrEnum):
    """Is what a question is about."""

    PERSON = "person"
    REGISTER = "register"
    INDICATOR = "indicator"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFields:
    """Which fields of an indicator say what: of what kind something is, since when, and whom to speak to.

    `what` is what agencies hold or do not, in words that follow “holds”.
    """

    what: str
    kind: str
    since: str
    contact: tuple[str, ...]
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that may be asked; its fields, identity fields first, are in the order of display.

    `less_intrusive` are questions to be asked first, where they would do. Records that were last changed more than
    `oldest_record_days` ago are left out. One that only indicates names what its fields say.
    """

    id: str
    wording: str
    kind: QuestionKind
    agencies: tuple[str, ...]
    fields: tuple[str, ...]
    purposes: tuple[str, ...]
    lawful_bases: tuple[str, ...]
    deadline_ms: int
    less_intrusive: tuple[str, ...] = ()
    oldest_record_days: int | None = None
    indicator: IndicatorFields | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRules:
    """Numbers on which release rests: a pupil's age from which an objection counts, and limits of time."""

    opt_out_age: int = 16
    consent_form_days: int = 7
    break_glass_minutes: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The vocabulary of the whole system: what is not in here cannot be asked by anyone."""

    purposes: Listing[Purpose]
    lawful_bases: Listing[Basis]
    field_classes: Listing[FieldClass]
    areas: Listing[Area]
    fields: Listing[Field]
    questions: Listing[Question]
    special_conditions: Listing[SpecialCondition]
    grounds: Listing[Ground]
    override_reasons: Listing[OverrideReason]
    release: ReleaseRules

    @property
    def identity_fields(self) -> tuple[str, ...]:
        """Return the fields that say who a person is; every question about a person returns them."""
        return tuple(field.id for field in self.fields.values() if field.identity)

    @property
    def step_up_fields(self) -> frozenset[str]:
        """Return the fields that are shown only to a requester who has just given a second factor."""
        delicate = {found.id for found in self.field_classes.values() if found.step_up}
        return frozenset(field.id for field in self.fields.values() if field.field_class in delicate)

    def barred_fields(self, special_condition: str) -> frozenset[str]:
        """Return the fields of classes that need another special condition than this one."""
        barred = {
            found.id
            for found in self.field_classes.values()
            if found.special and special_condition not in found.special
        }
        return frozenset(field.id for field in self.fields.values() if field.field_class in barred)

    def classes_of(self, question: str) -> tuple[str, ...]:
        """Return the classes of a question's fields, in the vocabulary's order."""
        present = {self.fields[field].field_class for field in self.questions[question].fields}
        return tuple(field_class for field_class in self.field_classes if field_class in present)
