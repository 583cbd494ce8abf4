"""Where others hold something else than Bolton's social care, its people find it in their own work queue, once."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.bolton_truth.built import Built
from tests.acceptance.bolton_truth.test_sharing_log import KAYDEN, answered
from tests.lib.adapter_process import AdapterProcess, write_certificates
from tests.lib.deployment import hub_process, make_deployment
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import signed_in

AGENCY = "social_care"
QUEUED_SECONDS = 15.0
ASKS = 3


@pytest.mark.slow
async def test_a_difference_that_three_questions_find_is_one_item_of_work(
    bolton: Built, repository: Path, tmp_path: Path
) -> None:
    deployment = make_deployment(tmp_path / "deployment")
    write_certificates(deployment, AGENCY, tmp_path / "certificates")
    # Its own journal, which witnesses the log of this hub and no other's.
    systems = tmp_path / "systems"
    shutil.copytree(bolton.systems / AGENCY, systems / AGENCY, ignore=shutil.ignore_patterns("journal.sqlite*"))
    care = systems / AGENCY / "care_records.sqlite"
    manifest = tmp_path / "social_care.yaml"
    manifest.write_bytes((repository / "examples/bolton/agencies/social_care.yaml").read_bytes())
    with hub_process(deployment) as served:
        variables = {
            "BOLTON_HUB": f"127.0.0.1:{served.ports.links}",
            "BOLTON_CERTIFICATES": str(tmp_path / "certificates"),
            "BOLTON_DATA": str(systems),
        }
        adapter = AdapterProcess(manifest, variables)
        adapter.start()
        try:
            # Another agency, by which the child has other names.
            async with (
                connected(deployment, served.ports.links, GoodAdapter("health")),
                signed_in(deployment, served.ports.requesters) as requester,
            ):
                for _ in range(ASKS):
                    await answered(requester)
                rows = await queued(care, fields={"given_name", "family_name", "date_of_birth"})
        finally:
            adapter.kill()
    assert len(rows) == len(set(rows))
    assert {(others, kind) for _, _, others, kind in rows} == {("1", "difference")}
    assert {reference for _, reference, _, _ in rows} == {str(known_as(care))}
    store = Path(deployment.settings().store_url().removeprefix("sqlite:///"))
    written = b"".join(file.read_bytes() for file in store.parent.glob(f"{store.name}*"))
    assert b"Whitworth" not in written
    assert b"Testcase" not in written


def known_as(care: Path) -> int:
    """Return the person's own number in social care."""
    query = "SELECT person_id FROM person WHERE replace(nhs_no, ' ', '') = ?"
    with closing(sqlite3.connect(care)) as connection:
        (number,) = connection.execute(query, (KAYDEN.nhs_number,)).fetchone()
    return int(number)


async def queued(care: Path, *, fields: set[str]) -> list[tuple[str, str, str, str]]:
    """Wait until work about these fields is in the queue, and return all of it."""
    async with asyncio.timeout(QUEUED_SECONDS):
        while True:
            with closing(sqlite3.connect(care)) as connection:
                rows = connection.execute("SELECT field, person_id, others, kind FROM record_check").fetchall()
            if fields <= {field for field, *_ in rows}:
                return rows
            await asyncio.sleep(0.1)
