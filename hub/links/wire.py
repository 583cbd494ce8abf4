"""What goes out over a link: a request, a receipt, a question to a journal, in the contract's words."""

from collections.abc import Sequence
from typing import assert_never

import orjson
from sharing.v1 import links_pb2, records_pb2

from hub.model.criteria import Criteria
from hub.model.found_people import MOST_PEOPLE
from hub.model.journal import Contact, ReceiptSpan
from hub.model.matching import MOST_CANDIDATES
from hub.model.notice import Difference, Judgement, Notice
from hub.model.person import PersonKeys
from hub.model.receipts import ProvenReceipt
from hub.model.request import Request


def ask_for(request: Request, *, policy_version: str, seconds: float, with_shielded: bool = False) -> links_pb2.Ask:
    """Return what all agencies' asks of one request share; each link adds its number, nonce and fields."""
    return links_pb2.Ask(
        question=request.question,
        person=_person(request.person),
        looking=_looking(request),
        purpose=request.purpose,
        lawful_basis=request.lawful_basis,
        case_reference=request.case_reference,
        requester=request.requester.user_name,
        requester_agency=request.requester.agency,
        access_level=request.requester.access_level,
        requester_areas=request.requester.areas,
        policy_version=policy_version,
        request_id=request.request_id,
        remaining_ms=int(seconds * 1_000),
        special_condition=request.special_condition,
        ground=request.ground,
        override_reason=request.override_reason,
        with_shielded=with_shielded,
        break_glass=bool(request.break_glass),
        criteria=_criteria(request.criteria) if request.is_search else None,
    )


def address(shared: links_pb2.Ask, request: Request, agency: str, agreements: Sequence[str]) -> None:
    """Put into what is shared, in place of the last agency's, what goes to one agency only."""
    if request.confirmed:
        officers = [confirmed.officer for confirmed in request.confirmed if confirmed.agency == agency]
        shared.confirmed_by = officers[0] if officers else ""
    shared.agreements[:] = agreements
    if request.person.local_numbers:
        del shared.person.local_numbers[:]
        shared.person.local_numbers.extend(_own_number(request.person, agency))


def receipt_frame(receipt: ProvenReceipt) -> links_pb2.Receipt:
    """Return the frame of a receipt; what is told beside the entry is taken out of it, for whoever cannot read it."""
    entry = orjson.loads(receipt.leaf)
    return links_pb2.Receipt(
        request_id=entry.get("request", ""),
        audit_position=receipt.position,
        fields=entry.get("fields", ()),
        records=entry.get("records", 0),
        disclosed_at_ms=entry.get("at_ms", 0),
        number=receipt.number,
        entry=receipt.leaf,
        proof=receipt.proof,
    )


def journal_ask_for(about: PersonKeys | ReceiptSpan, request_id: str, agency: str = "") -> links_pb2.JournalAsk:
    """Return a question to an agency's journal; the link adds its number and its time."""
    if isinstance(about, PersonKeys):
        return links_pb2.JournalAsk(request_id=request_id, person=_person(about, agency))
    span = links_pb2.ReceiptSpan(first=about.first, last=about.last)
    return links_pb2.JournalAsk(request_id=request_id, receipts=span)


def contact_for(contact: Contact, agency: str = "") -> links_pb2.Contact:
    """Return a request to an agency to get in touch with a requester; the link adds its number."""
    return links_pb2.Contact(
        request_id=contact.request_id,
        person=_person(contact.person, agency),
        requester=contact.requester.user_name,
        requester_name=contact.requester.display_name,
        requester_agency=contact.requester.agency,
        purpose=contact.purpose,
        case_reference=contact.case_reference,
    )


def notice_for(notice: Notice) -> links_pb2.Notice:
    """Return a notice; the link adds its number."""
    sent = links_pb2.Notice(request_id=notice.request_id, person=_person(notice.person))
    match notice.about:
        case Difference() as found:
            sent.difference.field, sent.difference.agencies, sent.difference.own = (
                found.field,
                found.agencies,
                found.own,
            )
            sent.difference.values.extend(found.values)
        case Judgement() as word:
            sent.judgement.is_same, sent.judgement.case_reference = word.is_same, word.case_reference
            sent.judgement.requester = word.requester.user_name
            sent.judgement.requester_agency = word.requester.agency
        case _:
            assert_never(notice.about)
    return sent


def _looking(request: Request) -> links_pb2.Looking:
    if request.is_search:
        return links_pb2.Looking(most_people=MOST_PEOPLE)
    return looking_for(request.person)


def looking_for(person: PersonKeys) -> links_pb2.Looking:
    """Say how near a record must come: by a number it is the number that decides, and spelling alone is forgiven.

    Without one names must be looked for as people spell them, and the hub judges each record that comes.
    """
    width = links_pb2.LOOKING_WIDTH_NORMALISED if person.has_number else links_pb2.LOOKING_WIDTH_FUZZY
    return links_pb2.Looking(width=width, most_people=MOST_CANDIDATES)


def _criteria(criteria: Criteria) -> records_pb2.Criteria:
    return records_pb2.Criteria(**{name: getattr(criteria, name) for name in criteria.given})


def _person(person: PersonKeys, agency: str = "") -> records_pb2.PersonKeys:
    """Spell the keys of a person; of the numbers that agencies give, only this agency's own."""
    return records_pb2.PersonKeys(
        nhs_number=person.nhs_number,
        upn=person.upn,
        uln=person.uln,
        local_numbers=_own_number(person, agency),
        given_name=person.given_name,
        family_name=person.family_name,
        date_of_birth=person.date_of_birth,
        address=person.address,
        postcode=person.postcode,
        gender=person.gender,
    )


def _own_number(person: PersonKeys, agency: str) -> list[records_pb2.LocalNumber]:
    number = person.local_number(agency)
    return [records_pb2.LocalNumber(agency=agency, number=number)] if number else []
