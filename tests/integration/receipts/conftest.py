"""A real hub and a real adapter, each a program of its own, that find one another again after every start."""

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.integration.receipts.partnership import AGENCY, Partnership
from tests.lib.adapter_process import AdapterProcess, listen_for_links_on, write_certificates
from tests.lib.deployment import HubProcess, make_deployment
from tests.lib.people import people as invented_people

MANIFEST = """
manifest: 1
agency: {agency}
title: Children's social care
hub: {{addresses: ["{address}"], ca: tls/ca.pem, certificate: tls/{agency}.pem, key: tls/{agency}.key}}
journal: journal.sqlite
questions: {{child_services: care.child}}
sources:
  care:
    kind: sql
    name: Care Records
    url: sqlite:///care.sqlite
    write_back:
      url: sqlite:///care.sqlite
      table: sharing_log
      columns: {{reference: child_id, shared_at: shared_at, agency: shared_with, request: request_id}}
    records:
      child:
        table: child
        keys: {{nhs_number: nhs_number}}
        record_id: child_id
        fields: {{nhs_number: nhs_number, service: {{constant: Social work}}, involvement_status: {{constant: open}}}}
"""
SCHEMA = """
CREATE TABLE child (child_id INTEGER PRIMARY KEY, nhs_number TEXT);
CREATE INDEX by_number ON child (nhs_number);
CREATE TABLE sharing_log (child_id, shared_at, shared_with, request_id);
"""
CHILDREN = 200
SETTINGS = "[sessions]\nmost_held = 10000\nmost_running = 100\n"


@pytest.fixture
def known() -> list[PersonKeys]:
    """Give the children whom the agency knows."""
    return list(islice(invented_people(), CHILDREN))


@pytest.fixture
def partnership(tmp_path: Path, known: list[PersonKeys]) -> Iterator[Partnership]:
    """Make a deployment and one agency's system; nothing runs yet, and whatever runs at the end is killed."""
    deployment = make_deployment(tmp_path / "deployment", deadline_ms=2_000, settings=SETTINGS)
    address = listen_for_links_on(deployment, _free_port())
    folder = tmp_path / "agency"
    write_certificates(deployment, AGENCY, folder / "tls")
    with closing(sqlite3.connect(folder / "care.sqlite")) as care, care:
        care.executescript(SCHEMA)
        care.execute("PRAGMA journal_mode = WAL")
        care.executemany("INSERT INTO child (nhs_number) VALUES (?)", [(child.nhs_number,) for child in known])
    manifest = folder / "agency.yaml"
    manifest.write_text(MANIFEST.format(agency=AGENCY, address=address), encoding="utf-8")
    made = Partnership(
        deployment=deployment, hub=HubProcess(deployment), adapter=AdapterProcess(manifest), folder=folder
    )
    try:
        yield made
    finally:
        made.adapter.kill()
        made.hub.kill()


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
