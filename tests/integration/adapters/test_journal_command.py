"""An agency's own people search its journal by a person, who is looked up in the source and on no command line."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import structlog
from structlog.testing import CapturingLogger

from adapters.cli import make_reader
from adapters.kit.manifest_file import load_manifest
from adapters.kit.own_people import own_records, past_protection
from tests.integration.adapters.changing_sources import KINDS, KNOWN, ChangingSource, FilesSystem, SqlSystem
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_commands import PATIENCE_SECONDS, PROGRAM, environment
from tests.integration.adapters.test_leaving import ask
from tests.lib.link_hub import LinkHub

BY_NUMBER = {"nhs_number": "9434765919"}
BY_NAMES = {"family_name": "Canary", "given_name": "Zoe", "date_of_birth": "2012-03-07"}


@pytest.fixture(params=KINDS, ids=lambda kind: kind.kind)
async def source(request: pytest.FixtureRequest, tmp_path: Path, hub: LinkHub) -> AsyncIterator[ChangingSource]:
    hub.issue("social_care")
    async with request.param(tmp_path) as running:
        yield running


async def found(manifest_file: Path, given: Mapping[str, str]) -> tuple[list[tuple[str, str]], list[str]]:
    manifest = past_protection(load_manifest(manifest_file, {}))
    log = structlog.wrap_logger(CapturingLogger(), processors=[structlog.processors.JSONRenderer()])
    readers = {name: make_reader(source, manifest.limits, log) for name, source in manifest.sources.items()}
    for reader in readers.values():
        await reader.open()
    try:
        return await own_records(manifest, readers, given, 5.0)
    finally:
        for reader in readers.values():
            await reader.close()


@pytest.mark.parametrize("given", [BY_NUMBER, BY_NAMES, BY_NUMBER | BY_NAMES], ids=["number", "names", "both"])
async def test_a_person_s_own_records_are_found_also_while_nothing_of_them_may_leave(
    source: ChangingSource, hub: LinkHub, given: Mapping[str, str]
) -> None:
    source.change(shield="X", consent="N", s117="P")
    own, silent = await found(source.describe(hub.address), given)
    reference = BY_NUMBER["nhs_number"] if isinstance(source, FilesSystem) else "7"
    assert sorted(own) == [("child_basics", reference), ("child_services", reference)]
    assert silent == []


async def test_somebody_else_has_no_own_records(source: ChangingSource, hub: LinkHub) -> None:
    assert await found(source.describe(hub.address), {"nhs_number": "9434765870"}) == ([], [])


@pytest.mark.parametrize("source", [SqlSystem], indirect=True, ids=["sql"])
async def test_a_source_that_does_not_answer_is_named(source: ChangingSource, hub: LinkHub, tmp_path: Path) -> None:
    manifest = source.describe(hub.address)
    (tmp_path / "care.sqlite").unlink()
    assert await found(manifest, BY_NUMBER) == ([], ["child_basics", "child_services"])


@pytest.mark.slow
@pytest.mark.parametrize("source", [SqlSystem], indirect=True, ids=["sql"])
async def test_a_search_by_person_reads_whom_from_standard_input_and_finds_what_was_told(
    source: ChangingSource, hub: LinkHub, run_adapter: RunAdapter, repository: Path
) -> None:
    manifest = source.describe(hub.address)
    async with run_adapter(manifest):
        asked = ask(hub, KNOWN)
        await (await hub.link()).ask(asked)
    source.change(shield="X")

    async def search(given: str) -> tuple[int | None, str, str]:
        pipe = asyncio.subprocess.PIPE
        program = await asyncio.create_subprocess_exec(
            *PROGRAM, "journal", "search", str(manifest), "--person", "--json",
            env=environment(repository), stdin=pipe, stdout=pipe, stderr=pipe,
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE_SECONDS):
            said, complaint = await program.communicate(given.encode())
        return program.returncode, said.decode(), complaint.decode()

    code, said, complaint = await search("nhs_number: 943 476 5919\n")
    (entry,) = json.loads(said)["asks"]
    assert (code, entry["request_id"], entry["own_references"]) == (0, asked.request_id, ["7"])
    assert "Canary" not in said + complaint
    code, said, _ = await search('{"nhs_number": "9434765870"}')
    assert (code, json.loads(said)["found"]) == (0, 0)
    code, said, complaint = await search("name: Zoe")
    assert (code, said) == (2, "")
    assert "Zoe" not in complaint
