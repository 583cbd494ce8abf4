"""A duty: what an agency has to do by a moment, since one of its people has asked or opened something."""

from dataclasses import dataclass

from hub.model.grounds import DutyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing to be done; `about` names the request or the break-glass access from which it follows.

    `person` are pseudonyms of an epoch: the same form is owed once for one person and case, however often is asked.
    """

    id: str
    kind: DutyKind
    agency: str
    requester: str
    about: str
    case_reference: str
    epoch: int
    person: tuple[str, ...]
    made_at_ms: int
    due_ms: int
    fulfilled_at_ms: int | None = None
    fulfilled_by: str = ""
    evidence: str = ""

    def is_overdue(self, now_ms: int) -> bool:
        """Tell whether its time has passed and it is not done."""
        return self.fulfilled_at_ms is None and now_ms >= self.due_ms
