"""The journey's order and its endings, with real rooms and a clock that jumps."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.errors import NotHeld, NotReady, NotSignedIn, RequestError, TooMuch
from hub.model.catalogue import Listing
from hub.model.entry import Entry
from hub.model.outcome import Outcome, Reason
from hub.sessions.session import EndedBy
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.running import everybody
from tests.spec.scenario import Question
from tests.unit.hub.asking.scene import DOES, ONE_IS_SILENT, QUESTION, ask, scene, shown, when_first_asked


def test_the_intent_is_on_disk_before_any_agency_is_asked(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            # The links are idle and write at once; the log has just written, so that the intent waits for company.
            await asyncio.sleep(1)
            await on.hub.audit.record(Entry(kind="other", at_ms=1, body="{}"))
            await ask(on)
            assert on.disk.asked_at["intent"] == 0
            assert on.disk.asked() == 5
            (intent,) = on.disk.of_kind("intent")
            assert set(intent["asked"]) == set(policy.agencies)  # type: ignore[call-overload]  # free JSON

    run(journey())


def test_what_is_shown_was_on_disk_as_disclosed_before(policy: Policy) -> None:
    async def journey() -> None:
        async with (
            scene(policy, ONE_IS_SILENT) as on,
            aclosing(on.hub.asking.ask(on.session, QUESTION.asked())) as parts,
        ):
            async for part in parts:
                now_shown = {answer.agency for answer in part.agencies if answer.records is not None}
                assert now_shown <= on.disk.disclosed()
            assert len(on.disk.disclosed()) == 4

    run(journey())


def test_without_an_intent_on_disk_nobody_is_asked_and_nothing_is_held(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, fails_at="intent") as on:
            with pytest.raises(NotReady):
                await ask(on)
            assert on.disk.asked() == 0
            assert on.session.held() == ()
            assert on.hub.asking.running == 0
            on.disk.fails_at = ""
            assert (await ask(on))[-1].completeness is not None

    run(journey())


def test_without_a_disclosure_on_disk_nothing_is_shown_or_held_and_no_receipt_is_sent(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, fails_at="disclosure") as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            with pytest.raises(NotReady):
                await shown(stream, agencies=1)
            assert not [answer for held in on.session.held() for part in held.parts for answer in part.agencies]
            assert not [agency for agency in on.hub.agencies.values() if agency.receipts]

    run(journey())


def test_an_agreement_that_ends_while_a_question_runs_withholds_what_comes_afterwards(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            when_first_asked(on, lambda: setattr(on, "now", datetime(2031, 6, 1, tzinfo=UTC)))
            answers = {answer.agency: answer for part in await ask(on) for answer in part.agencies}
            assert on.disk.asked() == 5
        assert {agency for agency, answer in answers.items() if answer.records is not None} == {"health"}
        others = {(answer.outcome, answer.reason) for agency, answer in answers.items() if agency != "health"}
        assert others == {(Outcome.NOT_PERMITTED, Reason.NO_AGREEMENT)}

    run(journey())


def test_who_may_no_longer_be_asked_once_the_question_is_recorded_does_not_hear_of_it(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            on.disk.after["intent"] = lambda: setattr(on, "now", datetime(2031, 6, 1, tzinfo=UTC))
            answers = {answer.agency: answer for part in await ask(on) for answer in part.agencies}
            assert {name for name, agency in on.hub.agencies.items() if agency.asks} == {"health"}
        assert {agency for agency, answer in answers.items() if answer.records is not None} == {"health"}
        others = {(answer.outcome, answer.reason) for agency, answer in answers.items() if agency != "health"}
        assert others == {(Outcome.NOT_PERMITTED, Reason.NO_AGREEMENT)}

    run(journey())


def test_a_level_that_loses_its_grant_while_a_question_runs_sees_nothing_of_it(policy: Policy) -> None:
    book = read_rulebook(SHIPPED_POLICIES)
    poor = replace(book.levels["health_visitor"], grants=(), inherits=())
    poorer = compile_policy(replace(book, levels=Listing({**book.levels, poor.id: poor})))

    async def journey() -> None:
        async with scene(policy) as on:
            when_first_asked(on, lambda: setattr(on.in_force, "_policy", poorer))
            answers = [answer for part in await ask(on) for answer in part.agencies]
            assert on.disk.asked() == 5
        assert {(answer.outcome, answer.reason, answer.records) for answer in answers} == {
            (Outcome.NOT_PERMITTED, Reason.ACCESS_LEVEL, None)
        }
        assert len(answers) == 5

    run(journey())


@pytest.mark.parametrize("by", list(EndedBy))
def test_a_session_that_ends_cuts_its_running_question_and_keeps_nothing(policy: Policy, by: EndedBy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            await shown(stream, agencies=4)
            on.session.end(by)
            with pytest.raises(NotSignedIn):
                await anext(stream)
            assert on.session.held() == ()
            assert on.hub.asking.running == 0
        (early,) = on.disk.of_kind("ended_early")
        assert early["without"] == ["schools"]

    run(journey())


def test_a_session_that_ends_asks_no_longer(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            await shown(stream, agencies=4)
            await asyncio.sleep(0.5)
            began = asyncio.get_running_loop().time()
            asyncio.get_running_loop().call_later(0.5, on.session.end, EndedBy.REVOKED)
            with pytest.raises(NotSignedIn):
                await anext(stream)
            # At once, not only when the silent agency's time is up.
            assert asyncio.get_running_loop().time() - began < 1

    run(journey())


def test_an_answer_that_is_closed_while_it_is_coming_comes_no_further(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            request_id = await shown(stream, agencies=4)
            disclosures = len(on.disk.of_kind("disclosure"))
            on.session.close(request_id)
            with pytest.raises(NotHeld):
                await anext(stream)
            assert on.session.held() == ()
            assert len(on.disk.of_kind("disclosure")) == disclosures
            assert (await ask(on))[-1].completeness is not None

    run(journey())


def test_a_client_that_goes_away_leaves_nothing_waiting(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            await shown(stream, agencies=4)
            await stream.aclose()
            assert on.hub.asking.running == 0
        assert len(on.disk.of_kind("ended_early")) == 1

    run(journey())


def test_a_client_s_own_deadline_holds_if_it_is_the_shorter(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            for seconds, waited in ((None, 3_000), (1.0, 1_000), (60.0, 3_000), (0.0, 0)):
                parts = await ask(on, seconds=seconds)
                silent = next(answer for part in parts for answer in part.agencies if answer.agency == "schools")
                assert (silent.reason, silent.elapsed_ms) == (Reason.LATE, pytest.approx(waited, abs=5))
                assert on.hub.agencies["schools"].asks[-1].remaining_ms <= waited

    run(journey())


def test_a_hub_that_is_busy_says_so(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT, most_running=1) as on:
            stream = on.hub.asking.ask(on.session, QUESTION.asked())
            await anext(stream)
            with pytest.raises(TooMuch) as refused:
                await ask(on)
            assert refused.value.reason == "HUB_BUSY"
            await stream.aclose()
            assert (await ask(on))[-1].completeness is not None

    run(journey())


def test_a_refusal_is_recorded_in_words_of_the_vocabulary_only(policy: Policy) -> None:
    asked = [
        Question(level="health_visitor", question="Qwertina", purpose="Qwertina", about="nhs:A"),
        Question(level="health_visitor", question="child_services", purpose="Qwertina", about="nhs:A"),
        Question(level="health_visitor", question="youth_order", purpose="safeguarding", about="nhs:A"),
    ]

    async def journey() -> None:
        async with scene(policy) as on:
            for question in asked:
                with pytest.raises(RequestError):
                    await ask(on, question)
        assert [(entry["question"], entry["purpose"]) for entry in on.disk.of_kind("refusal")] == [
            ("", ""),
            ("child_services", ""),
            ("youth_order", "safeguarding"),
        ]

    run(journey())


def test_every_part_tells_something_new(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, ONE_IS_SILENT) as on:
            for part in await ask(on):
                assert part.opening or part.agencies or part.completeness

    run(journey())


def test_a_requester_learns_whom_was_asked_before_anybody_has_answered(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, everybody(policy, "says nothing")) as on:
            parts = await ask(on)
        assert parts[0].opening is not None
        assert parts[0].agencies == ()
        assert [len(part.agencies) for part in parts[1:]] == [5]

    run(journey())


def test_no_two_questions_have_one_request_id(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy) as on:
            for _ in range(5):
                await ask(on)
        ids = [entry["request"] for entry in on.disk.of_kind("intent")]
        assert len(set(map(str, ids))) == 5

    run(journey())


@given(st.lists(st.sampled_from(DOES), min_size=5, max_size=5))
def test_whatever_the_agencies_do_each_planned_one_has_exactly_one_outcome(policy: Policy, does: list[str]) -> None:
    lines = [
        f"{agency} | {answers} | nhs:A | Team of {agency}"
        for agency, answers in zip(policy.agencies, does, strict=True)
    ]
    sources = "\n".join(["agency | answers | nhs_number | service", *lines])

    async def journey() -> None:
        async with scene(policy, sources) as on:
            parts = await ask(on)
        answers = [answer for part in parts for answer in part.agencies]
        assert sorted(answer.agency for answer in answers) == sorted(policy.agencies)
        closing = [part.completeness for part in parts if part.completeness is not None]
        assert [end.complete for end in closing] == [all(answer.outcome.answered for answer in answers)]
        assert parts[-1].completeness is not None
        for agency, did in zip(policy.agencies, does, strict=True):
            (answer,) = (answer for answer in answers if answer.agency == agency)
            assert (answer.outcome is Outcome.HELD) is (did == "a record")
            assert (answer.records is not None) is (did == "a record")

    run(journey())


def test_a_question_that_only_not_permitted_agencies_could_answer_is_answered_at_once(policy: Policy) -> None:
    late = Question(
        level="social_worker",
        question="youth_order",
        purpose="safeguarding",
        about="nhs:A",
        at=datetime(2035, 1, 1, tzinfo=UTC),
    )

    async def journey() -> None:
        async with scene(policy, everybody(policy), question=late) as on:
            parts = await ask(on, late)
            assert on.disk.asked() == 0
            assert len(on.disk.of_kind("intent")) == 1
        (part,) = parts
        assert part.completeness is not None
        assert not part.completeness.complete

    run(journey())
