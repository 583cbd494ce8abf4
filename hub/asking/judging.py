"""Who is told of a requester's word on whether somebody is the person asked about."""

from typing import Protocol

from hub.model.person import PersonKeys
from hub.model.request import Request


class Noticing(Protocol):
    """Tells agencies what a requester has found about their records."""

    def judged(self, request: Request, agency: str, keys: PersonKeys, *, is_same: bool) -> None:
        """Tell an agency whether its record of `keys`, in its own values, is about the person asked about.

        Called once for each person that an agency's records name, when the word is on record; never waits.
        """


class NoNoticing:
    """Stands where nobody is told."""

    def judged(self, request: Request, agency: str, keys: PersonKeys, *, is_same: bool) -> None:
        """Tell nobody."""
