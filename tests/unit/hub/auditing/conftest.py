from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.policy import Policy
from hub.audit import log
from tests.unit.hub.auditing.office import Office, opened_office


@pytest.fixture
async def office(policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """Open the rooms on a record of their own, whose disk may be slow: that is not what is tested here."""
    monkeypatch.setattr(log, "PATIENCE_SECONDS", 30.0)
    async with opened_office(policy, tmp_path / "hub.sqlite") as opened:
        yield opened
