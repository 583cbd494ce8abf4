"""What an answer is once it is put together: people, values with their provenance, and one outcome for each agency."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.model.indicator import Indicator
from hub.model.matching import MatchCard
from hub.model.outcome import Outcome, Reason
from hub.model.terms import ConsentGiver, ConsentState


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Value:
    """One cell that an agency holds, with where it came from and how fresh it is."""

    value: str
    agency: str
    source: str
    record: int
    """Number of the record within its person, from 0: values with the same number stand in one record."""
    record_date: str | None
    """YYYY-MM-DD, where the source says."""
    retrieved_at: str | None
    """ISO 8601 in UTC, where the adapter says."""

    def __repr__(self) -> str:
        """Tell where the value came from, and not the value."""
        return f"<Value of {self.agency}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Saying:
    """One of several values that differ, and the agencies that hold it."""

    value: str
    agencies: tuple[str, ...]

    def __repr__(self) -> str:
        """Tell who says it, and not what."""
        return f"<Saying of {', '.join(self.agencies)}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A field on which records about one person differ."""

    field: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person:
    """One person that the records are about."""

    certain: bool
    """False where the records may be about somebody else."""
    identity: Mapping[str, str | None]
    fields: Mapping[str, tuple[Value, ...]]
    disagreements: tuple[Disagreement, ...]
    number: int = 0
    """Number of the person within the answer, from 0: by it the hub knows whom a requester means."""
    card: MatchCard | None = None
    """Why these records are thought to be about the person asked about; None where the hub does not say."""

    def __repr__(self) -> str:
        """Tell how much is held, and not about whom."""
        return f"<Person with {len(self.fields)} fields>"

    @property
    def agencies(self) -> frozenset[str]:
        """Name the agencies that hold something about this person."""
        return frozenset(value.agency for values in self.fields.values() for value in values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A class of fields of which an agency keeps something back, and why."""

    field_class: str
    title: str
    reason: Reason | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How consent stands for some of an agency's records; days are YYYY-MM-DD, and empty where they are not known."""

    state: ConsentState
    given_by: ConsentGiver
    decided_on: str
    until: str
    review_due: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What may be done with some of the fields."""

    title: str
    fields: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyOutcome:
    """What became of one planned agency."""

    agency: str
    title: str
    outcome: Outcome
    reason: Reason | None
    elapsed_ms: int
    unasked_rows: int
    unasked_cells: int
    unfit_cells: int
    withheld: tuple[Withheld, ...] = ()
    consents: tuple[Standing, ...] = ()

    @property
    def dropped(self) -> int:
        """Count what the agency sent and should not have; the hub dropped it."""
        return self.unasked_rows + self.unasked_cells + self.unfit_cells


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """The whole answer to one question."""

    question: str
    wording: str
    purpose: str
    policy_version: str
    request_id: str
    titles: Mapping[str, str]
    """Identifier of a field → what people call it, in the order in which fields are shown."""
    people: tuple[Person, ...]
    outcomes: tuple[AgencyOutcome, ...]
    """One for each planned agency, in the order of the plan."""
    complete: bool
    elapsed_ms: int
    handling: tuple[Handling, ...] = ()
    break_glass_until: str | None = None
    """ISO 8601 in UTC: when the break-glass access ends under which it was asked, if it was."""
    indicator: Indicator | None = None
    """How many agencies hold something, where that is all that was asked; then there are no people."""

    def __repr__(self) -> str:
        """Tell which request it answers, and not what it says."""
        return f"<Answer to {self.request_id}>"
