"""The agreed process in the contract's words."""

from sharing.v1 import policies_pb2

from hub.agreeing.approvals import missing
from hub.errors import InvalidRequest
from hub.model.proposal import AccountChange, Finding, Proposal, ProposalKind, ProposalState, Publication

LARGEST_NUMBER = 2**31 - 1

_KINDS = {kind: policies_pb2.ProposalKind.Value(f"PROPOSAL_KIND_{kind.name}") for kind in ProposalKind}
_STATES = {state: policies_pb2.ProposalState.Value(f"PROPOSAL_STATE_{state.name}") for state in ProposalState}


def proposal_message(proposal: Proposal) -> policies_pb2.Proposal:
    """Spell a proposal, with the approvals that count and those that it still needs."""
    is_waiting = proposal.state in {ProposalState.OPEN, ProposalState.SCHEDULED}
    return policies_pb2.Proposal(
        id=proposal.id,
        kind=_KINDS[proposal.kind],
        state=_STATES[proposal.state],
        digest=proposal.digest,
        base=proposal.base,
        proposer=proposal.proposer,
        reason=proposal.reason,
        made_at_ms=proposal.made_at_ms,
        opens=proposal.opens,
        approvals=[
            policies_pb2.Approval(approver=approval.approver, agency=approval.guards, at_ms=approval.at_ms)
            for approval in proposal.valid_approvals
        ],
        missing=missing(proposal) if is_waiting else (),
        publish_at_ms=proposal.publish_at_ms or 0,
        changes=[_change_message(change) for change in proposal.changes],
    )


def publication_message(publication: Publication) -> policies_pb2.Publication:
    """Spell a publication without its texts."""
    return policies_pb2.Publication(
        number=publication.number,
        policy_version=publication.version,
        kind=_KINDS[publication.kind],
        at_ms=publication.at_ms,
        publisher=publication.publisher,
        proposal=publication.proposal,
        reason=publication.reason,
        emergency=publication.emergency,
        review_due_ms=publication.review_due_ms or 0,
        review=publication.review or "",
        reviewer=publication.reviewer,
    )


def change_from(message: policies_pb2.AccountChange) -> AccountChange:
    """Read what is to become of an account."""
    return AccountChange(
        user_name=message.user_name,
        access_level=None if message.keep_office else message.access_level,
        agency=message.agency,
        areas=tuple(message.areas),
        enable=message.enable,
        remove_factors=message.remove_factors,
        issuer=message.issuer,
        subject=message.subject,
    )


def finding_from(spelt: str) -> Finding:
    """Read what a review found; raise InvalidRequest for a word that is no finding."""
    try:
        return Finding(spelt)
    except ValueError:
        mend = f"Choose from: {', '.join(Finding)}."
        raise InvalidRequest("NO_FINDING", "That is no finding of a review.", mend=mend, field="finding") from None


def number_in(spelt: int) -> int:
    """Read the number of a publication; one that no store can count to is as good as none that was given: 0."""
    return spelt if spelt <= LARGEST_NUMBER else 0


def _change_message(change: AccountChange) -> policies_pb2.AccountChange:
    return policies_pb2.AccountChange(
        user_name=change.user_name,
        access_level=change.access_level or "",
        agency=change.agency,
        areas=change.areas,
        enable=change.enable,
        remove_factors=change.remove_factors,
        keep_office=change.access_level is None,
        issuer=change.issuer,
        subject=change.subject,
    )
