"""A question that nobody waits for any more stops its query at the server, as the server's own list shows."""

import asyncio

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits
from adapters.kit.reader import Looking, Match
from adapters.sql.reader import SqlReader
from tests.integration.databases.conftest import MakeReader, soon
from tests.integration.databases.population import RECORDS, SCHEMA
from tests.lib.databases import Database

ZOE = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
WITHIN_SECONDS = 1.0


async def slow_reader(make_reader: MakeReader, database: Database, **limits: int) -> SqlReader:
    slow_child = {**RECORDS["child"], "table": "slow_child"}
    return await make_reader(database, Limits.model_validate(limits), slow=slow_child, child=RECORDS["child"])


async def read_slowly(reader: SqlReader, seconds: float = 20) -> None:
    await reader.find("slow", ZOE, ("given_name",), soon(seconds))


async def is_answered(reader: SqlReader) -> bool:
    return list((await reader.find("child", ZOE, ("given_name",), soon())).cells) == ["Zoë"]


async def test_a_question_that_is_cancelled_stops_its_query(slow: Database, make_reader: MakeReader) -> None:
    reader = await slow_reader(make_reader, slow)
    assert await is_answered(reader)
    asking = asyncio.create_task(read_slowly(reader))
    await slow.until_running(1)
    asking.cancel()
    async with asyncio.timeout(WITHIN_SECONDS):
        await asyncio.gather(asking, return_exceptions=True)
        await slow.until_running(0)
    assert asking.cancelled()
    for _ in range(5):
        assert await is_answered(reader)


async def test_a_question_that_is_out_of_time_stops_its_query(slow: Database, make_reader: MakeReader) -> None:
    reader = await slow_reader(make_reader, slow)
    with pytest.raises(SourceFault) as raised:
        await read_slowly(reader, seconds=0.4)
    assert raised.value.kind is SourceFaultKind.LATE
    async with asyncio.timeout(WITHIN_SECONDS):
        await slow.until_running(0)
    assert await is_answered(reader)


async def test_what_many_cancelled_questions_leave_is_a_pool_that_answers(
    slow: Database, make_reader: MakeReader
) -> None:
    reader = await slow_reader(make_reader, slow, asks_at_once=4)
    asking = [asyncio.create_task(read_slowly(reader)) for _ in range(12)]
    await slow.until_running(4)
    for task in asking:
        task.cancel()
    async with asyncio.timeout(WITHIN_SECONDS):
        await asyncio.gather(*asking, return_exceptions=True)
        await slow.until_running(0)
    async with asyncio.timeout(5):
        assert all(await asyncio.gather(*(is_answered(reader) for _ in range(40))))
    async with asyncio.timeout(5):
        while await slow.connected() > 4:
            pass


async def test_the_server_itself_ends_a_statement_that_takes_too_long(slow: Database, make_reader: MakeReader) -> None:
    reader = await slow_reader(make_reader, slow, read_ms=300)
    began = asyncio.get_running_loop().time()
    with pytest.raises(SourceFault) as raised:
        await read_slowly(reader)
    assert raised.value.kind is SourceFaultKind.LATE
    assert asyncio.get_running_loop().time() - began < 5
    await slow.until_running(0)


async def test_a_reader_that_is_closed_leaves_no_connection(server: Database, make_reader: MakeReader) -> None:
    await server.run(SCHEMA)
    reader = await make_reader(server, child=RECORDS["child"])
    assert await is_answered(reader)
    await reader.close()
    await reader.close()
    async with asyncio.timeout(5):
        while await server.connected():
            pass
