"""Matching: how two records compare, and what follows for whom they are about."""

from dataclasses import dataclass
from enum import StrEnum

# Records about more people than these would be no answer to a question about one.
MOST_CANDIDATES = 10


class Likeness(StrEnum):
    """Is how alike two values are, the most alike first."""

    EQUAL = "equal"
    WRITTEN_DIFFERENTLY = "written_differently"
    SHORT_FORM = "short_form"
    SLIP = "slip"
    SOUNDS_ALIKE = "sounds_alike"
    SWAPPED = "swapped"
    PARTLY = "partly"
    DIFFERENT = "different"
    CONTRADICTS = "contradicts"


class Standing(StrEnum):
    """Is how somebody stands to the person asked about; whoever is different is in no answer."""

    SAME = "same"
    POSSIBLY = "possibly"
    DIFFERENT = "different"


class Word(StrEnum):
    """Is what the requester has said of somebody in an answer."""

    NONE = "none"
    SAME = "same"
    NOT_SAME = "not_same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How one field of two records compares.

    `agency` is whose value is compared with that of `other_agency`, or, where that is empty, with what was asked.
    `since` is the day (YYYY-MM-DD) of the newer of two records that differ; empty where that is not known.
    """

    field: str
    likeness: Likeness
    agency: str = ""
    other_agency: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCard:
    """Why some records are thought to be about the person asked about, and how surely, in parts of a thousand.

    Evidence comes with the weightiest first. Without details only what tells one person from another is shown.
    """

    standing: Standing
    per_mille: int
    evidence: tuple[Evidence, ...] = ()
    word: Word = Word.NONE
    has_details: bool = True
