"""Telling, while a question runs that only indicates: each part says how it stands, and carries no records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hub.combining.indicator import Indicating, Told, indicator
from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.catalogue import Catalogue, IndicatorFields
from hub.model.matching import Standing, Word
from hub.model.outcome import Outcome
from hub.release.sight import Sight
from hub.sessions.held import Behind, Fresh

# All that may be shown of each agency that sent records, in the order in which they answered.
Wholes = Mapping[str, AgencyAnswer]


class Telling:
    """Knows what has been told of each agency so far; every part tells it anew, since rows join anew."""

    __slots__ = ("_indicating", "_planned", "_told", "_what")

    def __init__(self, catalogue: Catalogue, fields: IndicatorFields, planned: Sequence[str]) -> None:
        """Take the vocabulary, what the question's fields say, and everybody who is to be told of."""
        self._indicating = Indicating(catalogue, fields)
        self._what = fields.what
        self._planned = planned
        self._told: dict[str, Told] = {}

    def says_nothing(self, answer: AgencyAnswer) -> bool:
        """Tell whether an answer reads as nothing held, however its rows stand to the person."""
        rows = 0 if answer.records is None else len(answer.records)
        return self._indicating.told(answer, (Standing.SAME,) * rows).shown.outcome is Outcome.NOTHING_HELD

    def part(self, part: AnswerPart, wholes: Wholes) -> tuple[AnswerPart, tuple[Fresh, ...]]:
        """Return a part as it is told, and by agency what is told in it that was not told before."""
        before = dict(self._told)
        self._told |= {answer.agency: Told(shown=answer) for answer in part.agencies if answer.agency not in wholes}
        if part.joining is not None:
            self._tell(wholes, _standings(part.joining))
        told = replace(
            part,
            agencies=tuple(self._told[answer.agency].shown for answer in part.agencies),
            fuller=(),
            joining=None,
            indicator=indicator(self._what, self._planned, self._told.values()),
        )
        return told, tuple(self._fresh(before))

    def without(self, answers: Sequence[AgencyAnswer]) -> list[AgencyAnswer]:
        """Return what is told of those agencies of which nothing is disclosed."""
        told = [self._told[answer.agency] for answer in answers]
        return [one.shown for one in told if one.holding is None]

    def behind(self, wholes: Wholes) -> tuple[Behind, ...]:
        """Return the records on which the telling rests: they are decided upon again, and none of them is shown.

        What tells nothing is not kept: if it were taken back, that would tell that there was something.
        """
        return tuple(
            Behind(whole=whole, sights=(Sight.NOTHING,) * len(whole.records))
            for agency, whole in wholes.items()
            if whole.records is not None and self._told[agency].holding is not None
        )

    def _tell(self, wholes: Wholes, standings: Sequence[Standing]) -> None:
        first = 0
        for agency, whole in wholes.items():
            rows = 0 if whole.records is None else len(whole.records)
            self._told[agency] = self._indicating.told(whole, standings[first : first + rows])
            first += rows

    def _fresh(self, before: Mapping[str, Told]) -> list[Fresh]:
        fresh: list[Fresh] = []
        for agency, told in self._told.items():
            earlier = before[agency].disclosed if agency in before else None
            if told.disclosed is None or _shape(told.disclosed) == _shape(earlier):
                continue
            if earlier is None:
                fresh.append(Fresh(answer=told.disclosed))
            else:
                again = replace(told.disclosed, unasked_cells=0, unasked_rows=0, unfit_cells=0)
                fresh.append(Fresh(answer=again))
        return fresh


def _standings(joining: Joining) -> list[Standing]:
    """Return how each row stands; whoever the requester has said is somebody else is."""
    of_people = [Standing.DIFFERENT if card.word is Word.NOT_SAME else card.standing for card in joining.cards]
    return [of_people[person] for person in joining.person_of_row]


def _shape(disclosed: AgencyAnswer | None) -> tuple[tuple[str, ...], int]:
    """Return which fields of how many records are told."""
    records = None if disclosed is None else disclosed.records
    return ((), 0) if records is None else (records.columns, len(records))
