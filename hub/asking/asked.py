"""What is asked, as it came from outside, and the one value that is decided upon, recorded and sent."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from hub.access.stating import Stated, informed_by
from hub.model.grounds import Informed
from hub.model.person import person_keys
from hub.model.request import Request, Requester, case_reference
from hub.model.typed_keys import require_no_test_number

REQUEST_ID_BYTES = 9


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
    asked: Asked, requester: Requester, *, at: datetime, is_stepped_up: bool, takes_test_numbers: bool = True
) -> Request:
    """Make the request; raise InvalidRequest for what is wrong in it.

    What officers have confirmed, and when break-glass access ends, is for others to add.
    """
    person = person_keys(
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
    if not takes_test_numbers:
        require_no_test_number(person.nhs_number)
    return Request(
        request_id=secrets.token_hex(REQUEST_ID_BYTES),
        requester=requester,
        question=asked.question,
        person=person,
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
