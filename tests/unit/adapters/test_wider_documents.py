"""Looking wider in documents: what hangs on one person's record keeps back that person, and nobody else."""

from collections.abc import Sequence

import pytest

from adapters.kit.documents import Document, DocumentSet
from adapters.kit.manifest import RestRecords
from adapters.kit.nearness import Near, Width
from adapters.kit.reader import Found, Looking, Match

BORN = "2012-03-07"
RECORDS = RestRecords.model_validate(
    {
        "path": "children",
        "rows": "$[*]",
        "keys": {"family_name": "family", "given_name": "given", "date_of_birth": "born"},
        "record_id": "$.id",
        "related": {"care": {"path": "children/{id}/care", "take": "first", "optional": "true"}},
        "withhold_when": {"$.sealed": ["true"], "$.care.sealed": ["true"]},
        "terms": {"shield": {"path": "$.care.shield", "values": {"Y": "person", "N": "none"}}},
        "fields": {"family_name": "$.family", "given_name": "$.given", "date_of_birth": "$.born"},
    }
)


async def told(*documents: Document, **care: Document) -> Found:
    """Look for Zoe Smith among children, of whom some are in care."""
    near = Near(width=Width.FUZZY, asked=("Smith", "Zoe", BORN, ""))
    match = Match(looking=Looking.ALL, wanted=(("date_of_birth", BORN),), near=near)
    found = DocumentSet(records=RECORDS, related=RECORDS.related)

    async def read_related(_: str, document: Document) -> Sequence[object]:
        return [care[str(document["id"])]] if document["id"] in care else []

    wanted = found.only_wanted(documents, match)
    return await found.found_for(wanted, ("given_name", "family_name"), read_related, match)


def child(number: str, given: str, family: str, **more: str) -> Document:
    return {"id": number, "given": given, "family": family, "born": BORN, **more}


@pytest.mark.parametrize("care", [{"shield": "Y"}, {"shield": "N", "sealed": "true"}])
async def test_what_hangs_on_a_record_keeps_back_that_person_and_nobody_else(care: Document) -> None:
    twin, other = child("t", "Zoran", "Smith"), child("s", "Zoe", "Whitworth")
    unknown = await told(twin)
    kept_back = await told(twin, other, s=care)
    assert list(kept_back.cells) == list(unknown.cells) == ["Zoran", "Smith"]
    assert kept_back.references == unknown.references == ["t"]
    assert kept_back.withheld + len(kept_back.shielded) == 1
    assert not (await told(other, s=care)).cells


async def test_another_record_of_whoever_is_kept_back_is_left_out_with_it() -> None:
    whole, sealed = child("s", "Zoe", "Smyth"), child("u", "Zoe", "Smith")
    assert not (await told(whole, sealed, u={"shield": "Y"})).cells
    assert not (await told(whole, child("v", "Zoe", "Smith", sealed="true"))).cells
