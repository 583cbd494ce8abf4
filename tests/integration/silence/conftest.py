"""A deployment, and its hub as a program of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.deployment import Deployment, HubProcess, make_deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return make_deployment(tmp_path / "deployment")


@pytest.fixture
def program(deployment: Deployment) -> Iterator[HubProcess]:
    program = HubProcess(deployment)
    yield program
    program.kill()
