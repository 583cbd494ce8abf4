"""Reviews of agreements: which are overdue or fall due, which agreements end soon, and which have ended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hub.model.policy import Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An agreement, with the two days that somebody must not miss."""

    id: str
    title: str
    parties: tuple[str, ...]
    review: date
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """What is to be done about agreements, the most pressing first in each list.

    Of those that have ended no review is due. One may be overdue and ending at the same time.
    """

    overdue: tuple[Dated, ...]
    due: tuple[Dated, ...]
    ending: tuple[Dated, ...]
    ended: tuple[Dated, ...]


def reviews(agreements: Iterable[Agreement], at: datetime, *, days: int) -> Reviews:
    """List what is overdue or has ended at an instant, and what falls due or ends within so many days of it.

    A review is due on its day, in UTC, and overdue from the next.
    """
    today = at.astimezone(UTC).date()
    horizon = timedelta(days=days)
    known = [_dated(agreement) for agreement in agreements]
    lasting = [found for found in known if found.ends > at]
    return Reviews(
        overdue=_sorted((found for found in lasting if found.review < today), by=_review),
        due=_sorted((found for found in lasting if today <= found.review <= today + horizon), by=_review),
        ending=_sorted((found for found in lasting if found.ends <= at + horizon), by=_end),
        ended=_sorted((found for found in known if found.ends <= at), by=_end),
    )


def _dated(agreement: Agreement) -> Dated:
    return Dated(
        id=agreement.id,
        title=agreement.title,
        parties=agreement.parties,
        review=agreement.review,
        ends=agreement.ends.astimezone(UTC),
    )


def _sorted(found: Iterable[Dated], *, by: Callable[[Dated], date]) -> tuple[Dated, ...]:
    return tuple(sorted(found, key=lambda one: (by(one), one.id)))


def _review(found: Dated) -> date:
    return found.review


def _end(found: Dated) -> date:
    return found.ends
