"""Replies that no agency should send: each plants a canary where nobody must ever see it."""

import os

from sharing.v1 import links_pb2, records_pb2

from tests.lib.good_adapter import truthful_records, truthful_reply
from tests.lib.misbehaviour import Misbehaviour

# Valid, and never asked about: it lies outside the stretch that tests ask about.
ANOTHER_NHS_NUMBER = "9999999999"
# Longer than any varint may be, so that no reader takes it for a message.
UNREADABLE = b"\xff" * 12


def forged(misbehaviour: Misbehaviour, agency: str, ask: links_pb2.Ask, canary: str) -> bytes:
    """Return the message with which a hostile adapter answers an ask."""
    match misbehaviour:
        case Misbehaviour.GARBAGE:
            return UNREADABLE + os.urandom(64) + canary.encode()
        case Misbehaviour.INVALID_UTF8:
            good = links_pb2.ConnectRequest(replies=[planted(agency, ask, canary)]).SerializeToString()
            return good.replace(b"Records", b"\xff\xfe\xff\xfe\xff\xfe\xff")
        case Misbehaviour.ANSWERS_TWICE:
            replies = [truthful_reply(agency, ask), planted(agency, ask, canary)]
        case Misbehaviour.CLAIMS_ANOTHER_AGENCY:
            return claiming(links_pb2.ConnectRequest(replies=[_claiming_reply(agency, ask, canary)]), canary)
        case _:
            replies = [_one(misbehaviour, agency, ask, canary)]
    return links_pb2.ConnectRequest(replies=replies).SerializeToString()


def planted(agency: str, ask: links_pb2.Ask, canary: str) -> links_pb2.Reply:
    """Return a reply that would be shown, canary and all, if it were taken for a good one."""
    reply = truthful_reply(agency, ask)
    _plant(reply.records, canary, "address", "given_name", "service", "worker_name")
    return reply


def claiming(message: links_pb2.ConnectRequest, canary: str) -> bytes:
    """Return a message with fields that the contract does not know: a claim to be another agency."""
    return message.SerializeToString() + _unknown_text(15, f"health {canary}")


def _one(misbehaviour: Misbehaviour, agency: str, ask: links_pb2.Ask, canary: str) -> links_pb2.Reply:  # noqa: C901  (one case each)
    reply = planted(agency, ask, canary)
    records = reply.records
    match misbehaviour:
        case Misbehaviour.WRONG_ASK_ID:
            reply.ask_id += 1_000_000
        case Misbehaviour.WRONG_NONCE:
            reply.nonce = bytes(8)
        case Misbehaviour.NO_STATUS:
            reply.status = links_pb2.REPLY_STATUS_UNSPECIFIED
        case Misbehaviour.WITHHOLDS_YET_SENDS:
            reply.status = links_pb2.REPLY_STATUS_WITHHELD
        case Misbehaviour.OTHER_PERSON:
            _set(records, "nhs_number", ANOTHER_NHS_NUMBER)
        case Misbehaviour.UNPRINTABLE_SOURCE:
            records.source = f"{canary}\x1b]0;{canary}\x07"
        case Misbehaviour.ENDLESS_TIME:
            records.retrieved_at_ms = 2**63 - 1
        case Misbehaviour.CELLS_MISSING:
            del records.cells[-1]
        case Misbehaviour.BIG_REPLY:
            records.cells.extend([canary * 30] * 700)
        case Misbehaviour.HUGE_TEXT:
            _set(records, "address", canary + "x" * 5_000_000)
        case _:
            reply.records.CopyFrom(_mixed(misbehaviour, agency, ask, canary))
    return reply


def _mixed(misbehaviour: Misbehaviour, agency: str, ask: links_pb2.Ask, canary: str) -> records_pb2.Records:
    """Return a record of the person asked about with something else beside it."""
    records = truthful_records(agency, ask)
    match misbehaviour:
        case Misbehaviour.UNASKED_FIELDS:
            records.columns.extend(["concern_kind", f"notes {canary}"])
            records.cells.extend([canary, canary])
        case Misbehaviour.UNASKED_PEOPLE:
            records.record_dates.append("2026-01-31")
            other = truthful_records(agency, ask)
            _set(other, "nhs_number", ANOTHER_NHS_NUMBER)
            _plant(other, canary, "address", "given_name", "service")
            records.cells.extend(other.cells)
        case Misbehaviour.UNFIT_VALUES:
            _plant(records, canary, "gender", "involvement_status", "involved_since", "upn")
            _set(records, "date_of_birth", "2015-02-30")
            _set(records, "address", f"\x1b[2J{canary}")
            _set(records, "school", f"{canary}\nlevel=error")
            _set(records, "worker_name", f"\u202e{canary}")
            _set(records, "postcode", canary * 4)
        case Misbehaviour.FORGED_DATES:
            records.record_dates[:] = ["2026-\x1bc-\x07["]
        case _:
            raise ValueError(f"{misbehaviour} is not about what a reply says")
    return records


def _claiming_reply(agency: str, ask: links_pb2.Ask, canary: str) -> links_pb2.Reply:
    content = truthful_reply(agency, ask).SerializeToString() + _unknown_text(9, f"health {canary}")
    return links_pb2.Reply.FromString(content)


def _unknown_text(field: int, text: str) -> bytes:
    """Return a length-delimited field as the wire carries it."""
    content = text.encode()
    return bytes([field << 3 | 2, len(content)]) + content


def _set(records: records_pb2.Records, column: str, value: str) -> None:
    if column in records.columns:
        records.cells[list(records.columns).index(column)] = value


def _plant(records: records_pb2.Records, canary: str, *columns: str) -> None:
    for column in columns:
        _set(records, column, canary)
