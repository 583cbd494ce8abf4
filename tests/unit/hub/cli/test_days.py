"""Days and moments as they are typed."""

import pytest

from hub.cli.audit.days import beginning, ending
from hub.cli.errors import CommandError

DAY_MS = 24 * 60 * 60 * 1_000


def test_a_day_belongs_to_a_span_whole() -> None:
    assert beginning("1970-01-02") == DAY_MS
    assert ending("1970-01-02") == 2 * DAY_MS


def test_a_moment_is_taken_as_it_is() -> None:
    assert beginning("1970-01-01T01:00:01+01:00") == 1_000
    assert ending("1970-01-01T00:00:01Z") == 1_000


def test_nothing_is_no_bound() -> None:
    assert beginning("") == ending("") == 0


@pytest.mark.parametrize(
    "typed", ["yesterday", "2026-13-01", "2026-11-24T06:00", "1969-12-30", "9999-12-31x", "24/11/2026"]
)
def test_what_is_neither_is_refused(typed: str) -> None:
    for read in (beginning, ending):
        with pytest.raises(CommandError, match="neither a day nor a moment"):
            read(typed)


def test_a_day_after_which_there_is_none_has_no_end() -> None:
    with pytest.raises(CommandError, match="neither"):
        ending("9999-12-31")
