"""The JSON documents of the agreed process are those that docs/administering.md shows, key by key."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sharing.v1 import agencies_pb2, policies_pb2

from hub.client import account_documents, agency_documents, policy_documents
from tests.unit.hub.client import agreed_sample as agreed

TOKEN = agency_documents.spell_token("schools", agreed.made(), "localhost:7443")
DOCUMENTS: dict[str, Callable[[], Mapping[str, object]]] = {
    "matrix": lambda: agreed.MATRIX,
    "difference": lambda: agreed.DIFFERENCE,
    "explanation": lambda: agreed.EXPLANATION,
    "rehearsal": lambda: agreed.REHEARSAL,
    "reviews": lambda: agreed.REVIEWS,
    "proposal": lambda: policy_documents.proposal_document(agreed.offices()),
    "publication": lambda: policy_documents.publication_document(agreed.emergency()),
    "accounts": lambda: account_documents.accounts_document(agreed.accounts()),
    "agencies": lambda: agency_documents.agencies_document([agreed.member()]),
    "token": lambda: agency_documents.token_document("schools", TOKEN, agreed.made().expires_at_ms),
    "changed_agency": lambda: agency_documents.changed_document("schools", "revoked", 2),
    "invitation": lambda: account_documents.invitation_document("m.lund", agreed.invitation()),
}


def promised(repository: Path) -> dict[str, object]:
    page = (repository / "docs" / "administering.md").read_text(encoding="utf-8")
    found = re.findall(r"<!-- document: (\w+) -->\n```json\n(.*?)```", page, re.DOTALL)
    return {name: json.loads(text) for name, text in found}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_exactly_the_one_that_the_page_promises(repository: Path, name: str) -> None:
    assert json.loads(json.dumps(DOCUMENTS[name]())) == promised(repository)[name]


def test_every_document_of_the_page_is_held_to_it(repository: Path) -> None:
    assert promised(repository).keys() == {*DOCUMENTS, "check"}


def test_publishing_at_a_later_moment_gives_no_publication_yet() -> None:
    document = policy_documents.published_document(policies_pb2.PublishResponse(proposal=agreed.proposal()))
    assert document["publication"] is None


@pytest.mark.parametrize("state", policies_pb2.ProposalState.values())
def test_every_state_of_a_proposal_has_a_word(state: policies_pb2.ProposalState.ValueType) -> None:
    name = policies_pb2.ProposalState.Name(state).removeprefix("PROPOSAL_STATE_").lower()
    assert policy_documents.spell_state(state) == ("unknown" if name == "unspecified" else name)


@pytest.mark.parametrize("state", agencies_pb2.AgencyState.values())
def test_every_state_of_an_agency_has_a_word(state: agencies_pb2.AgencyState.ValueType) -> None:
    name = agencies_pb2.AgencyState.Name(state).removeprefix("AGENCY_STATE_").lower()
    assert agency_documents.spell_state(state) == ("unknown" if name == "unspecified" else name)
    assert agency_documents.spell_state(99) == "unknown"  # type: ignore[arg-type]  # of a hub that is newer


@pytest.mark.parametrize("kind", policies_pb2.ProposalKind.values())
def test_every_kind_of_a_proposal_has_a_word(kind: policies_pb2.ProposalKind.ValueType) -> None:
    name = policies_pb2.ProposalKind.Name(kind).removeprefix("PROPOSAL_KIND_").lower()
    assert policy_documents.spell_kind(kind) == ("unknown" if name == "unspecified" else name)
