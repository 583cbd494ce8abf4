"""What agencies have to do, one row each."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from hub.model.duty import Duty
from hub.model.grounds import DutyKind
from hub.store.ground_tables import duties


class Duties:
    """Keeps duties; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, made: Sequence[Duty]) -> None:
        """Keep new duties, all or none."""
        with self._engine.begin() as connection:
            add_duties(connection, made)

    def find(self, duty: str) -> Duty | None:
        """Return one duty."""
        with self._engine.connect() as connection:
            row = connection.execute(select(duties).where(duties.c.id == duty)).one_or_none()
        return None if row is None else _read(row)

    def listed(self, most: int, *, agency: str | None, with_done: bool) -> tuple[Duty, ...]:
        """Return the duties of one agency, or of all, those that are not done and due first before others."""
        query = select(duties).order_by(duties.c.fulfilled_at_ms.is_not(None), duties.c.due_ms, duties.c.id).limit(most)
        if agency is not None:
            query = query.where(duties.c.agency == agency)
        if not with_done:
            query = query.where(duties.c.fulfilled_at_ms.is_(None))
        with self._engine.connect() as connection:
            return tuple(_read(row) for row in connection.execute(query))

    def overdue(self, at_ms: int, *, agency: str | None = None, requester: str | None = None) -> tuple[Duty, ...]:
        """Return the duties whose time has passed, the longest overdue first: of all, one agency or one requester."""
        query = select(duties).where(duties.c.fulfilled_at_ms.is_(None) & (duties.c.due_ms <= at_ms))
        if agency is not None:
            query = query.where(duties.c.agency == agency)
        if requester is not None:
            query = query.where(duties.c.requester == requester)
        with self._engine.connect() as connection:
            return tuple(_read(row) for row in connection.execute(query.order_by(duties.c.due_ms, duties.c.id)))

    def is_owed(self, like: Duty) -> bool:
        """Tell whether the same is to be done already, for the same person and case, and no later."""
        same = (
            (duties.c.kind == like.kind)
            & (duties.c.agency == like.agency)
            & (duties.c.requester == like.requester)
            & (duties.c.case_reference == like.case_reference)
            & (duties.c.epoch == like.epoch)
            & (duties.c.person == json.dumps(like.person))
        )
        owed = duties.c.fulfilled_at_ms.is_(None) & (duties.c.due_ms <= like.due_ms)
        with self._engine.connect() as connection:
            return connection.execute(select(duties.c.id).where(same & owed).limit(1)).first() is not None

    def fulfil(self, duty: str, *, by: str, evidence: str, at_ms: int) -> bool:
        """Note that a duty is done; return False if it was before."""
        with self._engine.begin() as connection:
            return fulfil_duties(connection, duties.c.id == duty, by=by, evidence=evidence, at_ms=at_ms) == 1


def add_duties(connection: Connection, made: Sequence[Duty]) -> None:
    """Keep new duties within a transaction that is open."""
    connection.execute(insert(duties), [asdict(duty) | {"person": json.dumps(duty.person)} for duty in made])


def fulfil_duties(
    connection: Connection,
    which: Any,  # noqa: ANN401  (a condition has one of SQLAlchemy's many types)
    *,
    by: str,
    evidence: str,
    at_ms: int,
) -> int:
    """Note within a transaction that duties are done, unless they were before; return how many that were."""
    change = update(duties).where(which & duties.c.fulfilled_at_ms.is_(None))
    values = {"fulfilled_at_ms": at_ms, "fulfilled_by": by, "evidence": evidence}
    return connection.execute(change.values(values)).rowcount


def _read(row: Any) -> Duty:  # noqa: ANN401  (a row of any of the queries above)
    values = dict(row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)
    return Duty(**values | {"kind": DutyKind(values["kind"]), "person": tuple(json.loads(values["person"]))})
