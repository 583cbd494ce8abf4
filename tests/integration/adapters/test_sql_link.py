"""An adapter of a SQL source, linked to a real hub over mutual TLS."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import ConnectResponse
from sharing.v1.records_pb2 import PersonKeys
from structlog.testing import CapturingLogger

from tests.integration.adapters.conftest import RunAdapter
from tests.lib.link_hub import HeldLink, LinkHub

MANIFEST = """
manifest: 1
agency: social_care
title: Children's social care
hub: {{addresses: ["{address}"], ca: ca.pem, certificate: social_care.pem, key: social_care.key}}
journal: journal/social_care.sqlite
refuse: [child_health]
questions:
  child_basics: care.child
  child_services: care.involvement
sources:
  care:
    kind: sql
    name: Care Records
    url: sqlite:///care.sqlite
    records:
      child:
        table: child
        keys: &keys
          nhs_number: {{column: nhs_no, written: "### ### ####"}}
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: "%d/%m/%Y"}}
        record_id: child_id
        record_date: {{column: updated, date: iso}}
        withhold_when: {{restricted: [Y]}}
        fields: &child
          nhs_number: nhs_no
          family_name: surname
          given_name: forename
          date_of_birth: {{column: dob, date: "%d/%m/%Y"}}
          gender: {{column: sex, values: {{M: male, F: female}}, otherwise: not_known}}
          address: {{columns: [line_1, line_2, town]}}
      involvement:
        table: child
        joins:
          - {{table: case_file, on: {{child_id: child_id}}}}
          - {{table: worker, on: {{case_file.worker_id: worker_id}}, optional: true}}
        keys: *keys
        record_id: case_file.case_id
        withhold_when: {{restricted: [Y]}}
        fields:
          <<: *child
          service: {{constant: Social work}}
          involvement_status: {{column: case_file.state, values: {{OPEN: open, CLSD: closed}}}}
          worker_name: {{columns: [worker.forename, worker.surname], separator: " "}}
"""

SCHEMA = """
CREATE TABLE child (child_id, nhs_no, surname, forename, dob, sex, line_1, line_2, town, restricted, updated);
CREATE TABLE case_file (case_id, child_id, worker_id, state);
CREATE TABLE worker (worker_id, forename, surname);
INSERT INTO child VALUES
  (1, '943 476 5919', 'Canary-Okafor', 'Zoë', '07/03/2012', 'F', '1 Canary Row', NULL, 'Bolton', 'N', '2026-01-31 10'),
  (2, '943 476 5870', 'Hidden', 'Ann', '01/01/2010', 'F', '', '', '', 'y', '2026-02-01'),
  (3, '943 476 5919', 'Canary-Okafor', 'Zoe', '07/03/2012', 'X', '2 Canary Row', '', 'Bury', 'Y', '2026-02-01'),
  (4, NULL, 'O''BRIEN', 'SEÁN', '09/09/2009', 'M', '', '', '', NULL, NULL);
INSERT INTO case_file VALUES (10, 1, 5, 'OPEN'), (11, 1, 6, 'CLSD'), (12, 4, NULL, '??');
INSERT INTO worker VALUES (5, 'Jo', 'Worker');
"""

KNOWN = PersonKeys(nhs_number="9434765919")
BASICS = ["nhs_number", "family_name", "given_name", "date_of_birth", "gender", "address"]


@pytest.fixture
def manifest(tmp_path: Path, hub: LinkHub) -> Path:
    hub.issue("social_care")
    with sqlite3.connect(tmp_path / "care.sqlite") as connection:
        connection.executescript(SCHEMA)
    connection.close()
    file = tmp_path / "social_care.yaml"
    file.write_text(MANIFEST.format(address=hub.address), encoding="utf-8")
    return file


def journalled(folder: Path, table: str, *, by: str = "entry") -> list[sqlite3.Row]:
    connection = sqlite3.connect(folder / "journal" / "social_care.sqlite")
    connection.row_factory = sqlite3.Row
    try:
        return connection.execute(f"SELECT * FROM {table} ORDER BY {by}").fetchall()  # noqa: S608  a table of this test
    finally:
        connection.close()


def rows_of(reply: links_pb2.Reply) -> list[dict[str, str]]:
    width = len(reply.records.columns)
    cells = [list(reply.records.cells[start : start + width]) for start in range(0, len(reply.records.cells), width)]
    return [dict(zip(reply.records.columns, row, strict=True)) for row in cells]


async def settled(link: HeldLink) -> None:
    """Wait until the adapter has taken in everything sent so far."""
    link.send(ConnectResponse(ping=99))
    async with asyncio.timeout(5):
        while await link.pongs.get() != 99:
            pass


async def test_an_ask_is_answered_with_its_nonce_and_the_journal_has_it_first(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        assert link.agency == "social_care"
        assert set(link.hello.questions) == {"child_basics", "child_services", "child_health"}
        assert link.hello.contract == 1
        assert 16 <= len(link.hello.instance) <= 64
        ask = hub.make_ask("child_basics", KNOWN, [*BASICS, "gp_practice"])
        reply = await link.ask(ask)
        assert reply.nonce == ask.nonce
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
        assert reply.records.source == "Care Records"
        assert reply.records.retrieved_at_ms > 0
        assert list(reply.records.record_dates) == ["2026-01-31"]
        assert rows_of(reply) == [
            {
                "nhs_number": "9434765919",
                "family_name": "Canary-Okafor",
                "given_name": "Zoë",
                "date_of_birth": "2012-03-07",
                "gender": "female",
                "address": "1 Canary Row, Bolton",
            }
        ]
        (entry,) = journalled(tmp_path, "asks")
        assert entry["request_id"] == ask.request_id
        assert (entry["outcome"], entry["row_count"], entry["withheld_count"]) == ("answered", 1, 1)
        assert json.loads(entry["own_references"]) == ["1"]
        assert json.loads(entry["fields"]) == [*BASICS, "gp_practice"]
        assert (entry["requester"], entry["requester_agency"], entry["purpose"]) == (
            "h.visitor",
            "health",
            "safeguarding",
        )


async def test_names_are_tried_when_the_identifier_finds_nothing_whatever_their_capitals(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    person = PersonKeys(nhs_number="9434765951", family_name="o'brien", given_name="Seán", date_of_birth="2009-09-09")
    async with run_adapter(manifest):
        link = await hub.link()
        reply = await link.ask(hub.make_ask("child_basics", person, ["family_name", "nhs_number"]))
        assert rows_of(reply) == [{"family_name": "O'BRIEN", "nhs_number": ""}]


async def test_joined_rows_come_one_by_one_and_an_unknown_code_is_no_value(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        fields = ["service", "involvement_status", "worker_name"]
        reply = await link.ask(hub.make_ask("child_services", KNOWN, fields))
        assert rows_of(reply) == [
            {"service": "Social work", "involvement_status": "open", "worker_name": "Jo Worker"},
            {"service": "Social work", "involvement_status": "closed", "worker_name": ""},
        ]
        person = PersonKeys(family_name="O'Brien", given_name="SEÁN", date_of_birth="2009-09-09")
        reply = await link.ask(hub.make_ask("child_services", person, ["involvement_status"]))
        assert rows_of(reply) == [{"involvement_status": ""}]


async def test_an_unknown_person_is_answered_with_no_rows(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        reply = await link.ask(hub.make_ask("child_basics", PersonKeys(nhs_number="9434765889"), BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED
        assert not reply.records.cells
        assert not reply.records.record_dates


async def test_a_veto_a_withheld_record_and_an_unusable_key_each_have_their_status(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    hidden = PersonKeys(nhs_number="9434765870")
    only_upn = PersonKeys(upn="H801200001001")
    async with run_adapter(manifest):
        link = await hub.link()
        refused = await link.ask(hub.make_ask("child_health", KNOWN, ["nhs_number"]))
        withheld = await link.ask(hub.make_ask("child_basics", hidden, BASICS))
        unable = await link.ask(hub.make_ask("child_basics", only_upn, BASICS))
        unmapped = await link.ask(hub.make_ask("child_basics", KNOWN, ["order_kind"]))
    assert refused.status == links_pb2.REPLY_STATUS_REFUSED
    assert withheld.status == links_pb2.REPLY_STATUS_WITHHELD
    assert unable.status == links_pb2.REPLY_STATUS_UNABLE
    assert unmapped.status == links_pb2.REPLY_STATUS_UNABLE
    assert not any(reply.HasField("records") for reply in (refused, withheld, unable, unmapped))
    outcomes = [entry["outcome"] for entry in journalled(tmp_path, "asks")]
    assert outcomes == ["refused", "withheld", "unable", "unable"]


async def test_many_asks_at_once_are_all_answered_in_few_writes(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        asks = [hub.make_ask("child_basics", KNOWN, BASICS) for _ in range(300)]
        replies = [link.expect(ask) for ask in asks]
        link.send(ConnectResponse(asks=asks))
        async with asyncio.timeout(10):
            answered = await asyncio.gather(*replies)
        assert [reply.nonce for reply in answered] == [ask.nonce for ask in asks]
        assert sum(bool(request.replies) for request in link.requests) < 100
    assert len(journalled(tmp_path, "asks")) == 300


async def test_a_missing_database_is_source_down_and_comes_back_by_itself(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    care = tmp_path / "care.sqlite"
    aside = care.rename(tmp_path / "aside.sqlite")
    async with run_adapter(manifest):
        link = await hub.link()
        reply = await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
        aside.rename(care)
        reply = await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED


async def test_a_read_that_takes_too_long_is_source_down_within_the_time_that_remains(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    endless = """
        ALTER TABLE child RENAME TO child_table;
        CREATE VIEW child AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)
          SELECT child_table.* FROM child_table, (SELECT max(i) AS top FROM n) WHERE top > 0;
    """
    with sqlite3.connect(tmp_path / "care.sqlite") as connection:
        connection.executescript(endless)
    connection.close()
    async with run_adapter(manifest):
        link = await hub.link()
        clock = asyncio.get_running_loop().time
        began = clock()
        reply = await link.ask(hub.make_ask("child_basics", KNOWN, BASICS, remaining_ms=400))
        assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
        assert clock() - began < 0.4 + 0.25


async def test_a_dropped_ask_gets_no_reply_and_is_journalled(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        ask = hub.make_ask("child_basics", KNOWN, BASICS)
        reply = link.expect(ask)
        link.send(ConnectResponse(asks=[ask], dropped=[ask.ask_id]))
        await settled(link)
        assert not reply.done()
        reply.cancel()
    assert [entry["outcome"] for entry in journalled(tmp_path, "asks")] == ["dropped"]


async def test_what_cannot_be_journalled_does_not_leave(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        with sqlite3.connect(tmp_path / "journal" / "social_care.sqlite") as connection:
            connection.execute("DROP TABLE asks")
        connection.close()
        reply = await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
        assert not reply.HasField("records")


async def test_the_adapter_comes_back_when_the_hub_does(hub: LinkHub, manifest: Path, run_adapter: RunAdapter) -> None:
    async with run_adapter(manifest):
        await hub.link(1)
        await hub.stop()
        await hub.start()
        link = await hub.link(2)
        reply = await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED


async def test_on_drain_a_new_link_is_there_before_the_old_one_ends(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest):
        first = await hub.link(1)
        first.send(ConnectResponse(drain=True))
        second = await hub.link(2)
        async with asyncio.timeout(5):
            await first.draining.wait()
            await first.ended.wait()
        assert first.ended_in_peace
        reply = await second.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_ANSWERED


async def test_an_adapter_that_stops_says_so_and_finishes_what_it_has(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter
) -> None:
    async with run_adapter(manifest) as stop:
        link = await hub.link()
        asks = [hub.make_ask("child_basics", KNOWN, BASICS) for _ in range(20)]
        replies = [link.expect(ask) for ask in asks]
        link.send(ConnectResponse(asks=asks))
        await settled(link)
        stop.set()
        async with asyncio.timeout(5):
            answered = await asyncio.gather(*replies)
            await link.ended.wait()
    assert all(reply.status == links_pb2.REPLY_STATUS_ANSWERED for reply in answered)
    assert link.draining.is_set()
    assert link.ended_in_peace


async def test_a_hub_that_takes_the_adapter_for_another_agency_is_not_answered(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, logged: CapturingLogger
) -> None:
    hub._welcome_as = "health"
    async with run_adapter(manifest):
        link = await hub.link()
        async with asyncio.timeout(5):
            await link.ended.wait()
    assert any("link_refused" in str(call) for call in logged.calls)


async def test_no_value_of_a_person_is_logged_whatever_goes_wrong(
    hub: LinkHub, manifest: Path, run_adapter: RunAdapter, logged: CapturingLogger, tmp_path: Path
) -> None:
    async with run_adapter(manifest):
        link = await hub.link()
        await link.ask(hub.make_ask("child_basics", KNOWN, BASICS))
        with sqlite3.connect(tmp_path / "care.sqlite") as connection:
            connection.execute("ALTER TABLE child RENAME COLUMN dob TO born")
        connection.close()
        person = PersonKeys(family_name="Canary-Okafor", given_name="Zoë", date_of_birth="2012-03-07")
        reply = await link.ask(hub.make_ask("child_basics", person, BASICS))
        assert reply.status == links_pb2.REPLY_STATUS_SOURCE_DOWN
        await hub.stop()
    told = str(logged.calls)
    assert "source_fault" in told
    kept_back = ("Canary", "Zoë", "9434765919", "943 476", "2012-03-07", "CASE/1", "h.visitor")
    assert not [word for word in kept_back if word in told]
