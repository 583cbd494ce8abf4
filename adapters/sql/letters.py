"""Compares names alike in every database: case makes no difference, and a letter with an accent is another letter."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class _Lowered(sa.ColumnElement[str]):
    """A column in lower case."""

    inherit_cache = True
    type = sa.String()
    _traverse_internals = [("column", sa.sql.visitors.InternalTraversal.dp_clauseelement)]  # noqa: RUF012  SQLAlchemy reads it as an instance's

    def __init__(self, column: sa.ColumnElement[object]) -> None:
        """Take the column."""
        self.column = column


def lowered(column: sa.ColumnElement[object]) -> sa.ColumnElement[str]:
    """Give a column in lower case, to be compared letter by letter."""
    return _Lowered(column)


@compiles(_Lowered)
def _lower(element: _Lowered, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  SQLAlchemy's own signature
    return f"lower({compiler.process(element.column, **how)})"


@compiles(_Lowered, "mysql", "mariadb")
def _lower_and_compare_bytes(element: _Lowered, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  as above
    """Put MariaDB's collations aside: under most of them `Zoe` and `Zoë` are one name, and who has it is another."""
    return f"lower(CONVERT({compiler.process(element.column, **how)} USING utf8mb4)) COLLATE utf8mb4_bin"
