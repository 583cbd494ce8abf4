"""Casbin, the only judge of every cell; the one module that imports it.

Casbin is used as a plain Enforcer on one thread, at compile time only, over rows that have been validated: misspelt
effects, short rows and long chains of inheritance make it fail open or fail for everyone (all measured).
"""

from collections.abc import Iterable, Sequence

import casbin  # type: ignore[import-untyped]  # pycasbin ships no types

from hub.access.rows import Cell, Effect, Row

# Casbin knows levels by a prefix, so that nothing else can ever be taken for one.
_PREFIX = "level:"


class JudgeError(Exception):
    """Casbin does not behave as it must; nothing that it says may be relied on."""


class Judge:
    """Decides cells for levels of one family; belongs to one thread."""

    def __init__(self, model: str, links: Iterable[tuple[str, str]]) -> None:
        """Take the model's text and the inheritance as (level, inherited level)."""
        self._model = casbin.Enforcer.new_model(text=model)
        # Without enable_log Casbin switches its loggers off; they would name every request.
        self._enforcer = casbin.Enforcer(self._model, enable_log=False)
        for level, inherited in links:
            self._model.add_policy("g", "g", [_PREFIX + level, _PREFIX + inherited])
        self._enforcer.build_role_links()

    def allowed(self, level: str, rows: Sequence[Row], cells: Iterable[Cell]) -> frozenset[Cell]:
        """Return those cells that the rows allow the level; any failure of Casbin's raises JudgeError."""
        try:
            self._put(rows)
            subject = _PREFIX + level
            return frozenset(cell for cell in cells if self._enforcer.enforce(subject, *cell) is True)
        except MemoryError:  # is no fault of Casbin's, and nothing is allowed either
            raise
        except Exception as failure:  # whatever escapes Casbin means that nothing is allowed
            raise JudgeError(f"Casbin failed: {type(failure).__name__}") from failure

    def _put(self, rows: Sequence[Row]) -> None:
        """Replace the rows; links live on in Casbin's role manager."""
        self._model.clear_policy()
        for row in rows:
            written = [_PREFIX + row.level, *row.cell, row.effect.value]
            if not self._model.add_policy("p", "p", written):
                raise JudgeError("a row was given twice")


def check_judge(model: str) -> None:
    """Put questions with known answers to Casbin; raise JudgeError when one is answered otherwise."""
    links = (("child", "parent"), ("parent", "grandparent"))
    judge = Judge(model, links)
    for rows, level, cell, answer in _KNOWN:
        if (cell in judge.allowed(level, rows, [cell])) is not answer:
            raise JudgeError(f"Casbin answers a known question wrongly: {level} {' '.join(cell)} is not {answer}")


_CELL = Cell("question", "agency", "basic", "purpose", "area")
_OTHERS = (
    Cell("question_two", "agency", "basic", "purpose", "area"),
    Cell("question", "agency_two", "basic", "purpose", "area"),
    Cell("question", "agency", "basic_two", "purpose", "area"),
    Cell("question", "agency", "basic", "purpose_two", "area"),
    Cell("question", "agency", "basic", "purpose", "area_two"),
)
_ALLOW = {level: Row(level, *_CELL, Effect.ALLOW) for level in ("child", "parent", "grandparent", "stranger")}
_DENY = {level: Row(level, *_CELL, Effect.DENY) for level in ("child", "parent", "grandparent", "stranger")}
_KNOWN: tuple[tuple[tuple[Row, ...], str, Cell, bool], ...] = (
    ((), "child", _CELL, False),
    ((_ALLOW["child"],), "child", _CELL, True),
    ((_ALLOW["parent"],), "child", _CELL, True),
    ((_ALLOW["grandparent"],), "child", _CELL, True),
    ((_ALLOW["child"],), "parent", _CELL, False),
    ((_ALLOW["stranger"],), "child", _CELL, False),
    ((_ALLOW["child"], _DENY["child"]), "child", _CELL, False),
    ((_DENY["child"], _ALLOW["child"]), "child", _CELL, False),
    ((_ALLOW["child"], _DENY["grandparent"]), "child", _CELL, False),
    ((_ALLOW["child"], _DENY["stranger"]), "child", _CELL, True),
    ((_DENY["stranger"],), "child", _CELL, False),
    ((_ALLOW["child"],), "child_two", _CELL, False),
    *(((_ALLOW["child"],), "child", cell, False) for cell in _OTHERS),
    # A name that is the beginning of another, or a pattern, is neither.
    *(((Row("child", *cell, Effect.ALLOW),), "child", _CELL, False) for cell in _OTHERS),
    *(
        ((Row("child", *_CELL._replace(**{column: pattern}), Effect.ALLOW),), "child", _CELL, False)
        for column in Cell._fields
        for pattern in ("*", ".*", f"{_CELL._asdict()[column][:3]}*", f"{_CELL._asdict()[column][:3]}.*")
    ),
)
