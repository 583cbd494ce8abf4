"""A server that is down, refuses, hangs or breaks off is a source that is down, in time and without a word."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.manifest import Limits, SqlSource
from adapters.kit.reader import FindingState, Looking, Match
from adapters.sql.reader import SqlReader
from tests.integration.databases.conftest import MakeReader, soon
from tests.integration.databases.population import RECORDS, SCHEMA
from tests.lib.databases import PASSWORD, Database
from tests.lib.server_process import free_port

ZOE = Match(looking=Looking.ANY, wanted=(("nhs_number", "9434765919"),))
SECRETS = (PASSWORD, "canary-pass", "reader", "127.0.0.1", "9434765919")


async def is_answered(reader: SqlReader, seconds: float = 10) -> bool:
    return list((await reader.find("child", ZOE, ("given_name",), soon(seconds))).cells) == ["Zoë"]


async def fault_of(reader: SqlReader, seconds: float = 10) -> SourceFaultKind:
    """Ask, expect a fault in time, and look that nothing in it gives anything away."""
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(SourceFault) as raised:
        await reader.find("child", ZOE, ("given_name",), soon(seconds))
    assert clock() - began < seconds + 1
    told = repr(raised.value) + str(raised.value) + repr(raised.value.__cause__)
    assert not [secret for secret in SECRETS if secret in told]
    assert raised.value.__suppress_context__
    return raised.value.kind


def at_port(database: Database, port: int) -> Database:
    """Say that a database is at another port."""
    before, _, after = database.url.rpartition(":")
    return replace(database, url=f"{before}:{port}/{after.partition('/')[2]}")


@asynccontextmanager
async def listening(
    server_port: int, *, breaks_after: int | None = None, is_silent: bool = False
) -> AsyncIterator[int]:
    """Stand between an adapter and its server: say nothing at all, or break off after so many bytes of answers."""

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, left: int | None) -> None:
        with contextlib.suppress(OSError):
            while (left is None or left > 0) and (chunk := await reader.read(65536 if left is None else left)):
                left = None if left is None else left - len(chunk)
                writer.write(chunk)
                await writer.drain()
            writer.transport.abort()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if is_silent:
            await reader.read()
            writer.close()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", server_port)
        async with asyncio.TaskGroup() as both:
            both.create_task(pass_on(reader, up_writer, left=None))
            both.create_task(pass_on(up_reader, writer, left=breaks_after))

    serving = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield serving.sockets[0].getsockname()[1]
    finally:
        serving.close()


def port_of(database: Database) -> int:
    return int(database.url.rpartition(":")[2].partition("/")[0])


async def test_a_server_that_is_not_there_is_unreachable_at_once(server: Database, make_reader: MakeReader) -> None:
    reader = await make_reader(at_port(server, free_port()), child=RECORDS["child"])
    assert await fault_of(reader) is SourceFaultKind.UNREACHABLE
    findings = await reader.check()
    assert [finding.state for finding in findings] == [FindingState.FAULT]


async def test_a_server_that_refuses_the_account_refuses(
    server: Database, make_reader: MakeReader, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await server.run(SCHEMA)

    class OtherPassword(Database):
        @property
        def described(self) -> dict[str, str]:
            return {**super().described, "password": f"{PASSWORD}-wrong"}

    other = OtherPassword(kind=server.kind, url=server.url, user=server.user, where=server.where)
    reader = await make_reader(other, child=RECORDS["child"])
    assert await fault_of(reader) is SourceFaultKind.REFUSED
    said = caplog.text + "".join(finding.what + finding.mend for finding in await reader.check())
    assert not [secret for secret in SECRETS if secret in said]


@pytest.mark.slow
async def test_a_table_that_is_gone_is_garbage_and_the_others_are_read_on(
    server: Database, make_reader: MakeReader
) -> None:
    await server.run(SCHEMA)
    gone: dict[str, Any] = {**RECORDS["child"], "table": "children"}
    reader = await make_reader(server, gone=gone, child=RECORDS["child"])
    with pytest.raises(SourceFault) as raised:
        await reader.find("gone", ZOE, ("given_name",), soon())
    assert raised.value.kind is SourceFaultKind.GARBAGE
    assert await is_answered(reader)


async def test_a_server_that_takes_connections_and_says_nothing_is_late(
    server: Database, make_reader: MakeReader
) -> None:
    async with listening(0, is_silent=True) as port:
        reader = await make_reader(at_port(server, port), child=RECORDS["child"])
        assert await fault_of(reader, seconds=0.3) is SourceFaultKind.LATE


async def outcome_of(reader: SqlReader) -> str:
    """Ask, and say what came of it."""
    try:
        return "answered" if await is_answered(reader) else "wrong"
    except SourceFault as fault:
        return fault.kind.value


@pytest.mark.slow
@pytest.mark.parametrize("breaks_after", [0, 1, 60, 400, 700, 1100, 1500])
async def test_a_connection_that_breaks_off_anywhere_is_a_source_that_is_down_and_never_half_an_answer(
    server: Database, make_reader: MakeReader, breaks_after: int
) -> None:
    await server.run(SCHEMA)
    async with listening(port_of(server), breaks_after=breaks_after) as port:
        reader = await make_reader(at_port(server, port), child=RECORDS["child"])
        outcomes = {await outcome_of(reader) for _ in range(20)}
        await reader.close()
    # Where a new connection lives long enough for one answer, reading again over it makes up for the one that broke.
    assert outcomes in ({"unreachable"}, {"answered"}, {"answered", "unreachable"})
    assert breaks_after > 400 or "unreachable" in outcomes


@pytest.mark.slow
async def test_connections_are_made_again_when_the_server_has_restarted(
    server: Database, make_reader: MakeReader
) -> None:
    await server.run(SCHEMA)
    reader = await make_reader(server, Limits(asks_at_once=4), child=RECORDS["child"])
    assert all(await asyncio.gather(*(is_answered(reader) for _ in range(8))))
    assert server.process is not None
    server.process.end()
    assert await fault_of(reader) is SourceFaultKind.UNREACHABLE
    server.process.start()
    for _ in range(3):
        assert all(await asyncio.gather(*(is_answered(reader) for _ in range(8))))


@pytest.mark.slow
async def test_an_idle_connection_that_the_server_ended_costs_no_question(
    server: Database, make_reader: MakeReader
) -> None:
    await server.run(SCHEMA)
    reader = await make_reader(server, Limits(asks_at_once=4), child=RECORDS["child"])
    assert all(await asyncio.gather(*(is_answered(reader) for _ in range(8))))
    await end_all_sessions(server)
    assert all(await asyncio.gather(*(is_answered(reader) for _ in range(8))))


@pytest.mark.slow
async def test_a_frozen_server_is_late_and_answers_when_it_has_thawed(
    server: Database, make_reader: MakeReader
) -> None:
    await server.run(SCHEMA)
    assert server.process is not None
    reader = await make_reader(server, child=RECORDS["child"])
    server.process.freeze()
    try:
        assert await fault_of(reader, seconds=0.3) is SourceFaultKind.LATE
    finally:
        server.process.thaw()
    assert await is_answered(reader)


async def test_the_pool_is_never_larger_than_it_may_be(server: Database, make_reader: MakeReader) -> None:
    await server.run(SCHEMA)
    reader = await make_reader(server, Limits(asks_at_once=3), child=RECORDS["child"])
    assert all(await asyncio.gather(*(is_answered(reader) for _ in range(60))))
    assert await server.connected() == 3


async def test_the_address_is_in_no_repr(server: Database) -> None:
    described = {"kind": "sql", "name": "Care Records", "records": {"child": RECORDS["child"]}, **server.described}
    source = SqlSource.model_validate({**described, "url": server.url.replace("//", f"//someone:{PASSWORD}@")})
    assert PASSWORD not in repr(source) + repr(SqlReader(source, Limits()).__dict__)


async def end_all_sessions(server: Database) -> None:
    """Have the server end the reader's sessions, as a firewall or an administrator does by night."""
    listed = await server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'"
        if server.kind == "postgresql"
        else "SELECT id FROM information_schema.processlist WHERE user = 'reader'"
    )
    if server.kind != "postgresql":
        for (number,) in listed:
            await server.run(f"KILL CONNECTION {number}")
