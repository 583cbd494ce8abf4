"""docs/adapters.md and docs/adapters/roads.md, typed as they stand there, until the adapter answers a hub."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from sharing.v1 import agencies_pb2, links_pb2
from sharing.v1.records_pb2 import PersonKeys

from hub.client.agency_documents import spell_token
from tests.integration.adapters.http_server import HttpServer
from tests.lib.administration import FIRST, Administration, administration_of, make_administration
from tests.lib.documented import Block, blocks
from tests.lib.link_hub import LinkHub
from tests.lib.stand_in import StandIn

PATIENCE_SECONDS = 90
WRITTEN = ("yaml", "sql", "ini", "csv", "py")
BASICS, SERVICES, ATTENDANCE = "child_basics", "child_services", "child_attendance"
AMARA = PersonKeys(upn="N350218000017")
AMARA_BY_NAME = PersonKeys(family_name="osei", given_name="AMARA", date_of_birth="2012-03-07")
AMARA_AS_PATIENT = PersonKeys(nhs_number="9990000107")
UNKNOWN, UNKNOWN_PATIENT = PersonKeys(upn="P350218099999"), PersonKeys(nhs_number="9990000190")
SHIELDED_PUPIL, SHIELDED_PATIENT = PersonKeys(upn="J350218000024"), PersonKeys(nhs_number="9990000115")
LEFT_SCHOOL = PersonKeys(upn="F350219000025")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something that the hub asks at the end of a road, and the cells that come."""

    question: str
    person: PersonKeys
    fields: tuple[str, ...]
    cells: tuple[str, ...] = ()


def asked(question: str, person: PersonKeys, **told: str) -> Asked:
    """Ask for fields, and expect these values of them."""
    return Asked(question=question, person=person, fields=tuple(told), cells=tuple(told.values()))


def untold(question: str, person: PersonKeys) -> Asked:
    """Ask about somebody of whom nothing may be told."""
    return Asked(question=question, person=person, fields=("given_name", "gender"))


ROADS: Mapping[tuple[str, str], tuple[str, tuple[Asked, ...]]] = {
    ("adapters.md", ""): (
        "school",
        (
            asked(BASICS, AMARA, given_name="Amara", address="4, Mill Lane, Bolton"),
            asked(BASICS, AMARA_BY_NAME, gender="female", school="Invented High School"),
            asked(ATTENDANCE, AMARA, attendance_percent="93.5"),
            untold(BASICS, UNKNOWN),
            untold(BASICS, SHIELDED_PUPIL),
            untold(BASICS, LEFT_SCHOOL),
        ),
    ),
    ("adapters/roads.md", "A REST API"): (
        "academy",
        (
            asked(BASICS, AMARA, given_name="Amara", postcode="BL1 4QR"),
            asked(BASICS, AMARA_BY_NAME, upn="N350218000017"),
            untold(BASICS, UNKNOWN),
            untold(BASICS, SHIELDED_PUPIL),
        ),
    ),
    ("adapters/roads.md", "A FHIR server"): (
        "clinic",
        (
            asked(BASICS, AMARA_AS_PATIENT, address="4 Mill Lane, Bolton"),
            asked(BASICS, AMARA_BY_NAME, gender="female"),
            untold(BASICS, SHIELDED_PATIENT),
            untold(BASICS, UNKNOWN_PATIENT),
        ),
    ),
    ("adapters/roads.md", "Files that are replaced by night"): (
        "careers",
        (
            asked(SERVICES, AMARA, service="Careers service", involved_since="2026-09-01"),
            asked(SERVICES, AMARA_BY_NAME, gender="female"),
            untold(SERVICES, UNKNOWN),
            untold(SERVICES, SHIELDED_PUPIL),
        ),
    ),
}


@dataclass(kw_only=True)
class Walk:
    """One road, as far as it has been walked: where, with what is set in the environment, and what was last said."""

    folder: Path
    environment: Mapping[str, str]
    hub: LinkHub
    asked: tuple[Asked, ...]
    said: str = ""
    ran: list[str] = field(default_factory=list)

    async def step(self, block: Block) -> None:
        """Do what a block says."""
        match block.language:
            case "sh" if block.words == "stays":
                await self._stay(block.text.strip())
            case "sh":
                await self._type(block.text)
            case "text":
                self._was_said(block.text)
            case language if language in WRITTEN:
                self._write(block)
            case _:
                raise AssertionError(block)

    def _write(self, block: Block) -> None:
        file = self.folder / block.words
        file.write_text(block.text, encoding="utf-8")

    async def _type(self, script: str) -> None:
        program = await self._start(f"set -e\n{script}")
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, err = await program.communicate()
        self.said = out.decode()
        self.ran += script.splitlines()
        assert program.returncode == 0, f"{script}{self.said}{err.decode()}"

    async def _stay(self, command: str) -> None:
        """Run what stays in the foreground, ask what is to be asked, and end it as Ctrl-C does."""
        program = await self._start(f"exec {command}")
        self.ran.append(command)
        try:
            link = await self.hub.link()
            for one in self.asked:
                reply = await link.ask(self.hub.make_ask(one.question, one.person, list(one.fields)))
                assert reply.status == links_pb2.REPLY_STATUS_ANSWERED, one
                assert tuple(reply.records.cells) == one.cells, one
        finally:
            program.send_signal(signal.SIGINT)
            async with asyncio.timeout(PATIENCE_SECONDS):
                out, err = await program.communicate()
        self.said = out.decode() + err.decode()
        assert program.returncode == 0, self.said
        assert "Amara" not in self.said

    def _was_said(self, expected: str) -> None:
        """Find each line that the page shows in what was said, in that order; `…` stands for anything."""
        rest = self.said
        for line in expected.splitlines():
            found = re.search(".*".join(map(re.escape, line.split("…"))), rest)
            assert found, f"not said: {line}\nsaid: {self.said}"
            rest = rest[found.end() :]

    async def _start(self, script: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", script, cwd=self.folder, env=self.environment, stdout=pipe, stderr=pipe
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def partnership(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Administration]:
    """Run one hub for all roads, whose policy knows their agencies; it issues what the adapters are known by."""
    deployment = make_administration(tmp_path_factory.mktemp("partnership"))
    with (deployment.folder / "policies" / "agencies.yaml").open("a", encoding="utf-8") as file:
        for agency, _ in ROADS.values():
            file.write(f"  - id: {agency}\n    title: {agency.title()}\n    status: public_body\n")
    async with administration_of(deployment) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def hub(tmp_path: Path, partnership: Administration) -> AsyncIterator[LinkHub]:
    """Hold links as that hub does, and ask over them what a test likes."""
    async with LinkHub(tmp_path, authority=partnership.deployment.authority) as running:
        yield running


async def token_for(partnership: Administration, agency: str) -> str:
    """Have a token made by an administrator, and spell it as `hub agency add` prints it."""
    seat = await partnership.seat(FIRST)
    made = await seat.call(seat.agencies.AddAgency, agencies_pb2.AddAgencyRequest(agency=agency))
    return spell_token(agency, made, f"localhost:{partnership.hub.requesters_port}")


@pytest_asyncio.fixture(loop_scope="module")
async def source() -> AsyncIterator[HttpServer]:
    async with HttpServer() as running:
        yield running


def environment(repository: Path, tools: Path, hub: LinkHub, source: HttpServer) -> dict[str, str]:
    """Set what differs between this machine and the page: where programs are, and which ports were free."""
    tools.mkdir()
    adapter = tools / "adapter"
    adapter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m adapters "$@"\n', encoding="utf-8")
    adapter.chmod(0o755)
    (tools / "python3").symlink_to(sys.executable)
    return {
        "PATH": f"{tools}:/usr/bin:/bin",
        "PYTHONPATH": f"{repository}:{repository / 'protos'}",
        "HUB_ADDRESS": hub.address,
        "REGISTER_URL": source.url.rstrip("/"),
    }


def of_section(page: Path, section: str) -> list[Block]:
    """List the blocks of a page, or of one of its sections."""
    return [block for block in blocks(page) if block.section == section or not section]


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("page", "section"), ROADS)
async def test_a_road_leads_from_nothing_to_a_question_that_is_answered(  # noqa: PLR0913  fixtures, and which road
    repository: Path,
    tmp_path: Path,
    partnership: Administration,
    hub: LinkHub,
    source: HttpServer,
    page: str,
    section: str,
) -> None:
    agency, asked = ROADS[page, section]
    walk = Walk(
        folder=tmp_path, environment=environment(repository, tmp_path / "tools", hub, source), hub=hub, asked=asked
    )
    played = StandIn(server=source)
    token = await token_for(partnership, agency)
    await asyncio.to_thread((tmp_path / "token").write_text, token, encoding="utf-8")
    for block in of_section(repository / "docs" / page, section):
        if block.language == "json":
            played.add(block)
        else:
            await walk.step(block)
    assert f"adapter run {agency}/{agency}.yaml" in walk.ran
    enrolled = [entry for entry in partnership.audited() if entry.get("agency") == agency]
    assert [entry["kind"] for entry in enrolled] == ["agency_invited", "certificate_issued"]


def test_every_block_of_the_roads_is_walked(repository: Path) -> None:
    sections = {(page, section) for page, section in ROADS if section}
    shown = {("adapters/roads.md", block.section) for block in blocks(repository / "docs" / "adapters" / "roads.md")}
    assert shown == sections
