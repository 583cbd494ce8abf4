"""The ways of looking into the record, opened together."""

from dataclasses import dataclass
from typing import Self

from hub.access.in_force import PolicyInForce
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.auditing.breadth import Breadth
from hub.auditing.journals import Journals
from hub.auditing.noting import Noting
from hub.auditing.proving import Proving
from hub.auditing.reading import Record
from hub.auditing.reconciling import Reconciling
from hub.auditing.searching import Searching
from hub.auditing.subject import Subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRooms:
    """One room for each way of looking; all of them record who looks."""

    searching: Searching
    proving: Proving
    reconciling: Reconciling
    subjects: Subjects
    breadth: Breadth

    @classmethod
    def on(
        cls, record: Record, *, journals: Journals, in_force: PolicyInForce, audit: AuditLog, pseudonyms: Pseudonyms
    ) -> Self:
        """Open them on one record and the journals of those whom it concerns."""
        noting = Noting(audit, pseudonyms)
        return cls(
            searching=Searching(record, pseudonyms, noting),
            proving=Proving(record, noting),
            reconciling=Reconciling(record, journals, in_force, noting),
            subjects=Subjects(journals, in_force, noting),
            breadth=Breadth(record, noting),
        )
