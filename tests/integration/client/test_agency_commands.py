"""`hub agency` as administrators run it: real processes against a real server over TLS."""

import base64

import grpc
import pytest
from google.protobuf.message import Message
from sharing.v1 import agencies_pb2

from adapters.kit.enrolling import Token
from tests.integration.client.desk import Desk
from tests.lib.scripted_hub import Refusal

FINGERPRINT = bytes(range(32))
MADE = agencies_pb2.AddAgencyResponse(
    token="s3cret", expires_at_ms=1_795_000_000_000, authority_fingerprint=FINGERPRINT
)
SCHOOLS = agencies_pb2.AgencyMember(
    agency="schools",
    title="Schools \x1b[31m",
    state=agencies_pb2.AGENCY_STATE_SUSPENDED,
    changed_at_ms=1_795_000_000_000,
    changed_by="ada",
    links=2,
    links_end_at_ms=1_796_000_000_000,
    certificates=3,
    token_until_ms=1_795_000_000_000,
    links_of_old_authority=1,
)


async def test_a_token_is_printed_once_whole_and_leads_back_to_the_hub(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("AddAgency", MADE)
    ran = await desk.run("agency", "add", "schools")
    assert ran.code == 0
    (line,) = (line for line in ran.out.splitlines() if line.startswith("enrol1."))
    expected = Token(agency="schools", fingerprint=FINGERPRINT, secret="s3cret", address=desk.hub.target)
    assert Token.read(line) == expected
    document = (await desk.run("agency", "add", "schools", "--json", "--address", "hub.example.org:7443")).document
    assert document.keys() == {"agency", "token", "expires_at"}
    assert Token.read(document["token"]).address == "hub.example.org:7443"
    assert base64.urlsafe_b64encode(FINGERPRINT).decode().rstrip("=") in document["token"]


@pytest.mark.slow
async def test_an_address_that_is_none_is_refused_before_a_token_is_made(desk: Desk) -> None:
    desk.be_signed_in()
    ran = await desk.run("agency", "add", "schools", "--address", "hub", "--json")
    assert (ran.code, ran.document["error"]["reason"]) == (2, "ADDRESS_UNFIT")
    assert not desk.hub.script.calls


CHANGES: list[tuple[str, Message, str, dict[str, object]]] = [
    (
        "suspend",
        agencies_pb2.SuspendAgencyResponse(ended_links=2),
        "schools is suspended; 2 links ended.",
        {"state": "suspended", "ended_links": 2},
    ),
    (
        "resume",
        agencies_pb2.ResumeAgencyResponse(),
        "schools may connect again.",
        {"state": "admitted", "ended_links": 0},
    ),
    (
        "revoke",
        agencies_pb2.RevokeAgencyResponse(ended_links=1),
        "schools is revoked; 1 link ended",
        {"state": "revoked", "ended_links": 1},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "response", "shown", "document"), CHANGES, ids=lambda value: str(value)[:8])
async def test_what_is_changed_is_shown(
    desk: Desk, command: str, response: Message, shown: str, document: dict[str, object]
) -> None:
    desk.be_signed_in()
    desk.hub.script.say(f"{command.title()}Agency", response)
    ran = await desk.run("agency", command, "schools")
    assert ran.code == 0
    assert shown in " ".join(ran.out.split())
    (call,) = desk.hub.script.named(f"{command.title()}Agency")
    assert call.request.agency == "schools"  # type: ignore[attr-defined]  # each of the three names one
    assert (await desk.run("agency", command, "schools", "--json")).document == {"agency": "schools", **document}


async def test_agencies_are_listed_with_what_an_administrator_has_to_see(desk: Desk) -> None:
    desk.be_signed_in()
    health = agencies_pb2.AgencyMember(agency="health", title="Health", state=agencies_pb2.AGENCY_STATE_ADMITTED)
    desk.hub.script.say("ListAgencies", agencies_pb2.ListAgenciesResponse(agencies=[SCHOOLS, health]))
    ran = await desk.run("agency", "list", COLUMNS="200")
    assert ran.code == 0
    for word in (
        "SUSPENDED",
        "by ada",
        "2 links",
        "1 of an old authority",
        "3 in force",
        "admitted",
        "none by this hub",
    ):
        assert word in ran.out
    assert "\x1b" not in ran.out
    document = (await desk.run("agency", "list", "--json")).document
    assert document["agencies"][1] == {
        "agency": "health",
        "title": "Health",
        "state": "admitted",
        "changed_at": None,
        "changed_by": None,
        "links": 0,
        "links_end_at": None,
        "links_of_old_authority": 0,
        "certificates": 0,
        "token_until": None,
    }
    assert document["agencies"][0]["state"] == "suspended"


@pytest.mark.slow
async def test_a_refusal_says_what_to_do_next(desk: Desk) -> None:
    desk.be_signed_in()
    refusal = Refusal(
        code=grpc.StatusCode.INVALID_ARGUMENT, message="Not so.", reason="NOT_SUSPENDED", mend="See the list."
    )
    desk.hub.script.say("ResumeAgency", refusal)
    ran = await desk.run("agency", "resume", "schools")
    assert ran.code == 2
    assert "See the list." in ran.err
