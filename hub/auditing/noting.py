"""Who looks into the record is in the record: nothing of it is shown before that is on disk."""

import secrets
import time
from collections.abc import Callable, Sequence

from hub.agreeing.actor import Actor
from hub.audit import oversight
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.errors import NotAllowed
from hub.model.person import PersonKeys
from hub.model.policy import LevelKind

REQUEST_ID_BYTES = 9


def new_request_id() -> str:
    """Return an identifier by which entries of the hub and of the journals find each other."""
    return secrets.token_hex(REQUEST_ID_BYTES)


class Noting:
    """Admits those who may look, and records what each of them looks at."""

    def __init__(
        self,
        audit: AuditLog,
        pseudonyms: Pseudonyms,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """Take where it is recorded, what gives pseudonyms, and a clock."""
        self._audit = audit
        self._pseudonyms = pseudonyms
        self.now_ms = now_ms

    def admit(self, actor: Actor, what: str, *kinds: LevelKind, is_fresh: bool = False) -> None:
        """Raise NotAllowed, and record it, unless the actor may look and, if need be, has just shown who they are."""
        try:
            actor.require(*kinds)
            if is_fresh:
                _require_fresh(actor)
        except NotAllowed as refused:
            at_ms, reason = self.now_ms(), refused.reason
            noted = oversight.look_refused(
                actor.user_name, at_ms, auditor_agency=actor.agency, what=what, reason=reason
            )
            self._audit.submit(noted)
            raise

    async def looked(self, actor: Actor, what: str, *, person: PersonKeys | None = None, **particulars: object) -> None:
        """Record that somebody looks at something, before they do; a person stands there as everywhere."""
        noted = oversight.looked(
            actor.user_name,
            self.now_ms(),
            auditor_agency=actor.agency,
            what=what,
            particulars=particulars,
            person=None if person is None else self._pseudonyms.of(person),
        )
        await self._audit.record(noted)

    async def asked_journals(
        self, actor: Actor, agencies: Sequence[str], *, request_id: str, case_reference: str, person: PersonKeys
    ) -> None:
        """Record, for each agency by itself, that its journal is asked who looked at a person."""
        named, now_ms = self._pseudonyms.of(person), self.now_ms()
        noted = (
            oversight.journal_asked(
                request_id,
                actor.user_name,
                now_ms,
                auditor_agency=actor.agency,
                agency=agency,
                case_reference=case_reference,
                person=named,
            )
            for agency in agencies
        )
        await self._audit.record(*noted)


def _require_fresh(actor: Actor) -> None:
    if not actor.is_stepped_up:
        raise NotAllowed(
            "STEP_UP_NEEDED",
            "Whoever takes this out of the hub first shows anew who they are.",
            mend="Give a code of your second factor with: hub stepup. If you have none yet: hub factor add.",
        )
