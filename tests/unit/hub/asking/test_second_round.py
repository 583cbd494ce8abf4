"""The second round: who is asked again by what others have told; it is recorded, bounded, cut, and keeps silent."""

import asyncio
from dataclasses import replace

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.errors import NotHeld
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.catalogue import Listing
from hub.model.outcome import Outcome, Reason
from hub.model.policy import Rulebook
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import Clockwork, run
from tests.spec.scenario import Question, number
from tests.unit.hub.asking.scene import Scene, ask, scene

BY_NAME = Question(
    level="social_worker", question="child_services", purpose="safeguarding", about="Zoe Brown, born 2016-03-09"
)
HEALTH_KNOWS = """
agency      | answers  | when  | nhs_number | given_name | family_name | date_of_birth | service
social_care | nothing  |
health      | a record |       | nhs:A      | Zoe        | Brown       | 2016-03-09    | Health visiting
schools     | nothing  | first |
schools     | a record | again | nhs:A      | Zoe        | Browne-Hall | 2016-03-09    | Attendance
"""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


def kept_apart(book: Rulebook, one: str, other: str) -> Policy:
    """Compile the policy as it is when no agreement has two agencies together, and each has its own with the rest."""
    agreements = {}
    for name, agreement in book.agreements.items():
        for left_out in (one, other):
            parties = tuple(party for party in agreement.parties if party != left_out)
            agreements[f"{name}_{left_out}"] = replace(agreement, id=f"{name}_{left_out}", parties=parties)
    return compile_policy(replace(book, agreements=Listing(agreements)))


def told(parts: list[AnswerPart]) -> dict[str, AgencyAnswer]:
    answers = [answer for part in parts for answer in part.agencies]
    assert len({answer.agency for answer in answers}) == len(answers)
    return {answer.agency: answer for answer in answers}


def asks(on: Scene, agency: str) -> list[tuple[bool, str, str]]:
    return [(ask.again, ask.person.nhs_number, ask.person.family_name) for ask in on.hub.agencies[agency].asks]


def test_who_found_nobody_by_name_is_asked_once_more_by_the_number_alone(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, HEALTH_KNOWS, question=BY_NAME) as on:
            answers = told(await ask(on, BY_NAME))
            assert asks(on, "schools") == [(False, "", "Brown"), (True, number("nhs:A"), "")]
            assert len(asks(on, "health")) == 1
            assert answers["schools"].outcome is Outcome.HELD
            (held,) = on.session.held()
            assert held.joining is not None
            assert held.joining.certain == (True,)
            assert set(held.joining.person_of_row) == {0}

    run(journey())


def test_it_is_recorded_before_anybody_is_asked_again_and_the_number_is_not(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, HEALTH_KNOWS, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (entry,) = on.disk.of_kind("asked_again")
            assert entry["agency"] == "health"
            assert entry["receivers"]["schools"] == ["nhs_number"]  # type: ignore[index]  # a document
            assert number("nhs:A") not in str(entry)
            assert on.disk.asked_at["asked_again"] == 3
            assert [each.agency for each in on.disk.entries if each.kind == "asked_again"] == ["health"]

    run(journey())


def test_a_second_round_that_cannot_be_recorded_is_none(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, HEALTH_KNOWS, question=BY_NAME, fails_at="asked_again") as on:
            with pytest.raises(Exception, match="cannot write its record"):
                await ask(on, BY_NAME)
            assert not [again for again, _, _ in asks(on, "schools") if again]

    run(journey())


def test_without_an_agreement_between_the_two_nobody_is_told_the_number(book: Rulebook) -> None:
    async def journey() -> None:
        async with scene(kept_apart(book, "health", "schools"), HEALTH_KNOWS, question=BY_NAME) as on:
            answers = told(await ask(on, BY_NAME))
            assert len(asks(on, "schools")) == 1
            assert answers["schools"].outcome is Outcome.NOTHING_HELD

    run(journey())


def test_somebody_whom_their_source_protects_teaches_nobody_a_number(policy: Policy) -> None:
    sources = """
    agency  | answers  | nhs_number | given_name | family_name | date_of_birth | service | protects
    health  | a record | nhs:A      | Zoe        | Brown       | 2016-03-09    | Health visiting | address
    schools | nothing  |
    """

    async def journey() -> None:
        async with scene(policy, sources, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            assert len(asks(on, "schools")) == 1

    run(journey())


def test_somebody_who_is_only_possibly_the_person_teaches_nobody_a_number(policy: Policy) -> None:
    sources = HEALTH_KNOWS.replace("Zoe        | Brown       | 2016-03-09", "Zoe        | Brow        | 2016-03-19")

    async def journey() -> None:
        async with scene(policy, sources, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            assert len(asks(on, "schools")) == 1
            assert not on.disk.of_kind("asked_again")

    run(journey())


def test_what_is_learned_in_the_second_round_begins_no_third(book: Rulebook) -> None:
    """Connexions may learn from schools and not from health; schools have told it only since they were asked again."""
    # As long as somebody has not answered, connexions wait.
    sources = HEALTH_KNOWS + "connexions | nothing | first |\nyouth_offending | says nothing |\n"

    async def journey() -> None:
        async with scene(kept_apart(book, "health", "connexions"), sources, question=BY_NAME) as on:
            answers = told(await ask(on, BY_NAME))
            assert [again for again, _, _ in asks(on, "schools")] == [False, True]
            assert [again for again, _, _ in asks(on, "connexions")] == [False]
            assert answers["connexions"].outcome is Outcome.NOTHING_HELD

    run(journey())


@pytest.mark.parametrize("second", ["says nothing", "refuses"])
def test_who_does_not_answer_the_second_time_has_not_said_that_nothing_is_held(policy: Policy, second: str) -> None:
    sources = f"{HEALTH_KNOWS.rsplit('schools', 1)[0]}schools | {second} | again |\n"

    async def journey() -> None:
        async with scene(policy, sources, question=BY_NAME) as on:
            parts = await ask(on, BY_NAME)
            late = told(parts)["schools"]
            assert (late.outcome, late.reason) == (
                Outcome.NO_ANSWER,
                Reason.LATE if second == "says nothing" else Reason.REFUSED,
            )
            completeness = parts[-1].completeness
            assert completeness is not None
            assert not completeness.complete

    run(journey())


def test_who_keeps_silent_again_reads_at_the_same_moment_as_who_knows_nobody(policy: Policy) -> None:
    """Compare an agency whose record is protected with one that has none, both asked twice."""

    async def journey(sources: str) -> list[tuple[str, Outcome, int]]:
        async with scene(policy, sources, question=BY_NAME) as on:
            answers = told(await ask(on, BY_NAME))
            assert [again for again, _, _ in asks(on, "schools")] == [False, True]
            return [(name, answer.outcome, answer.elapsed_ms) for name, answer in answers.items()]

    unknown = HEALTH_KNOWS.replace("schools     | a record | again", "schools     | nothing  | again")
    protected = """
    agency      | answers  | when  | nhs_number | given_name | family_name | date_of_birth | service | protects
    social_care | nothing  |
    health      | a record |       | nhs:A      | Zoe        | Brown       | 2016-03-09    | Health visiting |
    schools     | a record |       | nhs:A      | Zoe        | Brown       | 2016-03-09    | Attendance | person
    """
    assert run(journey(unknown)) == run(journey(protected))


def test_an_answer_that_is_closed_before_the_second_round_is_recorded_asks_nobody_again(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, HEALTH_KNOWS, question=BY_NAME) as on:

            def close() -> None:
                on.session.close("")

            on.disk.after["asked_again"] = close
            with pytest.raises(NotHeld):
                await ask(on, BY_NAME)
            assert len(asks(on, "schools")) == 1

    run(journey())


def test_of_whom_there_is_no_time_to_ask_again_what_was_sent_is_about_whom_it_was_asked_about(policy: Policy) -> None:
    """A candidate who turns out to be somebody else is no fault; by a number it would be."""
    stranger = "schools     | a record | first |            | Zoe        | Green       | 2011-01-30    |"
    sources = HEALTH_KNOWS.replace("schools     | nothing  | first |", stranger)

    async def journey() -> None:
        async with scene(policy, sources, question=BY_NAME) as on:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, Clockwork)
            on.disk.after["asked_again"] = lambda: loop.jump(60)
            schools = told(await ask(on, BY_NAME))["schools"]
            assert [again for again, _, _ in asks(on, "schools")] == [False]
            assert (schools.outcome, schools.reason, schools.unasked_rows) == (Outcome.NOTHING_HELD, None, 0)

    run(journey())


def test_who_cannot_look_by_what_was_given_is_asked_once_more_by_a_number_that_it_may_have(policy: Policy) -> None:
    sources = """
    agency      | answers   | when  | nhs_number | upn   | given_name | family_name | date_of_birth | service
    social_care | a record  |       | nhs:A      | upn:A | Zoe        | Brown       | 2016-03-09    | Assessment team
    schools     | is unable | first |
    schools     | a record  | again |            | upn:A | Zoe        | Brown       | 2016-03-09    | Attendance
    connexions  | is unable |
    """
    question = replace(BY_NAME, about="nhs:A")

    async def journey() -> None:
        async with scene(policy, sources, question=question) as on:
            answers = told(await ask(on, question))
            assert [again for again, _, _ in asks(on, "schools")] == [False, True]
            assert answers["schools"].outcome is Outcome.HELD
            assert (answers["connexions"].outcome, answers["connexions"].reason) == (
                Outcome.NO_ANSWER,
                Reason.UNABLE,
            )

    run(journey())
