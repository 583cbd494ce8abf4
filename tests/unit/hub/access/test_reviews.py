"""Which agreements are to be reviewed, end soon, or have ended."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pydantic import TypeAdapter

from hub.access.reading import read_rulebook
from hub.access.reviews import Dated, Reviews, reviews
from hub.model.policy import Agreement
from tests.lib.policies_of_size import SHIPPED_POLICIES

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def _agreement(name: str, *, review: date, ends: datetime) -> Agreement:
    shipped = read_rulebook(SHIPPED_POLICIES).agreements["safeguarding_all_partners"]
    return replace(shipped, id=name, review=review, ends=ends)


def _ids(found: tuple[Dated, ...]) -> list[str]:
    return [one.id for one in found]


def test_of_the_shipped_agreements_two_reviews_fall_due_before_the_year_ends() -> None:
    shipped = read_rulebook(SHIPPED_POLICIES).agreements.values()
    found = reviews(shipped, NOW, days=40)
    assert _ids(found.due) == ["youth_crime_and_disorder", "safeguarding_all_partners"]
    assert found.due[0].review == date(2026, 11, 30)
    assert found.due[0].parties == ("social_care", "health", "youth_offending")
    assert found == Reviews(overdue=(), due=found.due, ending=(), ended=())
    adapter = TypeAdapter(Reviews)
    assert adapter.validate_json(adapter.dump_json(found)) == found


def test_a_review_is_due_on_its_day_and_overdue_from_the_next() -> None:
    far = NOW + timedelta(days=900)
    days = [NOW.date() + timedelta(days=number) for number in (-2, -1, 0, 7, 8)]
    found = reviews([_agreement(f"day_{day}", review=day, ends=far) for day in reversed(days)], NOW, days=7)
    assert _ids(found.overdue) == [f"day_{day}" for day in days[:2]]
    assert _ids(found.due) == [f"day_{day}" for day in days[2:4]]


def test_the_day_counts_in_utc() -> None:
    agreement = _agreement("one", review=date(2026, 11, 24), ends=NOW + timedelta(days=900))
    still_today = datetime.fromisoformat("2026-11-25T00:30:00+01:00")
    assert _ids(reviews([agreement], still_today, days=0).due) == ["one"]


def test_what_ends_within_so_many_days_is_listed_and_what_has_ended_by_itself_and_without_a_review() -> None:
    review = NOW.date() - timedelta(days=1)
    ends = {
        "just_ended": NOW,
        "ended_before": NOW - timedelta(days=3),
        "ends_soon": NOW + timedelta(seconds=1),
        "ends_in_a_week": NOW + timedelta(days=7),
        "ends_later": NOW + timedelta(days=7, seconds=1),
    }
    found = reviews([_agreement(name, review=review, ends=end) for name, end in ends.items()], NOW, days=7)
    assert _ids(found.ended) == ["ended_before", "just_ended"]
    assert _ids(found.ending) == ["ends_soon", "ends_in_a_week"]
    assert _ids(found.overdue) == ["ends_in_a_week", "ends_later", "ends_soon"]


def test_without_agreements_there_is_nothing_to_do() -> None:
    assert reviews([], NOW, days=30) == Reviews(overdue=(), due=(), ending=(), ended=())
