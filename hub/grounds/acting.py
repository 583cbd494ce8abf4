"""Refusals that several steps of this room share, and the form of references to an agency's own records."""

from hub.agreeing.actor import Actor
from hub.errors import InvalidRequest, NotAllowed, NotHeld
from hub.model.policy import LevelKind
from hub.model.request import case_reference


def require_fresh(actor: Actor, *kinds: LevelKind) -> None:
    """Raise NotAllowed unless the actor's level is of one of these kinds and a second factor is fresh."""
    actor.require(*kinds)
    if not actor.is_stepped_up:
        raise NotAllowed(
            "STEP_UP_NEEDED",
            "Whoever decides this first shows anew who they are.",
            mend="Give a code of your second factor with: hub stepup. If you have none yet: hub factor add.",
        )


def reference(typed: str, field: str) -> str:
    """Return a reference to an agency's own records if it has the form of one; raise InvalidRequest otherwise.

    The form has no room for a sentence, as that of a case reference: nobody's name gets in.
    """
    try:
        return case_reference(typed)
    except InvalidRequest as error:
        what = "The reference to your own records is missing or has not the form of one."
        raise InvalidRequest("REFERENCE_INVALID", what, mend=error.mend, field=field) from None


def decided_already() -> InvalidRequest:
    """Make the error for what somebody else has done meanwhile."""
    return InvalidRequest("DONE_ALREADY", "This has been done already, and is done once.", mend="Look at it again.")


def not_known(what: str, command: str, field: str) -> NotHeld:
    """Make the error for what does not exist and for what is no business of the caller's: both read alike."""
    return NotHeld(
        "NO_SUCH_THING", f"There is no such {what}.", mend=f"See which there are with: {command}", field=field
    )
