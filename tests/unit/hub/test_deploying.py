from pathlib import Path

import pytest

from hub.accounts.hashing_cost import COSTS, HashingCost
from hub.accounts.passwords import Passwords
from hub.accounts.sealing import Seal
from hub.deploying import CannotDeploy, make_deployment, open_deployment
from hub.store.accounts import Accounts
from hub.store.engine import open_store


@pytest.fixture
def deployment(tmp_path: Path, repository: Path) -> Path:
    folder = tmp_path / "hub"
    make_deployment(folder, hosts=None, requesters="127.0.0.1:0", links="127.0.0.1:0", policies=repository / "policies")
    return folder


def test_the_cost_of_a_hash_is_measured_and_written_down(deployment: Path) -> None:
    settings = open_deployment(deployment).settings
    cost = HashingCost(**settings.passwords.model_dump())
    assert cost in COSTS
    text = (deployment / "hub.toml").read_text(encoding="utf-8")
    assert f"memory_kib = {cost.memory_kib}\npasses = {cost.passes}\n" in text


def test_accounts_are_added_at_that_cost(deployment: Path) -> None:
    opened = open_deployment(deployment)
    opened.add_account("n.okafor", display_name="N Okafor", level="health_visitor", agency="health")
    with pytest.raises(CannotDeploy, match="already"):
        opened.add_account("n.okafor", display_name="N Okafor", level="health_visitor", agency="health")
    engine, passwords = (
        open_store(opened.settings.store_url()),
        Passwords(HashingCost(**opened.settings.passwords.model_dump())),
    )
    kept = Accounts(engine).find("n.okafor")
    assert kept is not None
    assert not passwords.is_outdated(kept.password_hash)
    passwords.close()
    engine.dispose()


def test_the_key_that_seals_seeds_is_made_and_is_for_its_owner_alone(deployment: Path) -> None:
    settings = open_deployment(deployment).settings
    file = settings.path(settings.keys.seal)
    assert Seal(file.read_bytes())
    assert file.stat().st_mode & 0o077 == 0
