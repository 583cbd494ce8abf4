"""`hub officer`, `hub break-glass`, `hub duty` and `hub contact`: real processes against a real server over TLS."""

from collections.abc import Mapping, Sequence

import pytest
from sharing.v1 import grounds_pb2

from hub.client import ground_documents
from tests.integration.client.desk import Desk
from tests.lib import terminal
from tests.unit.hub.client import ground_sample as sample

NUMBER = "9994760009"
PERSON = ("--nhs-number", "999 476 0009")
PUT = (
    "officer",
    "put",
    "child_health",
    *PERSON,
    *("--purpose", "safeguarding", "--basis", "A6_E", "--case", "SC/2026-114"),
    *("--ground", "G4_DEATH_OR_SERIOUS_HARM", "--reason", "CHILD_RISK"),
)
DECIDE = ("officer", "decide", "4c1e77aa90", "confirmed", "--because", "risk_outweighs", "--reference", "DO/77")
OPEN = ("break-glass", "open", "child_health", *PERSON, "--because", "life_at_risk", "--yes")
CONTACT = ("contact", "health", *PERSON, "--purpose", "safeguarding", "--case", "SC/2026-114")
STEPS: list[tuple[Sequence[str], str, str, Mapping[str, object]]] = [
    (PUT, "PutToOfficers", "officers of: health", ground_documents.confirmation_document(sample.confirmation())),
    (
        ("officer", "queue"),
        "ListConfirmations",
        "health: confirmed by dana",
        ground_documents.confirmations_document([sample.confirmation()]),
    ),
    (DECIDE, "DecideConfirmation", "health: confirmed", ground_documents.confirmation_document(sample.confirmation())),
    (
        ("officer", "revoke", "4c1e77aa90"),
        "RevokeConfirmation",
        "dropped: 2",
        ground_documents.revoked_document(sample.revoked()),
    ),
    (
        ("break-glass", "open", "child_health", "--preview"),
        "PreviewBreakGlass",
        "Told at once",
        ground_documents.preview_document(sample.preview()),
    ),
    (OPEN, "BreakGlass", "BREAK-GLASS IS OPEN", ground_documents.opened_document(sample.opened())),
    (("break-glass", "close"), "CloseBreakGlass", "Closed: 1", ground_documents.closed_document(sample.closed())),
    (("break-glass", "list"), "ListBreakGlass", "because: life at risk", ground_documents.uses_document(sample.uses())),
    (
        ("break-glass", "list", "--by-user"),
        "ListBreakGlass",
        "social_care",
        ground_documents.uses_document(sample.uses()),
    ),
    (
        ("break-glass", "review", "77aa0b13c2", "not_justified"),
        "ReviewBreakGlass",
        "not justified, by gus",
        ground_documents.use_document(sample.reviewed()),
    ),
    (("duty", "list"), "ListDuties", "consent form", ground_documents.duties_document([sample.duty()])),
    (
        ("duty", "done", "0b13c277aa", "--evidence", "SC/2026-114/7"),
        "FulfilDuty",
        "seen at SC/2026-114/7",
        ground_documents.duty_document(sample.done()),
    ),
    (CONTACT, "RequestContact", "it does not say", ground_documents.contact_document("health")),
]


@pytest.mark.parametrize(("words", "call", "says", "document"), STEPS, ids=[" ".join(step[0][:3]) for step in STEPS])
async def test_each_command_calls_the_hub_once_and_says_what_came_of_it(
    desk: Desk, words: Sequence[str], call: str, says: str, document: Mapping[str, object]
) -> None:
    desk.be_signed_in()
    ran = await desk.run(*words)
    assert (ran.code, ran.err) == (0, "")
    assert says in " ".join(ran.out.split())
    assert NUMBER not in ran.out.replace(" ", "")
    assert len(desk.hub.script.named(call)) == 1
    assert (await desk.run(*words, "--json")).document == document


async def test_what_is_put_decided_and_opened_is_what_was_typed(desk: Desk) -> None:
    desk.be_signed_in()
    for words in (PUT, (*DECIDE, "--ground", "G1", "--ground", "G4", "--days", "2"), OPEN):
        assert (await desk.run(*words)).code == 0
    (put,) = (call.request for call in desk.hub.script.named("PutToOfficers"))
    (decided,) = (call.request for call in desk.hub.script.named("DecideConfirmation"))
    (opened,) = (call.request for call in desk.hub.script.named("BreakGlass"))
    assert isinstance(put, grounds_pb2.PutToOfficersRequest)
    assert (put.person.nhs_number, put.override_reason, put.case_reference) == (NUMBER, "CHILD_RISK", "SC/2026-114")
    assert isinstance(decided, grounds_pb2.DecideConfirmationRequest)
    assert (decided.verdict, list(decided.grounds), decided.valid_days) == (
        grounds_pb2.VERDICT_CONFIRMED,
        ["G1", "G4"],
        2,
    )
    assert list(decided.because) == [grounds_pb2.BECAUSE_RISK_OUTWEIGHS]
    assert isinstance(opened, grounds_pb2.BreakGlassRequest)
    assert (opened.person.nhs_number, opened.reason) == (NUMBER, grounds_pb2.BREAK_GLASS_REASON_LIFE_AT_RISK)


@pytest.mark.parametrize(
    "words",
    [
        (*PUT[:3], "--nhs-number", "1", *PUT[5:]),
        (*DECIDE[:3], "perhaps", *DECIDE[4:]),
        (*DECIDE[:5], "because_i_say_so", *DECIDE[6:]),
        (*DECIDE, "--days", "8"),
        OPEN[:-1],
        ("break-glass", "open", "child_health", *PERSON, "--yes"),
        ("break-glass", "review", "77aa0b13c2", "fine"),
        ("duty", "done", "0b13c277aa"),
        (*CONTACT[:2], *CONTACT[4:]),
    ],
)
async def test_what_cannot_be_right_does_not_reach_the_hub(desk: Desk, words: Sequence[str]) -> None:
    desk.be_signed_in()
    ran = await desk.run(*words)
    assert ran.code == 2
    assert ran.err
    assert not desk.hub.script.calls


async def test_on_a_terminal_break_glass_is_opened_once_what_it_does_was_read_and_agreed_to(desk: Desk) -> None:
    desk.be_signed_in()
    for typed, code in (("no", 2), ("yes", 0)):
        seen = await terminal.on_terminal(
            OPEN[:-1], [("Type yes: ", typed)], environment=desk.environment(TERM="dumb"), folder=desk.folder
        )
        assert seen.code == code
        assert "Told at once" in seen.shown
    assert len(desk.hub.script.named("BreakGlass")) == 1
