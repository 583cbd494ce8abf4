"""How many of the places that strangers share one of them may hold: whoever begins more gives up their own."""

from typing import Generic, TypeVar

Place = TypeVar("Place", bytes, str)

# Behind one address may sit a whole agency, of which a thousand people do not begin to sign in within ten minutes.
MOST_OF_ONE = 1_000


class Shares(Generic[Place]):
    """Knows who holds which places, oldest first; so nobody who begins again and again takes the places of others."""

    def __init__(self, most: int = MOST_OF_ONE) -> None:
        """Start with all places free."""
        self._most = most
        self._held: dict[str, dict[Place, None]] = {}
        self._holders: dict[Place, str] = {}

    def __len__(self) -> int:
        """Count the places that are held."""
        return len(self._holders)

    def take(self, place: Place, holder: str) -> Place | None:
        """Note who takes a place; return the place that they give up for it, if they have had their share."""
        held = self._held.setdefault(holder, {})
        given_up = next(iter(held)) if len(held) >= self._most else None
        held[place], self._holders[place] = None, holder
        if given_up is not None:
            self.leave(given_up)
        return given_up

    def leave(self, place: Place) -> None:
        """Note that a place is free; it may have been free before."""
        holder = self._holders.pop(place, None)
        if holder is not None:
            del self._held[holder][place]
            if not self._held[holder]:
                del self._held[holder]
