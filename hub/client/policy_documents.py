"""The JSON documents of the agreed process; their shapes are a promise, described in docs/administering.md."""

from collections.abc import Iterable

from sharing.v1 import policies_pb2

from hub.client.documents import Document
from hub.client.moments import spell_moment


def proposal_document(proposal: policies_pb2.Proposal) -> Document:
    """Spell one proposal."""
    return {
        "id": proposal.id,
        "kind": spell_kind(proposal.kind),
        "state": spell_state(proposal.state),
        "digest": proposal.digest,
        "base": proposal.base,
        "proposer": proposal.proposer,
        "reason": proposal.reason,
        "made_at": spell_moment(proposal.made_at_ms),
        "opens": list(proposal.opens),
        "approvals": [_approval(approval) for approval in proposal.approvals],
        "missing": list(proposal.missing),
        "publish_at": spell_moment(proposal.publish_at_ms),
        "changes": [_change(change) for change in proposal.changes],
    }


def proposals_document(proposals: Iterable[policies_pb2.Proposal]) -> Document:
    """Spell several proposals, newest first."""
    return {"proposals": [proposal_document(proposal) for proposal in proposals]}


def publication_document(publication: policies_pb2.Publication) -> Document:
    """Spell one publication; what nobody says is null."""
    return {
        "number": publication.number,
        "policy_version": publication.policy_version,
        "kind": spell_kind(publication.kind),
        "at": spell_moment(publication.at_ms),
        "publisher": publication.publisher or None,
        "proposal": publication.proposal or None,
        "reason": publication.reason,
        "emergency": publication.emergency or None,
        "review_due": spell_moment(publication.review_due_ms),
        "review": publication.review or None,
        "reviewer": publication.reviewer or None,
    }


def publications_document(publications: Iterable[policies_pb2.Publication]) -> Document:
    """Spell several publications, newest first."""
    return {"publications": [publication_document(publication) for publication in publications]}


def published_document(published: policies_pb2.PublishResponse) -> Document:
    """Spell what became of publishing: `publication` is null while its moment has not come."""
    is_in_force = published.HasField("publication")
    return {
        "publication": publication_document(published.publication) if is_in_force else None,
        "proposal": proposal_document(published.proposal),
        "withdrawn_answers": published.withdrawn_answers,
    }


def spell_kind(kind: policies_pb2.ProposalKind.ValueType) -> str:
    """Spell what something changes: policy, accounts, or unknown."""
    match kind:
        case policies_pb2.PROPOSAL_KIND_POLICY:
            return "policy"
        case policies_pb2.PROPOSAL_KIND_ACCOUNTS:
            return "accounts"
        case _:
            return "unknown"


def spell_state(state: policies_pb2.ProposalState.ValueType) -> str:
    """Spell how far a proposal has come: open, scheduled, published, withdrawn, or unknown."""
    match state:
        case policies_pb2.PROPOSAL_STATE_OPEN:
            return "open"
        case policies_pb2.PROPOSAL_STATE_SCHEDULED:
            return "scheduled"
        case policies_pb2.PROPOSAL_STATE_PUBLISHED:
            return "published"
        case policies_pb2.PROPOSAL_STATE_WITHDRAWN:
            return "withdrawn"
        case _:
            return "unknown"


def _approval(approval: policies_pb2.Approval) -> Document:
    return {"approver": approval.approver, "agency": approval.agency or None, "at": spell_moment(approval.at_ms)}


def _change(change: policies_pb2.AccountChange) -> Document:
    office = {"access_level": change.access_level, "agency": change.agency, "areas": list(change.areas)}
    return {
        "user_name": change.user_name,
        "office": None if change.keep_office else office,
        "enable": change.enable,
        "remove_factors": change.remove_factors,
        "tie": {"issuer": change.issuer, "subject": change.subject} if change.issuer else None,
    }
