"""A deployment that goes without consent on a ground, made once and copied, and its hub in this process."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.lib.administration import Administration, administration_of
from tests.lib.deployment import Deployment, open_deployment
from tests.lib.going_without import make_going_without


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_going_without(tmp_path_factory.mktemp("going_without")).folder


@pytest.fixture
def deployment(_pattern: Path, tmp_path: Path) -> Deployment:
    folder = tmp_path / "deployment"
    shutil.copytree(_pattern, folder)
    return open_deployment(folder)


@pytest.fixture
async def administration(deployment: Deployment) -> AsyncIterator[Administration]:
    async with administration_of(deployment) as administration:
        yield administration
