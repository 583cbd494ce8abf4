"""What a class of an agency's own must have: four methods, of which one finds documents about a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.reader import Finding, FindingState, Looking

__all__ = ["Document", "Finding", "FindingState", "FindsRecords", "Looking", "Sought", "SourceFault", "SourceFaultKind"]

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Sought:
    """Whom to find, and what is asked about them. Case data, so its repr keeps the values back.

    `wanted` has the keys by the names that the manifest gives them, written as it says. With `Looking.ANY` each of them
    finds the person by itself; with `Looking.ALL` all must fit. Fields are those of the catalogue; without any, nothing
    need be found but what says on which terms records leave.
    """

    records: str
    looking: Looking
    wanted: Mapping[str, str]
    fields: tuple[str, ...]

    def __repr__(self) -> str:
        """Name the keys and keep their values back."""
        return f"Sought({self.records}, {self.looking}: {', '.join(self.wanted)})"


class FindsRecords(Protocol):
    """Finds documents in a system that nothing else of the kit can read."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        """Take the settings of the manifest; nothing is connected yet."""

    async def open(self) -> None:
        """Make ready; a system that is down is no fault yet."""

    async def find(self, sought: Sought, deadline: float) -> Sequence[Document]:
        """Find documents about a person until the event loop's clock shows the deadline; raise SourceFault.

        Documents hold what JSON can hold, dates and decimals. The kit compares them with what was sought and throws
        away those of anybody else; find no more than was asked for all the same. It is cancelled when nobody waits any
        longer. A library that blocks belongs into `asyncio.to_thread`.
        """

    async def check(self) -> Sequence[Finding]:
        """Look whether the system is there and cannot be written to; no finding holds a value of a record."""

    async def close(self) -> None:
        """Let go of everything; may be called again."""
