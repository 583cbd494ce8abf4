"""The agencies' journals as auditing asks them: in place, and each by itself."""

from collections.abc import Sequence
from typing import Protocol

from hub.access.policy import Policy
from hub.errors import InvalidRequest
from hub.model.journal import JournalAnswer, ReceiptSpan
from hub.model.outcome import Reason
from hub.model.person import PersonKeys


class Journals(Protocol):
    """Asks an agency's journal; the links do."""

    async def ask_journal(
        self, agency: str, about: PersonKeys | ReceiptSpan, *, request_id: str, seconds: float
    ) -> JournalAnswer | Reason:
        """Return what the journal says, or why it says nothing; always one of the two, and in time."""


def planned(policy: Policy, named: Sequence[str]) -> tuple[str, ...]:
    """Return the agencies whose journals are asked, in the order of the policy: the named ones, or all."""
    if unknown := [agency for agency in named if agency not in policy.agencies]:
        mend = f"There are: {', '.join(policy.agencies)}."
        what = "There is no such agency." if len(unknown) == 1 else "There are no such agencies."
        raise InvalidRequest("AGENCY_UNKNOWN", what, mend=mend, field="agency")
    return tuple(agency for agency in policy.agencies if not named or agency in named)
