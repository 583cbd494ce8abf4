"""What every step of the agreed process works with, and the small things that all of them do."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.agreeing.needs import AccountStore, ProposalStore, PublicationStore, Scales, Weighed
from hub.audit.log import AuditLog
from hub.errors import InvalidRequest, NotHeld, NotReady, PolicyError
from hub.model.entry import Entry
from hub.model.proposal import Proposal, Publication, Texts

P = ParamSpec("P")
T = TypeVar("T")

# The peer reads them in a status message, whose length is bounded; `hub policy check` shows all.
MOST_FAULTS_TOLD = 12
# The headers of an answer are cut off at 8 KiB, and with them the whole answer; the rest of them needs its share.
MOST_HEADER_BYTES = 6_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Everything that the process works with."""

    proposals: ProposalStore
    publications: PublicationStore
    accounts: AccountStore
    scales: Scales
    policies: PolicyInForce
    audit: AuditLog
    issuers: Mapping[str, str]
    now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000

    @property
    def policy(self) -> Policy:
        """Return the policy in force."""
        return self.policies.policy

    async def store(self, call: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Make one call of a store on another thread."""
        return await asyncio.to_thread(call, *arguments, **named)

    async def record(self, entry: Entry) -> None:
        """Record something durably before it takes effect; raise NotReady when it cannot be."""
        await self.audit.record(entry)

    async def in_force(self) -> Publication:
        """Return the publication of the policy in force, with its texts."""
        found = await self.store(self.publications.in_force)
        if found is None:
            raise NotReady("NOTHING_PUBLISHED", "No policy has been published yet.")
        return found

    async def proposal(self, proposal: str) -> Proposal:
        """Return one proposal; raise NotHeld when there is none of that name."""
        found = await self.store(self.proposals.find, proposal)
        if found is None:
            mend = "See which there are with: hub policy proposals"
            raise NotHeld("NO_SUCH_PROPOSAL", "There is no such proposal.", mend=mend, field="proposal")
        return found

    async def weigh(self, old: Texts, new: Texts) -> Weighed:
        """Check a draft and compare it with what is in force; raise InvalidRequest with the faults in it."""
        try:
            return await self.scales.weigh(as_bytes(old), as_bytes(new))
        except PolicyError as error:
            raise faulty(error) from None

    async def compile(self, texts: Texts) -> Policy:
        """Compile a policy; raise InvalidRequest with the faults in it."""
        try:
            return await self.scales.compile(as_bytes(texts))
        except PolicyError as error:
            raise faulty(error) from None


def as_bytes(texts: Texts) -> dict[str, bytes]:
    """Return texts as files hold them; what was no UTF-8 when it came is once more what it was."""
    return {name: text.encode("utf-8", "surrogateescape") for name, text in texts.items()}


def faulty(error: PolicyError) -> InvalidRequest:
    """Make the error for a draft with faults; its words tell the first of them."""
    told: list[str] = []
    room = MOST_HEADER_BYTES
    for fault in map(str, error.faults[:MOST_FAULTS_TOLD]):
        room -= _header_bytes(fault)
        if told and room < 0:
            break
        told.append(fault)
    if len(error.faults) > len(told):
        told.append(f"… and {len(error.faults) - len(told)} more.")
    lines = "\n".join(told)
    mend = "Mend them all, and look with: hub policy check FOLDER"
    return InvalidRequest("POLICY_FAULTS", f"The draft has {len(error.faults)} to mend:\n{lines}", mend=mend)


def _header_bytes(text: str) -> int:
    """Count what a line takes of an answer's headers: once in percent-encoding, once more in base64."""
    plain = sum(" " <= letter <= "~" for letter in text)
    others = len(text.encode("utf-8", "replace")) - plain + 1
    return plain + 3 * others + (plain + others) * 4 // 3
