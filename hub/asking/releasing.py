"""Releasing: what of an agency's reply may be shown to whoever asked, under a policy at an instant."""

from collections.abc import Sequence
from datetime import datetime

from hub.access.policy import Policy
from hub.asking.plan import not_permitted
from hub.linkage.parameters import Parameters, shipped
from hub.linkage.standings import standings
from hub.links.gathering import Arrival
from hub.model.answer import AgencyAnswer
from hub.model.matching import Standing
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.model.policy import Permit, Refusal
from hub.model.records import Records
from hub.model.request import Request
from hub.release.circumstances import Circumstances
from hub.release.leaving import LeavingRules, may_leave


class ReleaseRules:
    """Makes the rules for each list of fields of each question once for each policy version."""

    __slots__ = ("_comparable", "_policy", "_rules", "parameters")

    def __init__(self, parameters: Parameters | None = None) -> None:
        """Start without rules; by `parameters`, or else those that are shipped, records are compared."""
        self.parameters = parameters or shipped()
        self._policy: Policy | None = None
        self._rules: dict[tuple[str, tuple[str, ...]], LeavingRules] = {}
        self._comparable: frozenset[str] = frozenset()

    def comparable(self, policy: Policy) -> frozenset[str]:
        """Return the fields on which agencies ought to agree."""
        self._follow(policy)
        return self._comparable

    def of(self, policy: Policy, question: str, fields: tuple[str, ...]) -> LeavingRules:
        """Return the rules for a question of which these fields may be released."""
        self._follow(policy)
        if (question, fields) not in self._rules:
            self._rules[question, fields] = LeavingRules(policy.catalogue, question, fields, self._standings)
        return self._rules[question, fields]

    def _standings(self, records: Records, asked: PersonKeys) -> Sequence[Standing]:
        return standings(records, asked, self.parameters)

    def _follow(self, policy: Policy) -> None:
        if policy is not self._policy:
            self._policy, self._rules = policy, {}
            self._comparable = frozenset(field.id for field in policy.catalogue.fields.values() if field.comparable)


def released(  # noqa: PLR0913  # what was asked, planned and permitted, what came back, and when
    policy: Policy,
    request: Request,
    arrival: Arrival,
    permit: Permit | None,
    planned: tuple[str, ...],
    *,
    rules: ReleaseRules,
    at: datetime,
    looked_for: PersonKeys | None = None,
) -> AgencyAnswer:
    """Decide again, on what came back and on the policy as it is now, what of one agency's reply may be shown.

    `looked_for` is whom the agency was asked for, where that is more than the requester knew.
    """
    if permit is None:
        # The question, or the agency's part in it, has left the catalogue since it was asked.
        return not_permitted(arrival.agency, Refusal.ACCESS_LEVEL, arrival.elapsed_ms)
    if permit.refusal is not None:
        return not_permitted(arrival.agency, permit.refusal, arrival.elapsed_ms)
    by = circumstances(policy, request, arrival.agency, at)
    if arrival.records is None:
        # A source's own veto is a word about somebody whom it protects, and reads as nothing held to all others.
        is_hidden = arrival.outcome is Outcome.WITHHELD and not by.may_see_protected
        outcome = Outcome.NOTHING_HELD if is_hidden else arrival.outcome
        return AgencyAnswer(
            agency=arrival.agency, outcome=outcome, reason=arrival.reason, elapsed_ms=arrival.elapsed_ms
        )
    fields = planned if permit.fields == planned else tuple(name for name in planned if name in permit.fields)
    found = rules.of(policy, request.question, fields)
    sent, instance = arrival.records, arrival.instance
    whom = looked_for or request.about
    return may_leave(sent, whom, found, by, elapsed_ms=arrival.elapsed_ms, instance=instance)


def still_may_leave(
    policy: Policy, request: Request, answer: AgencyAnswer, permit: Permit | None, *, rules: ReleaseRules, at: datetime
) -> bool:
    """Tell whether all that an answer shows may still be shown: fields, rows and cells, decided anew."""
    shown = answer.records
    if shown is None:
        return True
    if permit is None or not set(shown.columns) <= set(permit.fields):
        return False
    if answer.holds_until is not None and at >= answer.holds_until:
        return False
    # Not by the columns that are shown: their order is the agency's, and there are more orders than memory.
    found = rules.of(policy, request.question, permit.fields)
    if not (shown.terms or found.kept_back or found.oldest_days):
        return True
    by = circumstances(policy, request, answer.agency, at)
    # Whom the rows are about was decided on all that came, of which some may have been kept back since.
    again = may_leave(shown, None, found, by).records
    return again is not None and (again is shown or (again.columns, again.cells) == (shown.columns, shown.cells))


def sees_protected(policy: Policy, request: Request, at: datetime) -> bool:
    """Tell whether the requester may be shown somebody whom an agency protects, though not absolutely."""
    return circumstances(policy, request, "", at).may_see_protected


def circumstances(policy: Policy, request: Request, agency: str, at: datetime) -> Circumstances:
    """Say for whom one agency's records are looked at, and on what that rests, at an instant."""
    requester = request.requester
    level = policy.levels.get(requester.access_level)
    is_open = level is not None and level.break_glass and request.is_break_glass(at)
    confirmed = request.confirmed_by(agency, at)
    return Circumstances(
        today=at.date(),
        source=agency,
        requester_agency=requester.agency,
        areas=frozenset(requester.areas),
        purpose=request.purpose,
        ground=request.ground,
        confirmed_until=None if confirmed is None else confirmed.until,
        break_glass_until=request.break_glass_until if is_open else None,
        sees_shielded=level is not None and level.sees_shielded,
    )
