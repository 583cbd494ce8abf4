"""Spells statements once in a database's own dialect, so that each read only hands text and values to the driver."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine.interfaces import BindTyping

from adapters.sql.database import Statement

MOST_TEXTS = 1000


class PlainPostgres(PGDialect):
    """Lets the server say what type a parameter has, where SQLAlchemy would have it be text whatever the column is."""

    bind_typing = BindTyping.NONE
    supports_statement_cache = True


def postgres_dialect() -> sa.Dialect:
    """Make the dialect for asyncpg's parameters."""
    return PlainPostgres(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def maria_dialect() -> sa.Dialect:
    """Make the dialect for prepared statements of MariaDB and MySQL."""
    return MySQLDialect(paramstyle="qmark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelt:
    """The text of a statement, the names of its parameters in order, and those values that are the statement's own."""

    text: str
    names: tuple[str, ...]
    own: Mapping[str, object] = field(repr=False)

    def values(self, parameters: Mapping[str, object]) -> list[object]:
        """List the values in the order in which the text wants them."""
        return [parameters[name] if name in parameters else self.own[name] for name in self.names]


class Spelling:
    """Keeps what was spelt."""

    def __init__(self, dialect: sa.Dialect) -> None:
        """Take the dialect."""
        self._dialect = dialect
        self._spelt: dict[Statement, Spelt] = {}

    def of(self, statement: Statement) -> Spelt:
        """Spell a statement, or say how it was spelt before."""
        spelt = self._spelt.get(statement)
        if spelt is None:
            if len(self._spelt) >= MOST_TEXTS:
                self._spelt.clear()
            compiled = statement.compile(dialect=self._dialect)
            names = tuple(compiled.positiontup or ())
            spelt = self._spelt[statement] = Spelt(text=str(compiled), names=names, own=dict(compiled.params))
        return spelt
