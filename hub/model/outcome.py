"""What became of each planned agency: exactly one outcome, with a reason where it needs one."""

from enum import StrEnum


class Outcome(StrEnum):
    """Is what became of one planned agency."""

    HELD = "held"
    NOTHING_HELD = "nothing_held"
    NOT_PERMITTED = "not_permitted"
    WITHHELD = "withheld"
    NO_ANSWER = "no_answer"
    SUPPRESSED = "suppressed"

    @property
    def answered(self) -> bool:
        """Tell whether the agency looked and said what it found; only then is an answer complete."""
        return self not in (Outcome.NO_ANSWER, Outcome.NOT_PERMITTED)


class Reason(StrEnum):
    """Refines an outcome."""

    DOWN = "down"
    LATE = "late"
    REFUSED = "refused"
    MALFORMED = "malformed"
    UNABLE = "unable"
    SOURCE_DOWN = "source_down"
    ACCESS_LEVEL = "access_level"
    NO_AGREEMENT = "no_agreement"
    NO_CONSENT = "no_consent"
    CONSENT_REFUSED = "consent_refused"
    NOT_CONFIRMED = "not_confirmed"
