"""Terms: what a source agency says about letting one record leave; the hub decides again by them."""

from dataclasses import dataclass
from enum import StrEnum


class ConsentState(StrEnum):
    """Is how consent stands at the source agency."""

    NOT_SAID = "not_said"
    NOT_SOUGHT = "not_sought"
    SOUGHT = "sought"
    EXPLICIT = "explicit"
    IMPLIED_BY_STATUTE = "implied_by_statute"
    REFUSED = "refused"
    NO_REPLY = "no_reply"
    CANNOT_CONSENT = "cannot_consent"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


_GIVEN = frozenset({ConsentState.EXPLICIT, ConsentState.IMPLIED_BY_STATUTE})


class ConsentGiver(StrEnum):
    """Is who decided about consent."""

    NOT_SAID = "not_said"
    PERSON = "person"
    PARENT = "parent"
    GUARDIAN = "guardian"
    DEPUTY = "deputy"


class OptOut(StrEnum):
    """Is an objection to more than basic details, by the parents or by a pupil who is old enough."""

    NONE = "none"
    PARENTS = "parents"
    PUPIL = "pupil"


class Shield(StrEnum):
    """Is what the source agency protects: where somebody lives, or that the person is known at all.

    What is shielded absolutely nobody opens through the hub.
    """

    NONE = "none"
    ADDRESS = "address"
    PERSON = "person"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What the source holds of consent; days are YYYY-MM-DD or empty, an empty list of what it covers means all."""

    state: ConsentState = ConsentState.NOT_SAID
    given_by: ConsentGiver = ConsentGiver.NOT_SAID
    decided_on: str = ""
    until: str = ""
    review_due: str = ""
    classes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()

    def holds_on(self, day: str) -> bool:
        """Tell whether it is given, and has not ended before a day that is written YYYY-MM-DD."""
        return self.state in _GIVEN and (not self.until or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a source says about one record; `areas` is empty where it does not say to which the record belongs."""

    consent: Consent = Consent()
    opt_out: OptOut = OptOut.NONE
    shield: Shield = Shield.NONE
    areas: tuple[str, ...] = ()


UNSAID = Terms()
