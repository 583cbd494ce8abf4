"""Spells what a check finds, by what it is about."""

from dataclasses import dataclass, replace
from enum import StrEnum

from adapters.kit.reader import Finding, FindingState


class About(StrEnum):
    """What a finding about a source is about, in the order in which a check looks."""

    CONNECTION = "connection"
    READ_ONLY = "read-only"
    MAPPING = "mapping"
    TYPES = "types"
    IDENTIFIERS = "identifiers"
    TERMS = "terms"
    PLAN = "plan"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """Makes findings about one thing."""

    about: About

    def same(self, found: Finding) -> Finding:
        """Say what a finding is about that does not say so itself."""
        return replace(found, about=self.about)

    def ok(self, what: str) -> Finding:
        """Say that something is right."""
        return Finding(state=FindingState.OK, what=what, about=self.about)

    def note(self, what: str, mend: str) -> Finding:
        """Say what is worth knowing and no fault."""
        return Finding(state=FindingState.NOTE, what=what, mend=mend, about=self.about)

    def fault(self, what: str, mend: str) -> Finding:
        """Say what is wrong."""
        return Finding(state=FindingState.FAULT, what=what, mend=mend, about=self.about)


CONNECTION = Spelling(about=About.CONNECTION)
READ_ONLY = Spelling(about=About.READ_ONLY)
MAPPING = Spelling(about=About.MAPPING)
TYPES = Spelling(about=About.TYPES)
IDENTIFIERS = Spelling(about=About.IDENTIFIERS)
TERMS = Spelling(about=About.TERMS)
PLAN = Spelling(about=About.PLAN)
PLACE = Spelling(about=About.PLACE)
