"""Where a manifest says so, a disclosure is noted in the record that it was made from: once, and in nobody's way."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from structlog.testing import CapturingLogger

from adapters.kit import write_back
from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.journal import Journal
from adapters.kit.manifest import RestWriteBack, SqlWriteBack
from adapters.kit.reader import FindingState
from adapters.kit.sharing_events import SharingEvent
from adapters.kit.write_back import TAKEN_MS, WriteBack
from adapters.rest.writer import RestWriter
from adapters.sql.writer import SqlWriter
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.http_server import HttpServer
from tests.integration.adapters.test_rest_reader import source as rest_source
from tests.integration.adapters.test_sql_link import BASICS, KNOWN, journalled
from tests.integration.adapters.test_sql_link import manifest as manifest  # noqa: PLC0414  a fixture
from tests.lib.link_hub import HeldLink, LinkHub
from tests.lib.signed_log import disclosure

AGENCY = "social_care"
COLUMNS = {
    "reference": "child_id",
    "shared_at": "shared_at",
    "agency": "shared_with",
    "request": "request_id",
    "access_level": "role",
    "question": "question",
    "purpose": "purpose",
    "fields": "fields",
}
WRITE_BACK = """
    write_back:
      url: sqlite:///care.sqlite
      table: sharing_log
      columns: {reference: child_id, shared_at: shared_at, agency: shared_with, request: request_id, access_level: role,
        question: question, purpose: purpose, fields: fields}
"""
TABLE = f"CREATE TABLE sharing_log (id INTEGER PRIMARY KEY, {', '.join(COLUMNS.values())})"
EVENT = SharingEvent(
    reference="1/2 ü",
    shared_at="2027-01-15T08:00:00+00:00",
    agency="health",
    request="r1",
    access_level="health_visitor",
    question="child_basics",
    purpose="safeguarding",
    fields=("nhs_number", "address"),
)


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often for what is due."""
    monkeypatch.setattr(write_back, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(write_back, "FIRST_PAUSE_MS", 10)


@pytest.fixture
def care(tmp_path: Path) -> Path:
    return tmp_path / "care.sqlite"


@pytest.fixture
def writing(manifest: Path, care: Path) -> Path:
    """Let the manifest say that sharing events are written back."""
    run_in(care, TABLE)
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("    records:\n", f"{WRITE_BACK}    records:\n", 1), encoding="utf-8")
    return manifest


def run_in(care: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(care)) as connection, connection:
        return connection.execute(statement).fetchall()


def contents(care: Path) -> bytes:
    return care.read_bytes()


def noted(care: Path) -> list[tuple[object, ...]]:
    return run_in(care, "SELECT child_id, question, shared_with, role, purpose, fields, shared_at FROM sharing_log")


async def disclosed(hub: LinkHub, link: HeldLink, *questions: str) -> None:
    """Ask, and bring the receipts of what was disclosed."""
    said = await link.has_witnessed()
    for question in questions:
        ask = hub.make_ask(question, KNOWN, BASICS)
        assert (await link.ask(ask)).records.cells
        hub.log.add(disclosure(AGENCY, ask.request_id, question=question))
    await link.bring(hub.log, said)


async def eventually(care: Path, count: int) -> list[tuple[object, ...]]:
    await until(lambda: len(noted(care)) >= count)
    await asyncio.sleep(0.1)
    return noted(care)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110  what is waited for happens in a database
            await asyncio.sleep(0.02)


async def test_what_was_shared_with_whom_stands_in_each_record_that_it_came_from_once(
    hub: LinkHub, writing: Path, run_adapter: RunAdapter, care: Path
) -> None:
    async with run_adapter(writing), run_adapter(writing):
        link = await hub.link()
        await disclosed(hub, link, "child_basics", "child_services")
        rows = await eventually(care, 3)
    when = ("health", "health_visitor", "safeguarding", "nhs_number, address", "2027-01-15T08:00:00+00:00")
    assert rows == [
        ("1", "child_basics", *when),
        ("10", "child_services", *when),
        ("11", "child_services", *when),
    ]


async def test_nothing_is_written_where_the_manifest_does_not_say_so(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, care: Path
) -> None:
    before = contents(care)
    async with run_adapter(manifest):
        link = await hub.link()
        await disclosed(hub, link, "child_basics")
        await asyncio.sleep(0.2)
    assert contents(care) == before


async def test_a_table_that_is_missing_delays_no_answer_and_is_written_when_it_is_there(
    hub: LinkHub, writing: Path, run_adapter: RunAdapter, care: Path, logged: CapturingLogger
) -> None:
    run_in(care, "DROP TABLE sharing_log")
    async with run_adapter(writing):
        link = await hub.link()
        await disclosed(hub, link, "child_basics", "child_basics")
        await until(lambda: "write_back_failed" in str(logged.calls))
        assert (await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))).records.cells
        run_in(care, TABLE)
        assert len(await eventually(care, 2)) == 2
    assert not [word for word in ("Canary", "9434765919", "943 476") if word in str(logged.calls)]


async def test_what_was_written_but_not_marked_when_the_adapter_died_is_not_written_again(
    hub: LinkHub, writing: Path, run_adapter: RunAdapter, care: Path, tmp_path: Path
) -> None:
    async with run_adapter(writing):
        link = await hub.link()
        await disclosed(hub, link, "child_basics")
        await eventually(care, 1)
    journal = tmp_path / "journal" / "social_care.sqlite"
    run_in(journal, "UPDATE write_backs SET written_at_ms = NULL, taken_until_ms = 0")
    async with run_adapter(writing):
        await until(lambda: journalled(tmp_path, "write_backs WHERE written_at_ms IS NOT NULL", by="number"))
    assert len(noted(care)) == 1


class SlowWriter:
    """Is in the middle of writing when it is looked at."""

    def __init__(self) -> None:
        self.began = 0
        self.fault: SourceFaultKind | None = None

    async def open(self) -> None:
        """Need nothing."""

    async def write(self, _event: SharingEvent) -> None:
        self.began += 1
        if self.fault is not None:
            raise SourceFault(self.fault)

    async def check(self) -> list[object]:
        return []

    async def close(self) -> None:
        """Hold nothing."""


@pytest.fixture
async def journal(hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path) -> AsyncIterator[Journal]:
    """Give a journal with one receipt."""
    async with run_adapter(manifest):
        link = await hub.link()
        await disclosed(hub, link, "child_basics")
    journal = Journal(tmp_path / "journal" / "social_care.sqlite")
    await journal.open()
    yield journal
    await journal.close()


def back(journal: Journal, writer: SlowWriter, clock: list[int]) -> WriteBack:
    log = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    return WriteBack(
        source="care",
        questions=["child_basics"],
        writer=writer,  # type: ignore[arg-type]  # finds nothing when checked
        journal=journal,
        wall_ms=lambda: clock[0],
        log=log,
    )


async def test_what_one_process_has_taken_another_leaves_to_it_until_its_time_is_over(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, first, second = [1_000], SlowWriter(), SlowWriter()

    async def die(_self: WriteBack, _due: object) -> list[str]:
        raise RuntimeError("killed")

    one = back(journal, first, clock)
    with monkeypatch.context() as dying:
        dying.setattr(WriteBack, "_references", die)
        with pytest.raises(RuntimeError):
            await one.write_due()
    other = back(journal, second, clock)
    await other.write_due()
    clock[0] += TAKEN_MS - 1
    await other.write_due()
    assert second.began == 0
    clock[0] += 1
    await other.write_due()
    await one.write_due()
    await other.write_due()
    assert (first.began, second.began) == (0, 1)


async def test_of_two_processes_that_see_the_same_event_due_one_writes_it(journal: Journal) -> None:
    clock, first, second = [1_000], SlowWriter(), SlowWriter()
    one, other = back(journal, first, clock), back(journal, second, clock)
    ((due,), (same,)) = (await journal.read(one._look), await journal.read(other._look))
    await asyncio.gather(one._write_one(due), other._write_one(same))
    assert first.began + second.began == 1


async def test_a_system_that_refuses_is_tried_again_ever_more_slowly(journal: Journal) -> None:
    clock, writer = [1_000], SlowWriter()
    writer.fault = SourceFaultKind.REFUSED
    noting = back(journal, writer, clock)
    tries = []
    for _ in range(100):
        await noting.write_due()
        tries.append(writer.began)
        clock[0] += 5
    assert tries[0] == 1
    assert tries[-1] == 6


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM child",
        "DELETE FROM sharing_log",
        "UPDATE sharing_log SET purpose = ''",
        "DROP TABLE sharing_log",
        "INSERT INTO child (child_id) VALUES (9)",
        "CREATE TABLE more (a)",
        "ATTACH DATABASE ':memory:' AS elsewhere",
        "PRAGMA writable_schema = ON",
    ],
)
@pytest.mark.usefixtures("writing")
async def test_the_connection_that_writes_may_do_nothing_else(care: Path, statement: str) -> None:
    writer = SqlWriter(sql_write_back(care), None)
    await writer.write(EVENT)
    engine = writer._engine
    with pytest.raises(Exception, match=r"not authorized|prohibited"), engine.begin() as connection:  # type: ignore[union-attr]  # SQLite's is no async one
        connection.exec_driver_sql(statement)
    await writer.close()


def sql_write_back(care: Path, **columns: str) -> SqlWriteBack:
    described = {"url": f"sqlite:///{care}", "table": "sharing_log", "columns": COLUMNS | columns}
    return SqlWriteBack.model_validate(described)


@pytest.mark.usefixtures("writing")
async def test_a_check_names_what_is_missing_of_the_table_and_writes_nothing(care: Path) -> None:
    async def findings(**columns: str) -> list[tuple[FindingState, str, str]]:
        writer = SqlWriter(sql_write_back(care, **columns), None)
        found = [(finding.state, finding.what, finding.mend) for finding in await writer.check()]
        await writer.close()
        return found

    before = contents(care)
    assert [state for state, _, _ in await findings()] == [FindingState.OK]
    assert await findings(purpose="porpose") == [
        (FindingState.FAULT, "`sharing_log` has no column `porpose`", "Did you mean `purpose`?")
    ]
    assert contents(care) == before
    run_in(care, "DROP TABLE sharing_log")
    assert [what for _, what, _ in await findings()] == ["there is no table `sharing_log`"]
    other = SqlWriter(sql_write_back(care.with_name("nowhere.sqlite")), None)
    assert [finding.what for finding in await other.check()] == ["what is written back to cannot be reached"]
    assert not list(care.parent.glob("nowhere*"))


async def test_a_rest_api_is_sent_one_document_with_a_name_by_which_it_knows_it_again() -> None:
    async with HttpServer() as server:
        statuses = iter((201, 409, 500))
        server.pages["pupils/1/2 ü/sharing"] = lambda _: web.Response(status=next(statuses))
        described = RestWriteBack.model_validate(
            {"path": "pupils/{reference}/sharing", "api_key": {"header": "X-Api-Key", "value": "w1"}}
        )
        writer = RestWriter(rest_source(server.url), described)
        await writer.open()
        await writer.write(EVENT)
        await writer.write(EVENT)
        with pytest.raises(SourceFault) as raised:
            await writer.write(EVENT)
        assert raised.value.kind is SourceFaultKind.REFUSED
        assert [finding.state for finding in await writer.check()] == [FindingState.NOTE]
        await writer.close()
    assert server.keys == ["w1"] * 3
    assert len(server.posted) == 3
    document, once = server.posted[0]
    assert document == {**EVENT.parts(), "fields": ["nhs_number", "address"]}
    assert {name for _, name in server.posted} == {once}
