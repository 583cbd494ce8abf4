"""Proposing: a change is checked whole, weighed against what is in force, and kept for others to agree to."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from hub.agreeing.actor import Actor
from hub.agreeing.approvals import require_within_office
from hub.agreeing.process import Process
from hub.audit import agreed
from hub.errors import InvalidRequest, NotAllowed
from hub.model.account import Account
from hub.model.policy import LevelKind, Office
from hub.model.proposal import AccountChange, Proposal, ProposalKind, ProposalState, Texts

PROPOSAL_ID_BYTES = 5
MOST_CHANGES = 100
LONGEST_SUBJECT = 255
SHORTEST_REASON, LONGEST_REASON = 10, 600


class Proposing:
    """Takes drafts and keeps those without a fault as proposals."""

    def __init__(self, process: Process) -> None:
        """Take what the whole process works with."""
        self._process = process

    async def policy(self, actor: Actor, texts: Mapping[str, bytes], *, reason: str, instead_of: str = "") -> Proposal:
        """Propose a policy, or replace the texts of an open proposal; raise InvalidRequest with its faults."""
        actor.require_to_change(LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN)
        former = await self._editable(actor, instead_of) if instead_of else None
        said = checked_reason(reason or (former.reason if former else ""))
        base = await self._process.in_force()
        draft = {name: content.decode("utf-8", "surrogateescape") for name, content in texts.items()}
        weighed = await self._process.weigh(base.texts, draft)
        proposal = self._new(actor, ProposalKind.POLICY, said, base.number, content=draft)
        proposal = replace(proposal, opens=weighed.opens, loosens=weighed.loosens)
        if former is None:
            return await self._keep(proposal, draft)
        proposal = replace(proposal, id=former.id)
        await self._process.record(agreed.proposed(proposal, is_edit=True))
        if not await self._process.store(self._process.proposals.edit, proposal, draft, formerly=former.digest):
            raise changed_meanwhile()
        return await self._process.proposal(proposal.id)

    async def rollback(self, actor: Actor, number: int, *, reason: str) -> Proposal:
        """Propose what an earlier publication put in force."""
        actor.require_to_change(LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN)
        found = await self._process.store(self._process.publications.find, number)
        if found is None or found.kind is not ProposalKind.POLICY:
            mend = "See which there have been with: hub policy history"
            raise InvalidRequest("NO_SUCH_PUBLICATION", f"No policy was published as number {number}.", mend=mend)
        texts = {name: text.encode() for name, text in found.texts.items()}
        return await self.policy(actor, texts, reason=reason)

    async def accounts(self, actor: Actor, changes: Sequence[AccountChange], *, reason: str) -> Proposal:
        """Propose changes of accounts; raise InvalidRequest or NotAllowed for the first that cannot be."""
        actor.require_to_change(LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN)
        if not 0 < len(changes) <= MOST_CHANGES:
            mend = f"Give 1 to {MOST_CHANGES}; make several proposals of more."
            raise InvalidRequest(
                "CHANGES_MISSING", "That is no number of changes that one can look through.", mend=mend
            )
        changes = [
            replace(self._with_issuer(change), formerly=(await self._account_of(change)).standing) for change in changes
        ]
        base = await self._process.in_force()
        content = spelt(changes)
        proposal = self._new(actor, ProposalKind.ACCOUNTS, checked_reason(reason), base.number, content=content)
        proposal = replace(proposal, changes=tuple(changes))
        await self.check_changes(proposal)
        return await self._keep(proposal, {})

    async def check_changes(self, proposal: Proposal) -> None:
        """Raise when changes do not fit the accounts and the policy as they are, or go beyond the proposer's office."""
        before = {change.user_name: await self._account_of(change) for change in proposal.changes}
        for change in proposal.changes:
            if sum(other.user_name == change.user_name for other in proposal.changes) > 1:
                raise _unfit(change, "it is changed twice", "Say all of it in one change.")
            self._require_fit(change)
        levels = self._process.policy.levels
        require_within_office(proposal, before, {level.id: level.kind for level in levels.values()})
        for change in proposal.changes:
            if before[change.user_name].standing != change.formerly:
                what = f"Since this was proposed, {change.user_name} has been changed otherwise."
                raise InvalidRequest("OUT_OF_DATE", what, mend="Withdraw it, and propose what is still wanted.")

    async def _account_of(self, change: AccountChange) -> Account:
        account = await self._process.store(self._process.accounts.find, change.user_name)
        if account is None:
            raise _unfit(change, "there is no such account", "Make it first with: hub account create")
        return account

    def _require_fit(self, change: AccountChange) -> None:
        """Raise InvalidRequest when a change says nothing, or nothing that the policy in force knows."""
        if change.says_nothing:
            raise _unfit(change, "nothing is said that is to change", "Say what is to become of it.")
        policy, office = self._process.policy, Office(change.access_level or "", change.agency, change.areas)
        if office.level and not policy.is_held(office):
            what = f"nobody can hold the level “{office.level}” there"
            raise _unfit(change, what, _choices(office, self._process))
        if not office.level and (office.areas or office.agency not in {"", *policy.agencies}):
            raise _unfit(change, "there is no such agency, or areas without a level", "Leave both out.")

    def _with_issuer(self, change: AccountChange) -> AccountChange:
        """Name a provider by its address, as its identities do, instead of by what the settings call it."""
        if not (change.issuer or change.subject):
            return change
        if change.issuer not in self._process.issuers or not 0 < len(change.subject) <= LONGEST_SUBJECT:
            choices = ", ".join(self._process.issuers) or "none"
            raise _unfit(change, "the provider or its user is missing", f"The providers are: {choices}.")
        return replace(change, issuer=self._process.issuers[change.issuer])

    async def _editable(self, actor: Actor, proposal_id: str) -> Proposal:
        former = await self._process.proposal(proposal_id)
        if former.proposer != actor.user_name:
            raise NotAllowed("NOT_YOURS", "Only its proposer edits a proposal.", mend="Make a proposal of your own.")
        if former.state is not ProposalState.OPEN or former.kind is not ProposalKind.POLICY:
            raise InvalidRequest("NOT_OPEN", f"The proposal is {former.state}.", mend="Make a new one.")
        return former

    def _new(self, actor: Actor, kind: ProposalKind, reason: str, base: int, *, content: Texts) -> Proposal:
        return Proposal(
            id=secrets.token_hex(PROPOSAL_ID_BYTES),
            kind=kind,
            state=ProposalState.OPEN,
            digest=digest_of(kind, base, content),
            base=base,
            proposer=actor.user_name,
            proposer_agency=actor.agency,
            proposer_guards=actor.guards,
            reason=reason,
            made_at_ms=self._process.now_ms(),
        )

    async def _keep(self, proposal: Proposal, texts: Texts) -> Proposal:
        await self._process.record(agreed.proposed(proposal, is_edit=False))
        await self._process.store(self._process.proposals.add, proposal, texts)
        return proposal


def spelt(changes: Sequence[AccountChange]) -> Texts:
    """Return changes of accounts as the content that approvals are bound to."""
    return {"changes": json.dumps([asdict(change) for change in changes], sort_keys=True)}


def digest_of(kind: ProposalKind, base: int, content: Texts) -> str:
    """Return SHA-256 over what is proposed and over what it was compared with."""
    spelt = json.dumps([kind, base, dict(content)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelt.encode()).hexdigest()


def changed_meanwhile() -> InvalidRequest:
    """Make the error for a proposal that somebody else has just changed."""
    return InvalidRequest(
        "CHANGED_MEANWHILE", "Somebody has just changed this proposal.", mend="Look at it again: hub policy proposals"
    )


def checked_reason(said: str) -> str:
    """Return a reason that can be kept and read; raise InvalidRequest for one that is none."""
    text = " ".join(said.split())
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON or not text.isprintable():
        mend = f"Say in {SHORTEST_REASON} to {LONGEST_REASON} characters why it is wanted, without anybody's name."
        raise InvalidRequest("REASON_MISSING", "The reason is missing, or is no reason.", mend=mend, field="reason")
    return text


def _unfit(change: AccountChange, what: str, mend: str) -> InvalidRequest:
    return InvalidRequest("CHANGE_UNFIT", f"{change.user_name} cannot be changed so: {what}.", mend=mend)


def _choices(office: Office, process: Process) -> str:
    """Say which levels and areas there are for an agency."""
    agency = process.policy.agencies.get(office.agency)
    if agency is None:
        return f"There are these agencies: {', '.join(process.policy.agencies)}."
    levels = [
        level.id
        for level in process.policy.levels.values()
        if level.kind is not LevelKind.ABSTRACT and level.agency in {None, agency.id}
    ]
    return f"For {agency.id} there are the levels {', '.join(levels)}, in the areas {', '.join(agency.areas)}."
