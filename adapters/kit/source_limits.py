"""What an agency says about how often, and at which hours, one of its systems may be asked."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from adapters.kit.mapping import Part, mend_needed

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
MINUTES = 60


def _hours(text: str) -> str:
    if not _HOURS.fullmatch(text) or text[:5] == text[6:]:
        raise mend_needed("this is no span of a day", 'Write it as in "01:00-03:00", by the clock of this machine.')
    return text


Hours = Annotated[str, AfterValidator(_hours)]


def is_within(hours: str, minute: int) -> bool:
    """Tell whether a minute of the day lies in a span; one that ends before it begins passes midnight."""
    begin, end = (int(time[:2]) * MINUTES + int(time[3:]) for time in hours.split("-"))
    return begin <= minute < end if begin < end else not end <= minute < begin


class SourceLimits(Part):
    """How much one system is asked for; without a limit it is asked as the manifest's own `limits` say."""

    questions_per_second: Annotated[int, Field(ge=1, le=10_000)] | None = None
    closed: Annotated[tuple[Hours, ...], Field(max_length=24)] = ()

    def is_closed_at(self, minute: int) -> bool:
        """Tell whether the system may not be asked at a minute of the day."""
        return any(is_within(hours, minute) for hours in self.closed)


class SqlLimits(SourceLimits):
    """The same for a database, and the largest table that a question may have to read from end to end."""

    largest_scan: Annotated[int, Field(ge=0)] | None = None
