"""Explaining one decision: every condition in its order, until one fails or all hold."""

from collections.abc import Mapping
from datetime import datetime

from hub.access.class_verdicts import Considered
from hub.access.compile import identity_classes
from hub.access.considering import Wish, agreements_considered, classes_told, rules_considered
from hub.access.explanation import ClassVerdict, Condition, Explanation, Verdict
from hub.access.policy import Policy
from hub.access.telling import listed
from hub.model.policy import LevelKind, Office, Refusal

_LEVEL_FAILED = frozenset({Verdict.NOT_GRANTED, Verdict.DENIED})


def explain(policy: Policy, office: Office, *, question: str, agency: str, purpose: str, at: datetime) -> Explanation:
    """Explain what `Policy.permits` says of one agency, from the sentences as they stand in the policy.

    It does not look at the compiled profiles, and must still come to the same: a test compares the two in every cell.
    """
    wish = Wish(office, question, agency, purpose)
    if (unfit := _office_failed(policy, office)) is not None:
        has_permit = question in policy.catalogue.questions and agency in policy.catalogue.questions[question].agencies
        return _refused(*unfit, refusal=Refusal.ACCESS_LEVEL if has_permit else None)
    if (unfit := _question_failed(policy, wish)) is not None:
        return _refused(*unfit, refusal=Refusal.ACCESS_LEVEL if unfit[0] is Condition.PURPOSE_SERVED else None)
    rules, agreements = rules_considered(policy, wish), agreements_considered(policy, wish, at)
    return _weighed(Considered(policy=policy, wish=wish, rules=rules, agreements=agreements))


def _refused(failed: Condition, summary: str, *, refusal: Refusal | None) -> Explanation:
    return Explanation(failed=failed, refusal=refusal, summary=summary)


def _office_failed(  # noqa: PLR0911  # one line for each thing that can be wrong
    policy: Policy, office: Office
) -> tuple[Condition, str] | None:
    """Return what is wrong with the office itself, naming only what is in the policy."""
    level, agency = policy.levels.get(office.level), policy.agencies.get(office.agency)
    if level is None:
        return Condition.LEVEL_EXISTS, "There is no such access level."
    if level.kind is LevelKind.ABSTRACT:
        return Condition.LEVEL_CAN_BE_HELD, f"“{level.title}” is abstract: nobody holds it."
    if agency is None:
        return Condition.LEVEL_HELD_THERE, "There is no such agency."
    if level.agency not in {None, agency.id}:
        return Condition.LEVEL_HELD_THERE, f"“{level.title}” is not held in {agency.title}."
    if not office.areas:
        return Condition.AREAS_SERVED, "The office is held for no area."
    if not set(office.areas) <= set(agency.areas):
        return Condition.AREAS_SERVED, f"The office is held for an area in which {agency.title} has no offices."
    return None


def _question_failed(policy: Policy, wish: Wish) -> tuple[Condition, str] | None:
    question = policy.catalogue.questions.get(wish.question)
    if question is None:
        return Condition.QUESTION_EXISTS, "There is no such question."
    if wish.agency not in question.agencies:
        asked = listed([policy.agencies[agency].title for agency in question.agencies], "and")
        return Condition.ASKED_OF_AGENCY, f"“{question.wording}” is not asked of that agency, but of {asked}."
    if wish.purpose not in question.purposes:
        served = listed([policy.catalogue.purposes[purpose].title for purpose in question.purposes], "or")
        return Condition.PURPOSE_SERVED, f"“{question.wording}” cannot serve that purpose, but {served}."
    return None


def _weighed(considered: Considered) -> Explanation:
    """Decide class by class, then the whole: nothing may be seen unless all that says who a person is may be told."""
    policy, question = considered.policy, considered.wish.question
    each = {name: considered.verdict(name) for name in policy.catalogue.classes_of(question)}
    failed = _identity_failed(each, identity_classes(policy.catalogue))
    if failed is not None:
        each = {name: Verdict.WITHOUT_IDENTITY if found is Verdict.SHOWN else found for name, found in each.items()}
    shown = tuple(name for name, found in each.items() if found is Verdict.SHOWN)
    return Explanation(
        failed=failed,
        refusal=_refusal(failed),
        summary=_summary(policy, failed, shown),
        fields=tuple(
            field
            for field in policy.catalogue.questions[question].fields
            if policy.catalogue.fields[field].field_class in shown
        ),
        classes=tuple(
            ClassVerdict(field_class=name, verdict=found, told=considered.told(name, found))
            for name, found in each.items()
        ),
        rules=considered.rules,
        agreements=considered.agreements,
    )


def _identity_failed(each: Mapping[str, Verdict], identity: frozenset[str]) -> Condition | None:
    """Return the first condition that fails for what says who a person is; None if all of it may be told."""
    of_identity = {each.get(name, Verdict.NOT_GRANTED) for name in identity}
    found = set(each.values())
    if of_identity <= {Verdict.SHOWN}:
        return None
    if found <= {Verdict.NOT_GRANTED}:
        return Condition.GRANTED
    if found <= _LEVEL_FAILED:
        return Condition.NOT_DENIED
    if of_identity & _LEVEL_FAILED:
        return Condition.IDENTITY_ALLOWED
    return Condition.IDENTITY_AGREED if Verdict.SHOWN in found else Condition.AGREED


def _refusal(failed: Condition | None) -> Refusal | None:
    if failed is None:
        return None
    is_agreements = failed in {Condition.AGREED, Condition.IDENTITY_AGREED}
    return Refusal.NO_AGREEMENT if is_agreements else Refusal.ACCESS_LEVEL


def _summary(policy: Policy, failed: Condition | None, shown: tuple[str, ...]) -> str:
    if failed is None:
        return f"It may be asked, and {classes_told(policy, shown)} may be seen." if shown else "It may be asked."
    words = {
        Condition.GRANTED: "No grant names all of it in every area of the office, and what nobody grants is denied.",
        Condition.NOT_DENIED: "It is denied, and a denial always wins.",
        Condition.IDENTITY_ALLOWED: "The level may not see who the person is, so nothing may be asked.",
        Condition.AGREED: "No agreement that is in force between the two agencies covers it.",
        Condition.IDENTITY_AGREED: "No agreement in force covers who the person is, so nothing may be asked.",
    }
    return words[failed]
