"""What a rule is, what can become of it, and how that makes up a level."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from adapters.conformance.bench import Bench

Trial: TypeAlias = "Callable[[Bench], Awaitable[str | None]]"
"""Tries one rule; returns what was measured, if anything, and raises Broken or NotTried."""


class Level(StrEnum):
    """Is how far an adapter can be trusted: it answers, it keeps what must be kept, it bears faults and load."""

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"

    @property
    def rank(self) -> int:
        """Count the levels below."""
        return list(Level).index(self)


class State(StrEnum):
    """Is what became of a rule."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_TRIED = "not_tried"
    EXEMPT = "exempt"


class Broken(Exception):
    """Is raised where an adapter breaks a rule: what was expected, what came, the mend; never a value of a record."""

    def __init__(self, expected: str, came: str, mend: str) -> None:
        """Take the three sentences of the report."""
        super().__init__(came)
        self.expected = expected
        self.came = came
        self.mend = mend


class NotTried(Exception):
    """Is raised where a rule cannot be tried; its text says what the people file lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that an adapter must do: `source` is where that is laid down.

    It can be tried only where the rules that it needs are not broken. One that is `last` judges what was seen in the
    whole run.
    """

    id: str
    level: Level
    says: str
    source: str
    trial: Trial = field(repr=False)
    needs: tuple[str, ...] = ()
    last: bool = False

    def needing(self, *rules: str) -> Self:
        """Say which other rules must not be broken."""
        return replace(self, needs=(*self.needs, *rules))

    def at_the_end(self) -> Self:
        """Say that it judges the whole run."""
        return replace(self, last=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one rule; `note` is why it was not tried, why it is exempt, or what was measured."""

    rule: Rule
    state: State
    seconds: float = 0.0
    note: str = ""
    expected: str = ""
    came: str = ""
    mend: str = ""
    is_waiting: bool = False
    """Not tried since a rule that it needs is broken; no exemption is for that."""

    @property
    def is_good(self) -> bool:
        """Tell whether the rule stands in no level's way."""
        return self.state in (State.KEPT, State.EXEMPT)


def reached(verdicts: Sequence[Verdict], tried: Level) -> Level | None:
    """Return the highest level, up to the one that was tried, of which and below which every rule is good."""
    best = None
    for level in list(Level)[: tried.rank + 1]:
        own = [verdict for verdict in verdicts if verdict.rule.level is level]
        if not own or not all(verdict.is_good for verdict in own):
            break
        best = level
    return best


def excused(verdict: Verdict, exempt: Mapping[str, str]) -> Verdict:
    """Apply the exemptions: each says why a rule could not be tried, and none excuses a rule that is broken."""
    reason = exempt.get(verdict.rule.id)
    if reason is None or verdict.state is not State.NOT_TRIED or verdict.is_waiting:
        return verdict
    return Verdict(rule=verdict.rule, state=State.EXEMPT, note=reason)
