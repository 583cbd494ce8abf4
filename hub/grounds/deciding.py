"""What an officer says, checked: pure, so that each rule of it can be read and proved by itself."""

from dataclasses import dataclass

from hub.agreeing.actor import Actor
from hub.errors import InvalidRequest, NotAllowed
from hub.grounds.acting import decided_already, not_known, reference
from hub.model.catalogue import Catalogue
from hub.model.confirmation import CONFIRMING, Because, Confirmation, OfficerWord, Verdict, WordState

DAY_MS = 24 * 60 * 60 * 1_000
# A decision is about the case as it is now: after a week it has changed, and is looked at again.
LONGEST_VALID_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an officer decides, as it was given: nothing in it has been checked."""

    verdict: Verdict
    grounds: tuple[str, ...]
    because: tuple[Because, ...]
    own_reference: str
    valid_days: int = 0


def word_for(confirmation: Confirmation, actor: Actor) -> OfficerWord:
    """Return the word of the officer's own agency; raise NotHeld when nothing was put to it."""
    word = confirmation.word_of(actor.agency)
    if word is None:
        raise not_known("confirmation", "hub officer queue", "confirmation")
    return word


def require_may_decide(confirmation: Confirmation, actor: Actor, now_ms: int) -> None:
    """Raise unless this officer may decide now: not on what the officer has put, in time, and once."""
    word = word_for(confirmation, actor)
    if actor.user_name == confirmation.requester:
        mend = "Ask another officer of your agency."
        raise NotAllowed("OWN_CONFIRMATION", "You have put this yourself, so somebody else decides.", mend=mend)
    match confirmation.state_of(word, now_ms):
        case WordState.WAITING:
            return
        case WordState.UNDECIDED:
            mend = "If it is still needed, the requester puts it anew."
            raise InvalidRequest("TOO_LATE", "The time in which this could be decided is over.", mend=mend)
        case _:
            raise decided_already()


def checked_word(
    confirmation: Confirmation, actor: Actor, decision: Decision, catalogue: Catalogue, at_ms: int
) -> OfficerWord:
    """Make the word that is kept; raise InvalidRequest for the first thing that is missing or does not go together."""
    is_confirmed = decision.verdict is Verdict.CONFIRMED
    _require_grounds(confirmation.ground, decision, catalogue)
    _require_because(decision)
    return OfficerWord(
        agency=actor.agency,
        verdict=decision.verdict,
        grounds=decision.grounds,
        because=decision.because,
        own_reference=reference(decision.own_reference, "own_reference"),
        officer=actor.user_name,
        decided_at_ms=at_ms,
        valid_until_ms=at_ms + _days(decision) * DAY_MS if is_confirmed else None,
    )


def _require_grounds(put: str, decision: Decision, catalogue: Catalogue) -> None:
    if unknown := [ground for ground in decision.grounds if ground not in catalogue.grounds]:
        mend = f"Choose from: {', '.join(catalogue.grounds)}."
        raise InvalidRequest("GROUND_UNKNOWN", f"{len(unknown)} of these are no grounds.", mend=mend, field="grounds")
    if (put in decision.grounds) != (decision.verdict is Verdict.CONFIRMED):
        mend = "Confirm with the ground that was put among those that apply; if it does not apply, decline."
        what = "The verdict and the grounds that apply contradict each other."
        raise InvalidRequest("GROUNDS_UNFIT", what, mend=mend, field="grounds")


def _require_because(decision: Decision) -> None:
    is_confirmed = decision.verdict is Verdict.CONFIRMED
    fitting = [because for because in Because if (because in CONFIRMING) == is_confirmed]
    if not decision.because or not set(decision.because) <= set(fitting):
        mend = f"Give one or more of: {', '.join(fitting)}."
        what = "It is not said why, or what is said belongs to the other verdict."
        raise InvalidRequest("BECAUSE_UNFIT", what, mend=mend, field="because")


def _days(decision: Decision) -> int:
    if not 0 <= decision.valid_days <= LONGEST_VALID_DAYS:
        mend = f"Give 1 to {LONGEST_VALID_DAYS} days."
        raise InvalidRequest("VALID_TOO_LONG", "It cannot count for so long.", mend=mend, field="valid_days")
    return decision.valid_days or LONGEST_VALID_DAYS
