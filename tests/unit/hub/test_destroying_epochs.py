"""Destroying a key of pseudonyms: only one under which nobody is named any more, whatever runs."""

from pathlib import Path

import pytest

from hub.deploying import CannotDeploy, destroy_epoch
from hub.recording.epochs import epochs_in, new_epoch
from tests.lib.deployment import Deployment, hub_in_process, make_deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return make_deployment(tmp_path / "deployment")


def keys(deployment: Deployment) -> Path:
    settings = deployment.settings()
    return settings.path(settings.keys.pseudonyms)


async def test_a_key_is_destroyed_once_a_hub_has_begun_another(deployment: Deployment) -> None:
    async with hub_in_process(deployment):
        pass
    new_epoch(keys(deployment))
    # A hub that was not started again names people by the old key still.
    with pytest.raises(CannotDeploy, match="People are named by the key of epoch 1 still"):
        destroy_epoch(deployment.folder, 1)
    async with hub_in_process(deployment) as hub:
        destroy_epoch(deployment.folder, 1)
        assert hub.rooms.ledger.size > 0
    assert epochs_in(keys(deployment)) == [2]
    async with hub_in_process(deployment) as hub:
        said = [leaf for leaf in hub.rooms.ledger.leaves(0, hub.rooms.ledger.size) if b'"kind":"epoch_' in leaf]
    assert [b"epoch_begun" in leaf for leaf in said] == [True, True, False]


async def test_the_key_by_which_people_are_named_is_not_destroyed(deployment: Deployment) -> None:
    async with hub_in_process(deployment):
        pass
    for epoch in (1, 2):
        with pytest.raises(CannotDeploy):
            destroy_epoch(deployment.folder, epoch)
    assert epochs_in(keys(deployment)) == [1]
