"""What a requester must state: the special condition, the ground for going without consent, and what goes with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from hub.access.policy import Policy
from hub.errors import InvalidRequest
from hub.model.catalogue import FieldClass, Ground, OverrideReason, SpecialCondition
from hub.model.grounds import Informed
from hub.model.policy import Permit

_Titled: TypeAlias = SpecialCondition | Ground | OverrideReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What a requester says of the law, as it came from outside; `informed_by` is a day or empty."""

    special_condition: str = ""
    ground: str = ""
    override_reason: str = ""
    informed: Informed = Informed.NOT_SAID
    informed_by: str = ""
    has_confirmation: bool = False


def check_stated(policy: Policy, question: str, permits: Iterable[Permit], stated: Stated, *, today: date) -> None:
    """Raise InvalidRequest, with all that would do, for what is missing or cannot stand."""
    check_condition(policy, permits, stated.special_condition)
    if stated.ground:
        _check_ground(policy, question, stated)
    elif stated.override_reason or stated.has_confirmation:
        raise InvalidRequest(
            "GROUND_MISSING",
            "The ground for going without consent is missing.",
            mend="Give the ground that the reason, or the confirmation, belongs to; or leave these out.",
            field="ground",
        )
    informed_by(stated, today)


def check_condition(policy: Policy, permits: Iterable[Permit], given: str) -> None:
    """Demand a condition that every class accepts which may come back and needs one, of whichever agency."""
    conditions = policy.catalogue.special_conditions
    accepted = accepted_conditions(policy, {name for permit in permits for name in permit.fields})
    if given and given not in conditions:
        raise _not_accepted("SPECIAL_CONDITION", "special condition", accepted, conditions)
    if accepted is None or given in accepted:
        return
    if not given:
        raise InvalidRequest(
            "SPECIAL_CONDITION_MISSING",
            "The special condition is missing: this question returns what the law sets apart.",
            mend=f"For this question you may give: {_titles(accepted, conditions)}.",
            field="special_condition",
        )
    raise _not_accepted("SPECIAL_CONDITION", "special condition", accepted, conditions)


def accepted_conditions(policy: Policy, fields: Iterable[str]) -> tuple[str, ...] | None:
    """Return the conditions of which one must be given for some fields; None where none is needed."""
    demanding = [found for found in _classes(policy, fields) if found.special]
    if not demanding:
        return None
    return tuple(one for one in policy.catalogue.special_conditions if all(one in found.special for found in demanding))


def grounds_for(policy: Policy, fields: Iterable[str]) -> Mapping[str, bool]:
    """Map the grounds on which some of these fields may be seen to whether any of them then needs an officer."""
    found: dict[str, bool] = {}
    for field_class in _classes(policy, fields):
        for ground, needs_officer in field_class.grounds.items():
            found[ground] = found.get(ground, False) or needs_officer
    return found


def informed_by(stated: Stated, today: date) -> date | None:
    """Return the day by which somebody will be told; None unless they are to be told later."""
    if stated.informed is not Informed.LATER:
        return None
    mend = "Give the day by which they will be told, as YYYY-MM-DD, today or later."
    try:
        day = date.fromisoformat(stated.informed_by)
    except ValueError:
        day = date.min
    if day < today or day.isoformat() != stated.informed_by:
        raise InvalidRequest("INFORMED_BY_INVALID", "It is not clear by when.", mend=mend, field="informed")
    return day


def _check_ground(policy: Policy, question: str, stated: Stated) -> None:
    accepted = grounds_for(policy, policy.catalogue.questions[question].fields)
    if stated.ground not in accepted:
        raise _not_accepted("GROUND", "ground", tuple(accepted), policy.catalogue.grounds)
    reasons = policy.catalogue.override_reasons
    fitting = tuple(one.id for one in reasons.values() if not one.grounds or stated.ground in one.grounds)
    if fitting and not stated.override_reason:
        raise InvalidRequest(
            "OVERRIDE_REASON_MISSING",
            "It is missing why consent was not sought, or is overridden.",
            mend=f"With this ground you may give: {_titles(fitting, reasons)}.",
            field="override_reason",
        )
    if stated.override_reason and stated.override_reason not in fitting:
        raise _not_accepted("OVERRIDE_REASON", "reason", fitting, reasons)
    if stated.informed is Informed.NOT_SAID:
        raise InvalidRequest(
            "INFORMED_MISSING",
            "It is missing whether the person, or whoever decides for a child, has been told.",
            mend="Say yes; no, and why not; or by when they will be.",
            field="informed",
        )


def _not_accepted(
    what: str, words: str, accepted: tuple[str, ...] | None, titled: Mapping[str, _Titled]
) -> InvalidRequest:
    mend = f"For this question you may give: {_titles(accepted, titled)}." if accepted else "Leave it out."
    return InvalidRequest(
        f"{what}_NOT_ACCEPTED", f"This question does not accept that {words}.", mend=mend, field=what.lower()
    )


def _titles(names: Iterable[str], titled: Mapping[str, _Titled]) -> str:
    return ", ".join(f"{name} ({titled[name].title})" for name in names)


def _classes(policy: Policy, fields: Iterable[str]) -> list[FieldClass]:
    """Return the classes of some fields, in the vocabulary's order."""
    present = {policy.catalogue.fields[name].field_class for name in fields}
    return [found for found in policy.catalogue.field_classes.values() if found.id in present]
