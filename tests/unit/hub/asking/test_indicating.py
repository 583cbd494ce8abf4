"""While an indicator is asked, what reads as nothing held is known to, whoever is merely known; and rows join anew."""

import pytest

from hub.access.policy import load_policy
from hub.asking.indicating import Telling
from hub.model.answer import AgencyAnswer, AnswerPart, Joining
from hub.model.matching import MatchCard, Standing, Word
from hub.model.outcome import Outcome
from hub.model.records import Records
from tests.lib.policies_of_size import SHIPPED_POLICIES

HEALTH = "health"


def answer(kind: str) -> AgencyAnswer:
    table = Records(
        columns=("concern_kind", "worker_phone"),
        cells=(kind, "01632 960001"),
        record_dates=("",),
        source="Records",
        retrieved_at_ms=1,
    )
    return AgencyAnswer(agency=HEALTH, outcome=Outcome.HELD, records=table)


def part(standing: Standing, word: Word = Word.NONE) -> AnswerPart:
    card = MatchCard(standing=standing, per_mille=900, word=word)
    joining = Joining(person_of_row=(0,), certain=(standing is Standing.SAME,), disagreements=(), cards=(card,))
    return AnswerPart(agencies=(answer("neglect"),), joining=joining)


@pytest.fixture
def telling() -> Telling:
    catalogue = load_policy(SHIPPED_POLICIES).catalogue
    fields = catalogue.questions["child_concern_indicator"].indicator
    assert fields is not None
    return Telling(catalogue, fields, [HEALTH])


def test_whoever_is_merely_known_reads_as_nothing_held_and_is_told_on_the_same_tick(telling: Telling) -> None:
    assert telling.says_nothing(answer(""))
    assert telling.says_nothing(AgencyAnswer(agency=HEALTH, outcome=Outcome.NOTHING_HELD))
    assert not telling.says_nothing(answer("neglect"))


def test_what_becomes_certain_as_others_answer_is_disclosed_anew_with_what_it_tells_then(telling: Telling) -> None:
    wholes = {HEALTH: answer("neglect")}
    _, first = telling.part(part(Standing.POSSIBLY), wholes)
    told, then = telling.part(part(Standing.SAME), wholes)
    _, again = telling.part(part(Standing.SAME), wholes)
    assert [fresh.answer.records and fresh.answer.records.columns for fresh in (*first, *then)] == [
        ("worker_phone",),
        ("concern_kind", "worker_phone"),
    ]
    assert again == ()
    assert told.indicator is not None
    assert told.indicator.holdings[0].kinds == ("neglect",)


def test_whoever_the_requester_has_said_is_somebody_else_does_not_count(telling: Telling) -> None:
    told, fresh = telling.part(part(Standing.POSSIBLY, Word.NOT_SAME), {HEALTH: answer("neglect")})
    assert told.indicator is not None
    assert told.indicator.without == (HEALTH,)
    assert fresh == ()
    assert telling.behind({HEALTH: answer("neglect")}) == ()
