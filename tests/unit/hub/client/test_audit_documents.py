"""The JSON documents of looking into the record are those that docs/auditing.md shows, key by key."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sharing.v1 import audit_pb2, questions_pb2, records_pb2

from hub.client import audit_documents, told
from hub.client.errors import BadAnswer

NOTE = "hub.example/log\n40212\n…\n\n— hub.example/log …\n"
ENTRY = audit_pb2.FoundEntry(
    position=40211,
    entry=b'{"at_ms":1795000000000,"kind":"refusal","reason":"ACCESS_LEVEL","requester":"n.okafor","v":1}',
)
SCHOOLS = questions_pb2.Choice(id="schools", title="Schools")
HEALTH = questions_pb2.Choice(id="health", title="Community Health")
LOOK = audit_pb2.Look(
    at_ms=1795000000000,
    agency="Community Health",
    office="Health visitor",
    kinds=["Basic details", "Involvement"],
    purpose="Early help",
    lawful_basis="Public task",
    sources=["Schools"],
)
HELD = audit_pb2.SubjectOutcome(agency="schools", outcome=records_pb2.OUTCOME_HELD, looks=1)
DOWN = audit_pb2.SubjectOutcome(
    agency="health", outcome=records_pb2.OUTCOME_NO_ANSWER, reason=records_pb2.OUTCOME_REASON_DOWN
)
OPENING = audit_pb2.SubjectOpening(request_id="6f0c2b7a9d1e4f3a5b", planned=[SCHOOLS, HEALTH])


def parts(*some: object) -> list[audit_pb2.SubjectResponse]:
    """Wrap each part in a response."""
    kinds = {audit_pb2.SubjectOpening: "opening", audit_pb2.SubjectOutcome: "outcome", audit_pb2.Look: "look"}
    return [audit_pb2.SubjectResponse(**{kinds[type(one)]: one}) for one in some]  # type: ignore[index,arg-type]  # messages


DOCUMENTS: dict[str, Callable[[], Mapping[str, object]]] = {
    "found": lambda: audit_documents.found_document(audit_pb2.SearchResponse(entries=[ENTRY])),
    "proof": lambda: audit_documents.proof_document(
        audit_pb2.GetProofResponse(entry=ENTRY, note=NOTE, proof=[b"\x9f\x2c"])
    ),
    "checkpoint": lambda: audit_documents.checkpoint_document(
        audit_pb2.GetCheckpointResponse(note=NOTE, key=b"\x3d\x40")
    ),
    "reconciled": lambda: audit_documents.reconciled_document(
        [
            audit_pb2.ReconcileResponse(
                agency=SCHOOLS,
                first=1,
                last=812,
                same=811,
                discrepancies=[
                    audit_pb2.Discrepancy(
                        kind=audit_pb2.DISCREPANCY_KIND_MISSING,
                        first=17,
                        last=17,
                        says="The journal lacks receipt 17, although it has later ones.",
                        mend="Ask the agency who had access to its journal.",
                    )
                ],
            )
        ]
    ),
    "told": lambda: audit_documents.told_document(told.assemble(parts(OPENING, DOWN, HELD, LOOK))),
    "breadth": lambda: audit_documents.breadth_document(
        audit_pb2.BreadthResponse(
            from_ms=1793059200000,
            requesters=61,
            broad=[
                audit_pb2.Broad(
                    requester="n.okafor",
                    agency="health",
                    access_level="health_visitor",
                    people=93,
                    usual=14,
                    requests=120,
                    searches=4,
                    people_of_one_case=3,
                )
            ],
        )
    ),
}


def promised(repository: Path) -> dict[str, object]:
    page = (repository / "docs" / "auditing.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- document: (\w+) -->\n```json\n(.*?)```", page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_exactly_the_one_that_the_page_promises(repository: Path, name: str) -> None:
    assert json.loads(json.dumps(DOCUMENTS[name]())) == promised(repository)[name]


def test_every_document_of_the_page_is_held_to_it(repository: Path) -> None:
    assert promised(repository).keys() == {*DOCUMENTS, "exported", "verified", "epochs"}


@pytest.mark.parametrize(
    "some",
    [
        [HELD, DOWN],
        [OPENING, OPENING, HELD, DOWN],
        [OPENING, HELD],
        [OPENING, HELD, HELD, DOWN],
        [OPENING, HELD, DOWN, audit_pb2.SubjectOutcome(agency="nobody", outcome=records_pb2.OUTCOME_HELD)],
        [OPENING, HELD, audit_pb2.SubjectOutcome(agency="health", outcome=records_pb2.OUTCOME_WITHHELD)],
        [OPENING, HELD, audit_pb2.SubjectOutcome(agency="health")],
    ],
    ids=["no opening", "two openings", "one missing", "one twice", "one too many", "not an outcome of this", "unsaid"],
)
def test_what_makes_no_whole_is_no_answer(some: list[object]) -> None:
    with pytest.raises(BadAnswer):
        told.assemble(parts(*some))


def test_an_agency_that_does_not_say_why_it_did_not_answer_has_not_answered() -> None:
    silent = audit_pb2.SubjectOutcome(agency="health", outcome=records_pb2.OUTCOME_NO_ANSWER)
    found = told.assemble(parts(OPENING, HELD, silent))
    assert not found.is_complete
    assert [one.words for one in found.agencies] == [
        "answered: it tells of 1 look",
        "did not answer: the hub does not say why",
    ]


@pytest.mark.parametrize("entry", [b"", b"[]", b"{", b"\xff", b"[" * 10_000])
def test_an_entry_that_is_none_is_a_bad_answer(entry: bytes) -> None:
    with pytest.raises(BadAnswer):
        audit_documents.said_in(audit_pb2.FoundEntry(entry=entry))


@pytest.mark.parametrize("kind", audit_pb2.DiscrepancyKind.values())
def test_every_discrepancy_has_a_word(kind: audit_pb2.DiscrepancyKind.ValueType) -> None:
    name = audit_pb2.DiscrepancyKind.Name(kind).removeprefix("DISCREPANCY_KIND_").lower()
    assert audit_documents.spell_discrepancy(kind) == ("unheard_of" if name == "unspecified" else name)


def test_a_discrepancy_of_a_later_contract_is_not_guessed() -> None:
    later = audit_pb2.Discrepancy()
    later.kind = 99  # type: ignore[assignment]  # what a newer hub may send
    assert audit_documents.spell_discrepancy(later.kind) == "unheard_of"
