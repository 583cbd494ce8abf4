"""Looking into the record of a real hub with real adapters: found, proved, compared and told; and nothing of a case."""

import json
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

import pytest
from sharing.v1 import audit_pb2, records_pb2

from adapters.kit import verifying as standalone
from hub.audit.verifying import NotGenuine, verify_export
from tests.integration.auditing.partnership import AGENCIES, AuditSeat, Child, Partnership, partnership_of
from tests.integration.journey.canaries import Canaries
from tests.lib.administration import AUDITOR
from tests.lib.deployment import Deployment
from tests.lib.people import nhs_numbers

HELD, NOTHING, NO_ANSWER = records_pb2.OUTCOME_HELD, records_pb2.OUTCOME_NOTHING_HELD, records_pb2.OUTCOME_NO_ANSWER
MISSING, UNKNOWN = audit_pb2.DISCREPANCY_KIND_MISSING, audit_pb2.DISCREPANCY_KIND_UNKNOWN
DIFFERENT, GAP = audit_pb2.DISCREPANCY_KIND_DIFFERENT, audit_pb2.DISCREPANCY_KIND_GAP


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def children(canaries: Canaries) -> list[Child]:
    """Make three children; nothing about them may be seen in what auditors are told."""
    return [
        Child(
            nhs_number=canaries.note(number, "number"),
            surname=canaries.value("surname"),
            forename=canaries.value("forename"),
            born=canaries.note(f"201{place}-03-09", "born"),
            street=canaries.value("street"),
        )
        for place, number in enumerate(islice(nhs_numbers(999_700_000), 3))
    ]


@pytest.fixture
async def partnership(deployment: Deployment, tmp_path: Path, children: list[Child]) -> AsyncIterator[Partnership]:
    """Run the hub and the adapters, and have two of the children asked about."""
    folder = tmp_path / "agencies"
    folder.mkdir()
    async with partnership_of(deployment, folder, children[:2]) as running:
        visitor, worker = await running.administration.seats("n.okafor", "s.patel")
        for seat, child in (
            (visitor, children[0]),
            (visitor, children[0]),
            (worker, children[0]),
            (worker, children[1]),
        ):
            answer = await seat.ask(child.keys, question="child_basics")
            assert all(answer.of(agency).outcome == HELD for agency in AGENCIES)
        await running.settled()
        yield running


@pytest.fixture
async def auditor(partnership: Partnership) -> AuditSeat:
    return await partnership.auditor()


def looks_in(parts: list[audit_pb2.SubjectResponse]) -> list[audit_pb2.Look]:
    return [part.look for part in parts if part.HasField("look")]


def outcomes_in(parts: list[audit_pb2.SubjectResponse]) -> dict[str, tuple[int, int]]:
    found = [part.outcome for part in parts if part.HasField("outcome")]
    assert len({one.agency for one in found}) == len(found)
    return {one.agency: (one.outcome, one.looks) for one in found}


async def test_a_person_is_told_who_looked_out_of_the_journals_of_real_adapters(
    auditor: AuditSeat, children: list[Child]
) -> None:
    parts = await auditor.subject(children[0].keys)
    assert outcomes_in(parts) == {
        "social_care": (HELD, 3),
        "schools": (HELD, 3),
        "health": (NO_ANSWER, 0),
        "youth_offending": (NO_ANSWER, 0),
        "connexions": (NO_ANSWER, 0),
    }
    told = [(look.agency, look.office, list(look.kinds), look.purpose, list(look.sources)) for look in looks_in(parts)]
    both = ["Children's Social Care", "Schools"]
    assert told == [
        ("Children's Social Care", "Social worker", ["Basic details"], "Safeguarding a child", both),
        ("Community Health", "Health visitor", ["Basic details"], "Safeguarding a child", both),
        ("Community Health", "Health visitor", ["Basic details"], "Safeguarding a child", both),
    ]
    wire = b"".join(part.SerializeToString() for part in parts)
    assert not [name for name in (b"n.okafor", b"s.patel", b"N.OKAFOR") if name in wire]


async def test_a_person_whom_nobody_asked_about_and_one_whom_nobody_knows_are_told_the_same(
    auditor: AuditSeat, children: list[Child]
) -> None:
    for keys in (children[2].keys, records_pb2.PersonKeys(nhs_number=next(nhs_numbers(999_800_000)))):
        parts = await auditor.subject(keys, *AGENCIES)
        assert outcomes_in(parts) == dict.fromkeys(AGENCIES, (NOTHING, 0))
        assert not looks_in(parts)


async def test_the_agencies_whose_journals_were_asked_have_a_receipt_of_it(
    partnership: Partnership, auditor: AuditSeat, children: list[Child]
) -> None:
    parts = await auditor.subject(children[0].keys, "schools")
    await partnership.settled()
    (entry,) = partnership.journal("schools", "SELECT entry FROM receipts WHERE kind = 'journal_asked'")
    said = json.loads(entry[0])
    assert (said["request"], said["auditor"]) == (parts[0].opening.request_id, AUDITOR)
    assert not partnership.journal("social_care", "SELECT entry FROM receipts WHERE kind = 'journal_asked'")


async def test_a_search_by_person_finds_what_was_disclosed_of_that_person_by_any_way_of_naming(
    auditor: AuditSeat, children: list[Child]
) -> None:
    whole, number = children[0].keys, records_pb2.PersonKeys(nhs_number=children[0].nhs_number)
    for keys in (whole, number):
        found = await auditor.search(person=keys, kind="disclosure")
        said = [json.loads(one.entry) for one in found.entries]
        assert sorted((one["agency"], one["requester"]) for one in said) == [
            ("schools", "n.okafor"),
            ("schools", "n.okafor"),
            ("schools", "s.patel"),
            ("social_care", "n.okafor"),
            ("social_care", "n.okafor"),
            ("social_care", "s.patel"),
        ]
        assert found.before == 0
    assert not (await auditor.search(person=children[2].keys, kind="disclosure")).entries


async def test_a_guardian_finds_what_the_own_agency_disclosed_and_what_its_own_staff_asked(
    partnership: Partnership,
) -> None:
    for agency, counts in (("schools", {"disclosure": 4}), ("health", {"intent": 2, "disclosure": 4})):
        seat = await partnership.guardian(agency)
        said = [json.loads(one.entry) for one in (await seat.search(question="child_basics", most=100)).entries]
        assert {kind: sum(one["kind"] == kind for one in said) for kind in ("intent", "disclosure")} == {
            "intent": 0,
            "disclosure": 0,
        } | counts
        assert all(agency in (one.get("agency"), one["requester_agency"]) for one in said)


async def test_an_export_is_verified_by_both_programs_with_an_agency_s_checkpoint_as_witness(
    partnership: Partnership, auditor: AuditSeat, tmp_path: Path
) -> None:
    witness = partnership.journal("schools", "SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1")[0][0]
    export = await auditor.export()
    lines = export.splitlines(keepends=True)
    state = verify_export(lines, witness=witness)
    assert standalone.verify(iter(lines), witness).root == state.root
    altered = [line.replace(b"n.okafor", b"n.okafoR") for line in lines]
    with pytest.raises(NotGenuine):
        verify_export(altered, witness=witness)
    with pytest.raises(standalone.Distrusted):
        standalone.verify(iter(altered), witness)
    file, kept = tmp_path / "log.export", tmp_path / "checkpoint"
    file.write_bytes(export)
    kept.write_text(witness, encoding="utf-8")
    assert standalone.main([str(file), "--witness", str(kept)]) == 0


async def test_both_sides_agree_and_each_planted_discrepancy_is_found(
    partnership: Partnership, auditor: AuditSeat
) -> None:
    clean = await auditor.reconcile()
    assert all(not one.discrepancies for one in clean.values())
    assert [clean[agency].same for agency in AGENCIES] == [4, 4]
    assert all(clean[agency].reason == records_pb2.OUTCOME_REASON_DOWN for agency in clean if agency not in AGENCIES)

    partnership.journal("schools", "DELETE FROM receipts WHERE number = 2")
    partnership.journal("schools", "UPDATE receipts SET leaf_hash = ? WHERE number = 3", bytes(32))
    partnership.administration.write("DELETE FROM receipt WHERE agency = 'social_care' AND number = 1")
    compared = await auditor.reconcile()
    assert [(one.kind, one.first) for one in compared["schools"].discrepancies] == [(MISSING, 2), (DIFFERENT, 3)]
    assert [(one.kind, one.first) for one in compared["social_care"].discrepancies] == [(GAP, 1), (UNKNOWN, 1)]


async def test_an_entry_that_is_altered_in_the_hub_s_store_differs_from_the_journal_s(
    partnership: Partnership, auditor: AuditSeat
) -> None:
    partnership.administration.write(
        "UPDATE audit_entry SET body = replace(body, 'n.okafor', 'a.brown') WHERE kind = 'disclosure'"
    )
    compared = await auditor.reconcile("schools")
    assert [(one.kind, one.first, one.last) for one in compared["schools"].discrepancies] == [(DIFFERENT, 1, 2)]


async def test_nothing_that_an_auditor_is_told_holds_anything_of_a_case(
    partnership: Partnership, auditor: AuditSeat, children: list[Child], canaries: Canaries
) -> None:
    wire = bytearray(await auditor.export())
    for child in children:
        for part in await auditor.subject(child.keys):
            wire += part.SerializeToString()
        wire += (await auditor.search(person=child.keys, most=200)).SerializeToString()
    wire += (await auditor.search(most=200)).SerializeToString()
    for compared in (await auditor.reconcile()).values():
        wire += compared.SerializeToString()
    wire += (await auditor.call(auditor.audit.Breadth, audit_pb2.BreadthRequest())).SerializeToString()
    for position in range(6):
        proven = await auditor.call(auditor.audit.GetProof, audit_pb2.GetProofRequest(position=position))
        wire += proven.SerializeToString()
    assert len(wire) > 20_000
    assert canaries.found_in(bytes(wire)) == []
    # What the search was for is in the record as pseudonyms only, and on disk nowhere else.
    assert canaries.found_in(partnership.administration.deployment.kept()) == []


async def test_every_look_is_an_entry_with_who_looked_before_anything_is_shown(
    partnership: Partnership, auditor: AuditSeat, children: list[Child]
) -> None:
    await auditor.search(person=children[0].keys)
    await auditor.export()
    await auditor.reconcile("schools")
    await auditor.call(auditor.audit.GetCheckpoint, audit_pb2.GetCheckpointRequest())
    await auditor.call(auditor.audit.Breadth, audit_pb2.BreadthRequest())
    looked = [one for one in partnership.administration.audited() if one["kind"] == "audit_looked"]
    assert [one["what"] for one in looked] == ["search", "export", "reconcile", "checkpoint", "breadth"]
    assert {one["auditor"] for one in looked} == {AUDITOR}
