"""A question that runs, or was answered, is judged as if it were asked once more: its basis and second factor too."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.asking.permitted import permitted
from hub.asking.withdrawing import Withdrawing
from hub.errors import NotHeld
from hub.model.catalogue import Listing
from hub.model.policy import Refusal, Rulebook
from hub.model.request import Request
from hub.sessions.session import Session
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.running import holder
from tests.spec.scenario import TODAY
from tests.unit.hub.asking.scene import ONE_IS_SILENT, QUESTION, Scene, ask, scene, shown, when_first_asked


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


def without_basis(book: Rulebook) -> Policy:
    """Compile the policy as it is when the question is no longer asked on the basis that was given."""
    question = book.catalogue.questions[QUESTION.question]
    bases = tuple(basis for basis in question.lawful_bases if basis != QUESTION.basis)
    questions = Listing({**book.catalogue.questions, question.id: replace(question, lawful_bases=bases)})
    return compile_policy(replace(book, catalogue=replace(book.catalogue, questions=questions)))


def with_step_up(book: Rulebook, field_class: str) -> Policy:
    """Compile the policy as it is when a class is shown only to those who have given a second factor."""
    classes = book.catalogue.field_classes
    delicate = Listing({**classes, field_class: replace(classes[field_class], step_up=True)})
    return compile_policy(replace(book, catalogue=replace(book.catalogue, field_classes=delicate)))


def signed_in(on: Scene, policy: Policy, *, is_strong: bool) -> Session:
    return on.hub.sessions.require(on.hub.sessions.open(holder(QUESTION.level, policy), is_strong=is_strong))


@pytest.mark.parametrize("change", [without_basis, lambda book: with_step_up(book, "involvement")])
def test_an_answer_that_could_not_be_asked_for_any_more_is_taken_back(
    policy: Policy, book: Rulebook, change: Callable[[Rulebook], Policy]
) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            on.session = signed_in(on, policy, is_strong=False)
            await ask(on)
            on.in_force.put(change(book))
            assert Withdrawing(on.in_force, on.hub.sessions, now=lambda: on.now).everywhere() == 1
            assert on.session.held() == ()

    run(journey())


def test_a_running_question_whose_basis_is_no_longer_accepted_is_cut(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with (
            scene(policy, ONE_IS_SILENT) as on,
            aclosing(on.hub.asking.ask(on.session, QUESTION.asked())) as parts,
        ):
            await shown(parts, agencies=4)
            on.in_force.put(without_basis(book))
            Withdrawing(on.in_force, on.hub.sessions, now=lambda: on.now).everywhere()
            with pytest.raises(NotHeld):
                await anext(parts)

    run(journey())


def test_whoever_had_given_a_second_factor_goes_on_seeing_what_now_needs_one(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            await ask(on)
            on.in_force.put(with_step_up(book, "involvement"))
            assert Withdrawing(on.in_force, on.hub.sessions, now=lambda: on.now).everywhere() == 0
            assert len(on.session.held()) == 1

    run(journey())


def test_what_has_come_to_need_a_second_factor_is_not_released_to_who_gave_none(policy: Policy, book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            on.session = signed_in(on, policy, is_strong=False)
            when_first_asked(on, lambda: setattr(on.in_force, "_policy", with_step_up(book, "involvement")))
            answers = [answer for part in await ask(on) for answer in part.agencies]
            assert {answer.records.columns for answer in answers if answer.records} == {("nhs_number",)}

    run(journey())


def test_where_to_know_who_it_is_needs_a_second_factor_nothing_is_left_without(policy: Policy, book: Rulebook) -> None:
    async def journey() -> Request:
        async with scene(policy) as on:
            on.session = signed_in(on, policy, is_strong=False)
            await ask(on)
            return on.session.held()[0].request

    permits = permitted(with_step_up(book, "basic"), run(journey()), TODAY)
    assert {(permit.fields, permit.refusal) for permit in permits} == {((), Refusal.ACCESS_LEVEL)}
