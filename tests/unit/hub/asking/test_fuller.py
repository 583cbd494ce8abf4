"""Whoever turns out later to be the person asked about is shown more fully then; what is shown stays shown."""

from datetime import UTC, datetime

import pytest

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.asking.answering import Answering
from hub.asking.permitted import permitted
from hub.asking.plan import make_plan
from hub.asking.releasing import ReleaseRules
from hub.audit.pseudonyms import Pseudonym
from hub.links.gathering import Arrival
from hub.model.matching import Standing
from hub.model.outcome import Outcome
from hub.model.person import PersonKeys
from hub.release.sight import Sight, first_half, seen, without_rows
from hub.sessions.held import Held
from tests.unit.hub.making import nhs_number, question_about, table

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ZOE = {"nhs_number": "", "given_name": "Zoe", "family_name": "Brown", "date_of_birth": "2016-03-09", "service": "One"}
ASKED = PersonKeys(given_name="Zoe", family_name="Brown", date_of_birth="2016-03-09")
SLIPS = ZOE | {"family_name": "Browne", "date_of_birth": "2016-03-19", "nhs_number": nhs_number(1), "service": "Two"}
SAME_NUMBER = ZOE | {"nhs_number": nhs_number(1)}
OTHER_NUMBER = ZOE | {"nhs_number": nhs_number(2)}


class Story:
    """An answer in the making, arrival by arrival, and what a session holds of it."""

    def __init__(self, policy: Policy) -> None:
        """Begin."""
        self.request = question_about(ASKED)
        self.answering = Answering(
            self.request,
            make_plan(permitted(policy, self.request, NOW)),
            PolicyInForce(policy),
            rules=ReleaseRules(),
            now=lambda: NOW,
            person=Pseudonym(epoch=1, ways=()),
        )
        self.held = Held(request=self.request)
        self.fuller: list[str] = []
        self.fresh: list[tuple[str, int, tuple[str, ...]]] = []

    def arrives(self, agency: str, row: dict[str, str]) -> None:
        arrival = Arrival(agency=agency, outcome=Outcome.HELD, records=table(row))
        part = self.answering.part(self.answering.release([arrival]), 1)
        self.held.take(part, self.answering.behind())
        self.fuller += [answer.agency for answer in part.fuller]
        self.fresh = [
            (one.answer.agency, one.apart, one.answer.records.columns if one.answer.records else ())
            for one in self.answering.fresh
        ]

    def shown(self) -> dict[str, tuple[str, ...]]:
        answers = [answer for part in self.held.parts for answer in part.agencies]
        return {answer.agency: answer.records.cells for answer in answers if answer.records is not None}

    def standings(self) -> list[Standing]:
        joining = self.held.joining
        assert joining is not None
        return [joining.cards[person].standing for person in joining.person_of_row]


def test_whoever_becomes_the_person_is_shown_whole_in_place_of_before(policy: Policy) -> None:
    story = Story(policy)
    story.arrives("schools", SLIPS)
    assert story.standings() == [Standing.POSSIBLY]
    assert "Two" not in story.shown()["schools"]
    story.arrives("health", SAME_NUMBER)
    assert story.standings() == [Standing.SAME, Standing.SAME]
    assert story.fuller == ["schools"]
    assert "Two" in story.shown()["schools"]
    assert not story.held.behind
    # Both are new to the requester: the record of health, and what was behind of schools.
    assert [(agency, apart) for agency, apart, _ in story.fresh] == [("schools", 0), ("health", 0)]
    assert all("service" in columns for _, _, columns in story.fresh)


def test_what_is_shown_stays_shown_when_a_contradiction_comes_last(policy: Policy) -> None:
    story = Story(policy)
    story.arrives("health", SAME_NUMBER)
    story.arrives("schools", OTHER_NUMBER)
    assert story.standings() == [Standing.POSSIBLY, Standing.POSSIBLY]
    assert "One" in story.shown()["health"]
    assert "One" not in story.shown()["schools"]
    assert not story.fuller
    joining = story.held.joining
    assert joining is not None
    assert [joining.cards[person].has_details for person in joining.person_of_row] == [True, False]


def test_all_that_is_held_is_looked_at_whether_it_is_shown_or_behind(policy: Policy) -> None:
    story = Story(policy)
    story.arrives("schools", SLIPS)
    (answer,) = story.held.answers()
    assert answer.records is not None
    assert answer.records.column("service") == ("Two",)
    story.held.empty()
    assert not story.held.answers()


@pytest.mark.parametrize(
    ("postcode", "half"), [("BL1 4QQ", "BL1"), ("bl14qq", "bl1"), ("BL1", "BL1"), ("", ""), (" M1  1AE ", "M1")]
)
def test_of_a_postcode_the_first_half_is_kept_however_it_is_written(postcode: str, half: str) -> None:
    assert first_half(postcode) == half


def test_rows_can_be_hidden_altogether_or_taken_out(policy: Policy) -> None:
    story = Story(policy)
    (whole,) = story.answering.release(
        [Arrival(agency="health", outcome=Outcome.HELD, records=table(SAME_NUMBER, SLIPS))]
    )
    hidden = seen(whole, [Sight.NOTHING, Sight.WHOLE])
    assert hidden.records is not None
    assert hidden.records.column("service") == ("Two",)
    assert seen(whole, [Sight.NOTHING, Sight.NOTHING]).records is None
    assert without_rows(whole, [False, False]).outcome is Outcome.NOTHING_HELD
    left = without_rows(whole, [True, False])
    assert left.records is not None
    assert left.records.column("service") == ("One",)
