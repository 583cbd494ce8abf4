"""Protections that decide whether records may leave: whether a change takes one away, and from whose records.

Consent that is no longer needed opens records as surely as a grant does, so the agencies that hold them must agree.
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from hub.access.others import ABSENT, Changed
from hub.access.policy import Policy
from hub.model.catalogue import FieldClass, QuestionKind

_PRIVILEGES = ("sees_shielded", "break_glass")
Verdict: TypeAlias = bool | None


def is_looser_leaving(changed: Changed, old: Policy, new: Policy) -> Verdict:  # noqa: C901, PLR0911, PLR0912  # a table of protections
    """Tell whether a change lets something leave that was kept back; None where that cannot be said."""
    was: Any = changed.old
    will: Any = changed.new
    match changed.path:
        case ("field_classes", _, *place):
            return _of_class(tuple(place), was, will)
        case ("fields", field, "field_class"):
            return loses(_class_of(old, field), _class_of(new, field))
        case ("fields", _, "locates"):
            return bool(was)
        case ("questions", _, "oldest_record_days"):
            return will is None or (was is not None and will > was)
        case ("questions", _, "kind") if QuestionKind.INDICATOR in {was, will}:
            # An indicator says that there is something; as any other kind, the question shows it.
            return bool(was == QuestionKind.INDICATOR)
        case ("questions", _, "less_intrusive"):
            return _shrinks(was, will)
        case ("levels", _, "sees_shielded" | "break_glass"):
            return bool(will)
        case ("levels", _):
            return _is_privileged(will) or (False if _is_privileged(was) else None)
        case ("override_reasons", _, "grounds"):
            return _accepts_more(was, will)
        case ("override_reasons", _):
            return True if was is ABSENT else False if will is ABSENT else None
        case ("gateways", _, "in_force_from"):
            return will is None or (was is not None and will < was)
        case ("gateways", _, "in_force_to"):
            return will is None or (was is not None and will > was)
        case ("release", "opt_out_age" | "consent_form_days" | "break_glass_minutes"):
            return bool(will > was)
        case _:
            return None


def loosened_leaving_for(changed: Changed, policy: Policy) -> frozenset[str]:
    """Return the agencies whose records lose what a looser change takes away, under the new policy; maybe none."""
    match changed.path:
        case ("levels", level, *place) if place and place[0] in _PRIVILEGES:
            return _asked_by(policy, level)
        case ("levels", level) if level in policy.levels:
            found = policy.levels[level]
            return _asked_by(policy, level) if found.sees_shielded or found.break_glass else frozenset()
        case ("override_reasons", *_) | ("release", "consent_form_days"):
            return _that_hold(policy, {name for name, found in _classes(policy).items() if found.consent})
        case ("release", "opt_out_age"):
            return _that_hold(policy, {name for name, found in _classes(policy).items() if found.opt_out})
        case ("release", "break_glass_minutes"):
            opening = [level for level, found in policy.levels.items() if found.break_glass]
            return frozenset(agency for level in opening for agency in _asked_by(policy, level))
        case _:
            return frozenset()


def loses(was: FieldClass, will: FieldClass) -> Verdict:
    """Tell whether a field loses a protection when it goes from one class to another; False if it only gains some."""
    lost = (
        (was.step_up and not will.step_up)
        or (was.consent and not will.consent)
        or (was.opt_out and not will.opt_out)
        or (bool(was.special) and (not will.special or bool(set(will.special) - set(was.special))))
        or (will.is_kept_back and _grounds_ease(was, will))
    )
    protections = [_protections(found) for found in (was, will)]
    return True if lost else None if protections[0] == protections[1] else False


def _of_class(place: tuple[str, ...], was: Any, will: Any) -> Verdict:  # noqa: ANN401  # as JSON has it
    match place:
        case ("step_up" | "consent" | "opt_out" | "handling",):
            # Other words on handling may say less or more; that there are none any more says less.
            return _words(was, will) if isinstance(was, str) else bool(was)
        case ("special",):
            return bool(was) and (not will or bool(set(will) - set(was)))
        case ("grounds", _):
            # What stands there is whether an officer must confirm: a ground that is new, or needs none any more.
            return was is ABSENT or (will is not ABSENT and bool(was) and not will)
        case _:
            return None


def _words(was: str, will: str) -> Verdict:
    return True if not will else None if was else False


def _grounds_ease(was: FieldClass, will: FieldClass) -> bool:
    """Tell whether there is a ground for what needed consent before that did not count, or did not by itself."""
    if not was.is_kept_back:
        return False
    return any(
        ground not in was.grounds or was.grounds[ground] > needs_officer
        for ground, needs_officer in will.grounds.items()
    )


def _protections(found: FieldClass) -> tuple[object, ...]:
    return (found.step_up, found.consent, found.opt_out, set(found.special), dict(found.grounds))


def _shrinks(was: Collection[str], will: Collection[str]) -> Verdict:
    """Compare lists of what comes first: what is not on it any more need not be asked."""
    if set(was) - set(will):
        return True
    return False if set(will) - set(was) else None


def _accepts_more(was: Collection[str], will: Collection[str]) -> Verdict:
    """Compare lists of grounds; an empty one accepts all."""
    if was and (not will or set(will) - set(was)):
        return True
    return False if will and set(was) != set(will) else None


def _is_privileged(level: Any) -> bool:  # noqa: ANN401  # a level as JSON has it, or nothing
    return level is not ABSENT and any(level[key] for key in _PRIVILEGES)


def _class_of(policy: Policy, field: str) -> FieldClass:
    return policy.catalogue.field_classes[policy.catalogue.fields[field].field_class]


def _classes(policy: Policy) -> Mapping[str, FieldClass]:
    return policy.catalogue.field_classes


def _asked_by(policy: Policy, level: str) -> frozenset[str]:
    """Return the agencies that a level may ask."""
    return frozenset(source for _, source, _, _ in policy.profiles[level].classes)


def _that_hold(policy: Policy, classes: Collection[str]) -> frozenset[str]:
    """Return the agencies of whom some question asks a field of one of the classes."""
    fields = {field.id for field in policy.catalogue.fields.values() if field.field_class in classes}
    return frozenset(
        agency
        for question in policy.catalogue.questions.values()
        if not fields.isdisjoint(question.fields)
        for agency in question.agencies
    )
