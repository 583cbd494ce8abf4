from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.store.engine import open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "with space and 100%" / "hub.sqlite"


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    file.parent.mkdir()
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.dispose()
