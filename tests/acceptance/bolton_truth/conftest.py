"""Builds Bolton once for all tests of this folder."""

from pathlib import Path

import pytest

from tests.acceptance.bolton_truth.built import Built, build


@pytest.fixture(scope="session")
def bolton(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(repository, tmp_path_factory.mktemp("bolton truth"))
