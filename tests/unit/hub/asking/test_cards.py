"""Match cards: what is shown of somebody who is only possibly the person asked about, and what a word changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.access.policy import Policy, compile_policy
from hub.access.reading import read_rulebook
from hub.asking.cards import Cards
from hub.audit.pseudonyms import KEY_BYTES, Pseudonyms
from hub.errors import InvalidRequest, NotAllowed, NotHeld, NotReady
from hub.model.answer import AgencyAnswer, AnswerPart
from hub.model.catalogue import Listing
from hub.model.matching import Standing, Word
from hub.model.person import PersonKeys
from hub.model.policy import Rulebook
from hub.model.request import Request
from hub.sessions.held import Held
from tests.lib.policies_of_size import SHIPPED_POLICIES
from tests.spec.clockwork import run
from tests.spec.scenario import Question
from tests.unit.hub.asking.scene import Scene, ask, scene
from tests.unit.hub.asking.test_withdrawing import withdrawing_for

BY_NAME = Question(
    level="social_worker", question="child_services", purpose="safeguarding", about="Zoe Brown, born 2016-03-09"
)
# Schools hold somebody whose day of birth is another by a slip; the canaries are theirs alone.
SOURCES = """
agency      | answers  | nhs_number | given_name | family_name | date_of_birth | postcode | address   | service
social_care | a record |            | Zoe        | Brown       | 2016-03-09    | BL1 4QQ  | 1 High St | Assessment team
schools     | a record | nhs:B      | Zoe        | Browne      | 2016-03-19    | BL9 7ZX  | CANARY st | CANARY service
"""
HIDDEN = ("CANARY", "7ZX")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return read_rulebook(SHIPPED_POLICIES)


class Noticed:
    """Remembers whom agencies were told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, bool]] = []

    def judged(self, request: Request, agency: str, keys: PersonKeys, *, is_same: bool) -> None:
        assert request.case_reference
        self.told.append((agency, keys.family_name, is_same))


def cards_of(on: Scene, noticed: Noticed | None = None) -> Cards:
    return Cards(
        in_force=on.in_force,
        audit=on.hub.audit,
        pseudonyms=Pseudonyms({1: bytes(KEY_BYTES)}),
        withdrawing=withdrawing_for(on),
        noticing=noticed,
        now=lambda: on.now,
    )


def shown(parts: list[AnswerPart]) -> dict[str, AgencyAnswer]:
    return {answer.agency: answer for part in parts for answer in (*part.agencies, *part.fuller)}


def texts(parts: list[AnswerPart]) -> Iterator[str]:
    for answer in (answer for part in parts for answer in (*part.agencies, *part.fuller)):
        if answer.records is not None:
            yield from (*answer.records.cells, *answer.records.record_dates)


def possibly(held: Held) -> int:
    assert held.joining is not None
    (number,) = [n for n, card in enumerate(held.joining.cards) if card.standing is Standing.POSSIBLY]
    return number


def test_of_somebody_who_is_possibly_the_person_only_what_tells_apart_is_shown_and_recorded(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            parts = await ask(on, BY_NAME)
            records = shown(parts)["schools"].records
            assert records is not None
            assert records.columns == ("given_name", "family_name", "date_of_birth", "postcode")
            assert records.cells == ("Zoe", "Browne", "2016-03-19", "BL9")
            assert records.record_dates == ("",)
            assert not [text for text in texts(parts) if any(canary in text for canary in HIDDEN)]
            (held,) = on.session.held()
            assert held.joining is not None
            assert [card.has_details for card in held.joining.cards] == [True, False]
            assert len(set(held.joining.person_of_row)) == 2
            entries = {entry["agency"]: entry for entry in on.disk.of_kind("disclosure")}
            assert entries["schools"]["fields"] == list(records.columns)
            assert (entries["schools"]["apart"], entries["schools"]["records"]) == (1, 1)
            assert "apart" not in entries["social_care"]
            assert "service" in str(entries["social_care"]["fields"])

    run(journey())


def test_details_are_shown_once_it_is_recorded_that_they_are_needed(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            seen_by_then: list[str] = []
            on.disk.after["disclosure"] = lambda: seen_by_then.extend(texts(held.parts))
            after = await cards_of(on).show_details(on.session, held.request.request_id, possibly(held))
            assert not [text for text in seen_by_then if "CANARY" in text]
            assert {"CANARY st", "CANARY service", "BL9 7ZX"} <= set(texts(after.parts))
            assert not after.behind
            assert after.joining is not None
            assert [card.has_details for card in after.joining.cards] == [True, True]
            assert after.joining.certain == (True, False)
            last = on.disk.of_kind("disclosure")[-1]
            assert (last["agency"], last["confirms"], last["records"]) == ("schools", True, 1)
            assert "address" in str(last["fields"])
            # Once they are shown there is nothing more to record.
            count = len(on.disk.entries)
            await cards_of(on).show_details(on.session, held.request.request_id, possibly(held))
            assert len(on.disk.entries) == count

    run(journey())


def test_details_that_cannot_be_recorded_are_not_shown(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            on.disk.fails_at = "disclosure"
            with pytest.raises(NotReady):
                await cards_of(on).show_details(on.session, held.request.request_id, possibly(held))
            assert not [text for text in texts(held.parts) if "CANARY" in text]

    run(journey())


def test_what_is_behind_goes_with_what_is_shown(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert held.behind
            on.session.close(held.request.request_id)
            assert not held.behind
            assert not held.parts
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert on.hub.sessions.sign_out_everywhere(on.session.requester.user_name) == 1
            assert not held.behind
            assert not held.parts

    run(journey())


def test_a_rule_that_forbids_only_what_is_behind_takes_the_answer_back(policy: Policy, book: Rulebook) -> None:
    only_the_look_alike = "\n".join(line for line in SOURCES.splitlines() if not line.startswith("social_care"))
    basics = {
        name: replace(agreement, classes=tuple(each for each in agreement.classes if each == "basic"))
        for name, agreement in book.agreements.items()
    }

    async def journey() -> None:
        async with scene(policy, only_the_look_alike, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            number = possibly(held)
            on.in_force.put(compile_policy(replace(book, agreements=Listing(basics))))
            with pytest.raises(NotHeld):
                await cards_of(on).show_details(on.session, held.request.request_id, number)
            assert not on.session.held()
            assert not held.behind

    run(journey())


def test_an_answer_that_is_closed_while_details_are_recorded_shows_none(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            number = possibly(held)
            on.disk.after["disclosure"] = lambda: on.session.close("")  # type: ignore[assignment,return-value]  # what it returns is of no use here
            with pytest.raises(NotHeld):
                await cards_of(on).show_details(on.session, held.request.request_id, number)
            assert not held.behind

    run(journey())


def test_the_source_of_what_is_only_behind_may_take_the_answer_back(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert withdrawing_for(on).withdraw_from_source("schools", held.request.request_id)
            assert not held.behind

    run(journey())


def test_the_same_person_said_of_a_card_merges_it_opens_it_and_is_told_to_its_agency(policy: Policy) -> None:
    async def journey() -> None:
        noticed = Noticed()
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            after = await cards_of(on, noticed).judge(on.session, held.request.request_id, possibly(held), Word.SAME)
            assert after.joining is not None
            assert set(after.joining.person_of_row) == {0}
            assert after.joining.cards[0].word is Word.SAME
            assert "CANARY service" in set(texts(after.parts))
            assert noticed.told == [("schools", "Browne", True)]
            (entry,) = on.disk.of_kind("judgement")
            assert (entry["agency"], entry["is_same"], entry["records"]) == ("schools", True, 1)
            assert not [text for text in ("Browne", "Zoe", "2016-03-19") if text in str(entry)]
            # In a later question of the same case it still holds, and of another it does not.
            await ask(on, BY_NAME)
            later = on.session.held()[-1]
            assert later.joining is not None
            assert set(later.joining.person_of_row) == {0}
            elsewhere = replace(BY_NAME, case="2026/18")
            await ask(on, elsewhere)
            assert possibly(on.session.held()[-1]) == 1

    run(journey())


def test_not_the_same_person_takes_the_rows_out_and_stands_on_their_card_later(policy: Policy) -> None:
    async def journey() -> None:
        noticed = Noticed()
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            after = await cards_of(on, noticed).judge(
                on.session, held.request.request_id, possibly(held), Word.NOT_SAME
            )
            assert after.joining is not None
            assert after.joining.person_of_row == (0,)
            assert not after.behind
            assert shown(after.parts)["schools"].records is None
            assert noticed.told == [("schools", "Browne", False)]
            await ask(on, BY_NAME)
            later = on.session.held()[-1]
            assert later.joining is not None
            card = later.joining.cards[possibly(later)]
            assert (card.word, card.has_details) == (Word.NOT_SAME, False)
            assert not [text for text in texts(later.parts) if "CANARY" in text]

    run(journey())


def test_two_numbers_of_one_kind_are_two_people_whatever_anybody_says(policy: Policy) -> None:
    sources = SOURCES.replace("social_care | a record |       ", "social_care | a record | nhs:A ")

    async def journey() -> None:
        noticed = Noticed()
        async with scene(policy, sources, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            cards, request_id = cards_of(on, noticed), held.request.request_id
            # Since they contradict each other, neither is surely the person whose name was given.
            assert held.joining is not None
            assert held.joining.certain == (False, False)
            said = await cards.judge(on.session, request_id, held.joining.person_of_row[0], Word.SAME)
            with pytest.raises(NotAllowed) as refused:
                await cards.judge(on.session, request_id, possibly(said), Word.SAME)
            assert refused.value.reason == "NUMBERS_CONTRADICT"
            assert [agency for agency, _, _ in noticed.told] == ["social_care"]
            assert len(on.disk.of_kind("judgement")) == 1

    run(journey())


def test_nobody_is_shown_or_judged_who_is_not_there_and_no_word_is_none(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            cards, request_id = cards_of(on), held.request.request_id
            with pytest.raises(InvalidRequest):
                await cards.show_details(on.session, request_id, 7)
            with pytest.raises(InvalidRequest):
                await cards.judge(on.session, request_id, 1, Word.NONE)
            with pytest.raises(NotHeld):
                await cards.judge(on.session, "another", 1, Word.SAME)

    run(journey())


def test_what_is_said_is_forgotten_with_the_session_and_holds_nothing_of_a_case(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            await cards_of(on).judge(on.session, held.request.request_id, possibly(held), Word.SAME)
            assert len(on.session.words)
            assert all(len(digest) == 16 for digest in on.session.words._said)  # nothing else may be in it
            on.hub.sessions.end_all()
            assert not len(on.session.words)

    run(journey())


def test_what_is_behind_ends_at_its_moment(policy: Policy) -> None:
    question = replace(BY_NAME, level="social_care_duty", glass="yes")

    async def journey() -> None:
        async with scene(policy, SOURCES, question=question) as on:
            await ask(on, question)
            (held,) = on.session.held()
            assert held.behind
            on.now += timedelta(hours=2)
            assert withdrawing_for(on).past_their_time() == 1
            assert not held.behind

    run(journey())
