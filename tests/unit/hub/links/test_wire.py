import pytest
from sharing.v1 import links_pb2

from hub.links.wire import address, ask_for, contact_for, journal_ask_for
from hub.model.journal import Contact
from hub.model.person import PersonKeys
from tests.unit.hub.making import REQUESTER, question_about

PERSON = PersonKeys(uln="1000000000", local_numbers=(("health", "H7"), ("schools", "S9")), postcode="BL1 1AA")


@pytest.mark.parametrize(("agency", "numbers"), [("health", ["H7"]), ("schools", ["S9"]), ("social_care", [])])
def test_each_agency_is_told_its_own_number_and_no_others(agency: str, numbers: list[str]) -> None:
    request = question_about(PERSON)
    shared = ask_for(request, policy_version="1", seconds=1)
    assert not shared.person.local_numbers
    for one in ("schools", "health", agency):
        address(shared, request, one, ())
    assert [own.number for own in shared.person.local_numbers] == numbers
    assert shared.person.postcode == "BL1 1AA"
    journal = journal_ask_for(PERSON, "r1", agency)
    assert [own.number for own in journal.person.local_numbers] == numbers
    contact = Contact(request_id="r1", person=PERSON, requester=REQUESTER, purpose="p", case_reference="HV/1")
    assert [own.number for own in contact_for(contact, agency).person.local_numbers] == numbers


def test_somebody_named_by_no_number_is_looked_for_as_people_spell_names() -> None:
    named = PersonKeys(given_name="Ann", family_name="Smith", date_of_birth="2016")
    widths = [ask_for(question_about(one), policy_version="1", seconds=1).looking.width for one in (named, PERSON)]
    assert widths == [links_pb2.LOOKING_WIDTH_FUZZY, links_pb2.LOOKING_WIDTH_NORMALISED]
