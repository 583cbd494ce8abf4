"""Considering sentences and agreements one by one: what each names of what is asked for, and what it misses."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from hub.access.compile import lineage
from hub.access.explanation import AgreementConsidered, Part, RuleConsidered, Standing
from hub.access.policy import Policy
from hub.access.rows import Effect
from hub.access.telling import end_told, listed, start_told
from hub.access.written import WrittenPolicy
from hub.model.policy import Agreement, Grant, Level, Office


class Wish(NamedTuple):
    """What is asked for, once each part of it is known to be in the policy."""

    office: Office
    question: str
    agency: str
    purpose: str


def rules_considered(policy: WrittenPolicy, wish: Wish) -> tuple[RuleConsidered, ...]:
    """Consider every sentence of the level and of all that it inherits from, nearest first."""
    family = lineage(policy.levels[wish.office.level], policy.levels)
    return tuple(
        _rule(policy, wish, member, effect, number)
        for member in family
        for effect, sentences in ((Effect.ALLOW, member.grants), (Effect.DENY, member.denials))
        for number in range(len(sentences))
    )


def agreements_considered(policy: Policy, wish: Wish, at: datetime) -> tuple[AgreementConsidered, ...]:
    """Consider every agreement to which both agencies are parties; none is needed within one agency."""
    parties = {wish.office.agency, wish.agency}
    if len(parties) == 1:
        return ()
    return tuple(
        _agreement(policy, wish, agreement, at)
        for agreement in policy.agreements.values()
        if parties <= set(agreement.parties)
    )


def _rule(policy: Policy, wish: Wish, level: Level, effect: Effect, number: int) -> RuleConsidered:
    sentence = (level.grants if effect is Effect.ALLOW else level.denials)[number]
    areas = tuple(area for area in wish.office.areas if area in sentence.areas)
    classes = tuple(name for name in policy.catalogue.classes_of(wish.question) if name in sentence.classes)
    misses = tuple(_misses(sentence, wish, areas, classes))
    name = f"{'Grant' if effect is Effect.ALLOW else 'Denial'} {number + 1} of “{level.title}”"
    return RuleConsidered(
        name=name,
        effect=effect,
        because=sentence.because,
        misses=misses,
        areas=areas,
        classes=classes,
        told=_rule_told(policy, name, sentence, misses, classes),
    )


def _misses(sentence: Grant, wish: Wish, areas: tuple[str, ...], classes: tuple[str, ...]) -> Iterator[Part]:
    if wish.question not in sentence.questions:
        yield Part.QUESTION
    if wish.agency not in sentence.agencies:
        yield Part.AGENCY
    if wish.purpose not in sentence.purposes:
        yield Part.PURPOSE
    if not areas:
        yield Part.AREA
    if not classes:
        yield Part.CLASS


def _rule_told(policy: Policy, name: str, sentence: Grant, misses: tuple[Part, ...], classes: tuple[str, ...]) -> str:
    if misses:
        words = {Part.AREA: "any area of the office", Part.CLASS: "any class of the question's fields"}
        missed = listed([words.get(part, f"this {part}") for part in misses], "or")
        return f"{name} does not name {missed}. It stands there because: {sentence.because}"
    return f"{name} names {classes_told(policy, classes)}. It stands there because: {sentence.because}"


def _agreement(policy: Policy, wish: Wish, agreement: Agreement, at: datetime) -> AgreementConsidered:
    standing = Standing.IN_FORCE if agreement.in_force(at) else Standing.NOT_YET
    if at >= agreement.ends:
        standing = Standing.ENDED
    classes = tuple(name for name in policy.catalogue.classes_of(wish.question) if name in agreement.classes)
    serves = wish.purpose in agreement.purposes
    return AgreementConsidered(
        id=agreement.id,
        title=agreement.title,
        standing=standing,
        since=agreement.starts,
        until=agreement.ends,
        serves_purpose=serves,
        classes=classes,
        told=_agreement_told(policy, agreement, standing, classes, serves=serves),
    )


def _agreement_told(
    policy: Policy, agreement: Agreement, standing: Standing, classes: tuple[str, ...], *, serves: bool
) -> str:
    words = {Standing.IN_FORCE: "is in force", Standing.NOT_YET: "is not in force yet", Standing.ENDED: "has ended"}
    when = f"from {start_told(agreement.starts)} {end_told(agreement.ends)}"
    what = classes_told(policy, classes) if classes else "no class of the question's fields"
    purpose = "this purpose" if serves else "other purposes only"
    return f"“{agreement.title}” ({when}) {words[standing]}; it is for {purpose} and covers {what}."


def classes_told(policy: Policy, classes: tuple[str, ...]) -> str:
    """Name classes by their titles."""
    return listed([policy.catalogue.field_classes[name].title for name in classes], "and")
