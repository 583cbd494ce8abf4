"""A database keeps silent about somebody withheld however many rows there are: unknown and withheld read alike."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits, SqlSource
from adapters.kit.reader import Found, Looking, Match
from adapters.kit.shaping import MOST_ROWS
from adapters.sql.reader import SqlReader

ORDER = {
    "table": "orders",
    "keys": {"upn": "upn"},
    "record_id": "upn",
    "withhold_when": {"sealed": ["Y"]},
    "only_when": {"kind": ["order"]},
    "fields": {"upn": "upn"},
}
MANY = 2 * MOST_ROWS + 1


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[SqlReader]:
    connection = sqlite3.connect(tmp_path / "orders.sqlite")
    connection.execute("CREATE TABLE orders (upn, sealed, kind)")
    people = [("sealed", "Y", "order"), ("open", "N", "order"), ("draft", "N", "draft")]
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?)", people * (MANY + 1))
    connection.commit()
    connection.close()
    described = {"kind": "sql", "name": "Orders", "url": f"sqlite:///{tmp_path / 'orders.sqlite'}"}
    made = SqlReader(SqlSource.model_validate({**described, "records": {"order": ORDER}}), Limits())
    await made.open()
    yield made
    await made.close()


async def find(reader: SqlReader, upn: str) -> Found:
    match = Match(looking=Looking.ANY, wanted=(("upn", upn),))
    return await reader.find("order", match, ("upn",), asyncio.get_running_loop().time() + 30)


async def test_somebody_withheld_in_more_rows_than_are_read_is_told_of_as_somebody_unknown(reader: SqlReader) -> None:
    sealed, unknown = await find(reader, "sealed"), await find(reader, "nobody")
    assert (sealed.columns, sealed.cells, sealed.record_dates) == (unknown.columns, unknown.cells, unknown.record_dates)
    assert (sealed.withheld, unknown.withheld) == (MANY, 0)


@pytest.mark.parametrize("upn", ["open", "draft"])
async def test_of_anybody_else_more_rows_than_are_read_are_too_many(reader: SqlReader, upn: str) -> None:
    with pytest.raises(SourceFault) as raised:
        await find(reader, upn)
    assert raised.value.kind is SourceFaultKind.TOO_MUCH
