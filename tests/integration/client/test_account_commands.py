"""`hub account` as administrators run it: real processes against a real server over TLS."""

from collections.abc import Sequence
from pathlib import Path

import grpc
import pytest
from sharing.v1 import accounts_pb2, policies_pb2

from hub.access.reading import rulebook_from_texts, texts_in
from tests.integration.client.desk import Desk
from tests.lib.scripted_hub import Refusal
from tests.unit.hub.client import agreed_sample as agreed

BECAUSE = ("--because", "New colleagues begin on Monday.")
CSV = """user_name,display_name,agency,access_level,areas
n.okafor,Nkem Okafor,health,health_visitor,{area}
m.lund,Maja Lund,social_care,social_worker,{area}
q.hart,Quinn Hart,schools,,
"""


def change(**said: object) -> policies_pb2.AccountChange:
    return policies_pb2.AccountChange(**said)  # type: ignore[arg-type]  # whatever a test expects


PROPOSED = [
    (
        ("office", "a", "b", "--level", "health_visitor", "--agency", "health", "--area", "x", "--area", "y"),
        [change(user_name=name, access_level="health_visitor", agency="health", areas=["x", "y"]) for name in "ab"],
    ),
    (("office", "a", "--none"), [change(user_name="a")]),
    (("enable", "a"), [change(user_name="a", keep_office=True, enable=True)]),
    (("lost-factor", "a"), [change(user_name="a", keep_office=True, remove_factors=True)]),
    (("tie", "a", "trust", "4711"), [change(user_name="a", keep_office=True, issuer="trust", subject="4711")]),
]


@pytest.mark.parametrize(("words", "changes"), PROPOSED, ids=lambda value: str(value[0])[:12])
async def test_what_nobody_does_alone_is_proposed(
    desk: Desk, words: Sequence[str], changes: list[policies_pb2.AccountChange]
) -> None:
    desk.be_signed_in()
    ran = await desk.run("account", *words, *BECAUSE)
    assert ran.code == 0
    assert "hub policy approve 77aa0b13c2" in ran.out
    (call,) = desk.hub.script.named("ProposeAccounts")
    assert call.request == policies_pb2.ProposeAccountsRequest(reason=BECAUSE[1], changes=changes)


@pytest.mark.parametrize(
    "words",
    [
        ("office", "a", *BECAUSE),
        ("office", "a", "--level", "health_visitor", *BECAUSE),
        ("office", "a", "--none", "--agency", "health", *BECAUSE),
        ("office", "a", "--none"),
        ("create", "a"),
        ("import", "absent.csv", *BECAUSE),
    ],
    ids=" ".join,
)
async def test_a_command_that_cannot_be_right_sends_nothing(desk: Desk, words: Sequence[str]) -> None:
    desk.be_signed_in()
    assert (await desk.run("account", *words)).code == 2
    assert not desk.hub.script.calls


async def test_accounts_are_listed_with_their_offices_and_never_a_secret(desk: Desk) -> None:
    desk.be_signed_in()
    ran = await desk.run("account", "list")
    assert all(word in ran.out for word in ("n.okafor", "north", "DISABLED", "no password yet", "never"))
    first, second = (await desk.run("account", "list", "--json")).document["accounts"]
    assert (first["access_level"], first["areas"], second["access_level"]) == (
        "health_visitor",
        ["north", "south"],
        None,
    )


async def test_an_invitation_is_shown_once_with_what_to_do_with_it(desk: Desk) -> None:
    desk.be_signed_in()
    create = ("account", "create", "m.lund", "--name", "Maja Lund", "--agency", "social_care")
    for words in (create, ("account", "reset", "m.lund")):
        ran = await desk.run(*words)
        assert ran.code == 0
        assert agreed.invitation().token in ran.out.splitlines()
        assert "hub accept" in ran.out
        assert (await desk.run(*words, "--json")).document["invitation"] == agreed.invitation().token
    request = desk.hub.script.named("CreateAccount")[0].request
    assert request == accounts_pb2.CreateAccountRequest(
        user_name="m.lund", display_name="Maja Lund", agency="social_care"
    )


async def test_disabling_says_how_many_sessions_ended(desk: Desk) -> None:
    desk.be_signed_in()
    assert "1 session ended" in (await desk.run("account", "disable", "m.lund")).out
    assert (await desk.run("account", "disable", "m.lund", "--json")).document == {"ended_sessions": 1}


@pytest.fixture
def area(desk: Desk, repository: Path) -> str:
    """Let the hub tell the shipped policy; return an area of it."""
    texts = texts_in(repository / "policies")
    messages = [
        policies_pb2.GetPolicyResponse(piece=policies_pb2.FilePiece(name=name, content=content))
        for name, content in texts.items()
    ]
    desk.hub.script.say("GetPolicy", *messages)
    desk.be_signed_in()
    return next(iter(rulebook_from_texts(texts).catalogue.areas))


def write(desk: Desk, text: str) -> None:
    (desk.folder / "people.csv").write_text(text, encoding="utf-8")


IMPORT = ("account", "import", "people.csv", *BECAUSE)


async def test_an_import_makes_who_is_missing_and_proposes_the_offices_of_all(desk: Desk, area: str) -> None:
    write(desk, CSV.format(area=area))
    ran = await desk.run(*IMPORT, "--json")
    assert ran.code == 0, ran.err
    assert [one["user_name"] for one in ran.document["invitations"]] == ["m.lund", "q.hart"]
    assert len(ran.document["proposals"]) == 1
    (call,) = desk.hub.script.named("ProposeAccounts")
    assert isinstance(call.request, policies_pb2.ProposeAccountsRequest)
    assert [one.user_name for one in call.request.changes] == ["n.okafor", "m.lund"]


async def test_a_larger_import_makes_several_proposals(desk: Desk, area: str) -> None:
    lines = [f"u{number:03},U. {number},health,health_visitor,{area}" for number in range(101)]
    write(desk, CSV.splitlines()[0] + "\n" + "\n".join(lines))
    ran = await desk.run(*IMPORT)
    assert ran.code == 0, ran.err
    calls = [call.request for call in desk.hub.script.named("ProposeAccounts")]
    assert [len(request.changes) for request in calls if isinstance(request, policies_pb2.ProposeAccountsRequest)] == [
        100,
        1,
    ]
    assert ran.out.count(agreed.invitation().token) == 101


async def test_an_import_with_faults_changes_nothing_and_tells_all_of_them(desk: Desk, area: str) -> None:
    write(desk, CSV.format(area=area).replace("health_visitor", "healthvisitor").replace("Maja Lund", ""))
    ran = await desk.run(*IMPORT)
    assert ran.code == 2
    *faults, count = ran.err.splitlines()
    assert [line.split(" ")[0] for line in faults] == ["people.csv:2:", "people.csv:3:"]
    assert count == "2 to mend."
    assert not desk.hub.script.named("CreateAccount")


async def test_invitations_of_an_import_that_is_cut_short_are_not_lost(desk: Desk, area: str) -> None:
    write(desk, CSV.format(area=area))
    refusal = Refusal(code=grpc.StatusCode.UNAVAILABLE, message="Busy.", reason="BUSY")
    desk.hub.script.say("ProposeAccounts", refusal)
    ran = await desk.run(*IMPORT)
    assert ran.code == 5
    assert ran.out.count(agreed.invitation().token) == 2
    assert "2 accounts and 0 proposals are made" in ran.err
    done = (await desk.run(*IMPORT, "--json")).document["error"]["done"]
    assert [one["invitation"] for one in done["invitations"]] == [agreed.invitation().token] * 2


async def test_the_account_command_that_needs_the_folder_says_so(desk: Desk) -> None:
    shown = (await desk.run("account", "--help")).out
    assert "deployment's folder" in " ".join(shown.split())
    assert all(f" {name} " in shown for name in ("add", "create", "office", "import"))
