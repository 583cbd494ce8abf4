"""An answer: one outcome for each planned agency, and how their rows join into people."""

from dataclasses import dataclass
from datetime import datetime

from hub.model.indicator import Indicator
from hub.model.matching import MatchCard
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records
from hub.model.terms import Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was asked, of whom, under which policy; with break-glass, when that access ends."""

    request_id: str
    policy_version: str
    question: str
    wording: str
    purpose: str
    planned: tuple[str, ...]
    fields: tuple[str, ...]
    break_glass_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyAnswer:
    """One agency's outcome, with what may be shown of what it sent, and what it should not have sent.

    `withheld` names the classes of which something is kept back, with the reason, and `withheld_rows` for each of them
    the rows of which it is; that is told to nobody. `consents` says how consent stands, each state once, and
    `consent_of_row` the place of each row's in it, counted from one, and 0 where nothing is said.
    What is shown may be shown up to, and not at, `holds_until`. `instance` names the agency's process that sent it, and
    that looks again whether it may still be shown; it is told to nobody.
    """

    agency: str
    outcome: Outcome
    reason: Reason | None = None
    elapsed_ms: int = 0
    records: Records | None = None
    unasked_cells: int = 0
    unasked_rows: int = 0
    unfit_cells: int = 0
    withheld: tuple[tuple[str, Reason], ...] = ()
    withheld_rows: tuple[tuple[int, ...], ...] = ()
    consents: tuple[Consent, ...] = ()
    consent_of_row: tuple[int, ...] = ()
    holds_until: datetime | None = None
    instance: str = ""

    @property
    def dropped(self) -> int:
        """Count what the agency sent and should not have."""
        return self.unasked_cells + self.unasked_rows + self.unfit_cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Which rows are about one person; rows are numbered in the order in which their agencies answered.

    Each person has a card, in their order.
    """

    person_of_row: tuple[int, ...]
    certain: tuple[bool, ...]
    disagreements: tuple[tuple[int, str], ...]
    cards: tuple[MatchCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The statement that closes an answer."""

    complete: bool
    elapsed_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPart:
    """A stretch of an answer: all that has arrived since the last one, or the whole of it.

    `fuller` has agencies of which more is shown than an earlier part showed: all their rows again, in the same order.
    """

    opening: Opening | None = None
    agencies: tuple[AgencyAnswer, ...] = ()
    fuller: tuple[AgencyAnswer, ...] = ()
    joining: Joining | None = None
    completeness: Completeness | None = None
    indicator: Indicator | None = None
    more_people: int = 0
