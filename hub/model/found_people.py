"""What a search of the register found: all of it is in the session's memory, and only pages of it are shown."""

from dataclasses import dataclass, field

from hub.model.answer import AgencyAnswer

PAGE = 20
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class FoundPeople:
    """Whoever was found, in the order of how well they fit. Case data, so it has no repr.

    `people` has the rows of each, counted through the tables of all answers; the first `shown` of them have been.
    """

    answers: tuple[AgencyAnswer, ...]
    people: tuple[tuple[int, ...], ...]
    comparable: frozenset[str] = field(default_factory=frozenset)
    shown: int = 0

    def __repr__(self) -> str:
        """Count, and say nothing else."""
        return f"FoundPeople({self.shown} of {len(self.people)} shown)"

    @property
    def more(self) -> int:
        """Count those who have not been shown."""
        return len(self.people) - self.shown
