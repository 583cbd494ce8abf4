"""Which source agencies take a ground for a question, and whether a requester may put that to their officers: pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.access.policy import Policy
from hub.errors import InvalidRequest
from hub.model.catalogue import Catalogue
from hub.model.person import PersonKeys
from hub.model.policy import Permit


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """What a requester puts to officers: to ask this about this person without consent, on this ground."""

    question: str
    person: PersonKeys
    purpose: str
    lawful_basis: str
    ground: str
    override_reason: str
    case_reference: str


def taking(policy: Policy, permits: Iterable[Permit], *, own_agency: str, ground: str) -> tuple[str, ...]:
    """Return the agencies that may be asked for a class that goes without consent on this ground.

    The own agency is not among them: its records need no consent. It follows from the policy alone: that an agency is
    among them says nothing about whether it knows the person.
    """
    return tuple(
        permit.agency
        for permit in permits
        if permit.refusal is None and permit.agency != own_agency and ground in _grounds(policy.catalogue, permit)
    )


def require_ground(policy: Policy, put: Put) -> None:
    """Raise InvalidRequest unless ground and reason are of the vocabulary and go together."""
    catalogue = policy.catalogue
    if put.ground not in catalogue.grounds:
        known = ", ".join(catalogue.grounds)
        raise _wrong("GROUND_UNKNOWN", "There is no such ground.", f"Choose from: {known}.", "ground")
    reason = catalogue.override_reasons.get(put.override_reason)
    fitting = [
        found.id for found in catalogue.override_reasons.values() if put.ground in (found.grounds or [put.ground])
    ]
    mend = f"With this ground you may give: {', '.join(fitting)}."
    if reason is None:
        what = "It is not said why consent was not sought, or is overridden."
        raise _wrong("OVERRIDE_REASON_UNKNOWN", what, mend, "override_reason")
    if reason.id not in fitting:
        raise _wrong("OVERRIDE_REASON_UNFIT", "That reason does not go with this ground.", mend, "override_reason")


def nobody_takes(policy: Policy, permits: Iterable[Permit], *, own_agency: str) -> InvalidRequest:
    """Make the error for a ground on which no agency of the question lets anything go."""
    permits = tuple(permits)
    fitting = [
        ground for ground in policy.catalogue.grounds if taking(policy, permits, own_agency=own_agency, ground=ground)
    ]
    mend = f"This question takes: {', '.join(fitting)}." if fitting else "Ask it without a ground: none is needed."
    return _wrong("GROUND_NOT_TAKEN", "No agency lets go of anything here on that ground.", mend, "ground")


def _grounds(catalogue: Catalogue, permit: Permit) -> frozenset[str]:
    classes = {catalogue.fields[field].field_class for field in permit.fields}
    return frozenset(ground for found in classes for ground in catalogue.field_classes[found].grounds)


def _wrong(reason: str, message: str, mend: str, field: str) -> InvalidRequest:
    return InvalidRequest(reason, message, mend=mend, field=field)
