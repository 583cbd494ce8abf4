"""Every error that an adapter raises on purpose, as one tree.

AdapterError
├── ManifestError      the manifest is wrong: all faults at once, each with file, line and mend
├── ScaffoldRefused    a folder to begin with cannot be written: something is there, or a name does not fit
├── JournalFault       the agency's journal cannot be written, so nothing may leave
├── OutOfStep          the journal has come further than what was to be added to it
├── TooManyPeople      more people are near to who is asked about than may be told of, so that none is
├── AnswersStopped     somebody of the agency has stopped all answers
├── ProxyRefused       the agency's proxy does not let a connection to the hub through
├── LinkRefused        the hub ended a link before it welcomed it, or welcomed another agency
├── NoCertificate      the hub gave no certificate, or none that fits, or whoever answered was not the hub
└── SourceFault        the back-office system did not answer, or not usably; carries a kind and nothing that it said
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class AdapterError(Exception):
    """Is the root of the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file: where, what, and how to mend it."""

    file: Path
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        """Spell the fault as compilers do, so that editors can jump to it."""
        return f"{self.file}:{self.line}: {self.what}. {self.mend}"


class ManifestError(AdapterError):
    """Carries every fault found, so that all can be mended at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in the order in which a reader meets them."""
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ScaffoldRefused(AdapterError):
    """Says why nothing was written, and the mend."""

    def __init__(self, what: str, mend: str) -> None:
        """Take both."""
        super().__init__(f"{what}. {mend}")


class JournalFault(AdapterError):
    """The journal cannot be written; nothing may leave the agency."""


class OutOfStep(AdapterError):
    """The journal no longer holds what an entry was to follow on: another process of the agency has added to it."""


class TooManyPeople(AdapterError):
    """More people are near to who is asked about than may be told of, so that none is."""


class AnswersStopped(AdapterError):
    """Somebody of the agency has stopped all answers, and what was to be told may not leave."""


class ProxyRefused(AdapterError):
    """The agency's proxy does not let a connection through; the words are its status, and none of its own."""


class LinkRefused(AdapterError):
    """The hub does not hold a link with this adapter."""


class NoCertificate(AdapterError):
    """There is no certificate that could be used; the words are ours, and safe to show and to log."""


class SourceFaultKind(StrEnum):
    """What is wrong with a back-office system, in words that are safe to log."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    GARBAGE = "garbage"
    TOO_MUCH = "too_much"
    ELSEWHERE = "elsewhere"
    LATE = "late"
    BUSY = "busy"
    CLOSED = "closed"
    TOO_DEAR = "too_dear"
    STALE = "stale"

    @property
    def is_limit(self) -> bool:
        """Tell whether the agency has limited what its system may be asked, which is no fault of the system."""
        return self in (SourceFaultKind.CLOSED, SourceFaultKind.BUSY, SourceFaultKind.TOO_DEAR)


class SourceFault(AdapterError):
    """The back-office system failed; kind and cause are all that is said, since its own words may hold case data."""

    def __init__(self, kind: SourceFaultKind, because: StrEnum | None = None) -> None:
        """Take the kind of fault, and the cause where a technology knows it: a word of ours, never of the source."""
        super().__init__(kind.value)
        self.kind = kind
        self.because = because
