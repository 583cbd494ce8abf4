"""Whoever opens a child's record in Bolton's social care sees there what was shared of it, with whom, and why."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.acceptance.bolton_truth.built import Built
from tests.lib.adapter_process import AdapterProcess, write_certificates
from tests.lib.deployment import hub_process, make_deployment
from tests.lib.requester import Answer, Requester, signed_in

AGENCY = "social_care"
KAYDEN = PersonKeys(nhs_number="9990000115")
LINKED_SECONDS = 20.0
NOTED_SECONDS = 15.0


@pytest.mark.slow
async def test_a_disclosure_stands_in_the_childs_own_record(bolton: Built, repository: Path, tmp_path: Path) -> None:
    deployment = make_deployment(tmp_path / "deployment")
    write_certificates(deployment, AGENCY, tmp_path / "certificates")
    with hub_process(deployment) as served:
        variables = {
            "BOLTON_HUB": f"127.0.0.1:{served.ports.links}",
            "BOLTON_CERTIFICATES": str(tmp_path / "certificates"),
            "BOLTON_DATA": str(bolton.systems),
        }
        manifest = tmp_path / "social_care.yaml"
        manifest.write_bytes((repository / "examples/bolton/agencies/social_care.yaml").read_bytes())
        adapter = AdapterProcess(manifest, variables)
        adapter.start()
        try:
            async with signed_in(deployment, served.ports.requesters) as requester:
                answer = await answered(requester)
                row = await noted(bolton.systems / "social_care" / "care_records.sqlite", answer.request_id)
        finally:
            adapter.kill()
    assert row[:4] == ("health", "health_visitor", "child_services", "safeguarding")
    assert "service" in str(row[4])


async def answered(requester: Requester) -> Answer:
    """Ask about Kayden, once social care is linked."""
    async with asyncio.timeout(LINKED_SECONDS):
        while not (await requester.status())[AGENCY].links:  # noqa: ASYNC110  the hub is another program
            await asyncio.sleep(0.1)
    answer = await requester.ask(KAYDEN)
    assert answer.outcome(AGENCY) == ("held", "")
    return answer


async def noted(file: Path, request_id: str) -> tuple[object, ...]:
    """Wait until a request is noted in the child's record, and return what stands there."""
    query = (
        "SELECT shared_with, role, question, purpose, details FROM sharing_log JOIN person USING (person_id)"
        " WHERE request_id = ? AND replace(nhs_no, ' ', '') = ?"
    )
    async with asyncio.timeout(NOTED_SECONDS):
        while True:
            with closing(sqlite3.connect(file)) as care:
                row: tuple[object, ...] | None = care.execute(query, (request_id, KAYDEN.nhs_number)).fetchone()
            if row is not None:
                return row
            await asyncio.sleep(0.1)
