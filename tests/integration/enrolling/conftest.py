"""A deployment with administrators, its hub in this process, and everything by which an agency enrols."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from sharing.v1.records_pb2 import PersonKeys

from hub.enrolling.membership import Membership
from tests.integration.enrolling.desk import Desk
from tests.lib.administration import FIRST, Administration, administration_of, make_administration
from tests.lib.deployment import AGENCIES, Deployment, open_deployment
from tests.lib.people import people as invented_people

SETTINGS = "[sessions]\nmost_held = 10000\nmost_running = 100\n"


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_administration(tmp_path_factory.mktemp("enrolling"), settings=SETTINGS).folder


@pytest.fixture
def deployment(_pattern: Path, tmp_path: Path) -> Deployment:
    folder = tmp_path / "deployment"
    shutil.copytree(_pattern, folder)
    return open_deployment(folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def administration(_pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Administration]:
    """Run one hub for all tests of a module, which share its event loop."""
    folder = tmp_path_factory.mktemp("hub") / "deployment"
    shutil.copytree(_pattern, folder)
    async with administration_of(open_deployment(folder)) as administration:
        yield administration


@pytest_asyncio.fixture(loop_scope="module")
async def desk(administration: Administration, tmp_path: Path) -> Desk:
    """Give an administrator's seat at a hub that knows of no agency's certificates yet."""
    forget_members(administration)
    return Desk(administration=administration, seat=await administration.seat(FIRST), folder=tmp_path)


def forget_members(administration: Administration) -> None:
    """Let a running hub begin anew with what is kept of agencies: nothing; its record stays."""
    for statement in ("DELETE FROM agency_member", "DELETE FROM enrolment_token", "DELETE FROM issued_certificate"):
        administration.write(statement)
    enrolling = administration.hub.rooms.enrolling
    around, knows = enrolling._around, enrolling.membership._knows
    fresh = Membership(around.store, around.authorities, knows, around.now_ms)
    enrolling.__init__(replace(around, membership=fresh))  # type: ignore[misc]  # the edges hold this one
    for agency in AGENCIES:
        administration.hub.links.cut(agency)


@pytest.fixture(scope="session")
def people() -> Iterator[PersonKeys]:
    """Yield people, each asked about in one test only."""
    return invented_people()
