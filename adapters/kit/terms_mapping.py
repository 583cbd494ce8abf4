"""The part of a manifest that says where a record set has what its source says about letting records leave."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, Field, field_validator

from adapters.kit.mapping import Conversion, Part, mend_needed
from adapters.kit.terms import ALL, CONSENT_GIVERS, CONSENT_STATES, OPT_OUTS, SHIELDS, Words

F = TypeVar("F", bound=Conversion)


def as_list(given: object) -> object:
    """Let one form stand for a list of one."""
    return given if isinstance(given, list) else [given]


One = BeforeValidator(as_list)
MOST_FORMS = Field(min_length=1, max_length=8)


class ConsentMapping(Part, Generic[F]):
    """How consent stands: a word, who decided, three days, and what it covers."""

    state: Annotated[list[F], One, MOST_FORMS]
    given_by: Annotated[list[F], One, MOST_FORMS] | None = None
    decided_on: F | None = None
    until: F | None = None
    review_due: F | None = None
    classes: F | None = None
    purposes: F | None = None
    agencies: F | None = None

    @field_validator("state")
    @classmethod
    def _states(cls, forms: list[F]) -> list[F]:
        return _only_words(forms, CONSENT_STATES)

    @field_validator("given_by")
    @classmethod
    def _givers(cls, forms: list[F] | None) -> list[F] | None:
        return forms and _only_words(forms, CONSENT_GIVERS)

    @field_validator("decided_on", "until", "review_due")
    @classmethod
    def _days(cls, form: F | None) -> F | None:
        if form is not None and form.values is not None:
            raise mend_needed("a day has no codes", "Say with `date` how the system writes it.")
        return form

    @field_validator("classes", "purposes", "agencies")
    @classmethod
    def _lists(cls, form: F | None) -> F | None:
        return _only_limits(form)

    @property
    def covers(self) -> tuple[tuple[str, F | None], ...]:
        """List what consent may be limited to, with where that is said."""
        return (("classes", self.classes), ("purposes", self.purposes), ("agencies", self.agencies))

    @property
    def days(self) -> tuple[tuple[str, F | None], ...]:
        """List the days, with where they are said."""
        return (("decided_on", self.decided_on), ("until", self.until), ("review_due", self.review_due))


class TermsMapping(Part, Generic[F]):
    """What is said about letting records leave; of several forms of one part the strictest word counts."""

    consent: ConsentMapping[F] | None = None
    opt_out: Annotated[list[F], One, MOST_FORMS] | None = None
    shield: Annotated[list[F], One, MOST_FORMS] | None = None
    areas: F | None = None

    @field_validator("opt_out")
    @classmethod
    def _opt_outs(cls, forms: list[F] | None) -> list[F] | None:
        return forms and _only_words(forms, OPT_OUTS)

    @field_validator("shield")
    @classmethod
    def _shields(cls, forms: list[F] | None) -> list[F] | None:
        return forms and _only_words(forms, SHIELDS)

    @field_validator("areas")
    @classmethod
    def _limits(cls, form: F | None) -> F | None:
        return _only_limits(form)

    def worded(self) -> Iterator[tuple[str, F, Words]]:
        """List every form that gives a word, with the part's name and the words that it can have."""
        parts: list[tuple[str, Sequence[F] | None, Words]] = [
            ("opt_out", self.opt_out, OPT_OUTS),
            ("shield", self.shield, SHIELDS),
        ]
        if self.consent is not None:
            parts.append(("consent.state", self.consent.state, CONSENT_STATES))
            parts.append(("consent.given_by", self.consent.given_by, CONSENT_GIVERS))
        return ((name, form, words) for name, forms, words in parts for form in forms or ())

    def forms(self) -> Iterator[tuple[str, F]]:
        """List everything that is read, with the part's name."""
        yield from ((name, form) for name, form, _ in self.worded())
        if self.consent is not None:
            beside = (*self.consent.days, *self.consent.covers)
            yield from ((f"consent.{name}", form) for name, form in beside if form is not None)
        if self.areas is not None:
            yield "areas", self.areas


def _only_words(forms: list[F], words: Words) -> list[F]:
    """Refuse words that the contract does not have, and a word for unlisted codes that would let more leave."""
    listed = ", ".join(f"`{word}`" for word in words.words)
    for form in forms:
        given = [*(form.values or {}).values(), *filter(None, (form.constant, form.otherwise))]
        for word in given:
            if word not in words.words:
                raise mend_needed(f"`{word}` is none of the words that this part has", f"Write one of {listed}.")
        if form.otherwise is not None and form.otherwise not in words.safe:
            what = f"codes that are not listed would count as `{form.otherwise}`, and let more leave than they may"
            raise mend_needed(what, f"Remove it: such a code counts as `{words.unlisted}`.")
        if form.date is not None:
            raise mend_needed("`date` does not apply to a word", "List the codes under `values`.")
    return forms


def _only_limits(form: F | None) -> F | None:
    if form is not None and form.otherwise == ALL:
        raise mend_needed("codes that are not listed would let everything leave", "Remove `otherwise`.")
    if form is not None and form.date is not None:
        raise mend_needed("`date` does not apply to a list", "List the codes under `values`.")
    return form
