"""Sharing events: what an agency's own system is told of a disclosure, and the small interface that writes it there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.kit.reader import Finding


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SharingEvent:
    """One disclosure, as it concerns one of the agency's own records."""

    reference: str
    shared_at: str
    agency: str
    request: str
    access_level: str
    question: str
    purpose: str
    fields: tuple[str, ...]

    def parts(self) -> Mapping[str, str]:
        """Spell each part as text, as a column holds it."""
        return {
            "reference": self.reference,
            "shared_at": self.shared_at,
            "agency": self.agency,
            "request": self.request,
            "access_level": self.access_level,
            "question": self.question,
            "purpose": self.purpose,
            "fields": ", ".join(self.fields),
        }

    @property
    def once(self) -> str:
        """Name it, so that a system knows one that it has already."""
        return f"{self.request}/{self.question}/{self.reference}"

    def document(self) -> Mapping[str, object]:
        """Spell it as an API takes it."""
        return {**self.parts(), "fields": list(self.fields)}


class Written(Protocol):
    """Is what is written into an agency's own system: a sharing event, or an item of work."""

    @property
    def reference(self) -> str:
        """Return the own reference of the record that it concerns."""

    @property
    def once(self) -> str:
        """Name it, so that a system knows one that it has already."""

    def parts(self) -> Mapping[str, str]:
        """Spell each part as text, as a column holds it."""

    def document(self) -> Mapping[str, object]:
        """Spell it as an API takes it."""


class Writer(Protocol):
    """Writes into one place of one back-office system: all that an adapter ever writes, and only where declared."""

    async def open(self) -> None:
        """Make ready; a system that is down is no fault yet."""

    async def write(self, event: Written) -> None:
        """Write something, unless it is there already; raises SourceFault where that cannot be done now."""

    async def check(self) -> Sequence[Finding]:
        """Look whether the place to write to is there; writes nothing."""

    async def close(self) -> None:
        """Let go of everything; may be called again."""
