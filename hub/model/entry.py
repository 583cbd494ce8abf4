"""One entry of the audit log: what happened, never what a case is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened, when, and its particulars as canonical JSON."""

    kind: str
    at_ms: int
    body: str
