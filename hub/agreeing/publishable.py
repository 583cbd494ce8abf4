"""Whether a proposal may be put in force now: still wanted, up to date, and agreed to by people who still may."""

from dataclasses import replace

from hub.agreeing.actor import SETTING
from hub.agreeing.approvals import missing, missing_in_an_emergency
from hub.agreeing.process import Process
from hub.errors import InvalidRequest, NotAllowed
from hub.model.policy import LevelKind
from hub.model.proposal import Approval, Proposal, ProposalKind, ProposalState

_APPROVE = "Ask them to look at it and to approve it: hub policy approve"


def require_waiting(proposal: Proposal) -> None:
    """Raise InvalidRequest when a proposal has come to its end."""
    if proposal.state not in {ProposalState.OPEN, ProposalState.SCHEDULED}:
        raise InvalidRequest("NOT_OPEN", f"The proposal is {proposal.state}.", mend="Make a new one.")


async def require_publishable(process: Process, proposal: Proposal, emergency: str) -> tuple[str, ...]:
    """Raise unless a proposal may be published now; return which approvals an emergency leaves out."""
    require_waiting(proposal)
    proposal = await _with_standing_approvals(process, proposal)
    base = (await process.in_force()).number
    if proposal.kind is ProposalKind.POLICY and proposal.base != base:
        raise InvalidRequest(
            "OUT_OF_DATE",
            f"Since this was proposed and approved, publication {base} has changed what is in force.",
            mend="Propose it again, so that it is compared with what is in force now: hub policy propose --edit",
        )
    lacking = missing(proposal)
    wanted = missing_in_an_emergency(proposal) if emergency else lacking
    if wanted:
        raise NotAllowed(
            "APPROVALS_MISSING", f"It still needs the approval of {' and of '.join(wanted)}.", mend=_APPROVE
        )
    return lacking


async def _with_standing_approvals(process: Process, proposal: Proposal) -> Proposal:
    """Leave out the approvals of people who would not be let approve any more."""
    standing = [approval for approval in proposal.valid_approvals if await _still_approves(process, approval)]
    return replace(proposal, approvals=tuple(standing))


async def _still_approves(process: Process, approval: Approval) -> bool:
    kind, agency = await _office_of(process, approval.approver)
    return kind in SETTING and (not approval.guards or (kind is LevelKind.GUARDIAN and agency == approval.guards))


async def require_administrator(process: Process, user_name: str) -> None:
    """Raise NotAllowed when whoever set a moment may not publish any more."""
    kind, _agency = await _office_of(process, user_name)
    if kind is not LevelKind.ADMINISTRATOR:
        raise NotAllowed("PUBLISHER_GONE", f"{user_name} may not publish any more.", mend="Set its moment anew.")


async def _office_of(process: Process, user_name: str) -> tuple[LevelKind | None, str]:
    """Return of what kind somebody's level is now, if they may sign in at all, and their agency."""
    account = await process.store(process.accounts.find, user_name)
    if account is None or account.disabled:
        return None, ""
    level = process.policy.levels.get(account.access_level)
    return (level.kind if level else None), account.agency
