"""What is in force outlives the hub, whatever becomes of the folder; a store that was tampered with is refused."""

import json
import shutil
import sqlite3

import pytest

from hub.errors import PolicyError, SettingsError
from hub.main import running_hub
from tests.lib.administration import FIRST, SECOND, administration_of
from tests.lib.deployment import Deployment
from tests.lib.drafts import CLOSING, OPENING, SHIPPED


async def published(deployment: Deployment) -> str:
    """Have a hub publish something, stop it, and return the version that is in force."""
    async with administration_of(deployment) as administration:
        first, second = await administration.seats(FIRST, SECOND)
        proposal = await first.propose(CLOSING)
        await second.approve(proposal)
        return (await first.publish(proposal)).publication.policy_version


async def test_what_was_published_is_in_force_again_whatever_the_folder_says(deployment: Deployment) -> None:
    version = await published(deployment)
    folder = deployment.settings().path(deployment.settings().policies)
    for name, content in OPENING.items():
        (folder / name).write_bytes(content)
    async with administration_of(deployment) as administration:
        assert administration.hub.in_force.policy.version == version
        first = await administration.seat(FIRST)
        assert await first.policy() == dict(CLOSING)
        assert [one.number for one in await first.history()] == [2, 1]
        starts = [one for one in administration.audited() if one["kind"] == "policy_in_force"]
        in_force = [(one["publication"], one["policy_version"] == version) for one in starts]
        assert in_force == [(1, False), (2, True), (2, True)]  # at the first start, when published, at the second start
    shutil.rmtree(folder / "levels")
    async with administration_of(deployment) as administration:
        assert administration.hub.in_force.policy.version == version


async def test_the_first_start_publishes_the_folder(deployment: Deployment) -> None:
    async with administration_of(deployment) as administration:
        first = await administration.seat(FIRST)
        (only,) = await first.history()
        assert (only.number, only.publisher, only.proposal) == (1, "", "")
        assert await first.policy() == dict(SHIPPED)


async def test_a_store_whose_texts_were_changed_is_refused(deployment: Deployment) -> None:
    await published(deployment)
    file = deployment.settings().store_url().removeprefix("sqlite:///")
    texts = json.dumps({name: text.decode() for name, text in OPENING.items()})
    with sqlite3.connect(file) as store:
        store.execute("UPDATE publication SET texts = ? WHERE number = 2", (texts,))
    store.close()
    with pytest.raises(PolicyError, match="does not say what was published"):
        async with running_hub(deployment.settings()):
            pass


async def test_a_second_hub_on_the_same_store_is_refused(deployment: Deployment) -> None:
    async with administration_of(deployment):
        with pytest.raises(SettingsError, match="the store is in use"):
            async with running_hub(deployment.settings()):
                pass
    async with running_hub(deployment.settings()) as hub:
        assert hub.in_force.policy.version
