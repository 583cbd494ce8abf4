"""Replies made ready beforehand, so that the agencies' process costs next to nothing."""

from struct import Struct

from sharing.v1 import links_pb2

from tests.bench.question import NONCE_BYTES, records_for

# A reply on the wire, field by field: ConnectRequest.replies (2) and its length, Reply.ask_id (1, fixed64),
# Reply.nonce (2) and its length; then status and records, which are the same every time.
_REPLIES_TAG = b"\x12"
_ANSWER = Struct(f"<cQ2s{NONCE_BYTES}s")
_ASK_ID_TAG = b"\x09"
_NONCE_TAG = b"\x12" + bytes([NONCE_BYTES])


class ReadyReplies:
    """One agency's replies: made once for each person and list of fields, then only numbered."""

    def __init__(self, agency: str, *, read_at_ms: int) -> None:
        """Take the agency and the time at which it is said to have read its source."""
        self._agency = agency
        self._read_at_ms = read_at_ms
        self._endings: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def to(self, ask: links_pb2.Ask) -> bytes:
        """Return the Reply message to an ask."""
        if len(ask.nonce) != NONCE_BYTES:
            raise ValueError(f"a nonce has {len(ask.nonce)} bytes instead of {NONCE_BYTES}")
        key = (ask.person.nhs_number, tuple(ask.fields))
        ending = self._endings.get(key)
        if ending is None:
            ending = self._endings[key] = self._ending(*key)
        return _ANSWER.pack(_ASK_ID_TAG, ask.ask_id, _NONCE_TAG, ask.nonce) + ending

    def frame(self, ask: links_pb2.Ask) -> bytes:
        """Return the reply to an ask as a piece of a ConnectRequest; pieces set end to end are one message."""
        reply = self.to(ask)
        return _REPLIES_TAG + _varint(len(reply)) + reply

    def _ending(self, nhs_number: str, fields: tuple[str, ...]) -> bytes:
        records = records_for(self._agency, nhs_number, fields, read_at_ms=self._read_at_ms)
        return links_pb2.Reply(status=links_pb2.REPLY_STATUS_ANSWERED, records=records).SerializeToString()


def _varint(number: int) -> bytes:
    """Encode a length as protobuf does: seven bits to a byte, the lowest first."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)
