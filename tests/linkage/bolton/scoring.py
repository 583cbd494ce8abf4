"""Holds what was shown against the truth: what was found, how surely, what was missed, and who was shown wrongly."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tests.linkage.bolton.asking import Journalled, Reply, Shown
from tests.linkage.bolton.questions import Kind
from tests.linkage.bolton.town import Town


class Holding(StrEnum):
    """Is what became of what one agency holds of the child who was asked about."""

    CERTAIN = "certain"
    POSSIBLY = "possibly"
    KEPT_BACK = "kept back"
    """The agency found it and may not tell, or shields it: no matter of linkage."""
    NO_ANSWER = "no answer"
    """The agency was down, late or broken: no matter of linkage either."""
    NOT_SHOWN = "not shown"
    """The agency found and sent it, and the hub held it for somebody else."""
    UNABLE = "no such key"
    """The agency has nothing to look by of what was given."""
    MISSED = "missed"
    """The agency did not find it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Somebody else, shown as certainly the child."""

    kind: Kind
    asked: str
    shown: str
    agency: str


@dataclass(slots=True, kw_only=True)
class Score:
    """What all questions of one kind come to."""

    questions: int = 0
    holdings: Counter[Holding] = field(default_factory=Counter)
    missed_by: Counter[str] = field(default_factory=Counter)
    certain_records: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    others_possibly: int = 0
    """Records of somebody else that were shown as possibly the child's."""
    most_others: int = 0
    untold: int = 0
    """Records that fit several children, of whom the one asked about was taken."""

    @property
    def precision(self) -> float | None:
        """Give the share of the records shown as certain that are the child's."""
        return 1 - len(self.wrong) / self.certain_records if self.certain_records else None

    @property
    def to_be_found(self) -> int:
        """Count what could have been found."""
        return sum(self.holdings.values()) - self.holdings[Holding.KEPT_BACK] - self.holdings[Holding.NO_ANSWER]

    def share(self, *holdings: Holding) -> float | None:
        """Give the share of what could have been found that became one of these."""
        return sum(self.holdings[each] for each in holdings) / self.to_be_found if self.to_be_found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """Knows the truth, and what the agencies' own journals say."""

    town: Town
    journals: Mapping[tuple[str, str], Journalled]

    def score(self, replies: Iterable[Reply]) -> dict[Kind, Score]:
        """Score every reply under its kind."""
        scores = {kind: Score() for kind in Kind}
        for reply in replies:
            self._add(scores[reply.question.kind], reply)
        return scores

    def _add(self, score: Score, reply: Reply) -> None:
        asked = reply.question.child
        whose = [(shown, self._whose(score, reply, shown)) for shown in reply.shown]
        score.questions += 1
        score.certain_records += sum(shown.certain for shown in reply.shown)
        score.wrong += [
            Wrong(kind=reply.question.kind, asked=asked.key, shown=child, agency=shown.agency)
            for shown, child in whose
            if shown.certain and child != asked.key
        ]
        others = sum(not shown.certain and child != asked.key for shown, child in whose)
        score.others_possibly += others
        score.most_others = max(score.most_others, others)
        right = {(shown.agency, shown.certain) for shown, child in whose if child == asked.key}
        for agency in asked.held_by:
            holding = self._holding(reply, agency, right)
            score.holdings[holding] += 1
            score.missed_by[agency] += holding is Holding.MISSED

    def _holding(self, reply: Reply, agency: str, right: set[tuple[str, bool]]) -> Holding:
        said_of = {
            Holding.CERTAIN: (agency, True) in right,
            Holding.POSSIBLY: (agency, False) in right,
            Holding.NO_ANSWER: agency in reply.silent,
            Holding.KEPT_BACK: agency in reply.kept_back,
            Holding.UNABLE: agency in reply.unable,
        }
        for holding, is_so in said_of.items():
            if is_so:
                return holding
        said = self.journals.get((agency, reply.request_id), Journalled())
        if reply.question.child.key not in self._children(agency, said):
            return Holding.MISSED
        return Holding.KEPT_BACK if said.kept_back else Holding.NOT_SHOWN

    def _children(self, agency: str, said: Journalled) -> set[str]:
        return {self.town.owners[agency, reference] for reference in said.references}

    def _whose(self, score: Score, reply: Reply, shown: Shown) -> str:
        """Say whose a record is: of those that the agency found for this request, the one that is so named."""
        said = self.journals.get((shown.agency, reply.request_id), Journalled())
        found = self._children(shown.agency, said)
        if len(found) > 1:
            found = {
                self.town.owners[shown.agency, reference]
                for reference in said.references
                if self.town.named[shown.agency, reference] == shown.named
            }
        if len(found) == 1:
            return found.pop()
        if not found:
            raise ValueError(f"{shown.agency} was shown with a record that its journal does not know")
        score.untold += 1
        asked = reply.question.child.key
        return asked if asked in found else min(found)
