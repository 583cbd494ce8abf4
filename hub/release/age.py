"""Ages: of records, and of pupils."""

from datetime import UTC, date, datetime, time, timedelta

from hub.model.records import Records


def recent(records: Records, today: date, oldest_days: int | None) -> Records:
    """Drop rows that were last changed more than so many days ago; one without a date is not known to be old."""
    if oldest_days is None:
        return records
    oldest = (today - timedelta(days=oldest_days)).isoformat()
    return records.only([not day or day >= oldest for day in records.record_dates])


def comes_of_age(born: str, age: int) -> date | None:
    """Return the day on which somebody reaches an age; None where the day of birth is not known.

    Whoever was born on 29 February comes of age on 1 March in other years.
    """
    try:
        birth = date.fromisoformat(born)
        if (birth.month, birth.day) == (2, 29):
            return date(birth.year + age, 2, 28) + timedelta(days=1)
        return birth.replace(year=birth.year + age)
    except ValueError:
        return None


def end_of(day: str) -> datetime | None:
    """Return the first moment after a day that is written YYYY-MM-DD; None for the last day that can be written."""
    try:
        return beginning_of(date.fromisoformat(day) + timedelta(days=1))
    except OverflowError:
        return None


def beginning_of(day: date) -> datetime:
    """Return the first moment of a day, in UTC as in agreements."""
    return datetime.combine(day, time(), tzinfo=UTC)
