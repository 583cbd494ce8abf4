"""What has been put in force, one row each, with the texts of every policy."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from hub.model.proposal import Finding, ProposalKind, Publication
from hub.store.tables import publications

_WITHOUT_TEXTS = [column for column in publications.c if column.name != "texts"]


class Publications:
    """Keeps publications, numbered without gaps; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, publication: Publication) -> Publication:
        """Keep a publication under the next number, and return it with that."""
        with self._engine.begin() as connection:
            return add_publication(connection, publication)

    def in_force(self) -> Publication | None:
        """Return the last publication of a policy, with its texts; None before the first."""
        of_policies = select(func.max(publications.c.number)).where(publications.c.kind == ProposalKind.POLICY)
        with self._engine.connect() as connection:
            number = connection.execute(of_policies).scalar()
        return None if number is None else self.find(number)

    def find(self, number: int) -> Publication | None:
        """Return one publication, with its texts."""
        with self._engine.connect() as connection:
            row = connection.execute(select(publications).where(publications.c.number == number)).one_or_none()
        return None if row is None else _publication(row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)

    def newest(self, most: int) -> tuple[Publication, ...]:
        """Return the newest publications first, without their texts."""
        query = select(*_WITHOUT_TEXTS).order_by(publications.c.number.desc()).limit(most)
        with self._engine.connect() as connection:
            return tuple(_publication(row._mapping) for row in connection.execute(query))  # noqa: SLF001  (as above)

    def awaiting_review(self) -> tuple[Publication, ...]:
        """Return the emergency publications that nobody has reviewed, oldest first, without their texts."""
        waiting = publications.c.review_due_ms.is_not(None) & publications.c.review.is_(None)
        query = select(*_WITHOUT_TEXTS).where(waiting).order_by(publications.c.number)
        with self._engine.connect() as connection:
            return tuple(_publication(row._mapping) for row in connection.execute(query))  # noqa: SLF001  (as above)

    def review(self, number: int, finding: Finding, reviewer: str) -> bool:
        """Note what a review found; return False when the publication awaits none."""
        awaited = (publications.c.number == number) & publications.c.review_due_ms.is_not(None)
        change = update(publications).where(awaited & publications.c.review.is_(None))
        with self._engine.begin() as connection:
            return connection.execute(change.values(review=finding, reviewer=reviewer)).rowcount == 1


def add_publication(connection: Connection, publication: Publication) -> Publication:
    """Keep a publication under the next number within a transaction that is open."""
    last = connection.execute(select(func.max(publications.c.number))).scalar()
    values: dict[str, Any] = {name: getattr(publication, name) for name in Publication.__slots__}
    values |= {"number": (last or 0) + 1, "texts": json.dumps(dict(publication.texts))}
    connection.execute(insert(publications), values)
    return _publication(values)


def _publication(row: Any) -> Publication:  # noqa: ANN401  (a row of any of the queries above)
    values = dict(row)
    values |= {"kind": ProposalKind(values["kind"]), "texts": json.loads(values.get("texts", "{}"))}
    return Publication(**values | {"review": Finding(values["review"]) if values["review"] else None})
