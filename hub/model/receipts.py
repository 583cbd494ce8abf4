"""What an agency is given of the hub's log: its receipts, with the proofs by which it need not believe the hub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenReceipt:
    """One entry that concerns an agency; `proof` shows it to be in the checkpoint that it comes with."""

    number: int
    position: int
    leaf: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptBatch:
    """Receipts that follow on those an agency has, and the state of the log that covers them.

    `consistency` shows that the state of `size` leaves continues the one of `from_size` leaves.
    """

    receipts: tuple[ProvenReceipt, ...]
    note: str
    size: int
    from_size: int
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """How far an agency says that its journal has come with the hub's log."""

    size: int
    root: bytes
    last_receipt: int
    has_refused: bool
