"""An indicator: from what agencies released to how many of them hold something; no record goes with it.

It rests on records that may be shown, after every rule of release, and on how their rows stand to the person.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub.model.answer import AgencyAnswer
from hub.model.catalogue import Catalogue, IndicatorFields
from hub.model.indicator import Holding, Indicator, Verdict
from hub.model.matching import Standing
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of one agency: its outcome without a record, and of what the telling consists.

    `disclosed` is the answer with the rows and fields that are told and no others, which is what is recorded and what
    the agency gets a receipt of; like `holding` it is None where nothing is told.
    """

    shown: AgencyAnswer
    holding: Holding | None = None
    disclosed: AgencyAnswer | None = None


class Indicating:
    """Tells what one indicator says of agencies' answers; made once for each question."""

    __slots__ = ("_choices", "_fields", "_kind_class")

    def __init__(self, catalogue: Catalogue, fields: IndicatorFields) -> None:
        """Take the vocabulary and what the question's fields say."""
        self._fields = fields
        self._choices = catalogue.fields[fields.kind].choices
        self._kind_class = catalogue.fields[fields.kind].field_class

    def told(self, answer: AgencyAnswer, standings: Sequence[Standing]) -> Told:
        """Return what is told of an answer, with one standing for each of its rows."""
        if answer.records is None:
            return Told(shown=answer)
        counting = self._counting(answer.records, standings)
        if counting is None:
            return Told(shown=self._why_nothing(answer, standings))
        certain = [standing is Standing.SAME for standing in standings]
        shown = replace(_without_records(answer, Outcome.HELD, None), withheld=_withheld(answer, certain))
        return Told(
            shown=shown,
            holding=self._holding(answer.agency, counting),
            disclosed=replace(shown, records=self._only_told(counting)),
        )

    def _counting(self, records: Records, standings: Sequence[Standing]) -> "_Counting | None":
        """Return the rows that count: those that are about the person, or else those that possibly are."""
        says = self._says_something(records)
        for standing in (Standing.SAME, Standing.POSSIBLY):
            rows = [there and found is standing for there, found in zip(says, standings, strict=True)]
            if any(rows):
                return _Counting(records=records.only(rows), is_possible_only=standing is Standing.POSSIBLY)
        return None

    def _says_something(self, records: Records) -> list[bool]:
        """Tell of each row whether it says of what kind something is, or since when; to know somebody is not enough."""
        absent = ("",) * len(records)
        kinds, days = (records.column(name) or absent for name in (self._fields.kind, self._fields.since))
        return [bool(kind or day) for kind, day in zip(kinds, days, strict=True)]

    def _why_nothing(self, answer: AgencyAnswer, standings: Sequence[Standing]) -> AgencyAnswer:
        """Say what became of an agency that sent records in which nothing counts: only a whole look is a no."""
        withheld = _withheld(answer, [standing is not Standing.DIFFERENT for standing in standings])
        of_kind = tuple(kept for kept in withheld if kept[0] == self._kind_class)
        if of_kind:
            return replace(_without_records(answer, Outcome.WITHHELD, of_kind[0][1]), withheld=of_kind)
        has_kind = answer.records is not None and self._fields.kind in answer.records.columns
        if answer.unfit_cells or not has_kind:
            return _without_records(answer, Outcome.NO_ANSWER, Reason.MALFORMED)
        return _without_records(answer, Outcome.NOTHING_HELD, None)

    def _holding(self, agency: str, counting: "_Counting") -> Holding:
        records, fields = counting.records, self._fields
        contact, telephone = self._contact(records)
        if counting.is_possible_only:
            return Holding(agency=agency, contact=contact, telephone=telephone, is_possible_only=True)
        kinds = set(records.column(fields.kind))
        return Holding(
            agency=agency,
            kinds=tuple(choice for choice in self._choices if choice in kinds),
            since=min(filter(None, records.column(fields.since)), default=""),
            contact=contact,
            telephone=telephone,
        )

    def _contact(self, records: Records) -> tuple[str, str]:
        """Return whom to speak to and the telephone number, of the newest record that says either."""
        absent = ("",) * len(records)
        named = zip(*(records.column(name) or absent for name in self._fields.contact), strict=True)
        numbers = records.column(self._fields.telephone) or absent
        found = [
            (day, ", ".join(filter(None, words)), number)
            for day, words, number in zip(records.record_dates, named, numbers, strict=True)
            if any(words) or number
        ]
        return max(found, key=lambda one: one[0])[1:] if found else ("", "")

    def _only_told(self, counting: "_Counting") -> Records:
        """Leave of a table the columns of which something is told."""
        fields = self._fields
        told = {*fields.contact, fields.telephone}
        if not counting.is_possible_only:
            told |= {fields.kind, fields.since}
        records = counting.records
        silent = {name for name in records.columns if name not in told or not any(records.column(name))}
        return records.without(silent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counting:
    """The rows on which a holding rests."""

    records: Records
    is_possible_only: bool


def indicator(what: str, planned: Sequence[str], told: Iterable[Told]) -> Indicator:
    """Sum up what is told so far; whoever of the planned agencies has not been told of is unknown.

    Built from the plan and not from what came back: silence must not pass for a no.
    """
    known = {one.shown.agency: one for one in told}
    holdings = tuple(one.holding for one in known.values() if one.holding is not None)
    without = tuple(
        agency for agency in planned if agency in known and known[agency].shown.outcome is Outcome.NOTHING_HELD
    )
    holding = {one.agency for one in holdings}
    unknown = tuple(agency for agency in planned if agency not in holding and agency not in without)
    verdict = Verdict.YES if holdings else Verdict.NOT_ALL_ASKED if unknown else Verdict.NO
    return Indicator(what=what, verdict=verdict, holdings=holdings, without=without, unknown=unknown)


def _without_records(answer: AgencyAnswer, outcome: Outcome, reason: Reason | None) -> AgencyAnswer:
    """Return what became of an agency, without a row of it and without what is said of single rows."""
    return replace(
        answer,
        outcome=outcome,
        reason=reason,
        records=None,
        withheld=(),
        withheld_rows=(),
        consents=(),
        consent_of_row=(),
    )


def _withheld(answer: AgencyAnswer, counted: Sequence[bool]) -> tuple[tuple[str, Reason], ...]:
    """Return which classes are kept back, and why, in rows that are counted."""
    return tuple(
        kept
        for kept, rows in zip(answer.withheld, answer.withheld_rows, strict=True)
        if any(counted[row] for row in rows)
    )
