"""A whole adapter beside a real server: what the hub drops stops at the server, and what is limited is told as busy."""

import asyncio
import sqlite3
from pathlib import Path

import yaml
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import ConnectResponse
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from tests.integration.adapters.conftest import RunAdapter
from tests.integration.databases.population import RECORDS
from tests.integration.databases.test_stopping import WITHIN_SECONDS
from tests.lib.databases import PASSWORD, Database
from tests.lib.link_hub import LinkHub

ENVIRONMENT = {"CARE_PASSWORD": PASSWORD}
ZOE = PersonKeys(nhs_number="9434765919")


def manifest(folder: Path, hub: LinkHub, database: Database, **limits: object) -> Path:
    """Write the manifest of an agency whose questions go to a quick and to a slow table."""
    hub.issue("social_care")
    child = {**RECORDS["child"], "withhold_when": {}}
    source = {"kind": "sql", "name": "Care Records", "limits": limits, **database.described}
    source["password"] = "${CARE_PASSWORD}"
    written = {
        "manifest": 1,
        "agency": "social_care",
        "title": "Children's social care",
        "hub": {
            "addresses": [hub.address],
            "ca": "ca.pem",
            "certificate": "social_care.pem",
            "key": "social_care.key",
        },
        "journal": "journal/social_care.sqlite",
        "questions": {"child_basics": "care.child", "child_services": "care.slow"},
        "sources": {"care": {**source, "records": {"child": child, "slow": {**child, "table": "slow_child"}}}},
    }
    file = folder / "social_care.yaml"
    file.write_text(yaml.safe_dump(written), encoding="utf-8")
    return file


def outcomes(folder: Path) -> list[str]:
    connection = sqlite3.connect(folder / "journal" / "social_care.sqlite")
    try:
        return [row[0] for row in connection.execute("SELECT outcome FROM asks ORDER BY entry")]
    finally:
        connection.close()


async def test_what_the_hub_drops_or_waits_for_no_longer_stops_at_the_server(
    slow: Database, hub: LinkHub, run_adapter: RunAdapter, tmp_path: Path, logged: CapturingLogger
) -> None:
    async with run_adapter(manifest(tmp_path, hub, slow), ENVIRONMENT):
        link = await hub.link()
        dropped = hub.make_ask("child_services", ZOE, ["given_name"])
        link.send(ConnectResponse(asks=[dropped]))
        await slow.until_running(1)
        link.send(ConnectResponse(dropped=[dropped.ask_id]))
        async with asyncio.timeout(WITHIN_SECONDS):
            await slow.until_running(0)
        late = await link.ask(hub.make_ask("child_services", ZOE, ["given_name"], remaining_ms=500))
        assert late.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
        async with asyncio.timeout(WITHIN_SECONDS):
            await slow.until_running(0)
        answered = await link.ask(hub.make_ask("child_basics", ZOE, ["given_name"]))
        assert list(answered.records.cells) == ["Zoë"]
    assert outcomes(tmp_path) == ["dropped", "source_down", "answered"]
    assert PASSWORD not in str(logged.calls)
    assert "9434765919" not in str(logged.calls)


async def test_more_than_the_agency_allows_in_a_second_is_busy_and_the_rest_is_answered(
    slow: Database, hub: LinkHub, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest(tmp_path, hub, slow, questions_per_second=5), ENVIRONMENT):
        link = await hub.link()
        asks = [hub.make_ask("child_basics", ZOE, ["given_name"], remaining_ms=800) for _ in range(20)]
        waiting = [link.expect(ask) for ask in asks]
        link.send(ConnectResponse(asks=asks))
        async with asyncio.timeout(10):
            replies = await asyncio.gather(*waiting)
    told = [reply.status == links_pb2.REPLY_STATUS_ANSWERED for reply in replies]
    assert sum(told) == 5
    assert sorted(outcomes(tmp_path)) == ["answered"] * 5 + ["busy"] * 15
