"""What the commands of `hub duty` and `hub contact` do once their words are understood."""

from datetime import UTC, datetime

from sharing.v1 import grounds_pb2

from hub.cli.calling import with_hub
from hub.cli.grounds import screens
from hub.cli.person import Whom, Why, make_request
from hub.cli.place import Place
from hub.client import ground_documents


def list_duties(place: Place, *, everything: bool) -> None:
    """List what an agency has to do."""
    found = with_hub(place, lambda hub: hub.grounds.duties(everything=everything))
    place.show(ground_documents.duties_document(found), lambda console: screens.show_duties(console, found))


def done(place: Place, duty_id: str, evidence: str) -> None:
    """Say that something is done."""
    duty = with_hub(place, lambda hub: hub.grounds.fulfil(duty_id, evidence))
    place.show(ground_documents.duty_document(duty), lambda console: screens.show_done(console, duty))


def contact(place: Place, agency: str, whom: Whom, why: Why) -> None:
    """Have a request for contact passed on."""
    asked = make_request("", whom, why, datetime.now(UTC).date())
    request = grounds_pb2.RequestContactRequest(
        agency=agency, person=asked.person, purpose=asked.purpose, case_reference=asked.case_reference
    )
    with_hub(place, lambda hub: hub.grounds.contact(request))
    place.show(ground_documents.contact_document(agency), lambda console: screens.show_contact(console, agency))
