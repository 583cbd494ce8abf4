"""A deployment with one account for each access level, and for each module one whose hub is a program of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sharing.v1.records_pb2 import PersonKeys

from hub.access.policy import load_policy
from hub.accounts.passwords import Passwords
from hub.model.account import Account
from hub.store.accounts import Accounts
from hub.store.engine import open_store
from tests.lib.deployment import PASSWORD, Deployment, Served, hub_process, make_deployment
from tests.lib.people import people as invented_people

DEADLINE_MS = 1_500
ROOMY_SESSIONS = "[sessions]\nmost_held = 10000\nmost_running = 100\n"


def add_accounts(deployment: Deployment) -> None:
    """Add an account for each level, named as the level is."""
    settings = deployment.settings()
    levels = load_policy(settings.path(settings.policies)).levels
    passwords = Passwords()
    kept = passwords.hash(PASSWORD)
    passwords.close()
    engine = open_store(settings.store_url())
    for level in levels.values():
        agency = level.agency or "social_care"
        Accounts(engine).add(
            Account(
                areas=("bolton",),
                user_name=level.id,
                display_name=level.title,
                access_level=level.id,
                agency=agency,
                password_hash=kept,
            )
        )
    engine.dispose()


def deployed(folder: Path) -> Deployment:
    deployment = make_deployment(folder / "deployment", deadline_ms=DEADLINE_MS, settings=ROOMY_SESSIONS)
    add_accounts(deployment)
    return deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    return deployed(tmp_path)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with hub_process(deployed(tmp_path_factory.mktemp("hub"))) as served:
        yield served


@pytest.fixture(scope="module")
def people() -> Iterator[PersonKeys]:
    """Yield people, each asked about in one test only."""
    return invented_people()
