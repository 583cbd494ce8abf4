"""Read an authority's own records, from CSV or Parquet, as the hub has them."""

from pathlib import Path

import duckdb

from hub.linkage.parameters import DATE_OF_BIRTH, FAMILY_NAME, FIELDS, GIVEN_NAME
from hub.model.records import Records
from hub.training.errors import CannotTrain

NEEDED = (GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH)
# With fewer, chance decides what is estimated.
FEWEST_ROWS = 1_000
_READERS = {".csv": "read_csv(?, all_varchar = true, header = true)", ".parquet": "read_parquet(?)"}


def read_own_records(path: Path) -> Records:
    """Read those columns that are compared; raise CannotTrain where that cannot be done."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise CannotTrain(f"{path.name} is of no kind that is read.", mend="Give a .csv or a .parquet file.")
    if not path.is_file():
        raise CannotTrain(f"There is no file {path}.", mend="Give the path of the records.")
    with duckdb.connect() as database:
        try:
            found = database.execute(f"SELECT * FROM {reader} LIMIT 0", [str(path)])  # noqa: S608 - one of two texts above
            columns = tuple(field for field in FIELDS if field in {name for name, *_ in found.description or ()})
            _check(columns, path)
            chosen = ", ".join(f"coalesce(CAST({column} AS VARCHAR), '')" for column in columns)
            rows = database.execute(f"SELECT {chosen} FROM {reader}", [str(path)]).fetchall()  # noqa: S608 - names of FIELDS
        except duckdb.Error as wrong:
            # The library's own words may quote a row.
            what = f"{path.name} cannot be read ({type(wrong).__name__})."
            raise CannotTrain(what, mend="Write it again as UTF-8, a line of names first.") from None
    if len(rows) < FEWEST_ROWS:
        raise CannotTrain(f"{path.name} has {len(rows)} rows.", mend=f"Give at least {FEWEST_ROWS:,} records.")
    return Records(
        columns=columns,
        cells=tuple(cell for row in rows for cell in row),
        record_dates=("",) * len(rows),
        source=path.name,
        retrieved_at_ms=0,
    )


def _check(columns: tuple[str, ...], path: Path) -> None:
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        mend = f"Name the columns as the hub does: {', '.join(FIELDS)}."
        raise CannotTrain(f"{path.name} has no column {', '.join(missing)}.", mend=mend)
