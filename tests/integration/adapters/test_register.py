"""Adapters over a real link: whoever fits criteria is found, and whoever is shielded reads as unknown."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sharing.v1 import links_pb2
from sharing.v1.links_pb2 import Ask, Looking
from sharing.v1.records_pb2 import Criteria, PersonKeys

from tests.integration.adapters.changing_sources import (
    FIELDS,
    ChangingSource,
    FhirSystem,
    FilesSystem,
    RestSystem,
    SqlSystem,
)
from tests.integration.adapters.conftest import RunAdapter
from tests.integration.adapters.test_leaving import journalled, taken_back, without_its_own
from tests.lib.link_hub import LinkHub

SEARCH = {"sql": "true", "files": "true", "rest": "{family_name: family}", "fhir": "{}"}


KINDS = [SqlSystem, *(pytest.param(kind, marks=pytest.mark.slow) for kind in (FilesSystem, RestSystem, FhirSystem))]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.kind)
async def source(request: pytest.FixtureRequest, tmp_path: Path, hub: LinkHub) -> AsyncIterator[ChangingSource]:
    hub.issue("social_care")
    async with request.param(tmp_path) as running:
        yield running


def opened(source: ChangingSource, hub: LinkHub) -> Path:
    """Write the manifest of an agency that lets its records be searched."""
    file = source.describe(hub.address)
    said = file.read_text(encoding="utf-8")
    file.write_text(said.replace("        fields:", f"        search: {SEARCH[source.kind]}\n        fields:", 1))
    return file


def search_for(hub: LinkHub, **wanted: str) -> Ask:
    ask = hub.make_ask("child_basics", PersonKeys(), list(FIELDS))
    ask.ClearField("person")
    ask.criteria.CopyFrom(Criteria(**wanted))
    ask.looking.CopyFrom(Looking(most_people=20))
    return ask


async def test_whoever_fits_is_found_and_nobody_else(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, tmp_path: Path
) -> None:
    async with run_adapter(opened(source, hub)):
        link = await hub.link()
        # The stand-in of a FHIR server compares whole names.
        found = await link.ask(
            search_for(hub, family_name="Canary", given_name="Zoe" if source.kind == "fhir" else "Zo")
        )
        nobody = await link.ask(search_for(hub, family_name="Canary", given_name="Ann"))
        cannot = await link.ask(search_for(hub, school="Mary", family_name="Canary"))
    assert list(found.records.cells) == ["9434765919", "Canary", "Zoe", "2012-03-07", "Care"]
    assert nobody.status == links_pb2.REPLY_STATUS_ANSWERED
    assert not nobody.records.cells
    assert cannot.status == links_pb2.REPLY_STATUS_UNABLE
    assert [row[:2] for row in journalled(tmp_path)] == [("answered", 1), ("answered", 0), ("unable", 0)]


@pytest.mark.parametrize("code", ["R", "X", "??"])
async def test_somebody_shielded_is_absent_in_the_same_bytes_as_somebody_unknown(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter, code: str
) -> None:
    source.change(shield=code)
    async with run_adapter(opened(source, hub)):
        link = await hub.link()
        shielded = await link.ask(search_for(hub, family_name="Canary"))
        unknown = await link.ask(search_for(hub, family_name="Nobody"))
    assert shielded.status == links_pb2.REPLY_STATUS_ANSWERED
    assert without_its_own(shielded) == without_its_own(unknown)


async def test_a_record_set_that_its_agency_has_not_opened_cannot_be_searched(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    async with run_adapter(source.describe(hub.address)):
        link = await hub.link()
        reply = await link.ask(search_for(hub, family_name="Canary"))
    assert reply.status == links_pb2.REPLY_STATUS_UNABLE


async def test_what_a_search_told_is_taken_back_when_less_may_leave(
    hub: LinkHub, source: ChangingSource, run_adapter: RunAdapter
) -> None:
    async with run_adapter(opened(source, hub)):
        link = await hub.link()
        ask = search_for(hub, family_name="Canary")
        await link.ask(ask)
        source.change(shield="R")
        async with asyncio.timeout(10):
            assert await taken_back(link, 10) == ask.request_id
