"""One answer in the making: what has been released so far, and what may still be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.again import Again, asked_again, learned, may_be_asked_again
from hub.asking.indicating import Telling
from hub.asking.permitted import permitted
from hub.asking.plan import Plan
from hub.asking.releasing import ReleaseRules, released
from hub.audit.pseudonyms import Pseudonym
from hub.combining.joined import WordOf, joined
from hub.links.gathering import Arrival, shows_nothing
from hub.model.answer import AgencyAnswer, AnswerPart, Completeness, Joining, Opening
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.model.policy import Permit
from hub.model.records import Records
from hub.model.request import Request
from hub.model.terms import Shield, Terms
from hub.sessions.held import Behind, Fresh

if TYPE_CHECKING:
    from hub.release.sight import Sight


class Answering:
    """Turns arrivals into what may be shown, and shown rows into people."""

    __slots__ = (
        "_asked",
        "_in_force",
        "_looked_for",
        "_now",
        "_opening",
        "_outcomes",
        "_plan",
        "_request",
        "_rules",
        "_shown",
        "_sights",
        "_telling",
        "_wholes",
        "_word_of",
        "agreements",
        "fresh",
        "is_closed",
        "joining",
        "person",
        "shields",
    )

    def __init__(  # noqa: PLR0913  # what is asked, by what rules it is shown, and what is known of the person
        self,
        request: Request,
        plan: Plan,
        in_force: PolicyInForce,
        *,
        rules: ReleaseRules,
        now: Callable[[], datetime],
        person: Pseudonym,
        word_of: WordOf | None = None,
    ) -> None:
        """Begin an answer without any outcome; `in_force` is read again for everything that arrives.

        `person` is how the record names whom it is about, and `word_of` knows what the requester has said in this case.
        """
        self._request = request
        self.person = person
        self._plan = plan
        self._asked = dict(plan.asked)
        self._in_force = in_force
        self._rules = rules
        self._now = now
        self._word_of = word_of
        # All that may be shown of each agency that sent records, in the order in which it was shown, and how much is.
        self._wholes: dict[str, AgencyAnswer] = {}
        self._sights: Mapping[str, tuple[Sight, ...]] = {}
        # Whom an agency was asked for, where that is more than the requester knew.
        self._looked_for: dict[str, PersonKeys] = {}
        question = in_force.policy.catalogue.questions[request.question]
        # Only with a question that indicates: then no records are shown.
        self._telling = (
            Telling(in_force.policy.catalogue, question.indicator, plan.planned) if question.indicator else None
        )
        self._opening: Opening | None = _opening(request, plan, in_force.policy)
        self._outcomes: dict[str, Outcome] = {}
        self._shown: set[str] = set()
        # Which agreements cover each agency's part, as at the last release.
        self.agreements: Mapping[str, tuple[str, ...]] = {}
        # What the last part shows that no part before it has shown, by agency.
        self.fresh: tuple[Fresh, ...] = ()
        # How all that was shown joins, and what sources protect: also of people of whom nothing is shown.
        self.joining: Joining | None = None
        self.shields: set[Shield] = set()
        self.is_closed = False

    def release(self, arrivals: Sequence[Arrival]) -> tuple[AgencyAnswer, ...]:
        """Decide again, on what came back and on the policy as it is now, what of it may be shown."""
        policy, at = self._in_force.policy, self._now()
        by_agency = {permit.agency: permit for permit in permitted(policy, self._request, at)}
        self.agreements = {agency: permit.agreements for agency, permit in by_agency.items()}
        self.shields.update(*map(_protected, arrivals))
        return tuple(
            released(
                policy,
                self._request,
                arrival,
                by_agency.get(arrival.agency),
                self._asked.get(arrival.agency, ()),
                rules=self._rules,
                at=at,
                looked_for=self._looked_for.get(arrival.agency),
            )
            for arrival in arrivals
        )

    def shows_nothing(self, arrival: Arrival) -> bool:
        """Tell whether an arrival would read as nothing held, which may not show in when it is told."""
        if arrival.records is None:
            return shows_nothing(arrival)
        if self._telling is not None:
            return self._telling.says_nothing(self.release([arrival])[0])
        question = self._in_force.policy.catalogue.questions.get(self._request.question)
        is_dated = question is not None and question.oldest_record_days is not None
        whom = self._looked_for.get(arrival.agency, self._request.person)
        is_sure = _has_numbers_asked_for(arrival.records, whom)
        if is_sure and not is_dated and not any(map(_may_vanish, set(arrival.records.terms))):
            return False
        return self.release([arrival])[0].outcome is Outcome.NOTHING_HELD

    def still_asked(self) -> tuple[Permit, ...]:
        """Return what is still to be asked of whom, once it is recorded: never more than was recorded."""
        permits = permitted(self._in_force.policy, self._request, self._now())
        by_agency = {permit.agency: permit for permit in permits if permit.refusal is None}
        return tuple(
            _narrowed(by_agency[agency], planned) for agency, planned in self._plan.asked if agency in by_agency
        )

    def may_be_asked_again(self) -> frozenset[str]:
        """Return the agencies of which it is not the last word that they hold nothing; a search has one round."""
        if self._request.is_search:
            return frozenset()
        return may_be_asked_again(self._in_force.policy, self._request, self._asked, self._now())

    def again(self, waiting: Sequence[str]) -> tuple[Again, ...]:
        """Return who of those that have found nobody is to be asked again, by what has been shown so far.

        Nobody learns from a second round that there is anything more to ask.
        """
        still = {permit.agency: permit.fields for permit in self.still_asked()}
        taught = [one for one in self.behind() if one.whole.agency not in self._looked_for]
        found = learned(self._request, taught, self._same_rows())
        return asked_again(self._in_force.policy, self._request, still, found, waiting, self._now())

    def look_for(self, again: Again) -> None:
        """Note by which numbers an agency is asked again: what it sends is about whoever has them."""
        self._looked_for[again.agency] = again.person

    def _same_rows(self) -> set[tuple[str, int]]:
        """Return the rows, by agency and place, that are about the person asked about."""
        if self.joining is None:
            return set()
        places = [(agency, row) for agency, sights in self._sights.items() for row in range(len(sights))]
        persons = zip(places, self.joining.person_of_row, strict=True)
        return {place for place, person in persons if self.joining.certain[person]}

    @property
    def has_begun(self) -> bool:
        """Tell whether the requester has been told what is asked of whom."""
        return self._opening is None

    def part(self, answers: Sequence[AgencyAnswer], elapsed_ms: int) -> AnswerPart:
        """Return the part that shows these answers, joined with all that was shown before.

        The first part also says what was asked of whom, and who was not asked; the last one closes the answer.
        """
        opening = None
        if self._opening is not None:
            opening, self._opening = self._opening, None
            answers = (*self._plan.not_permitted, *answers)
        new = {answer.agency: answer for answer in answers if answer.records is not None}
        before = self._sights
        self._wholes |= new
        self._outcomes |= {answer.agency: answer.outcome for answer in answers}
        joining = self._join() if new else None
        behind = {one.whole.agency: one for one in self._everything()}
        self.fresh = tuple(
            one.since(before.get(agency, ())) for agency, one in behind.items() if before.get(agency) != one.sights
        )
        part = AnswerPart(
            opening=opening,
            agencies=tuple(behind[answer.agency].shown() if answer.agency in new else answer for answer in answers),
            fuller=tuple(behind[agency].shown() for agency, sights in before.items() if sights != self._sights[agency]),
            joining=joining,
            completeness=self._completeness(elapsed_ms),
        )
        if self._telling is not None:
            part, self.fresh = self._telling.part(part, self._wholes)
        return part

    def without(self, answers: Sequence[AgencyAnswer]) -> list[AgencyAnswer]:
        """Return what is told of those agencies of which nothing is disclosed."""
        if self._telling is not None:
            return self._telling.without(answers)
        return [answer for answer in answers if answer.records is None]

    @property
    def answers(self) -> tuple[AgencyAnswer, ...]:
        """Return all that may be shown of each agency that sent records, in the order of the joining's rows."""
        return tuple(self._wholes.values())

    def behind(self) -> tuple[Behind, ...]:
        """Return all that is held of agencies that sent records, and how much of it is shown."""
        return self._everything() if self._telling is None else self._telling.behind(self._wholes)

    def _everything(self) -> tuple[Behind, ...]:
        """Return all that may be shown of each agency that sent records, and how much of it is."""
        return tuple(Behind(whole=whole, sights=self._sights[agency]) for agency, whole in self._wholes.items())

    def searched(self, page: AnswerPart, elapsed_ms: int) -> AnswerPart:
        """Return the one part of a search: its first page, with what was asked of whom, and what became of each."""
        opening, self._opening = self._opening, None
        agencies = (*self._plan.not_permitted, *page.agencies)
        self._outcomes |= {answer.agency: answer.outcome for answer in agencies}
        completeness = self._completeness(elapsed_ms)
        return replace(page, opening=opening, agencies=agencies, completeness=completeness)

    def showing(self, part: AnswerPart) -> AnswerPart:
        """Note that a part is now shown, and return it."""
        self._shown.update(answer.agency for answer in part.agencies)
        return part

    def unshown(self) -> list[str]:
        """Name the planned agencies whose outcomes have not been shown."""
        return [agency for agency in self._plan.planned if agency not in self._shown]

    def _completeness(self, elapsed_ms: int) -> Completeness | None:
        """Return the closing statement once every planned agency has its outcome."""
        # The plan, not the list of replies, says who is still missing: silence must not pass for an answer.
        if any(agency not in self._outcomes for agency in self._plan.planned):
            return None
        self.is_closed = True
        complete = all(outcome.answered for outcome in self._outcomes.values())
        return Completeness(complete=complete, elapsed_ms=elapsed_ms)

    def _join(self) -> Joining:
        found = joined(
            tuple(self._wholes.values()),
            self._sights,
            asked=self._request.person,
            parameters=self._rules.parameters,
            comparable=self._rules.comparable(self._in_force.policy),
            word_of=self._word_of,
        )
        self._sights, self.joining = found.sights, found.joining
        return found.joining


def _narrowed(permit: Permit, planned: tuple[str, ...]) -> Permit:
    if permit.fields == planned:
        return permit
    return replace(permit, fields=tuple(name for name in planned if name in permit.fields))


def _may_vanish(terms: Terms) -> bool:
    """Tell whether a record on these terms may be dropped so that not even that it was there is told."""
    return bool(terms.areas) or terms.shield in (Shield.PERSON, Shield.ABSOLUTE)


def _has_numbers_asked_for(records: Records, asked: PersonKeys) -> bool:
    """Tell whether some record has every number that was asked for, and so is not dropped as being about others."""
    given = [kind for kind in STRONG_IDENTIFIERS if getattr(asked, kind)]
    columns = [records.column(kind) for kind in given]
    wanted = tuple(getattr(asked, kind) for kind in given)
    return bool(given) and wanted in zip(*columns, strict=False)


def _protected(arrival: Arrival) -> set[Shield]:
    """Say what a source protects; its own veto is a word about somebody whom it protects."""
    if arrival.records is None:
        return {Shield.PERSON} if arrival.outcome is Outcome.WITHHELD else set()
    return {said.shield for said in arrival.records.terms}


def _opening(request: Request, plan: Plan, policy: Policy) -> Opening:
    return Opening(
        request_id=request.request_id,
        policy_version=policy.version,
        question=request.question,
        wording=policy.catalogue.questions[request.question].wording,
        purpose=request.purpose,
        planned=plan.planned,
        fields=plan.fields(),
        break_glass_until=request.break_glass_until,
    )
