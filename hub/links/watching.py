"""Who is told how a link fares, and what an adapter must not do."""

from enum import StrEnum


class Fault(StrEnum):
    """Is a thing that an adapter must not do."""

    UNREADABLE = "unreadable"
    OUT_OF_STATE = "out_of_state"
    UNKNOWN_ASK = "unknown_ask"
    WRONG_NONCE = "wrong_nonce"
    BAD_REPLY = "bad_reply"
    BAD_JOURNAL = "bad_journal"
    FALSE_WITNESS = "false_witness"


class LinkWatch:
    """Is told how an agency's links fare; the register of links is one."""

    def answered(self, agency: str) -> None:
        """Count a reply that was understood."""

    def failed(self, agency: str) -> None:
        """Count an ask that was not answered."""

    def abandoned(self, agency: str) -> None:
        """Note an ask that nobody waits for any more, through no failure of the agency."""

    def at_fault(self, agency: str, count: int = 1) -> None:
        """Count something that the agency's adapter must not do."""

    def withdrawn(self, agency: str, request_id: str) -> bool:  # noqa: ARG002  # this one watches nothing
        """Take back an answer of which the agency says that it may no longer be shown; tell whether there was one."""
        return False
