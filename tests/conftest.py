"""What every test may rely on: a home folder of its own, no proxy in between, and properties that repeat themselves."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

# The same examples in every run, so that a red test is red for everyone; `make test-slow` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("exploring", deadline=None, max_examples=1_000)
settings.load_profile("steady")

# Unbuffered output would hide a program that forgets to flush.
PYTHON_SETTINGS = ("PYTHONUNBUFFERED", "PYTHONASYNCIODEBUG")
HOME_FOLDERS = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
PROXIES = ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Name the folder that holds the whole project."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give tests, and the programs that they start, a home folder of their own; a user's token stays untouched."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for name in (*HOME_FOLDERS, *PROXIES, *PYTHON_SETTINGS):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Undo what a command within the test did to logging: it would go on writing to a stream that is closed."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        logging.getLogger().handlers.clear()
