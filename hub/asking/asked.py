"""What is asked, as it came from outside, and the one value that is decided upon, recorded and sent."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from hub.access.stating import Stated, informed_by
from hub.errors import InvalidRequest, NotAllowed
from hub.model.catalogue import QuestionKind
from hub.model.criteria import NO_CRITERIA, Criteria, checked
from hub.model.grounds import Informed
from hub.model.person import PersonKeys, person_keys
from hub.model.request import Request, Requester, case_reference
from hub.model.typed_keys import require_no_test_number

REQUEST_ID_BYTES = 9
# What names a person: the keys of a person, as a question has them.
_PERSON = PersonKeys.__slots__


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asked:
    """A question as it came from outside: nothing in it has been checked."""

    question: str
    nhs_number: str
    upn: str
    given_name: str
    family_name: str
    date_of_birth: str
    purpose: str
    lawful_basis: str
    case_reference: str
    special_condition: str = ""
    ground: str = ""
    override_reason: str = ""
    informed: Informed = Informed.NOT_SAID
    informed_by: str = ""
    confirmation: str = ""
    break_glass: str = ""
    needs_more: bool = False
    uln: str = ""
    local_numbers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    postcode: str = ""
    gender: str = ""
    criteria: Criteria = NO_CRITERIA

    @property
    def stated(self) -> Stated:
        """Return what is said of the law."""
        return Stated(
            special_condition=self.special_condition,
            ground=self.ground,
            override_reason=self.override_reason,
            informed=self.informed,
            informed_by=self.informed_by,
            has_confirmation=bool(self.confirmation),
        )


def request_from(
    asked: Asked,
    requester: Requester,
    *,
    at: datetime,
    is_stepped_up: bool,
    kind: QuestionKind = QuestionKind.PERSON,
    takes_test_numbers: bool = True,
) -> Request:
    """Make the request; raise InvalidRequest for what is wrong in it, or does not go with the kind of question.

    What officers have confirmed, and when break-glass access ends, is for others to add.
    """
    if kind is QuestionKind.REGISTER:
        require_nobody_named(asked)
        require_no_emergency(asked)
        person, criteria = PersonKeys(), checked(asked.criteria, at.date())
    else:
        person, criteria = _person(asked, at), NO_CRITERIA
        if not takes_test_numbers:
            require_no_test_number(person.nhs_number)
    return Request(
        request_id=secrets.token_hex(REQUEST_ID_BYTES),
        requester=requester,
        question=asked.question,
        person=person,
        criteria=criteria,
        purpose=asked.purpose,
        lawful_basis=asked.lawful_basis,
        case_reference=case_reference(asked.case_reference),
        asked_at_ms=int(at.timestamp() * 1_000),
        is_stepped_up=is_stepped_up,
        special_condition=asked.special_condition,
        ground=asked.ground,
        override_reason=asked.override_reason,
        informed=asked.informed,
        informed_by=informed_by(asked.stated, at.date()),
        confirmation=asked.confirmation,
        break_glass=asked.break_glass,
        needs_more=asked.needs_more,
    )


def _person(asked: Asked, at: datetime) -> PersonKeys:
    if asked.criteria != NO_CRITERIA:
        raise InvalidRequest(
            "CRITERIA_NOT_ASKED",
            "This question is about one person, and takes no criteria.",
            mend="Ask the register, or name the person.",
            field="criteria",
        )
    return person_keys(
        nhs_number=asked.nhs_number,
        upn=asked.upn,
        uln=asked.uln,
        local_numbers=asked.local_numbers,
        given_name=asked.given_name,
        family_name=asked.family_name,
        date_of_birth=asked.date_of_birth,
        address=asked.address,
        postcode=asked.postcode,
        gender=asked.gender,
        today=at.date(),
    )


def require_nobody_named(asked: Asked) -> None:
    """Raise InvalidRequest where a search of the register names somebody: there are questions for that."""
    if any(getattr(asked, key) for key in _PERSON):
        raise InvalidRequest(
            "PERSON_NOT_ASKED",
            "A search of the register is by criteria, and names nobody.",
            mend="Give criteria, or ask a question about the person.",
            field="person",
        )


def require_no_emergency(asked: Asked) -> None:
    """Raise NotAllowed where a search of the register is under break-glass access, which is for one person only."""
    if asked.break_glass:
        raise NotAllowed(
            "BREAK_GLASS_FOR_ONE_PERSON",
            "Break-glass access is for one person, and a search is for whoever fits.",
            mend="Search without it, then ask about the person.",
            field="break_glass",
        )
