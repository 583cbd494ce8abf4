"""What a permitted question entails for the requester's agency: a consent form to be signed, somebody to be told."""

from collections.abc import Iterator
from datetime import date, timedelta

from hub.access.policy import Policy
from hub.model.grounds import DutyKind, Entailed
from hub.model.request import Request

# UK GDPR, article 6(1)(a): whoever relies on consent must be able to show it.
CONSENT = "A6_A"


def entailed(policy: Policy, request: Request, today: date) -> tuple[Entailed, ...]:
    """Return what the requester's agency must do, and by when."""
    return tuple(_entailed(policy, request, today))


def _entailed(policy: Policy, request: Request, today: date) -> Iterator[Entailed]:
    if request.lawful_basis == CONSENT:
        due = today + timedelta(days=policy.catalogue.release.consent_form_days)
        yield Entailed(kind=DutyKind.CONSENT_FORM, due=due)
    if request.informed_by is not None:
        yield Entailed(kind=DutyKind.INFORM, due=request.informed_by)
