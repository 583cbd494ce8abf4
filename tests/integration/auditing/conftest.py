"""A deployment of everybody who looks, made once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.lib.administration import make_administration
from tests.lib.deployment import Deployment, open_deployment


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_administration(tmp_path_factory.mktemp("auditing")).folder


@pytest.fixture
def deployment(_pattern: Path, tmp_path: Path) -> Deployment:
    folder = tmp_path / "deployment"
    shutil.copytree(_pattern, folder)
    return open_deployment(folder)
