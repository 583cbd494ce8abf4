from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.access.policy import Policy
from tests.unit.hub.auditing.office import Office, opened_office


@pytest.fixture
async def office(policy: Policy, tmp_path: Path) -> AsyncIterator[Office]:
    """Open the rooms on a record of their own."""
    async with opened_office(policy, tmp_path / "hub.sqlite") as opened:
        yield opened
