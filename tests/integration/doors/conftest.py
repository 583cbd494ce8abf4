"""A front door for each test, and two real issuers for all."""

import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.integration.doors.front_door import FrontDoor, front_door
from tests.integration.doors.visitor import Visitor
from tests.lib.node import require_node

SECRET = "a secret: 100% of it"


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    async with front_door(tmp_path / "deployment") as opened:
        yield opened


@pytest.fixture
async def visitor(door: FrontDoor) -> AsyncIterator[Visitor]:
    async with door.visitor() as come:
        yield come


@pytest.fixture
async def another(door: FrontDoor) -> AsyncIterator[Visitor]:
    """Yield somebody else, or the same person at another device."""
    async with door.visitor() as come:
        yield come


@pytest.fixture(scope="session")
def real_issuers() -> Iterator[tuple[str, str]]:
    """Run two issuers of npm's oidc-provider: one wants no secret of the hub, the other SECRET."""
    command = require_node().command("issuers.js", SECRET)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as node:
        assert node.stdin
        assert node.stdout
        first, second = json.loads(node.stdout.readline())
        yield first, second
        node.stdin.close()
        assert node.wait(10) == 0
