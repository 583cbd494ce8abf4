"""Notices over a real link into a real journal, and from there into the agency's own work queue: each once."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import ConnectResponse, Difference, Notice
from structlog.testing import CapturingLogger
from typer.testing import CliRunner

from adapters.cli import app, make_queues
from adapters.kit import work_queue
from adapters.kit.desk import LARGEST_NOTICE
from adapters.kit.manifest_file import load_manifest
from adapters.kit.reader import FindingState
from tests.integration.adapters.conftest import SECRETS, RunAdapter
from tests.integration.adapters.test_sql_link import BASICS, KNOWN, journalled
from tests.integration.adapters.test_sql_link import manifest as manifest  # noqa: PLC0414  a fixture
from tests.lib.link_hub import HeldLink, LinkHub

WORK_QUEUE = """
    work_queue:
      url: sqlite:///care.sqlite
      table: to_do
      columns: {notice: notice, reference: child_id, noticed_at: noticed_at, kind: kind, field: field, others: others,
        values: held_by_others}
"""
TABLE = "CREATE TABLE to_do (notice, child_id, noticed_at, kind, field, others, held_by_others)"
CANARY = "ZZ1 9CN"


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often for what is due."""
    monkeypatch.setattr(work_queue, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(work_queue, "FIRST_PAUSE_MS", 10)


@pytest.fixture
def care(tmp_path: Path) -> Path:
    return tmp_path / "care.sqlite"


@pytest.fixture
def queueing(manifest: Path, care: Path) -> Path:
    """Let the manifest name a work queue."""
    run_in(care, TABLE)
    with_queue(manifest)
    return manifest


def with_queue(manifest: Path) -> None:
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("    records:\n", f"{WORK_QUEUE}    records:\n", 1), encoding="utf-8")


def without_queue(manifest: Path) -> None:
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(WORK_QUEUE, ""), encoding="utf-8")


def run_in(care: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(care)) as connection, connection:
        return connection.execute(statement).fetchall()


def queued(care: Path) -> list[tuple[object, ...]]:
    return run_in(care, "SELECT child_id, kind, field, others, held_by_others FROM to_do")


async def until(true: object) -> None:
    async with asyncio.timeout(10):
        while not true():  # type: ignore[operator]  # noqa: ASYNC110  what is waited for happens in a database
            await asyncio.sleep(0.02)


def notice(number: int, request: str, own: str = CANARY, values: tuple[str, ...] = ()) -> Notice:
    found = Difference(field="postcode", agencies=2, own=own, values=values)
    return Notice(notice_id=number, request_id=request, person=KNOWN, difference=found)


async def asked(hub: LinkHub, link: HeldLink) -> str:
    ask = hub.make_ask("child_basics", KNOWN, BASICS)
    assert (await link.ask(ask)).records.cells
    return ask.request_id


async def acknowledged(link: HeldLink, *notices: Notice) -> None:
    """Send notices, and wait until each is said to be kept."""
    link.send(ConnectResponse(notices=notices))
    async with asyncio.timeout(5):
        replies = [await link.notice_replies.get() for _ in notices]
    assert {reply.notice_id for reply in replies} == {one.notice_id for one in notices}


async def test_a_difference_is_acknowledged_each_time_and_kept_and_queued_once(
    hub: LinkHub, queueing: Path, run_adapter: RunAdapter, care: Path, tmp_path: Path, logged: CapturingLogger
) -> None:
    async with run_adapter(queueing):
        link = await hub.link()
        for number in range(1, 4):
            await acknowledged(link, notice(number, await asked(hub, link)))
            (kept,) = journalled(tmp_path, "notices")
            assert (kept["field"], kept["question"], kept["own_references"]) == ("postcode", "child_basics", '["1"]')
        await until(lambda: queued(care))
        await acknowledged(link, notice(4, await asked(hub, link), "ZZ1 9CX", values=("ZZ2 1AA", "ZZ3 1AA")))
        await until(lambda: len(queued(care)) > 1)
    assert queued(care) == [
        ("1", "difference", "postcode", "2", ""),
        ("1", "difference", "postcode", "2", "ZZ2 1AA; ZZ3 1AA"),
    ]
    assert not [word for word in (CANARY, "9434765919", "ZZ2 1AA") if word in str(logged.calls)]


async def test_what_was_received_when_the_adapter_died_before_it_said_so_is_kept_once(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        request = await asked(hub, link)
        # Nothing is heard of it: the link ends in this moment, and the hub has kept none.
        link.send(ConnectResponse(notices=[notice(1, request)]))
        link.end()
        again = await hub.link(2)
        await acknowledged(again, notice(1, await asked(hub, again)))
    assert len(journalled(tmp_path, "notices")) == 1


async def test_a_notice_that_is_about_nothing_known_or_huge_is_neither_kept_nor_acknowledged_and_the_link_goes_on(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        link.send(ConnectResponse(notices=[Notice(notice_id=1, request_id="r1", person=KNOWN)]))
        link.send(ConnectResponse(notices=[notice(3, "r1", own="x" * LARGEST_NOTICE)]))
        await acknowledged(link, notice(2, await asked(hub, link)))
        assert link.notice_replies.empty()
    assert [row["kind"] for row in journalled(tmp_path, "notices")] == ["difference"]


async def test_a_queue_that_is_missing_delays_neither_word_nor_answer_and_is_filled_when_it_is_there(
    hub: LinkHub, queueing: Path, run_adapter: RunAdapter, care: Path, logged: CapturingLogger
) -> None:
    run_in(care, "DROP TABLE to_do")
    async with run_adapter(queueing):
        link = await hub.link()
        await acknowledged(link, notice(1, await asked(hub, link)))
        await until(lambda: "work_queue_failed" in str(logged.calls))
        await asked(hub, link)
        run_in(care, TABLE)
        await until(lambda: queued(care))
    assert CANARY not in str(logged.calls)


async def test_what_was_queued_but_not_marked_when_the_adapter_died_is_not_queued_again(
    hub: LinkHub, queueing: Path, run_adapter: RunAdapter, care: Path, tmp_path: Path
) -> None:
    async with run_adapter(queueing):
        link = await hub.link()
        await acknowledged(link, notice(1, await asked(hub, link)))
        await until(lambda: queued(care))
    run_in(
        tmp_path / "journal" / "social_care.sqlite", "UPDATE work_items SET written_at_ms = NULL, taken_until_ms = 0"
    )
    async with run_adapter(queueing):
        await until(lambda: journalled(tmp_path, "work_items WHERE written_at_ms IS NOT NULL", by="notice"))
    assert len(queued(care)) == 1


async def test_a_check_names_what_is_missing_of_the_queue_and_writes_nothing(queueing: Path, care: Path) -> None:
    manifest = load_manifest(queueing, SECRETS)
    (queue,) = make_queues(manifest).values()
    assert [found.state for found in await queue.check()] == [FindingState.OK]
    run_in(care, "ALTER TABLE to_do DROP COLUMN others")
    assert [found.what for found in await queue.check()] == ["`to_do` has no column `others`"]
    run_in(care, "DROP TABLE to_do")
    assert [found.what for found in await queue.check()] == ["there is no table `to_do`"]
    await queue.close()


async def test_the_agencys_people_list_notices_and_mark_them_as_looked_into(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    async with run_adapter(manifest):
        link = await hub.link()
        word = links_pb2.Judgement(is_same=False, requester="h.visitor", requester_agency="health")
        request = await asked(hub, link)
        judged = Notice(notice_id=2, request_id=request, person=KNOWN, judgement=word)
        await acknowledged(link, notice(1, request), judged)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, ["journal", "notices", str(manifest), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    listed = run()
    assert "postcode: 2 other(s) hold something else" in listed
    assert "NOT the person, says h.visitor (health)" in listed
    assert "2 notices, 2 open." in listed
    assert "1 notices, 1 open." in run("--field", "postcode")
    (kept,) = journalled(tmp_path, "notices WHERE kind = 'difference'")
    assert "Noted." in run("--done", str(kept["id"]))
    assert "postcode" not in run("--open")
    assert '"done_by"' in run("--json", "--kind", "difference", "--since", "7d")
    again = CliRunner().invoke(app, ["journal", "notices", str(manifest), "--done", str(kept["id"])])
    assert again.exit_code == 1
    folder = tmp_path / "export"
    assert CliRunner().invoke(app, ["journal", "export", str(manifest), "--to", str(folder)]).exit_code == 0
    assert '"field": "postcode"' in (folder / "notices.json").read_text(encoding="utf-8")
    assert CANARY not in (folder / "notices.json").read_text(encoding="utf-8")


async def test_what_was_looked_into_before_it_was_queued_is_work_no_more(
    hub: LinkHub, queueing: Path, manifest: Path, run_adapter: RunAdapter, care: Path, tmp_path: Path
) -> None:
    without_queue(queueing)
    async with run_adapter(manifest):
        link = await hub.link()
        await acknowledged(link, notice(1, await asked(hub, link)), notice(2, await asked(hub, link), "ZZ1 9CX"))
    run_in(tmp_path / "journal" / "social_care.sqlite", "UPDATE notices SET done_at_ms = 1 WHERE entry = 1")
    with_queue(manifest)
    async with run_adapter(manifest):
        await until(lambda: queued(care))
        await until(lambda: journalled(tmp_path, "work_items WHERE written_at_ms IS NOT NULL", by="notice"))
    assert len(queued(care)) == 1
