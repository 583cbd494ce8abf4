"""The room of grounds, put together once from what a hub has."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.agreeing.showing import Showing
from hub.grounds.contacts import Contacts
from hub.grounds.needs import ConfirmationStore, ContactRoute, DutyStore, Surroundings, UseStore
from hub.grounds.officers import Officers
from hub.grounds.opening import Opening
from hub.grounds.owing import Owing
from hub.grounds.reviewing import Reviewing
from hub.grounds.telling import Telling
from hub.model.request import Request
from hub.sessions.registry import Sessions

TakeBack = Callable[[Callable[[Request], bool]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptGrounds:
    """Where everything of this room is kept."""

    confirmations: ConfirmationStore
    uses: UseStore
    duties: DutyStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What lets agencies go without consent, and what follows from it."""

    surroundings: Surroundings
    officers: Officers
    opening: Opening
    reviewing: Reviewing
    owing: Owing
    contacts: Contacts
    telling: Telling


def open_grounds(  # what a hub has
    surroundings: Surroundings,
    kept: KeptGrounds,
    *,
    sessions: Sessions,
    showing: Showing,
    route: ContactRoute,
    take_back: TakeBack,
) -> Grounds:
    """Put the room together; `take_back` drops every answer of whose request something is true."""
    opening = Opening(surroundings, kept.uses, sessions, take_back)
    return Grounds(
        surroundings=surroundings,
        officers=Officers(surroundings, kept.confirmations, take_back),
        opening=opening,
        reviewing=Reviewing(surroundings, kept.uses),
        owing=Owing(surroundings, kept.duties),
        contacts=Contacts(surroundings, route),
        telling=Telling(
            surroundings,
            showing,
            opening,
            confirmations=kept.confirmations,
            uses=kept.uses,
            duties=kept.duties,
        ),
    )
