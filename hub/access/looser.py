"""Protections that are not in the access matrix: whether a change takes one away, and from whose records."""

from collections.abc import Sequence
from typing import Any

from hub.access.leaving_looser import is_looser_leaving, loosened_leaving_for
from hub.access.others import ABSENT, Changed
from hub.access.policy import Policy
from hub.model.catalogue import FieldType
from hub.model.policy import AgencyStatus, LevelKind, TellDifferences

_POWERS = frozenset({LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN, LevelKind.AUDITOR, LevelKind.OFFICER})


def is_looser(changed: Changed, old: Policy, new: Policy) -> bool | None:  # noqa: C901, PLR0911  # a table of protections
    """Tell whether a change lets something through that was stopped before; None where that cannot be said.

    False is said of a change that only stops more. What the matrix shows is left to the matrix.
    """
    was: Any = changed.old
    will: Any = changed.new
    match changed.path:
        case ("gateways", _, "relevant_authorities_only"):
            return bool(was)
        case ("purposes", _, "told_after_days" | "never_told"):
            # Told later, a person loses a right; told sooner, whoever had to fear that loses a protection.
            return True
        case ("fields", field, "max_length") if _both(old, new, field, FieldType.TEXT):
            return bool(will > was)
        case ("fields", field, "choices") if _both(old, new, field, FieldType.CHOICE):
            return _accepts_more(was, will)
        case ("fields", _, "type"):
            return _falls(was != FieldType.TEXT, will != FieldType.TEXT)
        case ("questions", _, "lawful_bases"):
            return _accepts_more(was, will)
        case ("levels", _, "idle_seconds" | "absolute_seconds"):
            return _is_longer(was, will)
        case ("levels", _, "kind"):
            return will in _POWERS or (False if was in _POWERS else None)
        case ("levels", _) if _is_powerful(will) or _is_powerful(was):
            return _is_powerful(will)
        case ("agencies", _, "status"):
            return _falls(was != AgencyStatus.RELEVANT_AUTHORITY, will != AgencyStatus.RELEVANT_AUTHORITY)
        case ("agreements", _, *place):
            return _is_looser_agreement(place, was, will)
        case _:
            return is_looser_leaving(changed, old, new)


def loosened_for(changed: Changed, policy: Policy) -> frozenset[str]:  # noqa: PLR0911  # as above, whose they are
    """Return the agencies whose records lose the protection that a looser change takes away, under the new policy."""
    catalogue = policy.catalogue
    match changed.path:
        case ("purposes", purpose, *_):
            return _that_serve(policy, purpose)
        case ("questions", question, *_):
            return frozenset(catalogue.questions[question].agencies)
        case ("fields", field, *_):
            return _that_answer(policy, {field})
        case ("field_classes", name, *_):
            return _that_answer(policy, {field.id for field in catalogue.fields.values() if field.field_class == name})
        case ("levels", level, "idle_seconds" | "absolute_seconds"):
            return frozenset(source for _, source, _, _ in policy.profiles[level].classes)
        case ("agreements", agreement, *_):
            return frozenset(policy.agreements[agreement].parties)
        case ("agencies", agency, *_):
            return frozenset({agency})
        case ("gateways", gateway, *_):
            under = (found for found in policy.agreements.values() if found.gateway == gateway)
            return frozenset(party for agreement in under for party in agreement.parties)
        case _:
            return loosened_leaving_for(changed, policy)


def _that_answer(policy: Policy, fields: set[str]) -> frozenset[str]:
    """Return the agencies of whom some question asks one of the fields."""
    questions = policy.catalogue.questions.values()
    return frozenset(
        agency for question in questions if not fields.isdisjoint(question.fields) for agency in question.agencies
    )


def _that_serve(policy: Policy, purpose: str) -> frozenset[str]:
    """Return the agencies of whom some question may be asked for a purpose."""
    serving = (found for found in policy.catalogue.questions.values() if purpose in found.purposes)
    return frozenset(agency for question in serving for agency in question.agencies)


def _falls(protected: bool, will_be: bool) -> bool | None:  # noqa: FBT001  # before and after
    return None if protected is will_be else protected


def _accepts_more(was: Sequence[str], will: Sequence[str]) -> bool | None:
    if set(will) - set(was):
        return True
    return False if set(was) - set(will) else None


def _is_longer(was: int | None, will: int | None) -> bool:
    """Compare limits of a session; one that is not set is the deployment's own, which is never shorter."""
    return will is None or (was is not None and will > was)


def _is_powerful(level: Any) -> bool:  # noqa: ANN401  # a level as JSON has it, or nothing
    return level is not ABSENT and level["kind"] in _POWERS


def _is_looser_agreement(place: Sequence[str], was: Any, will: Any) -> bool | None:  # noqa: ANN401  # an agreement, or a part of it, as JSON has it
    match place:
        case ["review"]:
            return bool(will > was)
        case ["tell_differences"]:
            return bool(will == TellDifferences.VALUES)
        case [] if will is not ABSENT and will["tell_differences"] == TellDifferences.VALUES:
            return True
        case _:
            return None


def _both(old: Policy, new: Policy, field: str, kind: FieldType) -> bool:
    return old.catalogue.fields[field].type is kind and new.catalogue.fields[field].type is kind
