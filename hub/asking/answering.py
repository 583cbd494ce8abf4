"""One answer in the making: what has been released so far, and what may still be."""

from collections.abc import Callable, Sequence
from datetime import datetime

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.permitted import permitted
from hub.asking.plan import Plan, not_permitted
from hub.combining.view import combine
from hub.linkage.people import join
from hub.links.gathering import Arrival
from hub.model.answer import AgencyAnswer, AnswerPart, Completeness, Joining, Opening
from hub.model.outcome import Outcome, Reason
from hub.model.policy import Permit, Refusal
from hub.model.records import Records
from hub.model.request import Request
from hub.release.filter import FieldFilter


class FieldFilters:
    """Makes the filter for each list of fields once for each policy version."""

    __slots__ = ("_comparable", "_filters", "_version")

    def __init__(self) -> None:
        """Start without filters."""
        self._version = ""
        self._filters: dict[tuple[str, ...], FieldFilter] = {}
        self._comparable: frozenset[str] = frozenset()

    def comparable(self, policy: Policy) -> frozenset[str]:
        """Return the fields on which agencies ought to agree."""
        self._follow(policy)
        return self._comparable

    def of(self, policy: Policy, fields: tuple[str, ...]) -> FieldFilter:
        """Return the filter that lets these fields pass."""
        self._follow(policy)
        if fields not in self._filters:
            self._filters[fields] = FieldFilter([policy.catalogue.fields[field] for field in fields])
        return self._filters[fields]

    def _follow(self, policy: Policy) -> None:
        if policy.version != self._version:
            self._version, self._filters = policy.version, {}
            self._comparable = frozenset(field.id for field in policy.catalogue.fields.values() if field.comparable)


class Answering:
    """Turns arrivals into what may be shown, and shown rows into people."""

    __slots__ = (
        "_asked",
        "_filters",
        "_in_force",
        "_now",
        "_opening",
        "_outcomes",
        "_plan",
        "_request",
        "_shown",
        "_tables",
        "is_closed",
    )

    def __init__(
        self,
        request: Request,
        plan: Plan,
        in_force: PolicyInForce,
        *,
        filters: FieldFilters,
        now: Callable[[], datetime],
    ) -> None:
        """Begin an answer without any outcome; `in_force` is read again for everything that arrives."""
        self._request = request
        self._plan = plan
        self._asked = dict(plan.asked)
        self._in_force = in_force
        self._filters = filters
        self._now = now
        self._tables: list[Records] = []
        self._opening: Opening | None = _opening(request, plan, in_force.policy)
        self._outcomes: dict[str, Outcome] = {}
        self._shown: set[str] = set()
        self.is_closed = False

    def release(self, arrivals: Sequence[Arrival]) -> tuple[AgencyAnswer, ...]:
        """Decide again, on what came back and on the policy as it is now, what of it may be shown."""
        policy = self._in_force.policy
        by_agency = {permit.agency: permit for permit in permitted(policy, self._request, self._now())}
        return tuple(self._release_one(arrival, by_agency.get(arrival.agency), policy) for arrival in arrivals)

    def still_asked(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what is still to be asked of whom, once it is recorded: never more than was recorded."""
        permits = permitted(self._in_force.policy, self._request, self._now())
        fields = {permit.agency: permit.fields for permit in permits if permit.refusal is None}
        return tuple(
            (
                agency,
                planned if planned == fields[agency] else tuple(name for name in planned if name in fields[agency]),
            )
            for agency, planned in self._plan.asked
            if agency in fields
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

    def _release_one(self, arrival: Arrival, permit: Permit | None, policy: Policy) -> AgencyAnswer:
        if permit is None:
            # The question, or the agency's part in it, has left the catalogue since it was asked.
            return not_permitted(arrival.agency, Refusal.ACCESS_LEVEL, arrival.elapsed_ms)
        if permit.refusal is not None:
            return not_permitted(arrival.agency, permit.refusal, arrival.elapsed_ms)
        if arrival.records is None:
            return AgencyAnswer(
                agency=arrival.agency, outcome=arrival.outcome, reason=arrival.reason, elapsed_ms=arrival.elapsed_ms
            )
        return self._filter(arrival, arrival.records, permit, policy)

    def _filter(self, arrival: Arrival, sent: Records, permit: Permit, policy: Policy) -> AgencyAnswer:
        planned = self._asked[arrival.agency]
        fields = planned if permit.fields == planned else tuple(f for f in planned if f in permit.fields)
        passed = self._filters.of(policy, fields).apply(sent, self._request.person)
        # An agency that told only of people who were not asked for has not said that it holds nothing.
        is_empty = not len(passed.records)
        return AgencyAnswer(
            agency=arrival.agency,
            outcome=Outcome.NO_ANSWER if is_empty else Outcome.HELD,
            reason=Reason.MALFORMED if is_empty else None,
            elapsed_ms=arrival.elapsed_ms,
            records=None if is_empty else passed.records,
            unasked_cells=passed.unasked_cells,
            unasked_rows=passed.unasked_rows,
            unfit_cells=passed.unfit_cells,
        )

    def _joining(self) -> Joining:
        comparable = self._filters.comparable(self._in_force.policy)
        return combine(self._tables, join(self._tables, self._request.person), comparable)


def _opening(request: Request, plan: Plan, policy: Policy) -> Opening:
    return Opening(
        request_id=request.request_id,
        policy_version=policy.version,
        question=request.question,
        wording=policy.catalogue.questions[request.question].wording,
        purpose=request.purpose,
        planned=plan.planned,
        fields=plan.fields(),
    )
