from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hub.model.grounds import Confirmed
from hub.model.person import PersonKeys
from tests.unit.hub.making import question_about

ENDS = datetime(2026, 11, 24, 12, tzinfo=UTC)
BEFORE = ENDS - timedelta(microseconds=1)
ASKED = question_about(PersonKeys())


def test_an_officer_s_word_holds_up_to_its_end_and_for_one_agency() -> None:
    word = Confirmed(agency="health", officer="o.silva", until=ENDS)
    request = replace(ASKED, confirmed=(word,))
    assert request.confirmed_by("health", BEFORE) is word
    assert request.confirmed_by("health", ENDS) is None
    assert request.confirmed_by("schools", BEFORE) is None


def test_break_glass_access_counts_up_to_its_end() -> None:
    request = replace(ASKED, break_glass="access", break_glass_until=ENDS)
    assert request.is_break_glass(BEFORE)
    assert not request.is_break_glass(ENDS)
    assert not ASKED.is_break_glass(BEFORE)
