"""An answer: one outcome for each planned agency, and how their rows join into people."""

from dataclasses import dataclass

from hub.model.outcome import Outcome, Reason
from hub.model.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was asked, of whom, under which policy."""

    request_id: str
    policy_version: str
    question: str
    wording: str
    purpose: str
    planned: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAnswer:
    """One agency's outcome, with what may be shown of what it sent, and what it should not have sent."""

    agency: str
    outcome: Outcome
    reason: Reason | None = None
    elapsed_ms: int = 0
    records: Records | None = None
    unasked_cells: int = 0
    unasked_rows: int = 0
    unfit_cells: int = 0

    @property
    def dropped(self) -> int:
        """Count what the agency sent and should not have."""
        return self.unasked_cells + self.unasked_rows + self.unfit_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Which rows are about one person; rows are numbered in the order in which their agencies answered."""

    person_of_row: tuple[int, ...]
    certain: tuple[bool, ...]
    disagreements: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The statement that closes an answer."""

    complete: bool
    elapsed_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """A stretch of an answer: all that has arrived since the last one, or the whole of it."""

    opening: Opening | None = None
    agencies: tuple[AgencyAnswer, ...] = ()
    joining: Joining | None = None
    completeness: Completeness | None = None
