"""The agreed process as values: proposals, approvals of them, and what has been put in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Texts = Mapping[str, str]


class ProposalKind(StrEnum):
    """Is what a proposal would change."""

    POLICY = "policy"
    ACCOUNTS = "accounts"


class ProposalState(StrEnum):
    """Is how far a proposal has come."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Finding(StrEnum):
    """Is what a review finds an emergency publication to have been."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What becomes of one account; a level of None leaves the office as it is, a level of "" takes it away.

    `issuer` and `subject` tie the account to a user of an OpenID Connect provider, if they are given. `formerly` says
    what the account was when the change was proposed: of another account than that, nobody has agreed to it.
    """

    user_name: str
    formerly: str = ""
    access_level: str | None = None
    agency: str = ""
    areas: tuple[str, ...] = ()
    enable: bool = False
    remove_factors: bool = False
    issuer: str = ""
    subject: str = ""

    @property
    def says_nothing(self) -> bool:
        """Tell whether nothing would become of the account."""
        return self.access_level is None and not self._gives

    @property
    def only_takes_away(self) -> bool:
        """Tell whether the account loses its office, and gets nothing."""
        return self.access_level == "" and not self._gives

    @property
    def _gives(self) -> bool:
        return self.enable or self.remove_factors or bool(self.issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's agreement to what had this digest; a guardian's is for an agency, an administrator's for none."""

    approver: str
    approver_agency: str
    digest: str
    guards: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that somebody wants, and how far it has come.

    `digest` is over the content and over `base`, the publication that it was compared with; approvals are bound to it.
    `opens` names the agencies whose records it opens; `loosens` says that it takes away a protection of another kind.
    Times are milliseconds since 1970 in UTC. The texts of a policy are kept apart, since they may be large.
    """

    id: str
    kind: ProposalKind
    state: ProposalState
    digest: str
    base: int
    proposer: str
    proposer_agency: str
    proposer_guards: str
    reason: str
    made_at_ms: int
    opens: tuple[str, ...] = ()
    loosens: bool = False
    changes: tuple[AccountChange, ...] = ()
    approvals: tuple[Approval, ...] = ()
    publish_at_ms: int | None = None
    publisher: str = ""

    @property
    def valid_approvals(self) -> tuple[Approval, ...]:
        """Return the approvals of what the proposal is now; those of what it was before an edit count no more."""
        return tuple(approval for approval in self.approvals if approval.digest == self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One thing that has been put in force; numbers count up by one, and the highest of a policy is in force."""

    number: int
    version: str
    kind: ProposalKind
    at_ms: int
    publisher: str = ""
    proposal: str = ""
    reason: str = ""
    emergency: str = ""
    review_due_ms: int | None = None
    review: Finding | None = None
    reviewer: str = ""
    texts: Texts = field(default_factory=dict, repr=False)

    @property
    def awaits_review(self) -> bool:
        """Tell whether it was an emergency that nobody has reviewed yet."""
        return self.review_due_ms is not None and self.review is None
