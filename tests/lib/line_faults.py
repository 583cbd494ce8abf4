"""The faults of a line between an adapter and its hub, each by its name, and where in a connection a reset strikes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.lib.tls_records import Kind, Piece


class Way(StrEnum):
    """Is where bytes go."""

    TO_HUB = "to_hub"
    TO_ADAPTER = "to_adapter"


class LineFault(StrEnum):
    """Is one thing that happens to a line."""

    # It carries everything, later or slower.
    LATENCY = "latency"
    FAR = "far"
    DRIP = "drip"
    STOPS = "stops"
    # It swallows what it is given, and nobody is told.
    HALF_OPEN_TO_HUB = "half_open_to_hub"
    HALF_OPEN_TO_ADAPTER = "half_open_to_adapter"
    HALF_OPEN = "half_open"
    # It breaks off, at a moment that has a name.
    RESET_BEFORE_TLS = "reset_before_tls"
    RESET_IN_HANDSHAKE = "reset_in_handshake"
    RESET_AFTER_HANDSHAKE = "reset_after_handshake"
    RESET_IN_PREFACE = "reset_in_preface"
    RESET_IN_ASK = "reset_in_ask"
    RESET_BEFORE_REPLY = "reset_before_reply"
    RESET_IN_REPLY = "reset_in_reply"
    RESET_AFTER_REPLY = "reset_after_reply"
    RESET_IN_RECEIPT = "reset_in_receipt"
    FLAPS = "flaps"
    # It carries something else.
    FLIPS_TO_HUB = "flips_to_hub"
    FLIPS_TO_ADAPTER = "flips_to_adapter"
    GARBAGE_TO_HUB = "garbage_to_hub"
    GARBAGE_TO_ADAPTER = "garbage_to_adapter"


SWALLOWS: Mapping[LineFault, frozenset[Way]] = {
    LineFault.HALF_OPEN_TO_HUB: frozenset({Way.TO_HUB}),
    LineFault.HALF_OPEN_TO_ADAPTER: frozenset({Way.TO_ADAPTER}),
    LineFault.HALF_OPEN: frozenset(Way),
}
# What strikes a connection while it begins; one that stands must be made to begin again.
AT_THE_BEGINNING = frozenset(
    {
        LineFault.RESET_BEFORE_TLS,
        LineFault.RESET_IN_HANDSHAKE,
        LineFault.RESET_AFTER_HANDSHAKE,
        LineFault.RESET_IN_PREFACE,
        LineFault.FLAPS,
        LineFault.GARBAGE_TO_HUB,
        LineFault.GARBAGE_TO_ADAPTER,
    }
)
FLIPS = {LineFault.FLIPS_TO_HUB: Way.TO_HUB, LineFault.FLIPS_TO_ADAPTER: Way.TO_ADAPTER}
GARBAGE = {LineFault.GARBAGE_TO_HUB: Way.TO_HUB, LineFault.GARBAGE_TO_ADAPTER: Way.TO_ADAPTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How bad the faults are."""

    latency_seconds: float = 0.1
    jitter_seconds: float = 0.05
    far_seconds: float = 5.0
    drip_bytes_per_second: int = 400
    flap_seconds: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Is where a connection is reset: at one record, of which half goes through, or all of it.

    From outside a record has a kind, a number and a size: the first two of an adapter's are its certificate and the
    preface of HTTP/2; later ones are told apart by their size, since pings and acknowledgements are much smaller than
    asks, asks smaller than receipts, and padding larger than all.
    """

    way: Way
    passes_whole: bool
    number: int = 0
    sizes: range = range(1 << 16)
    once_asked: bool = False

    def strikes(self, way: Way, piece: Piece, *, was_asked: bool) -> bool:
        """Tell whether a record that begins is the one."""
        return (
            way is self.way
            and piece.kind == Kind.APPLICATION
            and (piece.number == self.number if self.number else piece.number > RECORDS_OF_A_BEGINNING)
            and piece.size in self.sizes
            and (was_asked or not self.once_asked)
        )


RECORDS_OF_A_BEGINNING = 6
ASKS = range(300, 8_192)
REPLIES = range(150, 8_192)
RECEIPTS = range(800, 8_192)

CUTS: Mapping[LineFault, Cut] = {
    LineFault.RESET_IN_HANDSHAKE: Cut(way=Way.TO_HUB, number=1, passes_whole=False),
    LineFault.RESET_AFTER_HANDSHAKE: Cut(way=Way.TO_HUB, number=1, passes_whole=True),
    LineFault.RESET_IN_PREFACE: Cut(way=Way.TO_HUB, number=2, passes_whole=False),
    LineFault.RESET_IN_ASK: Cut(way=Way.TO_ADAPTER, sizes=ASKS, passes_whole=False),
    LineFault.RESET_BEFORE_REPLY: Cut(way=Way.TO_ADAPTER, sizes=ASKS, passes_whole=True),
    LineFault.RESET_IN_REPLY: Cut(way=Way.TO_HUB, sizes=REPLIES, passes_whole=False, once_asked=True),
    LineFault.RESET_AFTER_REPLY: Cut(way=Way.TO_HUB, sizes=REPLIES, passes_whole=True, once_asked=True),
    LineFault.RESET_IN_RECEIPT: Cut(way=Way.TO_ADAPTER, sizes=RECEIPTS, passes_whole=False),
}
