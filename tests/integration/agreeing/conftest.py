"""A deployment of everybody who sets rules, made once and copied, and its hub in this process."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.lib.administration import Administration, administration_of, make_administration
from tests.lib.deployment import Deployment, open_deployment


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_administration(tmp_path_factory.mktemp("administration")).folder


@pytest.fixture
def deployment(_pattern: Path, tmp_path: Path) -> Deployment:
    folder = tmp_path / "deployment"
    shutil.copytree(_pattern, folder)
    return open_deployment(folder)


@pytest.fixture
async def administration(deployment: Deployment) -> AsyncIterator[Administration]:
    async with administration_of(deployment) as administration:
        yield administration
