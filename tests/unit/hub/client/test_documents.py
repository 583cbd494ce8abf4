"""The JSON documents are those that docs/client.md shows, key by key and value by value."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sharing.v1 import sessions_pb2, status_pb2

from hub.client import account_documents, documents
from hub.client.assembling import assemble
from tests.unit.hub.client import agreed_sample, matching_sample, sample


def answer() -> documents.Document:
    return documents.answer_document(assemble([sample.short()]))


DOCUMENTS: dict[str, Callable[[], object]] = {
    "signin": lambda: documents.session_document(sample.session()),
    "signout": lambda: documents.dropped_document(sessions_pb2.SignOutResponse(dropped_answers=2)),
    "menu": lambda: documents.menu_document(sample.menu()),
    "ask": answer,
    "indicator": lambda: documents.answer_document(assemble([matching_sample.indicated()]))["indicator"],
    "view": lambda: documents.held_document(sample.held()),
    "status": lambda: documents.status_document(sample.status()),
    "stepup": lambda: documents.stepped_up_document(900),
    "accept": lambda: account_documents.accepted_document("n.okafor"),
    "password": lambda: account_documents.ended_document(2),
    "factors": lambda: account_documents.factors_document(agreed_sample.factors()),
    "seed": lambda: account_documents.seed_document(agreed_sample.begun()),
    "issuers": lambda: account_documents.issuers_document(agreed_sample.issuers()),
}


def promised(repository: Path, name: str) -> object:
    """Read the document that the page shows under a command's name."""
    page = (repository / "docs" / "client.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- document: {name} -->\n```json\n(.*?)```", page, re.DOTALL)
    assert found, f"docs/client.md shows no document {name}"
    return json.loads(found[1])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_exactly_the_one_that_the_page_promises(repository: Path, name: str) -> None:
    assert json.loads(json.dumps(DOCUMENTS[name]())) == promised(repository, name)


def test_every_document_of_the_page_is_held_to_it(repository: Path) -> None:
    page = (repository / "docs" / "client.md").read_text(encoding="utf-8")
    assert set(re.findall(r"<!-- document: (\w+) -->", page)) == {*DOCUMENTS, "error"}


def test_the_document_of_a_session_never_holds_its_token() -> None:
    assert sample.session().token not in json.dumps(documents.session_document(sample.session()))


def test_cells_that_are_empty_are_left_out_of_the_document() -> None:
    assert '"value": ""' not in json.dumps(answer())


@pytest.mark.parametrize("state", status_pb2.BreakerState.values())
def test_every_state_of_a_breaker_has_a_word(state: status_pb2.BreakerState.ValueType) -> None:
    assert documents.spell_breaker(state) in {"closed", "open", "half_open", "unknown"}
