"""Contact over the wire: into the journal of the agency, and the same bytes back for everybody."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sharing.v1 import grounds_pb2

from tests.integration.grounds.seats import CHILD, OTHER, WORKER, child, receipts
from tests.lib.administration import Administration, refusal_of
from tests.lib.contacted_adapter import ContactedAdapter
from tests.lib.going_without import CASE
from tests.lib.good_adapter import connected


def asking(**changed: Any) -> grounds_pb2.RequestContactRequest:
    request: dict[str, Any] = {"agency": "health", "person": child(), "purpose": "safeguarding", "case_reference": CASE}
    return grounds_pb2.RequestContactRequest(**request | changed)


@pytest.fixture
async def health(administration: Administration) -> AsyncIterator[ContactedAdapter]:
    adapter = ContactedAdapter("health")
    async with connected(administration.deployment, administration.hub.links_port, adapter):
        yield adapter


async def test_a_contact_reaches_the_agency_with_who_asks_and_the_response_says_nothing(
    administration: Administration, health: ContactedAdapter
) -> None:
    worker = await administration.seat(WORKER)
    said = [
        (await worker.call(worker.grounds.RequestContact, asking(person=child(number)))).SerializeToString()
        for number in (CHILD, OTHER)
    ]
    assert said == [b"", b""]
    assert [contact.person.nhs_number for contact in health.contacts] == [CHILD, OTHER]
    (first, _) = health.contacts
    assert (first.requester, first.requester_agency, first.case_reference) == (WORKER, "social_care", CASE)
    kinds = [entry["kind"] for entry in receipts(administration.deployment, "health")]
    assert kinds == ["contact_passed_on", "contact_passed_on"]
    assert CHILD.encode() not in administration.deployment.kept()


async def test_an_agency_that_has_no_link_has_not_been_asked(administration: Administration) -> None:
    worker = await administration.seat(WORKER)
    assert await refusal_of(worker.call(worker.grounds.RequestContact, asking())) == "CONTACT_NOT_PASSED_ON"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"agency": "nobody"}, "AGENCY_UNKNOWN"),
        ({"purpose": "careers_guidance"}, "CONTACT_NOT_ALLOWED"),
        ({"case_reference": "her brother"}, "CASE_INVALID"),
        ({"person": child("12")}, "NHS_NUMBER_INVALID"),
    ],
)
async def test_what_is_wrong_with_it_reaches_nobody(
    administration: Administration, health: ContactedAdapter, changed: dict[str, Any], reason: str
) -> None:
    worker = await administration.seat(WORKER)
    assert await refusal_of(worker.call(worker.grounds.RequestContact, asking(**changed))) == reason
    assert not health.contacts
