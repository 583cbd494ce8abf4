"""What may leave: every rule on what a source sent, in the order in which they are written down in docs/policies.md.

Nothing here looks at a clock, waits for anything or knows a policy by more than its words: what decides is passed in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from hub.model.answer import AgencyAnswer
from hub.model.catalogue import Catalogue, FieldClass
from hub.model.criteria import Criteria
from hub.model.outcome import Outcome, Reason
from hub.model.person import PersonKeys
from hub.model.records import Records
from hub.model.terms import Consent, ConsentState, Terms
from hub.release.age import recent
from hub.release.area import within_areas
from hub.release.circumstances import Circumstances
from hub.release.consent import decided, earliest
from hub.release.filter import FieldFilter
from hub.release.shield import without_given_away, without_shielded
from hub.release.whom import Standings

# Of several reasons, the one that an agency's withholding is summed up in: the first of these.
_GRAVEST = (Reason.CONSENT_REFUSED, Reason.NOT_CONFIRMED, Reason.NO_CONSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """A class of fields that a source's word may keep back, and those of its fields that are asked for."""

    field_class: FieldClass
    names: frozenset[str]


class LeavingRules:
    """What one policy says of one list of fields of one question; made once for each."""

    __slots__ = ("filter", "identity", "kept_back", "locating", "oldest_days", "opt_out_age")

    def __init__(self, catalogue: Catalogue, question: str, names: Sequence[str], standings: Standings) -> None:
        """Take the vocabulary, the fields that may be released, and no others, and what judges whom rows are about."""
        fields = [catalogue.fields[name] for name in names]
        self.filter = FieldFilter(fields, standings)
        self.identity = frozenset(field.id for field in fields if field.identity)
        self.locating = frozenset(field.id for field in fields if field.locates)
        self.oldest_days = catalogue.questions[question].oldest_record_days
        self.opt_out_age = catalogue.release.opt_out_age
        self.kept_back = tuple(
            KeptBack(field_class=found, names=frozenset(field.id for field in fields if field.field_class == found.id))
            for found in catalogue.field_classes.values()
            if found.is_kept_back and any(field.field_class == found.id for field in fields)
        )


def may_leave(  # what was sent, what was asked, by what rules; and two things that only pass through
    sent: Records,
    asked: PersonKeys | Criteria | None,
    rules: LeavingRules,
    by: Circumstances,
    *,
    elapsed_ms: int = 0,
    instance: str = "",
) -> AgencyAnswer:
    """Return the answer that may be made of what a process of a source sent.

    Without the person asked about, whom the rows are about has been decided already.
    """
    # Who is protected, where a record belongs and how old it is come first, and leave no trace, not even a count.
    if asked is not None and asked.is_found_by_place and not by.may_see_protected:
        sent = without_given_away(sent)
    known = without_shielded(sent, rules.locating, is_entitled=by.may_see_protected)
    known = within_areas(known, by.areas)
    known = recent(known, by.today, rules.oldest_days)
    if not len(known):
        return AgencyAnswer(agency=by.source, outcome=Outcome.NOTHING_HELD, elapsed_ms=elapsed_ms)
    # Then whom it is about and what was asked for. Candidates who turn out to be others leave no trace, either; whoever
    # told of people that were not looked for has not said that nothing is held.
    passed = rules.filter.apply(known, asked, by.source)
    is_empty = not len(passed.records)
    if is_empty and not passed.unasked_rows:
        return AgencyAnswer(agency=by.source, outcome=Outcome.NOTHING_HELD, elapsed_ms=elapsed_ms)
    answer = AgencyAnswer(
        agency=by.source,
        outcome=Outcome.NO_ANSWER if is_empty else Outcome.HELD,
        reason=Reason.MALFORMED if is_empty else None,
        elapsed_ms=elapsed_ms,
        records=None if is_empty else passed.records,
        unasked_cells=passed.unasked_cells,
        unasked_rows=passed.unasked_rows,
        unfit_cells=passed.unfit_cells,
        holds_until=None if is_empty else by.break_glass_until,
        instance=instance,
    )
    # Last, class by class, what those concerned have said to it.
    return answer if is_empty or not rules.kept_back else _consented(answer, passed.records, rules, by)


def _consented(answer: AgencyAnswer, records: Records, rules: LeavingRules, by: Circumstances) -> AgencyAnswer:
    """Keep back classes to which consent, or what may stand for it, is missing; note how long the rest holds."""
    terms, born = records.terms_of_rows(), records.column("date_of_birth") or ("",) * len(records)
    withheld: dict[tuple[str, Reason], list[int]] = {}
    until = answer.holds_until
    for kept in rules.kept_back:
        verdicts = [
            decided(kept.field_class, said, day, by, opt_out_age=rules.opt_out_age)
            for said, day in zip(terms, born, strict=True)
        ]
        until = earliest(until, *(verdict.until for verdict in verdicts))
        closed = {row: verdict.reason for row, verdict in enumerate(verdicts) if verdict.reason is not None}
        if closed:
            for row in _holding(records, closed, kept.names):
                withheld.setdefault((kept.field_class.id, closed[row]), []).append(row)
            records = _kept_back(records, closed, kept.names)
    if withheld and not _tells_anything(records, rules.identity):
        return replace(_without_records(answer), withheld=tuple(withheld), reason=_gravest(withheld))
    consents, of_row = _standing(terms)
    return replace(
        answer,
        records=records,
        withheld=tuple(withheld),
        withheld_rows=tuple(map(tuple, withheld.values())),
        consents=consents,
        consent_of_row=of_row,
        holds_until=until,
    )


def _holding(records: Records, rows: Iterable[int], names: frozenset[str]) -> list[int]:
    """Return those rows in which some of the columns have a value: only of these is something kept back."""
    columns = [records.column(name) for name in names & set(records.columns)]
    return [row for row in rows if any(column[row] for column in columns)]


def _kept_back(records: Records, rows: Iterable[int], names: frozenset[str]) -> Records:
    closed = list(rows)
    return records.without(names) if len(closed) == len(records) else records.emptied(closed, names)


def _tells_anything(records: Records, identity: frozenset[str]) -> bool:
    """Tell whether anything is left beside who the person is."""
    return any(any(records.column(name)) for name in records.columns if name not in identity)


def _without_records(answer: AgencyAnswer) -> AgencyAnswer:
    return replace(answer, outcome=Outcome.WITHHELD, records=None, holds_until=None)


def _gravest(withheld: Iterable[tuple[str, Reason]]) -> Reason:
    return min((reason for _, reason in withheld), key=_GRAVEST.index)


def _standing(terms: Sequence[Terms]) -> tuple[tuple[Consent, ...], tuple[int, ...]]:
    """Say how consent stands, each state once, and for each row its place; without the lists that a source may name.

    What they name is the source's own words; the rest is words of the contract and days.
    """
    said = [replace(found.consent, classes=(), purposes=(), agencies=()) for found in terms]
    states = dict.fromkeys(one for one in said if one.state is not ConsentState.NOT_SAID)
    if not states:
        return (), ()
    # Looked up and not searched for: a reply may have hundreds of rows, each on terms of its own.
    place_of = {one: place for place, one in enumerate(states, start=1)}
    return tuple(states), tuple(place_of.get(one, 0) for one in said)
