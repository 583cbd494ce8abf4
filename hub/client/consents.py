"""How consent stands, read from an answer and said in words."""

from collections.abc import Mapping
from typing import Final

from sharing.v1 import records_pb2

from hub.client.answer import Standing
from hub.model.terms import ConsentGiver, ConsentState

_STATE_PREFIX: Final = "CONSENT_STATE_"
_GIVER_PREFIX: Final = "CONSENT_GIVER_"

_STATES: Final[Mapping[ConsentState, str]] = {
    ConsentState.NOT_SAID: "is not known",
    ConsentState.NOT_SOUGHT: "has not been sought",
    ConsentState.SOUGHT: "has been sought, and nobody has answered yet",
    ConsentState.EXPLICIT: "was given explicitly",
    ConsentState.IMPLIED_BY_STATUTE: "is implied by statute",
    ConsentState.REFUSED: "was refused",
    ConsentState.NO_REPLY: "was sought, and nobody answered",
    ConsentState.CANNOT_CONSENT: "can be given by nobody",
    ConsentState.WITHDRAWN: "was given and taken back",
    ConsentState.EXPIRED: "was given for a time that is over",
}
_GIVERS: Final[Mapping[ConsentGiver, str]] = {
    ConsentGiver.NOT_SAID: "",
    ConsentGiver.PERSON: " by the person",
    ConsentGiver.PARENT: " by a parent",
    ConsentGiver.GUARDIAN: " by a guardian",
    ConsentGiver.DEPUTY: " by a deputy",
}


def read_standing(consent: records_pb2.Consent, records: int) -> Standing:
    """Read how consent stands for so many records; a word that this client does not know says nothing."""
    return Standing(
        state=_state(consent.state),
        given_by=_giver(consent.given_by),
        decided_on=consent.decided_on,
        until=consent.until,
        review_due=consent.review_due,
        records=records,
    )


def standing_words(standing: Standing, today: str) -> str:
    """Say how consent stands; `today` is YYYY-MM-DD."""
    words = f"consent {_STATES[standing.state]}{_GIVERS[standing.given_by]}"
    if standing.decided_on:
        words += f", on {standing.decided_on}"
    if standing.until:
        words += f", until the end of {standing.until}"
    if standing.review_due:
        overdue = standing.review_due < today
        words += f"; its review {'was due' if overdue else 'is due'} on {standing.review_due}"
    noun = "record" if standing.records == 1 else "records"
    return f"{words} ({standing.records} {noun})"


def _state(said: records_pb2.ConsentState.ValueType) -> ConsentState:
    try:
        return ConsentState(records_pb2.ConsentState.Name(said).removeprefix(_STATE_PREFIX).lower())
    except ValueError:
        return ConsentState.NOT_SAID


def _giver(said: records_pb2.ConsentGiver.ValueType) -> ConsentGiver:
    try:
        return ConsentGiver(records_pb2.ConsentGiver.Name(said).removeprefix(_GIVER_PREFIX).lower())
    except ValueError:
        return ConsentGiver.NOT_SAID
