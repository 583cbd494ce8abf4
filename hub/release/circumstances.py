"""Circumstances: for whom one source's records are looked at, and on what that rests."""

from datetime import date, datetime
from typing import NamedTuple


class Circumstances(NamedTuple):
    """What release depends on besides the records themselves; a moment is None where there is no such thing now.

    `confirmed_until` says until when the source's designated officer has confirmed `ground`, and `break_glass_until`
    when the break-glass access ends under which it is asked. `sees_shielded` is the requester's own entitlement. One is
    made for every reply, so it is of the kind that is made fastest.
    """

    today: date
    source: str
    requester_agency: str
    areas: frozenset[str]
    purpose: str
    ground: str = ""
    confirmed_until: datetime | None = None
    break_glass_until: datetime | None = None
    sees_shielded: bool = False

    @property
    def is_own(self) -> bool:
        """Tell whether the requester looks at records of the requester's own agency."""
        return self.source == self.requester_agency

    @property
    def may_see_protected(self) -> bool:
        """Tell whether somebody whom the source protects, though not absolutely, may be shown."""
        return self.sees_shielded or self.break_glass_until is not None
