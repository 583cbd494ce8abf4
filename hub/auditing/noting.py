"""Who looks into the record is in the record: nothing of it is shown before that is on disk."""

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence

from hub.agreeing.actor import Actor
from hub.audit.entries import entry
from hub.audit.log import AuditLog
from hub.auditing.criteria import Criteria
from hub.auditing.reading import Naming
from hub.errors import NotAllowed
from hub.model.entry import Entry
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind

REQUEST_ID_BYTES = 9


def new_request_id() -> str:
    """Return an identifier by which entries of the hub and of the journals find each other."""
    return secrets.token_hex(REQUEST_ID_BYTES)


class Noting:
    """Admits those who may look, and records what each of them looks at."""

    def __init__(
        self, audit: AuditLog, naming: Naming, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        """Take where it is recorded, what gives pseudonyms, and a clock."""
        self._audit = audit
        self._naming = naming
        self.now_ms = now_ms

    def admit(self, actor: Actor, what: str, *kinds: LevelKind, is_fresh: bool = False) -> None:
        """Raise NotAllowed, and record it, unless the actor may look and, if need be, has just shown who they are."""
        try:
            actor.require(*kinds)
            if is_fresh and not actor.is_stepped_up:
                raise NotAllowed(
                    "STEP_UP_NEEDED",
                    "Whoever takes this out of the hub first shows anew who they are.",
                    mend="Give a code of your second factor with: hub stepup. If you have none yet: hub factor add.",
                )
        except NotAllowed as refused:
            self._audit.submit(self._entry("audit_refused", actor, what=what, reason=refused.reason))
            raise

    async def looked(self, actor: Actor, what: str, **particulars: object) -> None:
        """Record that somebody looks at something, before they do."""
        await self._audit.record(self._entry("audit_looked", actor, what=what, **particulars))

    async def searched(self, actor: Actor, criteria: Criteria, person: PersonKeys | None) -> None:
        """Record what is searched for; a person stands there as everywhere."""
        await self.looked(actor, "search", criteria=criteria.spelt(), **self._person(person))

    async def asked_journals(
        self, actor: Actor, agencies: Sequence[str], *, request_id: str, case_reference: str, person: PersonKeys
    ) -> None:
        """Record, for each agency by itself, that its journal is asked who looked at a person."""
        named = self._person(person)
        noted = [
            self._entry(
                "journal_asked", actor, agency=agency, request=request_id, case_reference=case_reference, **named
            )
            for agency in agencies
        ]
        await asyncio.gather(*map(self._audit.submit, noted))

    def _person(self, person: PersonKeys | None) -> dict[str, object]:
        return {} if person is None else {"person": self._naming.of(person)}

    def _entry(self, kind: str, actor: Actor, **particulars: object) -> Entry:
        who = {"requester": actor.user_name, "requester_agency": actor.agency, "level_kind": actor.kind}
        return entry(kind, self.now_ms(), **who, **particulars)
