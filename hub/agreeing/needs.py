"""What the agreed process needs from other rooms: where things are kept, and who weighs policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.access.policy import Policy
from hub.model.account import Account
from hub.model.proposal import Approval, Finding, Proposal, ProposalState, Publication, Texts


class ProposalStore(Protocol):
    """Keeps proposals; calls block for the time of one database access."""

    def add(self, proposal: Proposal, texts: Texts) -> None:
        """Keep a new proposal."""
        ...

    def edit(self, proposal: Proposal, texts: Texts, *, formerly: str) -> bool:
        """Replace an open proposal's content; False if it is no longer what had the former digest."""
        ...

    def find(self, proposal: str) -> Proposal | None:
        """Return one proposal with its approvals."""
        ...

    def texts(self, proposal: str) -> Texts:
        """Return the texts of a proposal's policy."""
        ...

    def newest(self, most: int, *, with_ended: bool) -> tuple[Proposal, ...]:
        """Return the newest proposals first."""
        ...

    def scheduled(self) -> tuple[Proposal, ...]:
        """Return the proposals that wait for their moment, the earliest first."""
        ...

    def approve(self, proposal: str, approval: Approval) -> bool:
        """Keep an approval; False if the proposal is no longer what was approved, or it was approved before."""
        ...

    def move(self, proposal: Proposal, state: ProposalState, **values: object) -> bool:
        """Bring a proposal into another state; False if it has changed since it was read."""
        ...

    def publish(self, proposal: Proposal, publication: Publication) -> Publication | None:
        """Put a proposal in force, all of it or nothing; None if it has changed since it was read."""
        ...


class PublicationStore(Protocol):
    """Keeps publications; calls block for the time of one database access."""

    def in_force(self) -> Publication | None:
        """Return the last publication of a policy, with its texts."""
        ...

    def find(self, number: int) -> Publication | None:
        """Return one publication, with its texts."""
        ...

    def newest(self, most: int) -> tuple[Publication, ...]:
        """Return the newest publications first, without their texts."""
        ...

    def awaiting_review(self) -> tuple[Publication, ...]:
        """Return the emergency publications that nobody has reviewed, oldest first."""
        ...

    def review(self, number: int, finding: Finding, reviewer: str) -> bool:
        """Note what a review found; False when the publication awaits none."""
        ...


class AccountStore(Protocol):
    """Finds accounts; calls block for the time of one database access."""

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a draft would do against what is in force: whose records it opens, and whether it loosens anything else."""

    opens: tuple[str, ...]
    loosens: bool


class Scales(Protocol):
    """Compiles and compares policies in a process of its own; raises PolicyError with every fault of a draft."""

    async def compile(self, texts: Mapping[str, bytes]) -> Policy:
        """Check and compile a policy."""
        ...

    async def weigh(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Weighed:
        """Check a draft and say what it would do against an older policy."""
        ...
