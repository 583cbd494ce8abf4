"""Looking into a real record: who may, what is recorded of it first, and what can be proved elsewhere."""

from dataclasses import replace
from typing import Any

import pytest

from hub.agreeing.actor import Actor
from hub.audit import leaves
from hub.audit.pseudonyms import Pseudonyms
from hub.audit.tree import is_included, leaf_hash
from hub.audit.verifying import NotGenuine, verify_export
from hub.auditing.criteria import Criteria
from hub.auditing.proving import MOST_PROVED
from hub.auditing.reconciling import Span
from hub.auditing.searching import MOST_FOUND, page
from hub.errors import InvalidRequest, NotAllowed, NotHeld, NotReady
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind
from tests.lib.ledgers import SIGNER, entry
from tests.unit.hub.auditing.office import PERSON, Office, whom
from tests.unit.hub.auditing.scene import AUDITOR, GUARDIAN

WAYS = ("search", "checkpoint", "proof", "export", "reconcile", "subject", "breadth")
FRESH = {"export", "subject"}


async def look(office: Office, way: str, actor: Actor) -> Any:  # noqa: PLR0911  (one for each way)
    """Look in one way."""
    rooms = office.rooms
    match way:
        case "search":
            return await rooms.searching.search(actor, Criteria)
        case "checkpoint":
            return await rooms.proving.checkpoint(actor)
        case "proof":
            return await rooms.proving.proof(actor, 0)
        case "export":
            return [piece async for piece in rooms.proving.export(actor, 0, 0)]
        case "reconcile":
            return [one async for one in rooms.reconciling.reconcile(actor, "", Span())]
        case "subject":
            looked = rooms.subjects.looked_at(actor, whom, agencies=(), filed_as="SAR/7")
            return [part async for part in looked]
        case _:
            return await rooms.breadth.look(actor, 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", LevelKind)
async def test_only_auditors_look_and_guardians_search_and_whoever_is_refused_is_recorded(
    office: Office, way: str, kind: LevelKind
) -> None:
    actor = replace(AUDITOR, kind=kind)
    if kind is LevelKind.AUDITOR or (kind, way) == (LevelKind.GUARDIAN, "search"):
        await look(office, way, actor)
        assert office.noted()[0]["kind"] in {"audit_looked", "journal_asked"}
        return
    with pytest.raises(NotAllowed) as refused:
        await look(office, way, actor)
    await office.audit.record(entry("end"))
    noted, _ = office.noted()
    assert (noted["kind"], noted["what"], noted["auditor"]) == ("audit_refused", way, AUDITOR.user_name)
    assert noted["reason"] == refused.value.reason == "NOT_YOUR_OFFICE"


@pytest.mark.parametrize("way", WAYS)
async def test_what_leaves_the_hub_takes_a_fresh_second_factor(office: Office, way: str) -> None:
    actor = replace(AUDITOR, is_stepped_up=False)
    if way not in FRESH:
        await look(office, way, actor)
        return
    with pytest.raises(NotAllowed) as refused:
        await look(office, way, actor)
    assert refused.value.reason == "STEP_UP_NEEDED"
    assert not office.journals.asked


@pytest.mark.parametrize("way", WAYS)
async def test_what_cannot_be_recorded_is_not_shown(office: Office, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.audit.record(entry("one"))

    def full(_entries: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(office.ledger, "append", full)
    with pytest.raises(NotReady):
        await look(office, way, AUDITOR)
    assert not office.journals.asked


async def test_a_person_is_found_under_every_epoch_that_has_its_key_and_by_each_way_of_naming(office: Office) -> None:
    before, now = office.pseudonyms.under_every_epoch(PERSON)
    other = office.pseudonyms.of(PersonKeys(upn="A350290114091"))
    for epoch, ways in ((1, before.ways), (2, now.ways[:1]), (2, now.ways[1:]), (2, other.ways)):
        await office.audit.record(entry("intent", epoch=epoch, person=ways))
    found = await office.rooms.searching.search(AUDITOR, lambda: Criteria(kind="intent"), person=whom)
    assert [one.position for one in found.found] == [2, 1, 0]
    by_number = PersonKeys(nhs_number=PERSON.nhs_number)
    found = await office.rooms.searching.search(AUDITOR, lambda: Criteria(kind="intent"), person=lambda: by_number)
    assert [one.position for one in found.found] == [1, 0]


async def test_a_person_is_not_found_under_an_epoch_whose_key_is_gone(office: Office) -> None:
    before, now = office.pseudonyms.under_every_epoch(PERSON)
    await office.audit.record(entry("intent", epoch=1, person=before.ways), entry("intent", epoch=2, person=now.ways))
    left = Pseudonyms({2: b"2" * 32}).under_every_epoch(PERSON)
    ways = frozenset(way for named in left for way in named.ways)
    found = page(office.record, Criteria(), pseudonyms=ways, guards="", before=2, most=5)
    assert [one.position for one in found.found] == [1]


async def test_a_search_records_its_words_and_the_person_as_a_pseudonym_before_it_is_answered(office: Office) -> None:
    await office.rooms.searching.search(AUDITOR, lambda: Criteria(requester="n.okafor"), person=whom)
    (noted,) = office.noted()
    assert noted == {
        "v": 1,
        "kind": "audit_looked",
        "at_ms": noted["at_ms"],
        "auditor": "an.auditor",
        "requester_agency": "connexions",
        "what": "search",
        "particulars": {"criteria": {"requester": "n.okafor"}},
        "epoch": 2,
        "person": list(office.pseudonyms.of(PERSON).ways),
    }


async def test_a_search_finds_itself(office: Office) -> None:
    found = await office.rooms.searching.search(AUDITOR, lambda: Criteria(requester="an.auditor"))
    assert [one.position for one in found.found] == [0]


async def test_a_guardian_finds_what_concerns_the_own_agency_and_nothing_else(office: Office) -> None:
    await office.audit.record(
        leaves.entry("disclosure", 1, "health", agency="health", requester_agency="schools"),
        leaves.entry("disclosure", 1, "schools", agency="schools", requester_agency="social_care"),
        entry("intent", requester_agency="health", asked={"schools": ["service"]}),
        entry("intent", requester_agency="schools", asked={"health": ["service"], "social_care": ["service"]}),
        entry("outcomes", agencies=[{"agency": "health", "outcome": "nothing_held"}]),
    )
    found = await office.rooms.searching.search(GUARDIAN, Criteria)
    assert [one.position for one in found.found] == [5, 2, 0]
    found = await office.rooms.searching.search(GUARDIAN, lambda: Criteria(agency="social_care"))
    assert not found.found


async def test_a_page_is_no_longer_than_it_may_be(office: Office) -> None:
    with pytest.raises(InvalidRequest) as refused:
        await office.rooms.searching.search(AUDITOR, Criteria, most=MOST_FOUND + 1)
    assert refused.value.reason == "PAGE_TOO_LONG"


async def test_a_checkpoint_has_the_look_at_it_in_it(office: Office) -> None:
    signed = await office.rooms.proving.checkpoint(AUDITOR)
    assert signed.checkpoint.split("\n")[:2] == [SIGNER.origin, "1"]
    assert office.noted()[0]["what"] == "checkpoint"


@pytest.mark.parametrize("before", [1, 2, 255, 256, 300])
async def test_an_entry_s_proof_leads_to_the_checkpoint(office: Office, before: int) -> None:
    await office.audit.record(*(entry("one", number=number) for number in range(before)))
    proven = await office.rooms.proving.proof(AUDITOR, before - 1)
    size = int(proven.note.split("\n")[1])
    root = office.ledger.root_at(size)
    assert size == before + 1
    assert is_included(leaf_hash(proven.found.leaf), before - 1, size, proven.proof, root)


async def test_a_position_that_is_not_there_is_said_to_be_none(office: Office) -> None:
    with pytest.raises(NotHeld) as refused:
        await office.rooms.proving.proof(AUDITOR, 1)
    assert refused.value.mend == "The last is at position 0."


async def test_an_export_verifies_whole_and_ends_with_the_look_that_made_it(office: Office) -> None:
    await office.audit.record(*(entry("one", number=number) for number in range(2_500)))
    file = await look(office, "export", AUDITOR)
    lines = b"".join(file).splitlines(keepends=True)
    assert len(file) == 4
    assert verify_export(lines).size == len(lines) - 1 == 2_501
    assert b'"what":"export"' in lines[-1]
    with pytest.raises(NotGenuine):
        verify_export([*lines[:-1], lines[-1].replace(b"export", b"exporT")])


async def test_a_part_of_the_log_verifies_by_its_proofs(office: Office) -> None:
    await office.audit.record(*(entry("one", number=number) for number in range(1_200)))
    file = [piece async for piece in office.rooms.proving.export(AUDITOR, 90, 1_050)]
    lines = b"".join(file).splitlines(keepends=True)
    assert len(lines) == 1_051
    assert verify_export(lines).size == 1_201
    assert office.noted()[-1]["particulars"] == {"first": 90, "count": 1_050}


@pytest.mark.parametrize(("first", "count"), [(1, 0), (0, MOST_PROVED + 1)])
async def test_a_part_of_the_log_has_bounds(office: Office, first: int, count: int) -> None:
    with pytest.raises(InvalidRequest):
        [piece async for piece in office.rooms.proving.export(AUDITOR, first, count)]
    assert not office.noted()


async def test_breadth_counts_what_was_asked_in_its_days(office: Office) -> None:
    now_ms = office.rooms.breadth._noting.now_ms()
    day_ms = 24 * 60 * 60 * 1_000
    asking = {"requester": "x", "requester_agency": "health", "access_level": "health_visitor"}
    old = [entry("intent", at_ms=now_ms - 30 * day_ms, person=[f"o{number}"], **asking) for number in range(50)]
    new = [entry("intent", at_ms=now_ms - 5 * day_ms, person=[f"n{number}"], **asking) for number in range(21)]
    await office.audit.record(*old, *new, entry("refusal", at_ms=now_ms))
    (broad,) = (await office.rooms.breadth.look(AUDITOR, 0)).broad
    assert (broad.people, broad.requests) == (21, 21)
    assert (await office.rooms.breadth.look(AUDITOR, 40)).broad[0].people == 71
    with pytest.raises(InvalidRequest):
        await office.rooms.breadth.look(AUDITOR, 93)
