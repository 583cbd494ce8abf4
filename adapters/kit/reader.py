"""The small interface behind which each technology stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from adapters.kit.nearness import KeyTexts, Near
from adapters.kit.terms import UNSAID, RowTerms, Terms


class Looking(StrEnum):
    """How the wanted keys go together."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Match:
    """Whom to look for: keys and values, as the catalogue writes them. Case data, so its repr keeps the values back.

    Whoever is shielded is told of only `with_shielded`. With `near`, what the system has for the keys is only where to
    look, and each record must be near; nothing is told then that may be about one of `apart`, whose records are kept
    back.
    """

    looking: Looking
    wanted: tuple[tuple[str, str], ...]
    with_shielded: bool = False
    near: Near | None = None
    apart: tuple[KeyTexts, ...] = ()

    def __repr__(self) -> str:
        """Name the keys and keep their values back."""
        return f"Match({self.looking}: {', '.join(name for name, _ in self.wanted)})"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Found:
    """What a read found. Case data, so it has no repr.

    `terms` has each thing once that is said about letting rows leave, and `terms_of_row` for each row its place there,
    from 1 on; 0 where nothing is said, and no places at all where the manifest maps no terms. `shielded` has the
    references of records that are kept back so that nobody learns of them; then there are no rows. `withheld_by` names
    the columns or paths by which rows were withheld, and `apart` has the keys of whatever was kept back.
    """

    columns: tuple[str, ...]
    cells: Sequence[str]
    record_dates: Sequence[str]
    references: Sequence[str]
    withheld: int
    terms: tuple[Terms, ...] = ()
    terms_of_row: tuple[int, ...] = ()
    shielded: tuple[str, ...] = ()
    withheld_by: tuple[str, ...] = ()
    apart: tuple[KeyTexts, ...] = ()

    @property
    def is_silent(self) -> bool:
        """Tell whether somebody was found of whom nothing is told."""
        return not self.record_dates and (bool(self.shielded) or self.withheld > 0)

    def terms_by_record(self) -> RowTerms:
        """Return what is said of each record that is told."""
        said: dict[str, list[Terms]] = {}
        places = self.terms_of_row or (0,) * len(self.references)
        for reference, place in zip(self.references, places, strict=True):
            said.setdefault(reference, []).append(self.terms[place - 1] if place else UNSAID)
        return said

    def __repr__(self) -> str:
        """Count, and say nothing else."""
        return f"Found({len(self.record_dates)} rows, {self.withheld} withheld, {len(self.shielded)} shielded)"


class FindingState(StrEnum):
    """What came of one look during a check."""

    OK = "ok"
    FAULT = "fault"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check looked at, in words that hold no record's value; `about` says which kind of thing."""

    state: FindingState
    what: str
    mend: str = ""
    about: str = ""


class Finds(Protocol):
    """Finds rows; the part of a reader that is asked again while an answer is held."""

    async def find(self, records: str, match: Match, fields: tuple[str, ...], deadline: float) -> Found:
        """Find a person's rows in a record set until the event loop's clock shows the deadline; raises SourceFault.

        Without fields, only what is needed to say which records there are, and on what terms, need be read.
        """


class Reader(Finds, Protocol):
    """Reads one back-office system, in place and never writing."""

    async def open(self) -> None:
        """Make ready; a source that is down is no fault yet."""

    async def check(self) -> Sequence[Finding]:
        """Look whether the source is there, what is mapped exists, and nothing can be written."""

    async def close(self) -> None:
        """Let go of everything; may be called again."""
