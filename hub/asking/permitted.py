"""What is permitted of a question that runs or was answered: as if the same person asked it once more, now."""

from dataclasses import replace
from datetime import datetime

from hub.access.policy import Policy
from hub.model.policy import Permit, Refusal
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
    if not barred or all(barred.isdisjoint(permit.fields) for permit in permits):
        return permits
    return tuple(_without(policy, permit, barred) for permit in permits)


def _without(policy: Policy, permit: Permit, barred: frozenset[str]) -> Permit:
    """Take out what may not be asked for; without who a person is, nothing is left."""
    if not barred.isdisjoint(policy.catalogue.identity_fields):
        return Permit(agency=permit.agency, fields=(), refusal=permit.refusal or Refusal.ACCESS_LEVEL)
    return replace(permit, fields=tuple(name for name in permit.fields if name not in barred))
