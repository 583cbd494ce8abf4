"""The hub's own certificate authority under an invented name, short-lived, for tests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from hub import keys

DAYS = 7


class Authority(keys.Authority):
    """Issues certificates that everything trusts that was given `certificate`."""

    @classmethod
    def new(cls, name: str = "Test Authority", *, now: datetime | None = None, days: int = DAYS) -> Self:
        """Make an authority with a new key."""
        return super().new(name, now=now, days=days)

    def server(self, names: Sequence[str] = ("localhost",), addresses: Sequence[str] = ("127.0.0.1",)) -> keys.Leaf:
        """Issue a certificate for a server that is reached by these names and addresses."""
        return super().server((*names, *addresses))
