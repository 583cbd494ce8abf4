"""The shapes of the policy files: which keys each has and what may stand in them."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from hub.model.catalogue import FieldType, QuestionKind
from hub.model.policy import AgencyStatus, LevelKind, TellDifferences

IDENTIFIER = r"^[a-z][a-z0-9_]{1,39}\z"
CODE = r"^[A-Z][A-Z0-9_]{1,39}\z"
ALL = "all"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_LENGTH = len("2024-04-01")


def misfit(what: str, mend: str) -> PydanticCustomError:
    """Make the error of a value that cannot stand where it does."""
    return PydanticCustomError("policy", "{what}", {"what": what, "mend": mend})


def _text(value: object) -> object:
    """Refuse text that a reader could not see as it is."""
    if isinstance(value, str) and not value.isprintable():
        what = "The text has a line break or a character that cannot be seen"
        raise misfit(what, "Write it on one line; fold with “>-”.")
    return value


def _all_or_list(value: object) -> object:
    """Let the word all stand for a whole list."""
    if value == ALL:
        return (ALL,)
    if isinstance(value, list) and ALL in value:
        raise misfit("“all” stands in a list", "Write “all” alone, or a list without it.")
    return value


def _named(value: object) -> object:
    """Refuse all where each must be named."""
    if value == ALL or (isinstance(value, list) and ALL in value):
        raise misfit("“all” cannot be used here", "Name each one.")
    return value


def _day(value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise misfit("This is not a date", "Write year-month-day, for example 2027-03-31.")


def _beginning(value: object) -> datetime:
    """Read a moment; a date means the beginning of that day in UTC."""
    if isinstance(value, str) and len(value) > _DATE_LENGTH:
        return _moment(value)
    return datetime.combine(_day(value), datetime.min.time(), tzinfo=UTC)


def _ending(value: object) -> datetime:
    """Read a moment; a date means the end of that day in UTC, so that the day itself is covered."""
    if isinstance(value, str) and len(value) > _DATE_LENGTH:
        return _moment(value)
    try:
        return datetime.combine(_day(value), datetime.min.time(), tzinfo=UTC) + timedelta(days=1)
    except OverflowError:
        raise misfit("This date is too far away", "Give an end that somebody will live to see.") from None


def _moment(value: str) -> datetime:
    mend = "Write for example 2027-03-31T17:00:00Z, with the zone (Z or +01:00)."
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise misfit("This is not a moment", mend) from None
    if moment.tzinfo is None:
        raise misfit("The moment does not say its zone", mend)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise misfit("This moment is too far away", "Give one that somebody has lived to see, or will.") from None


Text = Annotated[str, BeforeValidator(_text), StringConstraints(strip_whitespace=True, min_length=3, max_length=600)]
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
Named = Annotated[tuple[Identifier, ...], BeforeValidator(_named), Field(min_length=1)]
AllOrNamed = Annotated[tuple[Identifier, ...], BeforeValidator(_all_or_list), Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_day)]
Beginning = Annotated[datetime, BeforeValidator(_beginning)]
Ending = Annotated[datetime, BeforeValidator(_ending)]


class Shape(BaseModel):
    """Is a mapping in a file; a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TermShape(Shape):
    """A word of the vocabulary."""

    id: Identifier
    title: Text
    explanation: Text


class PurposeShape(TermShape):
    """A purpose, and when the people who are looked up for it are told."""

    told_after_days: int = Field(default=0, ge=0, le=3660)
    never_told: bool = False


class BasisShape(Shape):
    """A word of the law: a lawful basis, a special condition, a ground."""

    id: Code
    title: Text
    explanation: Text


class OverrideReasonShape(BasisShape):
    """A reason why consent was not sought or is overridden."""

    grounds: tuple[Code, ...] = ()


class GatewayShape(BasisShape):
    """A statutory gateway."""

    relevant_authorities_only: bool = False
    in_force_from: Day | None = None
    in_force_to: Day | None = None


class ClassGroundShape(Shape):
    """A ground on which a class may go without consent."""

    ground: Code
    officer: bool


class FieldClassShape(TermShape):
    """A field class."""

    step_up: bool = False
    consent: bool = False
    opt_out: bool = False
    special: tuple[Code, ...] = ()
    grounds: tuple[ClassGroundShape, ...] = ()
    handling: Text | None = None


class ReleaseShape(Shape):
    """Numbers on which release rests."""

    opt_out_age: int = Field(default=16, ge=10, le=25)
    consent_form_days: int = Field(default=7, ge=1, le=28)
    break_glass_minutes: int = Field(default=60, ge=1, le=60)


class VocabularyShape(Shape):
    """Is vocabulary.yaml."""

    purposes: tuple[PurposeShape, ...] = Field(min_length=1)
    lawful_bases: tuple[BasisShape, ...] = Field(min_length=1)
    field_classes: tuple[FieldClassShape, ...] = Field(min_length=1)
    areas: tuple[TermShape, ...] = Field(min_length=1)
    gateways: tuple[GatewayShape, ...] = Field(min_length=1)
    special_conditions: tuple[BasisShape, ...] = ()
    grounds: tuple[BasisShape, ...] = ()
    override_reasons: tuple[OverrideReasonShape, ...] = ()
    release: ReleaseShape = ReleaseShape()


class AgencyShape(Shape):
    """One agency."""

    id: Identifier
    title: Text
    status: AgencyStatus
    areas: AllOrNamed = (ALL,)


class AgenciesShape(Shape):
    """Is agencies.yaml."""

    agencies: tuple[AgencyShape, ...] = Field(min_length=1)


class FieldShape(Shape):
    """One field."""

    id: Identifier
    label: Text
    field_class: Identifier = Field(alias="class")
    type: FieldType
    choices: tuple[Identifier, ...] = ()
    max_length: int | None = Field(default=None, ge=1, le=2000)
    comparable: bool = False
    identity: bool = False
    locates: bool = False


class FieldsShape(Shape):
    """Is fields.yaml."""

    fields: tuple[FieldShape, ...] = Field(min_length=1)


class IndicatorShape(Shape):
    """What an indicator is about, and what its fields say."""

    what: Text
    kind: Identifier
    since: Identifier
    contact: Named
    telephone: Identifier


class QuestionShape(Shape):
    """Is one file of questions/."""

    id: Identifier
    wording: Text
    kind: QuestionKind = QuestionKind.PERSON
    agencies: Named
    fields: Named
    purposes: Named
    lawful_bases: tuple[Code, ...] = Field(min_length=1)
    deadline_ms: int = Field(default=3000, ge=100, le=30_000)
    less_intrusive: tuple[Identifier, ...] = ()
    oldest_record_days: int | None = Field(default=None, ge=1, le=36_525)
    indicator: IndicatorShape | None = None


class SentenceShape(Shape):
    """One grant or one denial."""

    because: Text
    questions: AllOrNamed
    agencies: AllOrNamed
    classes: AllOrNamed
    purposes: AllOrNamed
    areas: AllOrNamed = (ALL,)


class SessionShape(Shape):
    """How long the sessions of a level's holders last."""

    idle_minutes: int | None = Field(default=None, ge=1, le=60)
    absolute_hours: int | None = Field(default=None, ge=1, le=24)


class LevelShape(Shape):
    """Is one file of levels/."""

    id: Identifier
    title: Text
    kind: LevelKind = LevelKind.PROFESSIONAL
    agency: Identifier | None = None
    inherits: tuple[Identifier, ...] = ()
    session: SessionShape = SessionShape()
    sees_shielded: bool = False
    break_glass: bool = False
    grants: tuple[SentenceShape, ...] = ()
    denials: tuple[SentenceShape, ...] = ()


class SignatureShape(Shape):
    """One signature under an agreement."""

    agency: Identifier
    office: Text
    on: Day = Field(alias="date")


class AgreementShape(Shape):
    """Is one file of agreements/."""

    id: Identifier
    title: Text
    parties: Named
    gateway: Code
    purposes: Named
    classes: Named
    starts: Beginning = Field(alias="from")
    ends: Ending = Field(alias="until")
    review: Day
    signed_by: tuple[SignatureShape, ...] = Field(min_length=1)
    tell_differences: TellDifferences = TellDifferences.THAT_THEY_DIFFER


def keys_at(shape: type[BaseModel], place: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys that a mapping at a place in a file may have."""
    current: Any = shape
    for step in place:
        if isinstance(step, str):
            by_key = {found.alias or name: found for name, found in current.model_fields.items()}
            current = by_key[step].annotation
        else:
            current = current.__args__[0]
    return tuple(found.alias or name for name, found in current.model_fields.items())
