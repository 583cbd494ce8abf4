"""What is asked of an agency's journal, and what it answers: never a name of the agency's own people."""

from dataclasses import dataclass

from hub.model.person import PersonKeys
from hub.model.request import Requester

MOST_ENTRIES = 500
LONGEST_SPAN = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSpan:
    """A span of receipt numbers, both ends included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        """Refuse a span that no journal would answer."""
        if not 0 < self.first <= self.last < self.first + LONGEST_SPAN:
            message = f"a span begins at 1 or later and covers 1 to {LONGEST_SPAN} receipts"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JournalEntry:
    """One disclosure, as the person it is about may be told of it. It tells where somebody is known, so has no repr."""

    request_id: str
    disclosed_at_ms: int
    requester_agency: str
    access_level: str
    question: str
    purpose: str
    lawful_basis: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReceipt:
    """A receipt that a journal holds: its number, and the hash of its entry as the hub's log has it."""

    number: int
    leaf: bytes


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class JournalAnswer:
    """What a journal answered: entries to a question about a person, receipts to one about a span."""

    entries: tuple[JournalEntry, ...] = ()
    receipts: tuple[HeldReceipt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Contact:
    """A request to an agency, should it know a person, to get in touch with a requester."""

    request_id: str
    person: PersonKeys
    requester: Requester
    purpose: str
    case_reference: str
