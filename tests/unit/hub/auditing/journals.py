"""Journals that answer what a test puts into them, and remember what they were asked."""

from hub.model.journal import HeldReceipt, JournalAnswer, JournalEntry, ReceiptSpan
from hub.model.outcome import Reason
from hub.model.person import PersonKeys


class KnownJournals:
    """Answers for each agency from lists; an agency with a reason does not answer."""

    def __init__(self) -> None:
        """Start with empty journals."""
        self.entries: dict[str, list[JournalEntry]] = {}
        self.held: dict[str, list[HeldReceipt]] = {}
        self.reasons: dict[str, Reason] = {}
        self.asked: list[tuple[str, PersonKeys | ReceiptSpan, str]] = []

    async def ask_journal(
        self, agency: str, about: PersonKeys | ReceiptSpan, *, request_id: str, seconds: float
    ) -> JournalAnswer | Reason:
        self.asked.append((agency, about, request_id))
        assert seconds > 0
        if agency in self.reasons:
            return self.reasons[agency]
        if isinstance(about, PersonKeys):
            return JournalAnswer(entries=tuple(self.entries.get(agency, ())))
        held = [one for one in self.held.get(agency, ()) if about.first <= one.number <= about.last]
        return JournalAnswer(receipts=tuple(held))
