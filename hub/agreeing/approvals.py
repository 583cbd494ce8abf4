"""Whose agreement a proposal needs, and whether it has it: pure, so that it can be read and proved by itself."""

from collections.abc import Mapping

from hub.agreeing.actor import Actor
from hub.errors import NotAllowed
from hub.model.account import Account
from hub.model.policy import LevelKind
from hub.model.proposal import Approval, Proposal, ProposalKind

# What the levels of the policy in force are for, by their identifiers.
Kinds = Mapping[str, LevelKind]


def missing(proposal: Proposal) -> tuple[str, ...]:
    """Say in words whose approval is still missing; nothing when the proposal may be published.

    Somebody else than the proposer, from another agency, always; and for a policy a guardian of every agency whose
    records it opens. A guardian who proposes has agreed for the own agency.
    """
    return (*_second_person(proposal), *_guardians(proposal))


def missing_in_an_emergency(proposal: Proposal) -> tuple[str, ...]:
    """Say whose approval is missing even in an emergency.

    One administrator may close anything at once. To open, to take a protection away, or to give an account anything,
    takes a second person; only the agreement of the agencies is left for the review.
    """
    gives = not all(change.only_takes_away for change in proposal.changes)
    return _second_person(proposal) if proposal.opens or proposal.loosens or gives else ()


def require_may_approve(proposal: Proposal, actor: Actor) -> None:
    """Raise NotAllowed when this person's agreement cannot count."""
    actor.require_to_change(LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN)
    concerned = {change.user_name for change in proposal.changes}
    if actor.user_name == proposal.proposer:
        raise _not_yours("OWN_PROPOSAL", "You proposed this, so somebody else has to approve it.")
    if actor.user_name in concerned:
        raise _not_yours("OWN_ACCOUNT", "This changes your own account, so somebody else has to approve it.")
    if any(approval.approver == actor.user_name for approval in proposal.valid_approvals):
        raise _not_yours("APPROVED_ALREADY", "You have approved this already, and one person counts once.")
    if not _counts(proposal, actor.agency, actor.guards):
        raise _not_yours(
            "SAME_AGENCY",
            "You belong to the proposer's agency, so your agreement alone would be no second opinion.",
        )


def require_within_office(proposal: Proposal, before: Mapping[str, Account], kinds: Kinds) -> None:
    """Raise NotAllowed when a proposal for accounts gives or takes more than the proposer's office allows."""
    if not proposal.proposer_guards:
        return
    for change in proposal.changes:
        present = before[change.user_name]
        agencies = {present.agency, change.agency or present.agency}
        levels = {present.access_level, change.access_level or present.access_level} - {""}
        if agencies != {proposal.proposer_guards} or any(
            kinds.get(level) is not LevelKind.PROFESSIONAL for level in levels
        ):
            raise _not_yours(
                "BEYOND_YOUR_OFFICE",
                f"A guardian changes accounts of professionals of the own agency only; {change.user_name} is none.",
            )


def _second_person(proposal: Proposal) -> tuple[str, ...]:
    if any(_is_second_opinion(proposal, approval) for approval in proposal.valid_approvals):
        return ()
    return (f"an administrator or a guardian from another agency than {proposal.proposer_agency}",)


def _is_second_opinion(proposal: Proposal, approval: Approval) -> bool:
    return approval.approver != proposal.proposer and approval.approver_agency != proposal.proposer_agency


def _guardians(proposal: Proposal) -> tuple[str, ...]:
    agreed = {approval.guards for approval in proposal.valid_approvals} | {proposal.proposer_guards}
    return tuple(f"a guardian of {agency}" for agency in proposal.opens if agency not in agreed)


def _counts(proposal: Proposal, agency: str, guards: str) -> bool:
    """Tell whether an agreement would count: as a second opinion, or as that of an agency whose records are opened."""
    if proposal.kind is ProposalKind.POLICY and guards in proposal.opens:
        return True
    return agency != proposal.proposer_agency


def _not_yours(reason: str, message: str) -> NotAllowed:
    return NotAllowed(reason, message, mend="Ask a colleague who may: see hub policy proposals.")
