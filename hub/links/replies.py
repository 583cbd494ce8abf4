"""Read a reply as it came over the wire, trusting nothing in it."""

from datetime import date

from sharing.v1 import links_pb2, records_pb2

from hub.links.terms import BadTermsError, read_terms
from hub.model.outcome import Outcome, Reason
from hub.model.records import Records

MAX_REPLY_BYTES = 256 * 1024
MOST_ROWS = 500
LONGEST_CELL = 2_000
LONGEST_SOURCE = 100
# The end of the year 9999; nobody's calendar goes further.
END_OF_TIME_MS = 253_402_300_800_000

Read = tuple[Outcome, Reason | None, Records | None]
MALFORMED: Read = (Outcome.NO_ANSWER, Reason.MALFORMED, None)

_WITHOUT_RECORDS: dict[int, Read] = {
    links_pb2.REPLY_STATUS_WITHHELD: (Outcome.WITHHELD, None, None),
    links_pb2.REPLY_STATUS_REFUSED: (Outcome.NO_ANSWER, Reason.REFUSED, None),
    links_pb2.REPLY_STATUS_UNABLE: (Outcome.NO_ANSWER, Reason.UNABLE, None),
    links_pb2.REPLY_STATUS_SOURCE_DOWN: (Outcome.NO_ANSWER, Reason.SOURCE_DOWN, None),
}


def read_reply(reply: links_pb2.Reply) -> Read:
    """Return what a reply says: an outcome, with its reason or its records; whatever is out of form is malformed."""
    if reply.ByteSize() > MAX_REPLY_BYTES:
        return MALFORMED
    if reply.status == links_pb2.REPLY_STATUS_ANSWERED:
        return _read_records(reply.records)
    return _WITHOUT_RECORDS.get(reply.status, MALFORMED)


def _read_records(sent: records_pb2.Records) -> Read:
    rows = len(sent.record_dates)
    if not rows and not sent.cells:
        return Outcome.NOTHING_HELD, None, None
    columns, cells = tuple(sent.columns), tuple(sent.cells)
    if (
        rows > MOST_ROWS
        or len(cells) != rows * len(columns)
        or len(set(columns)) != len(columns)
        or max(map(len, cells), default=0) > LONGEST_CELL
        or not sent.source
        or not sent.source.isprintable()
        or len(sent.source) > LONGEST_SOURCE
        or not 0 < sent.retrieved_at_ms < END_OF_TIME_MS
    ):
        return MALFORMED
    try:
        terms = read_terms(sent, rows)
    except BadTermsError:
        return MALFORMED
    records = Records(
        columns=columns,
        cells=cells,
        record_dates=tuple(map(_day_or_nothing, sent.record_dates)),
        source=sent.source,
        retrieved_at_ms=sent.retrieved_at_ms,
        terms=terms,
    )
    return Outcome.HELD, None, records


def _day_or_nothing(sent: str) -> str:
    """Return a record date that is a day, written YYYY-MM-DD; how old a record is, is said or is not known."""
    try:
        return sent if sent == date.fromisoformat(sent).isoformat() else ""
    except ValueError:
        return ""
