"""What this room needs of others: where things are kept, who passes a contact on, and what all of it works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonym, Pseudonyms
from hub.model.break_glass import ReviewFinding, Use, UseCount
from hub.model.confirmation import Confirmation, OfficerWord
from hub.model.duty import Duty
from hub.model.journal import Contact
from hub.model.outcome import Reason
from hub.model.person import PersonKeys

ID_BYTES = 5
_START = datetime.fromisoformat("1970-01-01T00:00:00Z")


class ConfirmationStore(Protocol):
    """Keeps confirmations; calls block for the time of one database access."""

    def add(self, confirmation: Confirmation) -> None:
        """Keep what was put, with the words that are waited for."""
        ...

    def find(self, confirmation: str) -> Confirmation | None:
        """Return one of them with all words."""
        ...

    def listed(
        self, most: int, *, live_at_ms: int | None, requester: str | None = None, agency: str | None = None
    ) -> tuple[Confirmation, ...]:
        """Return them oldest first; with `live_at_ms` those that are not over then."""
        ...

    def waiting(self, requester: str, at_ms: int) -> int:
        """Count what one requester has put on which some officer can still decide."""
        ...

    def decide(self, confirmation: str, word: OfficerWord) -> bool:
        """Keep an officer's word; False if the agency has said something already."""
        ...

    def revoke(self, confirmation: str, agency: str, officer: str) -> bool:
        """Note that a confirmation was taken back; False if there is none."""
        ...


class UseStore(Protocol):
    """Keeps uses of break-glass access; calls block for the time of one database access."""

    def add(self, use: Use, review: Duty) -> None:
        """Keep a use and the duty to review it, both or neither."""
        ...

    def find(self, use: str) -> Use | None:
        """Return one use."""
        ...

    def listed(
        self, most: int, *, with_reviewed: bool, requester: str | None = None, agency: str | None = None
    ) -> tuple[Use, ...]:
        """Return uses, oldest first."""
        ...

    def counts(self, *, requester: str | None = None, agency: str | None = None) -> tuple[UseCount, ...]:
        """Count the uses of each user."""
        ...

    def review(self, use: str, *, finding: ReviewFinding, reviewer: str, at_ms: int) -> bool:
        """Note what a review found, which does the duty; False if it was reviewed before."""
        ...


class DutyStore(Protocol):
    """Keeps duties; calls block for the time of one database access."""

    def add(self, made: Sequence[Duty]) -> None:
        """Keep new duties, all or none."""
        ...

    def find(self, duty: str) -> Duty | None:
        """Return one duty."""
        ...

    def listed(self, most: int, *, agency: str | None, with_done: bool) -> tuple[Duty, ...]:
        """Return the duties of one agency, or of all, those that are due first before others."""
        ...

    def overdue(self, at_ms: int, *, agency: str | None = None, requester: str | None = None) -> tuple[Duty, ...]:
        """Return the duties whose time has passed, the longest overdue first."""
        ...

    def is_owed(self, like: Duty) -> bool:
        """Tell whether the same is to be done already, for the same person and case, and no later."""
        ...

    def fulfil(self, duty: str, *, by: str, evidence: str, at_ms: int) -> bool:
        """Note that a duty is done; False if it was before."""
        ...


class ContactRoute(Protocol):
    """Passes contacts on to agencies."""

    async def contact(self, agency: str, contact: Contact, *, seconds: float) -> Reason | None:
        """Return nothing once the agency's journal holds it, or why not; nothing about the person comes back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What everything in this room works with."""

    policies: PolicyInForce
    audit: AuditLog
    pseudonyms: Pseudonyms
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def policy(self) -> Policy:
        """Return the policy in force."""
        return self.policies.policy

    def now_ms(self) -> int:
        """Return the present moment in milliseconds since 1970."""
        return milliseconds(self.now())

    def person(self, keys: PersonKeys) -> Pseudonym:
        """Name a person as what is kept from now on does."""
        return self.pseudonyms.of(keys)

    def ways(self, keys: PersonKeys, epoch: int) -> tuple[str, ...]:
        """Name a person as something of an epoch does; nothing when its key has been destroyed."""
        named = self.pseudonyms.under_every_epoch(keys)
        return next((found.ways for found in named if found.epoch == epoch), ())


def milliseconds(moment: datetime) -> int:
    """Spell a moment in milliseconds since 1970, none of them lost."""
    return (moment - _START) // timedelta(milliseconds=1)


def moment(milliseconds_since_1970: int) -> datetime:
    """Read a moment that is kept in milliseconds since 1970."""
    return _START + timedelta(milliseconds=milliseconds_since_1970)
