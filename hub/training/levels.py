"""The engine's likenesses as levels that Splink can count: DuckDB asks the engine itself, so the two cannot differ.

For each pair the engine compares once; the likenesses of all fields come back as one number, four bits for each field,
in which 0 says that the field cannot be compared. A field that two records both lack is therefore never alike.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped] # comes without types
from duckdb.func import PythonUDFType
from duckdb.sqltypes import BIGINT

from hub.linkage.comparing import compare
from hub.linkage.features import Features
from hub.linkage.parameters import FAMILY_NAME, FIELDS, GIVEN_NAME, Level, Parameters
from hub.model.matching import Likeness
from hub.training.errors import CannotTrain

BITS: Final = 4
FUNCTION: Final = "engine_levels"
# Names of which it matters how common they are.
COUNTED: Final = (GIVEN_NAME, FAMILY_NAME)

_CODES: Final[Mapping[Likeness, int]] = {likeness: code for code, likeness in enumerate(Likeness, start=1)}


class Levels:
    """Compares records by their places in a table, and remembers what it has compared."""

    def __init__(self, records: Sequence[Features], parameters: Parameters) -> None:
        """Take the records, and the parameters whose likenesses are known."""
        self._records = records
        self._parameters = parameters
        self._compared: dict[tuple[int, int], int] = {}

    def of_pair(self, one: int, other: int) -> int:
        """Return the likenesses of two records as one number."""
        found = self._compared.get((one, other))
        if found is None:
            found = self._compared[one, other] = self._compare(one, other)
        return found

    def add_to(self, database: duckdb.DuckDBPyConnection) -> None:
        """Let SQL ask for likenesses."""
        database.create_function(FUNCTION, self._of_columns, [BIGINT, BIGINT], BIGINT, type=PythonUDFType.ARROW)

    def _of_columns(self, ones: Any, others: Any) -> Any:  # noqa: ANN401 - columns of a library without types
        pairs = zip(ones.to_pylist(), others.to_pylist(), strict=True)
        return pa.array([self.of_pair(one, other) for one, other in pairs], type=pa.int64())

    def _compare(self, one: int, other: int) -> int:
        found = compare(self._records[one], self._records[other], self._parameters).levels
        packed = 0
        for field, likeness in found.items():
            if likeness not in self._parameters.levels.get(field, {}):
                what = f"The engine compares {field} as {likeness}, of which the parameters know nothing."
                raise CannotTrain(what, mend="Give that likeness a level in the parameters to start from.")
            packed |= _CODES[likeness] << (BITS * FIELDS.index(field))
        return packed


def comparisons(fields: Sequence[str], parameters: Parameters, *, scored: bool = False) -> list[dict[str, Any]]:
    """Return what Splink is to compare: each field with the likenesses that the parameters know, the unlike last.

    With `scored` each level has its chances already, so that Splink weighs as the engine does.
    """
    return [_comparison(field, parameters.levels[field], scored=scored) for field in fields]


def sql_of(field: str, likeness: Likeness) -> str:
    """Return when a pair is of a level."""
    return f"{_place(field)} = {_CODES[likeness]}"


def likeness_of(field: str, packed: int) -> Likeness | None:
    """Read a field's likeness out of the number of a pair; none where the field cannot be compared."""
    code = packed >> (BITS * FIELDS.index(field)) & (2**BITS - 1)
    return next((likeness for likeness, held in _CODES.items() if held == code), None)


def _comparison(field: str, known: Mapping[Likeness, Level], *, scored: bool) -> dict[str, Any]:
    absent: dict[str, Any] = {
        "sql_condition": f"{field}_l IS NULL OR {field}_r IS NULL OR {_place(field)} = 0",
        "label_for_charts": "cannot be compared",
        "is_null_level": True,
    }
    *alike, last = [_level(field, likeness, level, scored=scored) for likeness, level in known.items()]
    # Whoever scores knows no other likeness, or it would have been refused.
    return {"output_column_name": field, "comparison_levels": [absent, *alike, last | {"sql_condition": "ELSE"}]}


def _level(field: str, likeness: Likeness, level: Level, *, scored: bool) -> dict[str, Any]:
    described: dict[str, Any] = {"sql_condition": sql_of(field, likeness), "label_for_charts": likeness.value}
    if scored:
        described |= {"m_probability": level.m, "u_probability": level.u}
    if level.frequency if scored else (field in COUNTED and likeness in BY_FREQUENCY):
        described |= {"tf_adjustment_column": field, "disable_tf_exact_match_detection": True}
    return described


# Where two names are one name's spellings, how common it is says how much that means.
BY_FREQUENCY: Final = frozenset({Likeness.EQUAL, Likeness.WRITTEN_DIFFERENTLY, Likeness.SHORT_FORM})


def _place(field: str) -> str:
    # Floor division and remainder, since dialects write shifts in several ways.
    return f"(({FUNCTION}(place_l, place_r) // {2 ** (BITS * FIELDS.index(field))}) % {2**BITS})"
