import pytest
from sharing.v1 import links_pb2, records_pb2

from hub.links.replies import LONGEST_CELL, LONGEST_SOURCE, MALFORMED, MAX_REPLY_BYTES, MOST_ROWS, read_reply
from hub.model.outcome import Outcome, Reason

ANSWERED = links_pb2.REPLY_STATUS_ANSWERED


def a_reply(**changed: object) -> links_pb2.Reply:
    """Return a reply of two rows, with some of it changed."""
    records = {
        "columns": ["given_name", "school"],
        "cells": ["Ada", "Hill Top", "Ada", ""],
        "record_dates": ["2026-01-31", ""],
        "source": "Register",
        "retrieved_at_ms": 1_795_000_000_000,
    } | changed
    return links_pb2.Reply(ask_id=1, status=ANSWERED, records=records_pb2.Records(**records))


def test_rows_are_held_with_their_provenance() -> None:
    outcome, reason, records = read_reply(a_reply())
    assert (outcome, reason) == (Outcome.HELD, None)
    assert records is not None
    assert records.columns == ("given_name", "school")
    assert list(records.rows()) == [("Ada", "Hill Top"), ("Ada", "")]
    assert records.record_dates == ("2026-01-31", "")
    assert (records.source, records.retrieved_at_ms) == ("Register", 1_795_000_000_000)


def test_an_answer_without_rows_says_that_nothing_is_held() -> None:
    assert read_reply(links_pb2.Reply(status=ANSWERED)) == (Outcome.NOTHING_HELD, None, None)
    assert read_reply(a_reply(cells=[], record_dates=[])) == (Outcome.NOTHING_HELD, None, None)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (links_pb2.REPLY_STATUS_WITHHELD, Outcome.WITHHELD, None),
        (links_pb2.REPLY_STATUS_REFUSED, Outcome.NO_ANSWER, Reason.REFUSED),
        (links_pb2.REPLY_STATUS_UNABLE, Outcome.NO_ANSWER, Reason.UNABLE),
        (links_pb2.REPLY_STATUS_SOURCE_DOWN, Outcome.NO_ANSWER, Reason.SOURCE_DOWN),
        (links_pb2.REPLY_STATUS_UNSPECIFIED, Outcome.NO_ANSWER, Reason.MALFORMED),
        (99, Outcome.NO_ANSWER, Reason.MALFORMED),
    ],
)
def test_records_beside_any_status_but_answered_are_not_read(
    status: links_pb2.ReplyStatus, outcome: Outcome, reason: Reason | None
) -> None:
    reply = a_reply()
    reply.status = status
    assert read_reply(reply) == (outcome, reason, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"cells": ["Ada", "Hill Top", "Ada"]},
        {"cells": ["Ada", "Hill Top", "Ada", "", ""]},
        {"cells": []},
        {"record_dates": []},
        {"record_dates": ["2026-01-31"]},
        {"columns": ["school", "school"]},
        {"columns": []},
        {"cells": ["x" * (LONGEST_CELL + 1), "", "", ""]},
        {"source": ""},
        {"source": "Register\x1b[2J"},
        {"source": "x" * (LONGEST_SOURCE + 1)},
        {"retrieved_at_ms": 0},
        {"retrieved_at_ms": -1},
        {"retrieved_at_ms": 2**63 - 1},
        {"columns": ["school"], "cells": ["x"] * (MOST_ROWS + 1), "record_dates": [""] * (MOST_ROWS + 1)},
        {"columns": ["school"], "cells": ["x" * 1_999] * 200, "record_dates": [""] * 200},
    ],
)
def test_a_reply_that_is_out_of_form_is_malformed_and_none_of_it_is_kept(changed: dict[str, object]) -> None:
    assert read_reply(a_reply(**changed)) == MALFORMED


def test_a_reply_padded_with_fields_of_no_contract_is_measured_with_them() -> None:
    padding = b"\x7a" + bytes([0xFF, 0xFF, 0x0F]) + b"x" * 0x3FFFF
    padded = links_pb2.Reply.FromString(a_reply().SerializeToString() + padding)
    assert padded.ByteSize() > MAX_REPLY_BYTES
    assert read_reply(padded) == MALFORMED


@pytest.mark.parametrize(
    "day",
    ["2026-1-31", "2026-02-30", "20260131", "2026-W05-6", "2026-\x1bc-\x07[", "31/01/2026", "٢٠٢٦-٠١-٣١", "x" * 10],
)
def test_a_record_date_that_is_no_day_is_not_said(day: str) -> None:
    _, _, records = read_reply(a_reply(record_dates=[day, "2026-01-31"]))
    assert records is not None
    assert records.record_dates == ("", "2026-01-31")
