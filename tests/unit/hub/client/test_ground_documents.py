"""The JSON documents of going without consent are those that docs/grounds.md shows, key by key."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from sharing.v1 import grounds_pb2

from hub.client import ground_documents
from tests.unit.hub.client import ground_sample as sample

DOCUMENTS: dict[str, Callable[[], Mapping[str, object]]] = {
    "confirmation": lambda: ground_documents.confirmation_document(sample.confirmation()),
    "preview": lambda: ground_documents.preview_document(sample.preview()),
    "opened": lambda: ground_documents.opened_document(sample.opened()),
    "closed": lambda: ground_documents.closed_document(sample.closed()),
    "uses": lambda: ground_documents.uses_document(sample.uses()),
    "duty": lambda: ground_documents.duty_document(sample.duty()),
    "contact": lambda: ground_documents.contact_document("health"),
}
SPELT: list[tuple[Any, Callable[[Any], str | None], str | None]] = [
    (grounds_pb2.ConfirmationState, ground_documents.spell_state, "unknown"),
    (grounds_pb2.Because, ground_documents.spell_because, "unknown"),
    (grounds_pb2.BreakGlassReason, ground_documents.spell_emergency, "unknown"),
    (grounds_pb2.ReviewFinding, ground_documents.spell_finding, None),
    (grounds_pb2.DutyKind, ground_documents.spell_duty, "unknown"),
]


def promised(repository: Path) -> dict[str, object]:
    page = (repository / "docs" / "grounds.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- document: (\w+) -->\n```json\n(.*?)```", page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_exactly_the_one_that_the_page_promises(repository: Path, name: str) -> None:
    assert json.loads(json.dumps(DOCUMENTS[name]())) == promised(repository)[name]


def test_every_document_of_the_page_is_held_to_it(repository: Path) -> None:
    assert promised(repository).keys() == DOCUMENTS.keys()


@pytest.mark.parametrize(("words", "spell", "unsaid"), SPELT, ids=lambda value: getattr(value, "__name__", ""))
def test_every_number_of_the_contract_has_a_word_and_a_newer_one_is_unknown(
    words: Any, spell: Callable[[Any], str | None], unsaid: str | None
) -> None:
    prefix = re.sub(r"(?<!^)(?=[A-Z])", "_", words.DESCRIPTOR.name).upper() + "_"
    for name, number in words.items():
        assert spell(number) == (name.removeprefix(prefix).lower() if number else unsaid)
    assert spell(999) == "unknown"
