"""`hub policy` as administrators run it: real processes against a real server over TLS."""

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import grpc
import pytest
from sharing.v1 import policies_pb2

from hub.cli.policy.checking import check_folder
from hub.client.pieces import LARGEST_PIECE
from tests.integration.client.desk import Desk
from tests.lib import terminal
from tests.lib.scripted_hub import Refusal
from tests.unit.hub.client import agreed_sample as agreed

WEIGHED = [
    (("matrix", "--level", "health_visitor"), agreed.MATRIX, policies_pb2.WEIGHING_MATRIX, "child_attendance"),
    (
        ("explain", "n.okafor", "child_attendance", "schools", "safeguarding"),
        agreed.EXPLANATION,
        policies_pb2.WEIGHING_EXPLANATION,
        "Nothing denies it.",
    ),
    (("rehearse", "4c1e77aa90"), agreed.REHEARSAL, policies_pb2.WEIGHING_REHEARSAL, "1 would come out otherwise"),
    (("reviews",), agreed.REVIEWS, policies_pb2.WEIGHING_REVIEWS, "youth_crime_and_disorder"),
    (("diff", "3", "5"), agreed.DIFFERENCE, policies_pb2.WEIGHING_DIFFERENCE, "It opens records of: schools."),
]
CHANGES = [
    (("withdraw", "4c1e77aa90"), "Withdraw", "4c1e77aa90 by ada"),
    (("publish", "4c1e77aa90"), "Publish", "Publication 7 is in force"),
    (("rollback", "3", "--because", agreed.REASON), "ProposeRollback", "hub policy approve 4c1e77aa90"),
    (("review", "7", "not_justified"), "Review", "EMERGENCY"),
    (("proposals",), "ListProposals", "77aa0b13c2"),
    (("history",), "ListPublications", "the deployment's folder"),
]


@pytest.fixture
def draft(tmp_path: Path, repository: Path) -> Path:
    return Path(shutil.copytree(repository / "policies", tmp_path / "draft"))


def sent(desk: Desk, name: str) -> policies_pb2.WeighRequest:
    (call,) = desk.hub.script.named(name)
    assert isinstance(call.request, policies_pb2.WeighRequest)
    return call.request


async def weighing(desk: Desk, words: Sequence[str]) -> policies_pb2.WeighRequest:
    desk.be_signed_in()
    assert (await desk.run("policy", *words)).code == 0
    return sent(desk, "Weigh")


@pytest.mark.parametrize(("words", "document", "kind", "says"), WEIGHED, ids=lambda value: str(value)[:12])
async def test_what_is_worked_out_is_painted_for_people_and_whole_for_programs(
    desk: Desk, words: Sequence[str], document: Mapping[str, object], kind: int, says: str
) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Weigh", *agreed.weighed(document))
    ran = await desk.run("policy", *words)
    assert (ran.code, ran.err) == (0, "")
    assert says in " ".join(ran.out.split())
    assert sent(desk, "Weigh").weighing == kind
    assert (await desk.run("policy", *words, "--json")).document == document


@pytest.mark.parametrize(("words", "call", "says"), CHANGES, ids=lambda value: str(value)[:12])
async def test_each_step_calls_the_hub_once_and_says_what_came_of_it(
    desk: Desk, words: Sequence[str], call: str, says: str
) -> None:
    desk.be_signed_in()
    ran = await desk.run("policy", *words)
    assert (ran.code, ran.err) == (0, "")
    assert says in ran.out
    assert len(desk.hub.script.named(call)) == 1
    assert (await desk.run("policy", *words, "--json")).document


async def test_an_office_may_be_named_instead_of_a_user(desk: Desk) -> None:
    words = ("explain", "--as", "health_visitor/health/north,south", "child_health", "health", "health_care")
    request = await weighing(desk, (*words, "--proposal", "4c1e77aa90"))
    assert (request.user_name, request.access_level, request.agency) == ("", "health_visitor", "health")
    assert list(request.areas) == ["north", "south"]
    assert (request.question, request.source, request.purpose) == ("child_health", "health", "health_care")
    assert request.which.proposal == "4c1e77aa90"


async def test_two_publications_are_compared_from_the_first_to_the_second(desk: Desk) -> None:
    request = await weighing(desk, ("diff", "3", "5"))
    assert (request.against.publication, request.which.publication) == (3, 5)


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "child_health", "health", "health_care"),
        ("explain", "--as", "health_visitor", "child_health", "health", "health_care"),
        ("explain", "--as", "health_visitor/health", "ada", "child_health", "health", "health_care"),
        ("diff", "1", "2", "3"),
        ("diff", "p-1", "p-2"),
        ("publish", "4c1e77aa90", "--when", "tomorrow"),
        ("publish", "4c1e77aa90", "--when", "2027-01-01T06:00:00"),
        ("review", "7", "fine"),
        ("show", "--proposal", "p-1", "--number", "3"),
        ("matrix", "--csv", "--json"),
        ("approve", "4c1e77aa90"),
        ("propose", "absent", "--because", agreed.REASON),
    ],
    ids=" ".join,
)
async def test_a_command_that_cannot_be_right_says_how_to_mend_it_and_sends_nothing(
    desk: Desk, words: Sequence[str]
) -> None:
    desk.be_signed_in()
    ran = await desk.run("policy", *words)
    assert ran.code == 2
    assert len(ran.err.splitlines()) > 1
    assert not desk.hub.script.calls


async def test_checking_needs_no_hub_and_tells_how_much_there_is(desk: Desk, draft: Path) -> None:
    ran = await desk.run("policy", "check", str(draft), "--json")
    assert ran.code == 0
    checked = check_folder(draft)
    assert ran.document == {
        "version": checked.version,
        "levels": len(list((draft / "levels").glob("*.yaml"))),
        "questions": len(list((draft / "questions").glob("*.yaml"))),
        "agreements": len(list((draft / "agreements").glob("*.yaml"))),
        "tests": checked.tests,
    }
    assert not desk.hub.script.calls


async def test_a_draft_with_faults_is_never_sent_and_every_fault_is_told_with_its_line(desk: Desk, draft: Path) -> None:
    for name in ("health_visitor", "school_nurse"):
        level = draft / "levels" / f"{name}.yaml"
        level.write_text(level.read_text(encoding="utf-8").replace("[practitioner]", "[practicioner]"), "utf-8")
    desk.be_signed_in()
    for words in (("check", str(draft)), ("propose", str(draft), "--because", agreed.REASON)):
        ran = await desk.run("policy", *words, "--json")
        assert ran.code == 2
        *faults, count = ran.err.splitlines()
        assert len(faults) >= 2
        assert faults[0].startswith(f"{draft / 'levels' / 'health_visitor.yaml'}:")
        assert count == f"{len(faults)} to mend."
        assert len(ran.document["error"]["faults"]) == len(faults)
    assert not desk.hub.script.calls


async def test_a_draft_is_sent_in_small_pieces_that_make_up_exactly_its_files(desk: Desk, draft: Path) -> None:
    vocabulary = draft / "vocabulary.yaml"
    vocabulary.write_bytes(vocabulary.read_bytes() + b"# why this is so\n" * 2_000)
    desk.be_signed_in()
    ran = await desk.run("policy", "propose", str(draft), "--because", agreed.REASON, "--edit", "4c1e77aa90")
    assert ran.code == 0
    assert "Missing: a guardian of schools" in ran.out
    assert agreed.SENTENCE in " ".join(ran.out.split())
    first, *pieces = desk.hub.script.streamed["Propose"]
    assert first == policies_pb2.ProposeRequest(reason=agreed.REASON, proposal="4c1e77aa90")
    whole: dict[str, bytes] = {}
    for message in pieces:
        assert isinstance(message, policies_pb2.ProposeRequest)
        assert message.ByteSize() <= 16 * 1024
        assert len(message.piece.content) <= LARGEST_PIECE
        whole[message.piece.name] = whole.get(message.piece.name, b"") + message.piece.content
    assert whole == check_folder(draft).texts


async def test_a_proposal_that_is_made_is_named_even_if_its_difference_cannot_be_shown(desk: Desk, draft: Path) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Weigh", Refusal(code=grpc.StatusCode.UNAVAILABLE, message="Busy.", reason="BUSY"))
    ran = await desk.run("policy", "propose", str(draft), "--because", agreed.REASON, "--json")
    assert ran.code == 5
    assert "4c1e77aa90 is made" in ran.err
    assert ran.document["error"]["done"]["id"] == "4c1e77aa90"


async def test_an_approval_shows_what_it_is_for_and_bears_the_digest_of_what_was_shown(desk: Desk) -> None:
    desk.be_signed_in()
    seen = await terminal.on_terminal(
        ("policy", "approve", "4c1e77aa90"),
        [("Type yes: ", "yes")],
        environment=desk.environment(),
        folder=desk.folder,
    )
    assert seen.code == 0
    assert "Health visitor (health) may ask" in seen.shown
    assert [call.name for call in desk.hub.script.calls] == ["ListProposals", "Weigh", "Approve"]
    (approved,) = desk.hub.script.named("Approve")
    assert approved.request == policies_pb2.ApproveRequest(proposal="4c1e77aa90", digest=agreed.DIGEST)


async def test_whoever_does_not_say_yes_has_not_approved(desk: Desk) -> None:
    desk.be_signed_in()
    seen = await terminal.on_terminal(
        ("policy", "approve", "4c1e77aa90"), [("Type yes: ", "y")], environment=desk.environment(), folder=desk.folder
    )
    assert seen.code == 2
    assert "Nothing was approved" in seen.shown
    assert not desk.hub.script.named("Approve")


async def test_a_proposal_about_accounts_lists_its_changes_and_is_not_weighed(desk: Desk) -> None:
    desk.be_signed_in()
    ran = await desk.run("policy", "approve", "77aa0b13c2", "--yes")
    assert ran.code == 0
    said = " ".join(ran.out.split())
    assert "n.okafor is given the office health_visitor, health in north" in said
    assert "p.shah may sign in again and loses every second factor" in said
    assert "l.berg is tied to 4711 of trust" in said
    assert not desk.hub.script.named("Weigh")


async def test_a_proposal_that_is_not_there_is_not_held(desk: Desk) -> None:
    desk.be_signed_in()
    assert (await desk.run("policy", "diff", "p-none")).code == 6


async def test_a_moment_and_an_emergency_are_sent_as_they_were_typed(desk: Desk) -> None:
    desk.be_signed_in()
    later = agreed.proposal(state=policies_pb2.PROPOSAL_STATE_SCHEDULED, publish_at_ms=1_798_783_200_000)
    desk.hub.script.say("Publish", policies_pb2.PublishResponse(proposal=later))
    ran = await desk.run(
        "policy", "publish", "4c1e77aa90", "--when", "2027-01-01T06:00:00Z", "--emergency", "A reason."
    )
    assert "will be published at 2027-01-01 06:00:00" in " ".join(ran.out.split())
    (call,) = desk.hub.script.named("Publish")
    asked = policies_pb2.PublishRequest(proposal="4c1e77aa90", at_ms=1_798_783_200_000, emergency="A reason.")
    assert call.request == asked


async def test_a_second_factor_that_is_needed_is_said_so_and_the_session_goes_on(desk: Desk) -> None:
    desk.be_signed_in()
    needed = Refusal(
        code=grpc.StatusCode.PERMISSION_DENIED,
        message="This needs your second factor.",
        reason="STEP_UP_NEEDED",
        mend="Say: hub stepup",
    )
    desk.hub.script.say("Publish", needed)
    ran = await desk.run("policy", "publish", "4c1e77aa90", "--json")
    assert ran.code == 4
    assert ran.document["error"]["reason"] == "STEP_UP_NEEDED"
    assert desk.token.exists()


async def test_the_matrix_as_csv_is_a_line_for_each_span_and_holds_no_formula(desk: Desk) -> None:
    desk.be_signed_in()
    spans = [["2026-11-24T00:00:00Z", "2027-01-01T00:00:00Z"], ["2027-02-01T00:00:00Z", "9999-12-31T23:59:59Z"]]
    rows = [dict(agreed.ROW) | {"spans": spans, "level_title": '=HYPERLINK("x")\x1b[2J'}]
    desk.hub.script.say("Weigh", *agreed.weighed({"rows": rows}))
    ran = await desk.run("policy", "matrix", "--csv")
    lines = list(csv.DictReader(io.StringIO(ran.out)))
    assert [line["from"] for line in lines] == ["2026-11-24T00:00:00Z", "2027-02-01T00:00:00Z"]
    assert lines[0]["areas"] == "north south"
    assert lines[0]["level_title"].startswith("'=")
    assert "\x1b" not in ran.out


def pieces(texts: Mapping[str, bytes]) -> list[policies_pb2.GetPolicyResponse]:
    return [
        policies_pb2.GetPolicyResponse(piece=policies_pb2.FilePiece(name=name, content=part))
        for name, content in texts.items()
        for part in (content[:5], content[5:])
    ]


async def test_the_texts_of_a_policy_are_listed_printed_and_written(desk: Desk) -> None:
    desk.be_signed_in()
    texts = {"vocabulary.yaml": "purposes: “a”\x1b[2J\n".encode(), "levels/a.yaml": b"id: a\n"}
    desk.hub.script.say("GetPolicy", *pieces(texts))
    assert "levels/a.yaml" in (await desk.run("policy", "show")).out
    assert (await desk.run("policy", "show", "vocabulary.yaml")).out == "purposes: “a”\\x1b[2J\n"
    assert (await desk.run("policy", "show", "--json")).document["files"]["levels/a.yaml"] == "id: a\n"
    assert (await desk.run("policy", "show", "absent.yaml")).code == 2
    assert (await desk.run("policy", "show", "--number", "4", "--into", "kept")).code == 0
    assert {name: (desk.folder / "kept" / name).read_bytes() for name in texts} == texts
    asked = [call.request for call in desk.hub.script.named("GetPolicy")]
    assert asked[-1] == policies_pb2.GetPolicyRequest(which=policies_pb2.Which(publication=4))
    assert (await desk.run("policy", "show", "--into", "kept")).code == 2


@pytest.mark.parametrize("name", ["../token", "levels/../../x.yaml", ".ssh/x", "C:\\x", "levels//x.yaml", ""])
async def test_a_hub_cannot_write_outside_the_folder_that_was_named(desk: Desk, name: str) -> None:
    desk.be_signed_in()
    before = sorted(path for path in desk.folder.parent.rglob("*"))
    desk.hub.script.say("GetPolicy", *pieces({"vocabulary.yaml": b"first: file", name: b"second: file"}))
    assert (await desk.run("policy", "show", "--into", "kept")).code == 1
    assert sorted(path for path in desk.folder.parent.rglob("*")) == before


@pytest.mark.parametrize("text", ["", "[1]", '{"rows": [', "\xff", "[" * 20_000])
async def test_a_document_that_is_none_is_not_shown(desk: Desk, text: str) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Weigh", policies_pb2.WeighResponse(json=text.encode("latin-1")))
    ran = await desk.run("policy", "matrix", "--json")
    assert ran.code == 1
    assert ran.document["error"]["reason"] == "BAD_ANSWER"


async def test_documents_of_another_version_are_shown_as_far_as_they_go(desk: Desk) -> None:
    desk.be_signed_in()
    strange = {"rows": [{"level": None, "spans": [7], "purposes": {"a": 1}}, 3], "gains": "none", "classes": []}
    desk.hub.script.say("Weigh", policies_pb2.WeighResponse(json=json.dumps(strange).encode()))
    for words in (("matrix",), ("diff", "1", "2"), ("rehearse", "p-1"), ("reviews",), ("explain", "u", "q", "a", "p")):
        assert (await desk.run("policy", *words)).code == 0


async def test_hostile_text_of_a_proposal_steers_no_terminal(desk: Desk) -> None:
    desk.be_signed_in()
    hostile = "\x1b]0;owned\x07\u202e[red]"
    proposal = agreed.proposal(reason=hostile, missing=[hostile])
    desk.hub.script.say("ListProposals", policies_pb2.ListProposalsResponse(proposals=[proposal]))
    document = {"gains": [{"sentence": hostile}], "others": [{"place": hostile, "old": hostile}], "opens": [hostile]}
    desk.hub.script.say("Weigh", *agreed.weighed(document))
    for words in (("diff", "4c1e77aa90"), ("proposals",), ("diff", "4c1e77aa90", "--json")):
        ran = await desk.run("policy", *words)
        assert ran.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)
