"""Uses of break-glass access as rows; the duty to review each is kept and done with it."""

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, and_, case, func, insert, or_, select, true, update

from hub.model.break_glass import BreakGlassReason, ReviewFinding, Use, UseCount
from hub.model.duty import Duty
from hub.model.grounds import DutyKind
from hub.store.duties import add_duties, fulfil_duties
from hub.store.ground_tables import break_glass_uses, duties

_BAD = (ReviewFinding.NOT_JUSTIFIED, ReviewFinding.REFERRED)


class BreakGlassUses:
    """Keeps uses; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, use: Use, review: Duty) -> None:
        """Keep a use and the duty to review it, both or neither."""
        row = asdict(use) | {"person": json.dumps(use.person), "told": json.dumps(use.told)}
        with self._engine.begin() as connection:
            connection.execute(insert(break_glass_uses), row)
            add_duties(connection, [review])

    def find(self, use: str) -> Use | None:
        """Return one use."""
        with self._engine.connect() as connection:
            row = connection.execute(select(break_glass_uses).where(break_glass_uses.c.id == use)).one_or_none()
        return None if row is None else _read(row)

    def listed(
        self, most: int, *, with_reviewed: bool, requester: str | None = None, agency: str | None = None
    ) -> tuple[Use, ...]:
        """Return uses, oldest first: of everybody, of one requester, or those that concern one agency."""
        query = select(break_glass_uses).where(_concerns(requester, agency)).limit(most)
        query = query.order_by(break_glass_uses.c.opened_at_ms, break_glass_uses.c.id)
        if not with_reviewed:
            query = query.where(break_glass_uses.c.finding.is_(None))
        with self._engine.connect() as connection:
            return tuple(_read(row) for row in connection.execute(query))

    def counts(self, *, requester: str | None = None, agency: str | None = None) -> tuple[UseCount, ...]:
        """Count the uses of each user among those, whoever has most first."""
        who = (break_glass_uses.c.requester, break_glass_uses.c.requester_agency)
        uses = func.count()
        unreviewed = func.sum(case((break_glass_uses.c.finding.is_(None), 1), else_=0))
        not_justified = func.sum(case((break_glass_uses.c.finding.in_(_BAD), 1), else_=0))
        query = select(*who, uses, unreviewed, not_justified).where(_concerns(requester, agency))
        with self._engine.connect() as connection:
            rows = connection.execute(query.group_by(*who).order_by(uses.desc(), *who)).all()
        return tuple(
            UseCount(requester=row[0], requester_agency=row[1], uses=row[2], unreviewed=row[3], not_justified=row[4])
            for row in rows
        )

    def review(self, use: str, *, finding: ReviewFinding, reviewer: str, at_ms: int) -> bool:
        """Note what a review found, which does the duty; return False if it was reviewed before."""
        unreviewed = (break_glass_uses.c.id == use) & break_glass_uses.c.finding.is_(None)
        values = {"finding": finding, "reviewer": reviewer, "reviewed_at_ms": at_ms}
        with self._engine.begin() as connection:
            if connection.execute(update(break_glass_uses).where(unreviewed).values(values)).rowcount == 0:
                return False
            of_it = (duties.c.kind == DutyKind.BREAK_GLASS_REVIEW) & (duties.c.about == use)
            fulfil_duties(connection, of_it, by=reviewer, evidence=finding, at_ms=at_ms)
        return True


def _concerns(requester: str | None, agency: str | None) -> Any:  # noqa: ANN401  (a condition has one of SQLAlchemy's many types)
    """Choose uses by who made them, and by whom they concern: the requester's agency and those that were told."""
    conditions = []
    if requester is not None:
        conditions.append(break_glass_uses.c.requester == requester)
    if agency is not None:
        told = break_glass_uses.c.told.contains(json.dumps(agency), autoescape=True)
        conditions.append(or_(break_glass_uses.c.requester_agency == agency, told))
    return and_(true(), *conditions)


def _read(row: Any) -> Use:  # noqa: ANN401  (a row of any of the queries above)
    values = dict(row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)
    values |= {
        "reason": BreakGlassReason(values["reason"]),
        "person": tuple(json.loads(values["person"])),
        "told": tuple(json.loads(values["told"])),
        "finding": ReviewFinding(values["finding"]) if values["finding"] else None,
    }
    return Use(**values)
