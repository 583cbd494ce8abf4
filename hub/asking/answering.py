"""One answer in the making: what has been released so far, and what may still be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.permitted import permitted
from hub.asking.plan import Plan
from hub.asking.releasing import ReleaseRules, released
from hub.audit.pseudonyms import Pseudonym
from hub.combining.view import combine
from hub.linkage.people import join
from hub.links.gathering import Arrival, shows_nothing
from hub.model.answer import AgencyAnswer, AnswerPart, Completeness, Joining, Opening
from hub.model.outcome import Outcome
from hub.model.policy import Permit
from hub.model.request import Request
from hub.model.terms import Shield, Terms

if TYPE_CHECKING:
    from hub.model.records import Records


class Answering:
    """Turns arrivals into what may be shown, and shown rows into people."""

    __slots__ = (
        "_asked",
        "_in_force",
        "_now",
        "_opening",
        "_outcomes",
        "_plan",
        "_request",
        "_rules",
        "_shown",
        "_tables",
        "agreements",
        "is_closed",
        "person",
    )

    def __init__(
        self,
        request: Request,
        plan: Plan,
        in_force: PolicyInForce,
        *,
        rules: ReleaseRules,
        now: Callable[[], datetime],
        person: Pseudonym,
    ) -> None:
        """Begin an answer without any outcome; `in_force` is read again for everything that arrives.

        `person` is how the record names whom it is about.
        """
        self._request = request
        self.person = person
        self._plan = plan
        self._asked = dict(plan.asked)
        self._in_force = in_force
        self._rules = rules
        self._now = now
        self._tables: list[Records] = []
        self._opening: Opening | None = _opening(request, plan, in_force.policy)
        self._outcomes: dict[str, Outcome] = {}
        self._shown: set[str] = set()
        # Which agreements cover each agency's part, as at the last release.
        self.agreements: Mapping[str, tuple[str, ...]] = {}
        self.is_closed = False

    def release(self, arrivals: Sequence[Arrival]) -> tuple[AgencyAnswer, ...]:
        """Decide again, on what came back and on the policy as it is now, what of it may be shown."""
        policy, at = self._in_force.policy, self._now()
        by_agency = {permit.agency: permit for permit in permitted(policy, self._request, at)}
        self.agreements = {agency: permit.agreements for agency, permit in by_agency.items()}
        return tuple(
            released(
                policy,
                self._request,
                arrival,
                by_agency.get(arrival.agency),
                self._asked.get(arrival.agency, ()),
                rules=self._rules,
                at=at,
            )
            for arrival in arrivals
        )

    def shows_nothing(self, arrival: Arrival) -> bool:
        """Tell whether an arrival would read as nothing held, which may not show in when it is told."""
        if arrival.records is None:
            return shows_nothing(arrival)
        question = self._in_force.policy.catalogue.questions.get(self._request.question)
        is_dated = question is not None and question.oldest_record_days is not None
        if not is_dated and not any(map(_may_vanish, set(arrival.records.terms))):
            return False
        return self.release([arrival])[0].outcome is Outcome.NOTHING_HELD

    def still_asked(self) -> tuple[Permit, ...]:
        """Return what is still to be asked of whom, once it is recorded: never more than was recorded."""
        permits = permitted(self._in_force.policy, self._request, self._now())
        by_agency = {permit.agency: permit for permit in permits if permit.refusal is None}
        return tuple(
            _narrowed(by_agency[agency], planned) for agency, planned in self._plan.asked if agency in by_agency
        )

    def part(self, answers: Sequence[AgencyAnswer], elapsed_ms: int) -> AnswerPart:
        """Return the part that shows these answers, joined with all that was shown before.

        The first part also says what was asked of whom, and who was not asked; the last one closes the answer.
        """
        opening = None
        if self._opening is not None:
            opening, self._opening = self._opening, None
            answers = (*self._plan.not_permitted, *answers)
        shown = [answer.records for answer in answers if answer.records is not None]
        self._tables += shown
        self._outcomes |= {answer.agency: answer.outcome for answer in answers}
        return AnswerPart(
            opening=opening,
            agencies=tuple(answers),
            joining=self._joining() if shown else None,
            completeness=self._completeness(elapsed_ms),
        )

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

    def _joining(self) -> Joining:
        comparable = self._rules.comparable(self._in_force.policy)
        return combine(self._tables, join(self._tables, self._request.person), comparable)


def _narrowed(permit: Permit, planned: tuple[str, ...]) -> Permit:
    if permit.fields == planned:
        return permit
    return replace(permit, fields=tuple(name for name in planned if name in permit.fields))


def _may_vanish(terms: Terms) -> bool:
    """Tell whether a record on these terms may be dropped so that not even that it was there is told."""
    return bool(terms.areas) or terms.shield in (Shield.PERSON, Shield.ABSOLUTE)


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
