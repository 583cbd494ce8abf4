"""What the tests of the commands share: a desk with a hub that answers every call."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sharing.v1 import questions_pb2, sessions_pb2

from tests.integration.client.desk import Desk
from tests.lib.scripted_hub import ScriptedHub
from tests.unit.hub.client import sample


@pytest.fixture
async def desk(tmp_path: Path, repository: Path) -> AsyncIterator[Desk]:
    async with ScriptedHub() as hub:
        hub.script.say("SignIn", sample.session())
        hub.script.say("SignOut", sessions_pb2.SignOutResponse(dropped_answers=2))
        hub.script.say("Menu", sample.menu())
        hub.script.say("Ask", *[questions_pb2.AskResponse(part=part) for part in sample.parts()])
        hub.script.say("ListHeld", sample.held())
        hub.script.say("View", questions_pb2.ViewResponse(answer=sample.whole()))
        hub.script.say("Close", questions_pb2.CloseResponse(dropped_answers=1))
        hub.script.say("GetStatus", sample.status())
        yield Desk(folder=hub.write_folder(tmp_path / "a desk"), repository=repository, hub=hub)
