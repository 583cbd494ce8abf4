"""What is put to designated officers, and the word of each: codes, references and dates, and nobody's name in it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from hub.model.request import Request


class Verdict(StrEnum):
    """Is what an officer decides: that the ground applies, or that it does not."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Because(StrEnum):
    """Is why an officer decides so; the reasons in words stand in the agency's own records."""

    LAW_REQUIRES = "law_requires"
    RISK_OUTWEIGHS = "risk_outweighs"
    CONSENT_UNSAFE = "consent_unsafe"
    CONSENT_IMPRACTICABLE = "consent_impracticable"
    PUBLIC_INTEREST_OUTWEIGHS = "public_interest_outweighs"
    GROUND_NOT_MADE_OUT = "ground_not_made_out"
    ANOTHER_GROUND = "another_ground"
    LESS_WOULD_DO = "less_would_do"
    CONSENT_CAN_BE_SOUGHT = "consent_can_be_sought"
    # Children Act 2004, s.16LA: a body that declines because of it records that it has weighed this.
    MORE_DETRIMENTAL = "more_detrimental"
    NOT_ENOUGH_KNOWN = "not_enough_known"


CONFIRMING = frozenset(
    {
        Because.LAW_REQUIRES,
        Because.RISK_OUTWEIGHS,
        Because.CONSENT_UNSAFE,
        Because.CONSENT_IMPRACTICABLE,
        Because.PUBLIC_INTEREST_OUTWEIGHS,
    }
)


class WordState(StrEnum):
    """Is how one agency's word stands at an instant."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    UNDECIDED = "undecided"
    ENDED = "ended"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerWord:
    """What one source agency's officer has said; without a verdict nobody has said anything yet.

    `own_reference` says where the reasons stand in the agency's own records.
    """

    agency: str
    verdict: Verdict | None = None
    grounds: tuple[str, ...] = ()
    because: tuple[Because, ...] = ()
    own_reference: str = ""
    officer: str = ""
    decided_at_ms: int | None = None
    valid_until_ms: int | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a requester has put to the officers of several agencies.

    `person` are pseudonyms of an epoch, one for each way in which the person was named.
    """

    id: str
    requester: str
    requester_agency: str
    question: str
    purpose: str
    lawful_basis: str
    ground: str
    override_reason: str
    case_reference: str
    epoch: int
    person: tuple[str, ...]
    put_at_ms: int
    decide_by_ms: int
    words: tuple[OfficerWord, ...]

    def word_of(self, agency: str) -> OfficerWord | None:
        """Return what an agency's officer has said; None if it was not put to that agency."""
        return next((word for word in self.words if word.agency == agency), None)

    def state_of(self, word: OfficerWord, now_ms: int) -> WordState:
        """Say how one agency's word stands."""
        if word.verdict is None:
            return WordState.WAITING if now_ms < self.decide_by_ms else WordState.UNDECIDED
        if word.verdict is Verdict.DECLINED:
            return WordState.DECLINED
        if word.revoked_by:
            return WordState.REVOKED
        return WordState.CONFIRMED if now_ms < (word.valid_until_ms or 0) else WordState.ENDED

    def is_for(self, request: Request, person: Collection[str]) -> bool:
        """Tell whether exactly this was put to officers; `person` are pseudonyms, of the same epoch, of who is meant.

        Every way in which the request names the person must have been put: otherwise one that was would carry another
        that belongs to somebody else.
        """
        return (
            bool(person)
            and set(person) <= set(self.person)
            and self.requester == request.requester.user_name
            and self.requester_agency == request.requester.agency
            and self.question == request.question
            and self.purpose == request.purpose
            and self.lawful_basis == request.lawful_basis
            and self.ground == request.ground
            and self.override_reason == request.override_reason
            and self.case_reference == request.case_reference
        )
