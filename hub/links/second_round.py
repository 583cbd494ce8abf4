"""The second round of one question: who has found nobody yet, and may be asked once more by what others have told."""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.links.gathering import Arrival


class SecondRound:
    """Keeps what shows nothing of agencies that may be asked again, until they are, or nothing more can be learned.

    Whoever keeps silent about somebody and whoever knows nobody are kept alike, asked again alike, and told of alike.
    """

    __slots__ = ("_asked", "_has_news", "_may", "_waiting")

    def __init__(self, agencies: Collection[str]) -> None:
        """Take the agencies that may be asked again at all."""
        self._may = set(agencies)
        self._waiting: dict[str, Arrival] = {}
        self._asked: set[str] = set()
        self._has_news = False

    @property
    def waiting(self) -> tuple[str, ...]:
        """Name those that have found nobody and have not been asked again."""
        return tuple(self._waiting)

    @property
    def has_news(self) -> bool:
        """Tell whether one has come to wait since that was last looked at."""
        return self._has_news

    def look(self) -> None:
        """Note that somebody has looked at who waits."""
        self._has_news = False

    def keeps(self, arrival: "Arrival") -> bool:
        """Keep an arrival that shows nothing, and is not its agency's last word yet; tell whether it is kept."""
        if arrival.agency not in self._may:
            return False
        self._waiting[arrival.agency] = arrival
        self._has_news = True
        return True

    def begins(self, agency: str) -> bool:
        """Tell whether an agency that waits is to be asked again now; no agency is twice."""
        if self._waiting.pop(agency, None) is None:
            return False
        self._may.discard(agency)
        self._asked.add(agency)
        return True

    def may_learn_from(self, agencies: Collection[str], told: Collection[str]) -> bool:
        """Tell whether one of the agencies has not been told of and may still say by what to ask again."""
        return not set(agencies) <= {*told, *self._waiting, *self._asked}

    def end(self) -> list["Arrival"]:
        """Let nobody be asked again from here on; return what is now the last word of those who waited."""
        self._may.clear()
        left, self._waiting = list(self._waiting.values()), {}
        return left
