"""What is recorded of notices: which agency is told about a record of its own, and of which fields; never a value."""

from collections.abc import Sequence

from hub.audit.leaves import entry
from hub.model.entry import Entry
from hub.model.notice import Difference, Notice


def notice(notices: Sequence[Notice], at_ms: int) -> Entry:
    """Record, before it is sent, what one agency is told after one answer; the agency gets a receipt of it.

    `with_values` says that it is also told what others hold.
    """
    first = notices[0]
    found = [one.about for one in notices if isinstance(one.about, Difference)]
    return entry(
        "notice",
        at_ms,
        first.agency,
        request=first.request_id,
        agency=first.agency,
        about="difference" if found else "judgement",
        fields=[about.field for about in found],
        notices=len(notices),
        with_values=any(about.values for about in found),
    )
