"""`adapter stop-answers`: at once, without the hub, for every process, over a restart, until answers are resumed."""

import asyncio
import json
import os
import pwd
import sqlite3
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask
from sharing.v1.records_pb2 import PersonKeys
from typer.testing import CliRunner

from adapters.cli import app
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_commands import ended, environment, rewrite, started
from tests.integration.adapters.test_leaving import taken_back
from tests.lib.link_hub import LinkHub

MANIFEST = """
manifest: 1
agency: youth_offending
title: Youth offending
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: youth_offending.pem, key: youth_offending.key}}
journal: journal.sqlite
questions: {{youth_order: yot.order}}
sources:
  yot:
    kind: sql
    name: YOT
    url: sqlite:///yot.sqlite
    records:
      order: {{table: orders, keys: {{upn: upn}}, record_id: upn, fields: {{upn: upn, order_kind: kind}}}}
"""


@pytest.fixture
def manifest(tmp_path: Path, hub: LinkHub) -> Path:
    hub.issue("youth_offending")
    connection = sqlite3.connect(tmp_path / "yot.sqlite")
    connection.executescript("CREATE TABLE orders (upn, kind); INSERT INTO orders VALUES ('CANARY1', 'CANARY2')")
    connection.close()
    file = tmp_path / "agency.yaml"
    file.write_text(MANIFEST.format(address=hub.address), encoding="utf-8")
    return file


@pytest.fixture
def variables(repository: Path) -> Mapping[str, str]:
    return environment(repository)


async def adapter(*arguments: str) -> tuple[int, str]:
    """Type a command that needs no program of its own: what it does is done in files."""
    done = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    return done.exit_code, done.output


def ask(hub: LinkHub) -> Ask:
    return hub.make_ask("youth_order", PersonKeys(upn="CANARY1"), ["order_kind"])


async def test_every_process_refuses_within_a_second_and_takes_back_what_is_held_until_answers_are_resumed(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    clock = asyncio.get_running_loop().time
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(run_adapter(manifest))
        links = [await hub.link(1), await hub.link(2)]
        held = [ask(hub), ask(hub)]
        for link, asked in zip(links, held, strict=True):
            assert list((await link.ask(asked)).records.cells) == ["CANARY2"]
        assert (await adapter("stop-answers", str(manifest), "--reason", "A clerk's password is out"))[0] == 0
        began = clock()
        assert {await taken_back(link, 1.0) for link in links} == {asked.request_id for asked in held}
        assert clock() - began < 1.0
        replies = [await link.ask(ask(hub)) for link in links]
        assert {reply.status for reply in replies} == {links_pb2.REPLY_STATUS_REFUSED}
        assert (await adapter("resume-answers", str(manifest)))[0] == 0
        async with asyncio.timeout(1.0):
            while (await links[0].ask(ask(hub))).status != links_pb2.REPLY_STATUS_ANSWERED:
                pass
    connection = sqlite3.connect(manifest.parent / "journal.sqlite")
    turns = connection.execute("SELECT is_stopped, turned_by, reason FROM switchings ORDER BY turn").fetchall()
    connection.close()
    user = pwd.getpwuid(os.getuid()).pw_name
    assert turns == [(1, user, "A clerk's password is out"), (0, user, "")]


@pytest.mark.slow
async def test_what_was_stopped_stays_stopped_over_a_restart_and_check_says_so(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, variables: Mapping[str, str]
) -> None:
    code, said = await adapter("stop-answers", str(manifest), "--reason", "A breach", "--json")
    told = json.loads(said)
    assert (code, told["is_stopped"], told["reason"]) == (0, True, "A breach")
    async with run_adapter(manifest):
        assert (await (await hub.link()).ask(ask(hub))).status == links_pb2.REPLY_STATUS_REFUSED
    code, said, _ = await ended(await started(["check", str(manifest)], variables))
    assert code == 0
    assert f"note  journal: all answers are stopped since {told['at']} by {told['by']} (A breach)." in said


async def test_neither_the_hub_nor_the_passwords_of_the_adapter_are_needed(manifest: Path) -> None:
    rewrite(manifest, {"yot.sqlite": "${NOT_SET_HERE}"})
    code, said = await adapter("stop-answers", str(manifest), "--reason", "A breach")
    assert (code, said.split(":")[0]) == (0, "All answers are stopped")


@pytest.mark.parametrize("reason", [["--reason", " "], []], ids=["empty", "none"])
async def test_nothing_is_stopped_without_a_reason(manifest: Path, reason: list[str]) -> None:
    assert (await adapter("stop-answers", str(manifest), *reason))[0] == 2
    assert not (manifest.parent / "journal.sqlite").exists()


async def test_a_journal_that_cannot_be_written_is_told_with_another_way(manifest: Path) -> None:
    (manifest.parent / "journal.sqlite").mkdir()
    code, said = await adapter("stop-answers", str(manifest), "--reason", "A breach")
    assert (code, said.split(":")[0]) == (1, "NOTHING CHANGED")
    assert "end the adapter" in said
