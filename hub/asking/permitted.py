"""What is permitted of a question that runs or was answered: as if the same person asked it once more, now."""

from dataclasses import replace
from datetime import datetime

from hub.access.coverage import covered
from hub.access.policy import Policy
from hub.model.catalogue import Question
from hub.model.policy import Office, Permit, Refusal
from hub.model.request import Request


def permitted(policy: Policy, request: Request, at: datetime) -> tuple[Permit, ...]:
    """Return one permit for each agency of the question; none when it would not be taken any more.

    What a policy has come to keep for those who have given a second factor is not shown to somebody who had not, nor
    what has come to need another special condition than the one that was given.
    """
    question = policy.catalogue.questions.get(request.question)
    if question is None or request.lawful_basis not in question.lawful_bases:
        return ()
    permits = policy.permits(request.requester.office, question=request.question, purpose=request.purpose, at=at)
    barred = policy.barred_fields(request.special_condition)
    if not request.is_stepped_up:
        barred |= policy.step_up_fields
    if barred and not all(barred.isdisjoint(permit.fields) for permit in permits):
        permits = tuple(_without(policy, permit, barred) for permit in permits)
    return telling(policy, request.requester.office, question, request.purpose, permits, at)


def telling(
    policy: Policy, office: Office, question: Question, purpose: str, permits: tuple[Permit, ...], at: datetime
) -> tuple[Permit, ...]:
    """Refuse agencies that could not tell what an indicator is about: nothing is fetched that would say nothing."""
    if question.indicator is None:
        return permits
    kind = question.indicator.kind
    field_class = policy.catalogue.fields[kind].field_class

    def refusal(agency: str) -> Refusal:
        spans = policy.coverage.get((office.agency, agency, purpose, field_class), ())
        is_agreed = agency == office.agency or covered(spans, at)
        return Refusal.ACCESS_LEVEL if is_agreed else Refusal.NO_AGREEMENT

    return tuple(
        permit
        if permit.refusal is not None or kind in permit.fields
        else Permit(agency=permit.agency, fields=(), refusal=refusal(permit.agency))
        for permit in permits
    )


def _without(policy: Policy, permit: Permit, barred: frozenset[str]) -> Permit:
    """Take out what may not be asked for; without who a person is, nothing is left."""
    if not barred.isdisjoint(policy.catalogue.identity_fields):
        return Permit(agency=permit.agency, fields=(), refusal=permit.refusal or Refusal.ACCESS_LEVEL)
    return replace(permit, fields=tuple(name for name in permit.fields if name not in barred))
