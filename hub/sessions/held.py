"""One open answer: what of it is shown, and what stays behind until its requester says that it is needed."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.found_people import FoundPeople
from hub.model.request import Request
from hub.release.sight import Sight, seen, without_rows


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fresh:
    """What is newly shown of one agency's records, of how many of them only what tells one person from another."""

    answer: AgencyAnswer
    apart: int = 0

    def __repr__(self) -> str:
        """Tell whose it is, and not what."""
        return f"<Fresh of {self.answer.agency}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Behind:
    """All that may be shown of one agency's records, and for each row how much of it is."""

    whole: AgencyAnswer
    sights: tuple[Sight, ...]

    def __repr__(self) -> str:
        """Tell whose it is, and not what."""
        return f"<Behind of {self.whole.agency}>"

    @property
    def is_all_shown(self) -> bool:
        """Tell whether nothing stays behind."""
        return all(sight is Sight.WHOLE for sight in self.sights)

    def shown(self) -> AgencyAnswer:
        """Return what is shown."""
        return seen(self.whole, self.sights)

    def opened(self, rows: Collection[int]) -> "Behind":
        """Return it with some rows shown whole."""
        return replace(
            self, sights=tuple(Sight.WHOLE if row in rows else sight for row, sight in enumerate(self.sights))
        )

    def without(self, rows: Collection[int]) -> "Behind":
        """Return it without some rows; an agency of which none is left holds nothing of the person."""
        kept = [row not in rows for row in range(len(self.sights))]
        whole = without_rows(self.whole, kept)
        return Behind(
            whole=whole, sights=tuple(sight for sight, is_kept in zip(self.sights, kept, strict=True) if is_kept)
        )

    def since(self, before: Sequence[Sight]) -> Fresh:
        """Return what is shown and was not when each row was seen as `before` says; empty: when none was."""
        earlier = before or (Sight.NOTHING,) * len(self.sights)
        changed = [now if now is not then else Sight.NOTHING for now, then in zip(self.sights, earlier, strict=True)]
        answer = seen(self.whole, changed)
        if before:
            answer = replace(answer, unasked_cells=0, unasked_rows=0, unfit_cells=0)
        return Fresh(answer=answer, apart=changed.count(Sight.APART))


@dataclass(slots=True, kw_only=True)
class Held:
    """One open answer: what was asked, the parts that have come so far, and by agency what of it is not shown.

    With a search, `found` is all that it found, on pages that were shown and on those that were not. Whoever changes
    what is shown takes its `turn` for that. What may be shown is decided on all of it, whether shown or not, and
    whatever ends the one ends the other.
    """

    request: Request
    parts: list[AnswerPart] = field(default_factory=list)
    behind: dict[str, Behind] = field(default_factory=dict)
    found: FoundPeople | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    @property
    def limit(self) -> datetime | None:
        """Return the moment up to which all of it may be shown, if there is one."""
        limits = (answer.holds_until for answer in self.answers())
        return min((limit for limit in limits if limit is not None), default=None)

    def answers(self) -> tuple[AgencyAnswer, ...]:
        """Return, in the order in which the agencies answered, all that may be shown of each."""
        shown = [answer for part in self.parts for answer in part.agencies]
        if self.found is not None:
            searched = {answer.agency for answer in self.found.answers}
            return (*(answer for answer in shown if answer.agency not in searched), *self.found.answers)
        return tuple(self.behind[answer.agency].whole if answer.agency in self.behind else answer for answer in shown)

    def sights(self, answer: AgencyAnswer) -> tuple[Sight, ...]:
        """Return for each of an agency's rows how much of it is shown."""
        if answer.agency in self.behind:
            return self.behind[answer.agency].sights
        return (Sight.WHOLE,) * (0 if answer.records is None else len(answer.records))

    @property
    def joining(self) -> Joining | None:
        """Return how its rows join into people, as was said last."""
        return next((part.joining for part in reversed(self.parts) if part.joining is not None), None)

    def take(self, part: AnswerPart, behind: Sequence[Behind] = ()) -> None:
        """Take one more part in; what is shown more fully takes the place of what was shown before."""
        self.parts.append(replace(part, fuller=()))
        for fuller in part.fuller:
            self._replace(fuller)
        for one in behind:
            self._leave(one)

    def change(self, behind: Sequence[Behind], joining: Joining | None) -> None:
        """Show more of some agencies' rows, or drop some of them, and say anew how all rows join."""
        for one in behind:
            self._replace(one.shown())
            self._leave(one)
        for place, part in enumerate(self.parts):
            is_last = place == len(self.parts) - 1
            self.parts[place] = replace(part, joining=joining if is_last else None)

    def empty(self) -> None:
        """Let go of everything, whoever still has the answer in hand."""
        self.parts.clear()
        self.behind.clear()
        self.found = None

    def _replace(self, answer: AgencyAnswer) -> None:
        for place, part in enumerate(self.parts):
            if any(told.agency == answer.agency for told in part.agencies):
                agencies = tuple(answer if told.agency == answer.agency else told for told in part.agencies)
                self.parts[place] = replace(part, agencies=agencies)

    def _leave(self, one: Behind) -> None:
        if one.is_all_shown:
            self.behind.pop(one.whole.agency, None)
        else:
            self.behind[one.whole.agency] = one
