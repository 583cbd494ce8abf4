"""What a word opens beside the person of whom it was said: recorded first, and never a namesake."""

import gc

import pytest

from hub.access.policy import Policy
from hub.errors import NotReady
from hub.model.matching import Word
from hub.model.records import Records
from tests.spec.clockwork import run
from tests.unit.hub.asking.scene import ask, scene
from tests.unit.hub.asking.test_cards import BY_NAME, SOURCES, cards_of, possibly, texts

# Two numbers contradict each other, so neither is surely Zoe; without the one, nothing speaks against the other.
TWO_NUMBERS = """
agency      | answers  | nhs_number | given_name | family_name | date_of_birth | postcode | address   | service
social_care | a record | nhs:A      | Zoe        | Brown       | 2016-03-09    | BL1 4QQ  | 1 High St | Assessment team
schools     | a record | nhs:B      | Zoe        | Brown       | 2016-03-09    | BL9 7ZX  | CANARY st | CANARY service
"""
# Two of one name at one agency, of neither of whom anybody knows when they were born.
NAMESAKES = """
agency  | answers  | given_name | family_name | postcode | address   | service
schools | a record | Zoe        | Brown       | BL1 4QQ  | 1 High St | Attendance
schools | a record | Zoe        | Brown       | BL9 7ZX  | CANARY st | CANARY service
"""


@pytest.mark.parametrize("fails_at", ["", "disclosure"])
def test_whom_a_word_on_another_makes_sure_of_is_shown_whole_once_that_is_recorded(
    policy: Policy, fails_at: str
) -> None:
    async def journey() -> None:
        async with scene(policy, TWO_NUMBERS, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert held.joining is not None
            assert held.joining.certain == (False, False)
            before = len(on.disk.of_kind("disclosure"))
            by_then: list[str] = []
            on.disk.after["disclosure"] = lambda: by_then.extend(texts(held.parts))
            on.disk.fails_at = fails_at
            judging = cards_of(on).judge(
                on.session, held.request.request_id, held.joining.person_of_row[0], Word.NOT_SAME
            )
            if fails_at:
                with pytest.raises(NotReady):
                    await judging
                assert not [text for text in texts(held.parts) if "CANARY" in text]
                return
            after = await judging
            assert "CANARY service" in set(texts(after.parts))
            assert not [text for text in by_then if "CANARY" in text]
            (entry,) = on.disk.of_kind("disclosure")[before:]
            assert (entry["agency"], entry["records"]) == ("schools", 1)
            assert "confirms" not in entry
            assert {"address", "service"} <= set(entry["fields"])  # type: ignore[call-overload]  # a list of names

    run(journey())


def test_a_word_on_one_namesake_opens_no_other_now_or_later(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, NAMESAKES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert held.joining is not None
            assert len(held.joining.cards) == 2
            first = held.joining.person_of_row[0]
            after = await cards_of(on).judge(on.session, held.request.request_id, first, Word.SAME)
            assert "Attendance" in set(texts(after.parts))
            assert not [text for text in texts(after.parts) if "CANARY" in text]
            await ask(on, BY_NAME)
            later = on.session.held()[-1]
            assert "Attendance" in set(texts(later.parts))
            assert not [text for text in texts(later.parts) if "CANARY" in text]

    run(journey())


def test_of_whom_it_was_said_that_it_is_somebody_else_nothing_stays_in_memory(policy: Policy) -> None:
    async def journey() -> None:
        async with scene(policy, SOURCES, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            await on.hub.noticing.settled()
            (held,) = on.session.held()
            assert with_canary()
            await cards_of(on).judge(on.session, held.request.request_id, possibly(held), Word.NOT_SAME)
            assert not with_canary()

    run(journey())


def with_canary() -> int:
    """Count the tables in memory that hold what only the somebody else's record says."""
    gc.collect()
    tables = [found for found in gc.get_objects() if isinstance(found, Records)]
    return sum(any("CANARY" in cell for cell in table.cells) for table in tables)


def test_the_card_of_somebody_shown_apart_tells_no_day_of_a_record(policy: Policy) -> None:
    sources = """
    agency  | answers  | given_name | family_name | date_of_birth | postcode | address    | record date
    schools | a record | Zoe        | Browne      | 2016-03-19    | BL9 7ZX  | 1 High St  | 2026-02-17
    health  | a record | Zoe        | Browne      | 2016-03-19    | BL9 7ZX  | 9 Low Road | 2026-01-05
    """

    async def journey() -> None:
        async with scene(policy, sources, question=BY_NAME) as on:
            await ask(on, BY_NAME)
            (held,) = on.session.held()
            assert held.joining is not None
            (card,) = held.joining.cards
            assert not card.has_details
            assert card.evidence
            assert not [said.since for said in card.evidence if said.since]
            after = await cards_of(on).show_details(on.session, held.request.request_id, 0)
            assert after.joining is not None
            assert "2026-02-17" in [said.since for said in after.joining.cards[0].evidence]

    run(journey())
