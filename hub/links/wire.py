"""What goes out over a link: a request and a disclosure, in the contract's words."""

from collections.abc import Sequence

from sharing.v1 import links_pb2, records_pb2

from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.request import Request


def ask_for(request: Request, *, policy_version: str, seconds: float, with_shielded: bool = False) -> links_pb2.Ask:
    """Return what all agencies' asks of one request share; each link adds its number, nonce and fields."""
    return links_pb2.Ask(
        question=request.question,
        person=_person(request.person),
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
    )


def address(shared: links_pb2.Ask, request: Request, agency: str, agreements: Sequence[str]) -> None:
    """Put into what is shared, in place of the last agency's, what goes to one agency only."""
    if request.confirmed:
        officers = [confirmed.officer for confirmed in request.confirmed if confirmed.agency == agency]
        shared.confirmed_by = officers[0] if officers else ""
    shared.agreements[:] = agreements


def receipt_for(request_id: str, released: Records, *, position: int, disclosed_at_ms: int) -> links_pb2.Receipt:
    """Return the receipt for one agency's released records; the link adds the ask's number."""
    return links_pb2.Receipt(
        request_id=request_id,
        audit_position=position,
        fields=released.columns,
        records=len(released),
        disclosed_at_ms=disclosed_at_ms,
    )


def _person(person: PersonKeys) -> records_pb2.PersonKeys:
    return records_pb2.PersonKeys(
        nhs_number=person.nhs_number,
        upn=person.upn,
        given_name=person.given_name,
        family_name=person.family_name,
        date_of_birth=person.date_of_birth,
    )
