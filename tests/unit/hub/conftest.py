from pathlib import Path

import pytest

from hub.access.policy import Policy, load_policy


@pytest.fixture(scope="session")
def policy(repository: Path) -> Policy:
    """Return the shipped policy."""
    return load_policy(repository / "policies")
