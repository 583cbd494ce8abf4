"""A deployment for each test, and for each module one whose hub runs as a program of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sharing.v1.records_pb2 import PersonKeys

from tests.lib.deployment import Deployment, Served, hub_process, make_deployment
from tests.lib.people import people as invented_people

# Shorter than the catalogue's, so that what waits for it does not keep the tests waiting.
DEADLINE_MS = 600
ROOMY_SESSIONS = "[sessions]\nmost_held = 10000\nmost_running = 100\n"


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return make_deployment(tmp_path / "deployment", deadline_ms=DEADLINE_MS, settings=ROOMY_SESSIONS)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("hub") / "deployment"
    with hub_process(make_deployment(folder, deadline_ms=DEADLINE_MS, settings=ROOMY_SESSIONS)) as served:
        yield served


@pytest.fixture(scope="session")
def people() -> Iterator[PersonKeys]:
    """Yield people, each asked about in one test only."""
    return invented_people()
