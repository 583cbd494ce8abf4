"""What is recorded of the agreed process and of accounts: who changed which rule or account, and on whose agreement."""

from collections.abc import Sequence

from hub.audit.leaves import entry
from hub.model.entry import Entry
from hub.model.proposal import Proposal, Publication


def proposed(proposal: Proposal, *, is_edit: bool) -> Entry:
    """Record that a change is wanted; its reason stands in the proposal, which is kept."""
    return entry(
        "proposal_edited" if is_edit else "proposed",
        proposal.made_at_ms,
        proposal=proposal.id,
        about=proposal.kind,
        digest=proposal.digest,
        base=proposal.base,
        proposer=proposal.proposer,
        opens=proposal.opens,
        loosens=proposal.loosens,
        accounts=[change.user_name for change in proposal.changes],
    )


def approved(proposal: Proposal, approver: str, *, guards: str, at_ms: int) -> Entry:
    """Record that somebody agreed to what a proposal was then; `guards` is the agency for which a guardian spoke."""
    return entry("approved", at_ms, proposal=proposal.id, digest=proposal.digest, approver=approver, guards=guards)


def withdrawn(proposal: Proposal, actor: str, at_ms: int) -> Entry:
    """Record that a proposal was given up."""
    return entry("proposal_withdrawn", at_ms, proposal=proposal.id, actor=actor)


def scheduled(proposal: Proposal, actor: str, *, publish_at_ms: int, at_ms: int) -> Entry:
    """Record that a proposal is to come into force at a moment."""
    return entry("scheduled", at_ms, proposal=proposal.id, actor=actor, publish_at_ms=publish_at_ms)


def reopened(proposal: Proposal, *, why: str, at_ms: int) -> Entry:
    """Record that a proposal whose moment came could not be published, and is open once more."""
    return entry("reopened", at_ms, proposal=proposal.id, publisher=proposal.publisher, why=why)


def publishing(
    proposal: Proposal, publication: Publication, *, approvers: Sequence[str], lacking: Sequence[str]
) -> Entry:
    """Record, before it comes into force, what is put in force by whom; `lacking` is what an emergency left out."""
    return entry(
        "publishing",
        publication.at_ms,
        proposal=proposal.id,
        about=proposal.kind,
        digest=proposal.digest,
        policy_version=publication.version,
        publisher=publication.publisher,
        approvers=approvers,
        is_emergency=bool(publication.emergency),
        lacking=lacking,
    )


def reviewed(number: int, reviewer: str, *, finding: str, at_ms: int) -> Entry:
    """Record what the review of an emergency publication found."""
    return entry("reviewed", at_ms, publication=number, reviewer=reviewer, finding=finding)


def account_changed(what: str, user_name: str, at_ms: int, *, actor: str) -> Entry:
    """Record that an account was made, disabled, reset or given a password or a factor; never what it was given."""
    return entry("account_changed", at_ms, what=what, account=user_name, actor=actor)


def account_change_refused(what: str, user_name: str, at_ms: int) -> Entry:
    """Record that somebody within a session could not prove that they may change how its holder signs in."""
    return entry("account_change_refused", at_ms, what=what, account=user_name)


def stepped_up(user_name: str, at_ms: int, *, was_right: bool) -> Entry:
    """Record that a second factor was shown within a session, or that what was shown was none."""
    return entry("stepped_up" if was_right else "step_up_refused", at_ms, requester=user_name)
