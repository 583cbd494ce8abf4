"""One question as it was asked: by whom, about whom, why and on what ground."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from hub.errors import InvalidRequest
from hub.model.criteria import NO_CRITERIA, Criteria
from hub.model.grounds import Confirmed, Informed
from hub.model.person import PersonKeys
from hub.model.policy import Office

_CASE_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/.\-]{2,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks: the account, and the office that is allocated to it."""

    user_name: str
    display_name: str
    access_level: str
    agency: str
    areas: tuple[str, ...] = ()

    @property
    def office(self) -> Office:
        """Return what the requester asks as."""
        return Office(self.access_level, self.agency, self.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question, decided upon as a whole: nothing in it changes after it has been authorised.

    `special_condition` is that of UK GDPR, article 9; `ground` and `override_reason` say on what ground, and why,
    consent is gone without; `informed` whether the person has been told of it, with state later by `informed_by`.
    `confirmation` names what was put to officers, and `confirmed` says whose have confirmed that ground. `break_glass`
    names the break-glass access under which it is asked, which ends at `break_glass_until`. What does not apply is
    empty.
    """

    request_id: str
    requester: Requester
    question: str
    person: PersonKeys
    purpose: str
    lawful_basis: str
    case_reference: str
    asked_at_ms: int
    # Whether a second factor had just been given when it was asked.
    is_stepped_up: bool = False
    special_condition: str = ""
    ground: str = ""
    override_reason: str = ""
    informed: Informed = Informed.NOT_SAID
    informed_by: date | None = None
    confirmation: str = ""
    confirmed: tuple[Confirmed, ...] = ()
    break_glass: str = ""
    break_glass_until: datetime | None = None
    needs_more: bool = False
    # With a search of the register, whom it is for; then no person is named.
    criteria: Criteria = NO_CRITERIA

    @property
    def about(self) -> PersonKeys | Criteria:
        """Return whom it is about: the person, or what whoever is searched for must fit."""
        return self.criteria if self.is_search else self.person

    @property
    def is_search(self) -> bool:
        """Tell whether it is a search of the register."""
        return self.criteria != NO_CRITERIA

    def confirmed_by(self, agency: str, at: datetime) -> Confirmed | None:
        """Return the confirmation by an agency's officer that holds at an instant, if there is one."""
        for found in self.confirmed:
            if found.agency == agency and at < found.until:
                return found
        return None

    def is_break_glass(self, at: datetime) -> bool:
        """Tell whether it is asked under break-glass access that has not ended at an instant."""
        return self.break_glass_until is not None and at < self.break_glass_until


def case_reference(typed: str) -> str:
    """Return a case reference if it has the form of one; raise InvalidRequest otherwise.

    The form has no room for a sentence: what a requester writes about a person must never reach the audit log.
    """
    mend = "Give your own system's reference: 3 to 40 letters, digits, '/', '-' or '.', at least one a digit."
    if not typed:
        raise InvalidRequest("CASE_MISSING", "The case reference is missing.", mend=mend, field="case_reference")
    if not _CASE_REFERENCE.fullmatch(typed) or not any(character.isdigit() for character in typed):
        raise InvalidRequest(
            "CASE_INVALID", "The case reference has not the form of one.", mend=mend, field="case_reference"
        )
    return typed
