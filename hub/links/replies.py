"""Read a reply as it came over the wire, trusting nothing in it."""

from hub.model.outcome import Outcome, Reason
from hub.model.records import Records
from sharing.v1 import links_pb2, records_pb2

MAX_REPLY_BYTES = 256 * 1024
MOST_ROWS = 500
LONGEST_CELL = 2_000

Read = tuple[Outcome, Reason | None, Records | None]
MALFORMED: Read = (Outcome.NO_ANSWER, Reason.MALFORMED, None)


def read_reply(reply: links_pb2.Reply) -> Read:
    """Return what a reply says: an outcome, with its reason or its records; whatever is out of form is malformed."""
    if reply.ByteSize() > MAX_REPLY_BYTES:
        return MALFORMED
    match reply.status:
        case links_pb2.REPLY_STATUS_ANSWERED:
            return _read_records(reply.records)
        case links_pb2.REPLY_STATUS_WITHHELD:
            return Outcome.WITHHELD, None, None
        case links_pb2.REPLY_STATUS_REFUSED:
            return Outcome.NO_ANSWER, Reason.REFUSED, None
        case links_pb2.REPLY_STATUS_UNABLE:
            return Outcome.NO_ANSWER, Reason.UNABLE, None
        case links_pb2.REPLY_STATUS_SOURCE_DOWN:
            return Outcome.NO_ANSWER, Reason.SOURCE_DOWN, None
        case _:
            return MALFORMED


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
        or len(sent.source) > LONGEST_CELL
        or sent.retrieved_at_ms <= 0
    ):
        return MALFORMED
    records = Records(
        columns=columns,
        cells=cells,
        record_dates=tuple(map(_day_or_nothing, sent.record_dates)),
        source=sent.source,
        retrieved_at_ms=sent.retrieved_at_ms,
    )
    return Outcome.HELD, None, records


def _day_or_nothing(sent: str) -> str:
    """Return a record date that has the form of one; how old a record is, is said or is not known."""
    return sent if len(sent) == 10 and sent.isascii() and sent[:4].isdigit() and sent[4] == sent[7] == "-" else ""
