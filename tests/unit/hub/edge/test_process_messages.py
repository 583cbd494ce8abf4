"""The agreed process in the contract's words: nothing is lost, and nothing that does not count is shown."""

from dataclasses import replace

import pytest
from sharing.v1 import policies_pb2

from hub.edge.process_messages import change_from, finding_from, number_in, proposal_message, publication_message
from hub.errors import InvalidRequest
from hub.model.proposal import (
    AccountChange,
    Approval,
    Finding,
    Proposal,
    ProposalKind,
    ProposalState,
    Publication,
)

DIGEST = "d" * 64
PROPOSAL = Proposal(
    id="p1",
    kind=ProposalKind.POLICY,
    state=ProposalState.OPEN,
    digest=DIGEST,
    base=3,
    proposer="ada",
    proposer_agency="social_care",
    proposer_guards="",
    reason="A reason that says something.",
    made_at_ms=17,
    opens=("health",),
    approvals=(
        Approval(approver="ben", approver_agency="schools", digest="e" * 64, guards="", at_ms=18),
        Approval(approver="hana", approver_agency="health", digest=DIGEST, guards="health", at_ms=19),
    ),
)
CHANGES = (
    AccountChange(user_name="n.okafor", access_level="health_visitor", agency="health", areas=("bolton",)),
    AccountChange(user_name="n.okafor", access_level=""),
    AccountChange(user_name="n.okafor", enable=True),
    AccountChange(user_name="n.okafor", remove_factors=True),
    AccountChange(user_name="n.okafor", issuer="https://issuer.example", subject="1"),
)


def test_a_proposal_shows_the_approvals_that_count_and_what_is_missing() -> None:
    said = proposal_message(PROPOSAL)
    assert (said.id, said.digest, said.base, said.proposer, said.made_at_ms) == ("p1", DIGEST, 3, "ada", 17)
    assert [(one.approver, one.agency, one.at_ms) for one in said.approvals] == [("hana", "health", 19)]
    assert (list(said.opens), list(said.missing), said.publish_at_ms) == (["health"], [], 0)
    unapproved = proposal_message(replace(PROPOSAL, approvals=()))
    assert len(unapproved.missing) == 2


@pytest.mark.parametrize("state", list(ProposalState))
def test_each_state_has_its_word_and_what_has_ended_lacks_nothing(state: ProposalState) -> None:
    said = proposal_message(replace(PROPOSAL, state=state, approvals=()))
    assert policies_pb2.ProposalState.Name(said.state) == f"PROPOSAL_STATE_{state.name}"
    assert bool(said.missing) == (state in {ProposalState.OPEN, ProposalState.SCHEDULED})


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_is_shown_is_read_as_what_it_was(change: AccountChange) -> None:
    shown = proposal_message(replace(PROPOSAL, kind=ProposalKind.ACCOUNTS, changes=(change,)))
    assert [change_from(one) for one in shown.changes] == [change]


def test_a_publication_is_shown_without_its_texts() -> None:
    publication = Publication(
        number=7,
        version="v",
        kind=ProposalKind.POLICY,
        at_ms=5,
        publisher="ada",
        emergency="It could not wait.",
        review_due_ms=9,
        review=Finding.TRAINING,
        reviewer="ben",
        texts={"levels/x.yaml": "a text that is long"},
    )
    said = publication_message(publication)
    assert (said.number, said.review, said.reviewer, said.review_due_ms) == (7, "training", "ben", 9)
    assert b"a text that is long" not in said.SerializeToString()
    assert "a text that is long" not in repr(publication)


def test_findings_are_words_of_three_and_numbers_what_a_store_can_count_to() -> None:
    assert [finding_from(finding.value) for finding in Finding] == list(Finding)
    for odd in ("", "JUSTIFIED", "splendid"):
        with pytest.raises(InvalidRequest):
            finding_from(odd)
    assert [number_in(number) for number in (0, 1, 2**31 - 1, 2**31, 2**64 - 1)] == [0, 1, 2**31 - 1, 0, 0]
