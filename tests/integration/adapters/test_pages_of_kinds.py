"""The manifests that four pages show (SOAP, OneRoster, files, own code), read as printed and tried at real sources."""

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import openpyxl
import pytest
import structlog

from adapters.cli import make_reader
from adapters.kit.errors import ManifestError
from adapters.kit.manifest import Manifest
from adapters.kit.manifest_file import load_manifest
from adapters.kit.reader import FindingState, Looking, Match, Reader
from tests.integration.adapters.soap_server import running_soap_server
from tests.lib.roster_service import RosterServer, a_school

ENVIRONMENT = {"CASES_PASSWORD": "s3cret", "ROSTER_SECRET": "s3cret", "REGISTER_PASSWORD": "s3cret"}
PAGES = ("soap", "oneroster", "files", "python")
BY_NAMES = (("family_name", "Khan"), ("given_name", "Amina"), ("date_of_birth", "2012-03-07"))


def page_of(repository: Path, name: str) -> str:
    text = (repository / "docs" / "adapters" / f"{name}.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return str(shown)


def load(folder: Path, text: str) -> Manifest:
    file = folder / "agency.yaml"
    file.write_text(text, encoding="utf-8")
    return load_manifest(file, ENVIRONMENT)


@asynccontextmanager
async def reader_of(manifest: Manifest) -> AsyncIterator[Reader]:
    (source,) = manifest.sources.values()
    reader = make_reader(source, manifest.limits, structlog.get_logger())
    await reader.open()
    try:
        yield reader
    finally:
        await reader.close()


async def cells(reader: Reader, records: str, wanted: tuple[tuple[str, str], ...], *fields: str) -> list[str]:
    looking = Looking.ALL if wanted is BY_NAMES else Looking.ANY
    deadline = asyncio.get_running_loop().time() + 10
    found = await reader.find(records, Match(looking=looking, wanted=wanted), fields, deadline)
    return list(found.cells)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_shows_a_good_manifest_whose_secrets_come_out_of_the_environment(
    repository: Path, tmp_path: Path, name: str
) -> None:
    text = page_of(repository, name)
    assert load(tmp_path, text)
    if "${" in text:
        with pytest.raises(ManifestError) as raised:
            load(tmp_path, re.sub(r"\$\{\w+\}", "s3cret", text))
        assert "stands in the manifest itself" in str(raised.value)
        assert "s3cret" not in str(raised.value)


async def test_the_page_on_soap_holds_at_a_real_service(repository: Path, tmp_path: Path) -> None:
    with running_soap_server() as service:
        (tmp_path / "wsdl").mkdir()
        (tmp_path / "wsdl" / "cases.wsdl").write_bytes(service.wsdl())
        text = page_of(repository, "soap").replace("https://cases.example/soap/v2", f"{service.url}token/")
        async with reader_of(load(tmp_path, text)) as reader:
            assert not [one for one in await reader.check() if one.state is FindingState.FAULT]
            assert await cells(reader, "person", BY_NAMES, "nhs_number") == ["9434765919"]
            by_number = (("nhs_number", "9434765919"),)
            fields = ("involvement_status", "worker_name")
            assert await cells(reader, "involvement", by_number, *fields) == ["open", "J. Ward", "closed", "K. Lee"]


async def test_the_page_on_oneroster_holds_at_a_service_of_the_standard(repository: Path, tmp_path: Path) -> None:
    async with RosterServer(collections=a_school()) as service:
        text = page_of(repository, "oneroster").replace(
            "https://mis.example/ims/oneroster/rostering/v1p2/", service.url
        )
        manifest = load(tmp_path, text.replace("https://mis.example/oauth2/token", service.token_url))
        async with reader_of(manifest) as reader:
            assert not [one for one in await reader.check() if one.state is FindingState.FAULT]
            assert await cells(reader, "pupil", BY_NAMES, "upn", "gender") == ["H801200001001", "female"]
            by_upn = (("upn", "H801200001001"),)
            fields = ("school", "year_group")
            school = "Moor Lane School"
            assert await cells(reader, "enrolment", by_upn, *fields) == [school, "07", school, "07"]


async def test_the_page_on_files_holds_at_a_folder_with_both_kinds(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "nightly"
    folder.mkdir()
    header = "ClientRef;UPN;Surname;Forename;DOB;OptOut"
    text = f"{header}\nc1;H801200001001;Khan;Amina;07/03/2012;N\n"
    (folder / "clients.csv").write_text(text, encoding="cp1252")
    workbook = openpyxl.Workbook()
    workbook.create_sheet("This year").append(["ClientRef", "Code", "Recorded", "From"])
    workbook["This year"].append(["c1", 310, "2026-11-01", "2026-09-01"])
    workbook.save(folder / "destinations.xlsx")
    an_hour_ago = time.time() - 3600
    for file in ("clients.csv", "destinations.xlsx"):
        os.utime(folder / file, (an_hour_ago, an_hour_ago))
    async with reader_of(load(tmp_path, page_of(repository, "files"))) as reader:
        assert not [one for one in await reader.check() if one.state is FindingState.FAULT]
        assert await cells(reader, "client", BY_NAMES, "service") == ["Connexions"]
        by_upn = (("upn", "H801200001001"),)
        assert await cells(reader, "destination", by_upn, "activity", "activity_since") == ["training", "2026-09-01"]
