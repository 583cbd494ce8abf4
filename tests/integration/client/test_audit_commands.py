"""`hub audit` as auditors run it: real processes against a real server over TLS, exit codes, and hostile texts."""

import json
from pathlib import Path

import grpc
import pytest
from sharing.v1 import audit_pb2, records_pb2

from hub.audit.exporting import SignedState, exported_entries, exported_log
from hub.store.engine import open_store
from tests.integration.client.desk import Desk
from tests.lib.deployment import hub_in_process, make_deployment
from tests.lib.ledgers import SIGNER, entry, ledger_on
from tests.lib.scripted_hub import Refusal
from tests.unit.hub.client import test_audit_documents as sample

WHOM = ("--nhs-number", "999 476 0009")
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202eevil\nline"
SPELT = "\\x1b]0;owned"


def told(*some: object) -> list[audit_pb2.SubjectResponse]:
    """Say who looked."""
    return sample.parts(sample.OPENING, *some)


async def test_a_search_goes_on_page_by_page_until_enough_is_found(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Search", audit_pb2.SearchResponse(entries=[sample.ENTRY], before=9))
    ran = await desk.run("audit", "search", *WHOM, "--kind", "refusal", "--from", "2026-11-01", "--most", "3", "--json")
    assert ran.code == 0
    assert len(ran.document["entries"]) == 3
    assert ran.document["before"] == 9
    first, second, _ = (call.request for call in desk.hub.script.named("Search"))
    assert isinstance(first, audit_pb2.SearchRequest)
    assert isinstance(second, audit_pb2.SearchRequest)
    assert (first.person.nhs_number, first.kind, first.before, first.most) == ("9994760009", "refusal", 0, 3)
    assert (second.before, second.most) == (9, 2)


async def test_a_search_without_a_person_names_none(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Search", audit_pb2.SearchResponse())
    ran = await desk.run("audit", "search", "--until", "2026-11-01")
    assert (ran.code, ran.out.strip()) == (0, "Nothing is found.")
    (call,) = desk.hub.script.named("Search")
    assert isinstance(call.request, audit_pb2.SearchRequest)
    assert not call.request.HasField("person")
    assert call.request.until_ms == 1793577600000


async def test_what_cannot_be_right_about_a_person_is_said_before_the_hub_is_asked(desk: Desk) -> None:
    desk.be_signed_in()
    ran = await desk.run("audit", "search", "--nhs-number", "123")
    assert ran.code == 2
    assert not desk.hub.script.calls


@pytest.mark.parametrize(
    ("command", "name", "line"),
    [
        (
            ("search",),
            "Search",
            audit_pb2.SearchResponse(
                entries=[audit_pb2.FoundEntry(entry=json.dumps({"kind": HOSTILE, "x": HOSTILE}).encode())]
            ),
        ),
        (
            ("proof", "3"),
            "GetProof",
            audit_pb2.GetProofResponse(entry=audit_pb2.FoundEntry(entry=b'{"kind":"x"}'), note=HOSTILE),
        ),
        (("checkpoint",), "GetCheckpoint", audit_pb2.GetCheckpointResponse(note=HOSTILE)),
        (
            ("breadth",),
            "Breadth",
            audit_pb2.BreadthResponse(broad=[audit_pb2.Broad(requester=HOSTILE, agency=HOSTILE, access_level=HOSTILE)]),
        ),
        (
            ("subject", *WHOM, "--case", "SAR/7"),
            "Subject",
            audit_pb2.Look(agency=HOSTILE, office=HOSTILE, kinds=[HOSTILE], purpose=HOSTILE, sources=[HOSTILE]),
        ),
        (
            ("subject", *WHOM, "--case", "SAR/7", "--letter"),
            "Subject",
            audit_pb2.Look(agency=HOSTILE, office=HOSTILE, kinds=[HOSTILE], purpose=HOSTILE, sources=[HOSTILE]),
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
async def test_nothing_that_a_hub_says_steers_the_terminal(
    desk: Desk, command: tuple[str, ...], name: str, line: object
) -> None:
    desk.be_signed_in()
    lines = told(sample.HELD, sample.DOWN, line) if isinstance(line, audit_pb2.Look) else [line]
    desk.hub.script.say(name, *lines)  # type: ignore[arg-type]  # messages, all of them
    ran = await desk.run("audit", *command, COLUMNS="400")
    assert ran.code == 0
    assert "owned" in ran.out
    assert not [sign for sign in ran.out if sign in "\x1b\x07\u202e"]


SAME = {"agency": sample.SCHOOLS, "first": 1, "last": 4, "same": 3}
LATE = audit_pb2.Discrepancy(kind=audit_pb2.DISCREPANCY_KIND_OUTSTANDING, first=3, last=4, says="Late.", mend="Wait.")
GONE = audit_pb2.Discrepancy(kind=audit_pb2.DISCREPANCY_KIND_MISSING, first=1, last=1, says="Gone.", mend="Ask.")
DOWN = records_pb2.OUTCOME_REASON_DOWN


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (audit_pb2.ReconcileResponse(**SAME), 0, "3 are the same on both sides"),
        (audit_pb2.ReconcileResponse(**SAME, discrepancies=[LATE]), 0, "OUTSTANDING: Late."),
        (audit_pb2.ReconcileResponse(**SAME, discrepancies=[LATE, GONE]), 1, "MISSING: Gone."),
        (audit_pb2.ReconcileResponse(**SAME, reason=DOWN), 1, "NOT compared to the end: there is no connection to it."),
    ],
    ids=["the same", "late", "missing", "not compared"],
)
async def test_reconciling_ends_with_one_when_somebody_must_look_into_it(
    desk: Desk, answer: audit_pb2.ReconcileResponse, code: int, says: str
) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Reconcile", answer)
    ran = await desk.run("audit", "reconcile", "schools")
    assert ran.code == code
    assert says in ran.out
    as_document = await desk.run("audit", "reconcile", "--json")
    assert as_document.code == code
    assert as_document.document["agencies"][0]["same"] == 3


async def test_an_export_that_breaks_off_leaves_no_file(desk: Desk) -> None:
    desk.be_signed_in()
    failing = Refusal(code=grpc.StatusCode.UNAVAILABLE, message="gone")
    desk.hub.script.say("Export", audit_pb2.ExportResponse(piece=b"half"), failing)
    ran = await desk.run("audit", "export", "log.export")
    assert ran.code == 5
    assert not (desk.folder / "log.export").exists()
    desk.hub.script.say("Export", audit_pb2.ExportResponse(piece=b"one"), audit_pb2.ExportResponse(piece=b"two"))
    ran = await desk.run("audit", "export", "log.export", "--json")
    assert ran.document == {"file": "log.export", "bytes": 6}
    assert (desk.folder / "log.export").read_bytes() == b"onetwo"


async def test_who_may_not_look_is_told_so_with_the_code_for_it(desk: Desk) -> None:
    desk.be_signed_in()
    refusal = Refusal(
        code=grpc.StatusCode.PERMISSION_DENIED,
        reason="NOT_YOUR_OFFICE",
        message="It is not.",
        mend="It is for: auditor.",
    )
    for command, name in ((("breadth",), "Breadth"), (("subject", *WHOM, "--case", "SAR/7"), "Subject")):
        desk.hub.script.say(name, refusal)
        ran = await desk.run("audit", *command)
        assert ran.code == 4
        assert "It is for: auditor." in ran.err


async def test_an_answer_about_who_looked_that_is_no_whole_is_not_shown(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Subject", *told(sample.HELD))
    ran = await desk.run("audit", "subject", *WHOM, "--case", "SAR/7", "--letter")
    assert ran.code == 1
    assert not ran.out


async def test_a_letter_says_what_is_not_complete(desk: Desk) -> None:
    desk.be_signed_in()
    desk.hub.script.say("Subject", *told(sample.HELD, sample.DOWN, sample.LOOK))
    letter = await desk.run("audit", "subject", *WHOM, "--case", "SAR/7", "--letter")
    assert letter.code == 0
    assert "Our reference: SAR/7" in letter.out
    assert "We got no answer from: Community" in letter.out
    shown = await desk.run("audit", "subject", *WHOM, "--case", "SAR/7")
    assert "NOT complete" in shown.out
    both = await desk.run("audit", "subject", *WHOM, "--case", "SAR/7", "--letter", "--json")
    assert both.code == 2


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Export a small log, whole and in part, with the checkpoint of before."""
    engine = open_store(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    ledger = ledger_on(engine)
    ledger.append([entry("one", number=number) for number in range(5)])
    (tmp_path / "witness").write_text(ledger.checkpoint, encoding="utf-8")
    ledger.append([entry("one", number=5)])
    state = SignedState(origin=SIGNER.origin, public_key=SIGNER.public_key, checkpoint=ledger.checkpoint)
    (tmp_path / "whole").write_bytes(b"".join(exported_log(state, ledger.leaves(0, 6))))
    part = exported_entries(state, [ledger.proved(position, 6) for position in (2, 4)])
    (tmp_path / "part").write_bytes(b"".join(part))
    engine.dispose()
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("whole",), 0, "verifies: 6 entries."),
        (("whole", "--witness", "witness", "--key", SIGNER.public_key.hex()), 0, "verifies: 6 entries."),
        (("whole", "--entry", "4"), 0, '"number":4'),
        (("whole", "--entry", "6"), 1, "it has no entry at position 6"),
        (("part", "--entry", "4"), 0, '"number":4'),
        (("part", "--entry", "3"), 1, "it has no entry at position 3"),
        (("whole", "--key", "00" * 32), 1, "another key"),
        (("whole", "--key", "nonsense"), 2, "KEY_INVALID"),
        (("nothing",), 2, "FILE_NOT_READABLE"),
        (("whole", "--witness", "nothing"), 2, "FILE_NOT_READABLE"),
    ],
    ids=lambda value: "-".join(value)[:24] if isinstance(value, tuple) else "",
)
async def test_an_export_is_verified_without_any_hub(
    desk: Desk, export: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    placed = [str(export / word) if word in {"whole", "part", "witness", "nothing"} else word for word in words]
    ran = await desk.run("audit", "verify", *placed, *(["--json"] if code == 2 else []), COLUMNS="300")
    assert ran.code == code, ran
    assert says in ran.out + ran.err
    assert not desk.hub.script.calls


async def test_an_export_in_which_a_word_is_changed_does_not_verify(desk: Desk, export: Path) -> None:
    whole = export / "whole"
    whole.write_bytes(whole.read_bytes().replace(b'"number":3', b'"number":7'))
    ran = await desk.run("audit", "verify", str(whole), "--json")
    assert ran.code == 1
    assert ran.document["verifies"] is False
    assert "checkpoint" in ran.document["fault"]


@pytest.mark.slow
async def test_a_deployment_s_store_is_verified_as_it_is_kept(desk: Desk, tmp_path: Path) -> None:
    deployment = make_deployment(tmp_path / "deployment")
    empty = await desk.run("audit", "verify", str(deployment.folder), COLUMNS="300")
    assert empty.code == 1
    assert "does NOT verify: it has no checkpoint." in empty.out
    async with hub_in_process(deployment):
        ran = await desk.run("audit", "verify", str(deployment.folder), "--json")
    assert ran.code == 0
    assert ran.document["entries"] > 0
    nowhere = await desk.run("audit", "verify", str(tmp_path))
    assert nowhere.code == 2


@pytest.mark.slow
async def test_keys_of_pseudonyms_are_destroyed_by_somebody_at_a_terminal_only(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "deployment"
    init = await desk.run("init", str(folder))
    assert init.code == 0, init
    assert (await desk.run("audit", "new-epoch", str(folder))).code == 0
    ran = await desk.run("audit", "epochs", str(folder), "--json")
    assert ran.document == {"epochs": [1, 2], "current": 2}
    ran = await desk.run("audit", "destroy-epoch", str(folder), "1", typed="1\ndestroy\n")
    assert ran.code == 2
    assert "Type it on a terminal" in ran.err
    assert (await desk.run("audit", "destroy-epoch", str(folder), "9")).code == 2
    assert (await desk.run("audit", "epochs", str(folder))).out.split("\n")[:2] == ["1", "2 (current)"]
