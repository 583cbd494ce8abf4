from pathlib import Path

import pytest

from tests.lib import node


@pytest.fixture
def without_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(node, "FOLDER", tmp_path)
    return monkeypatch


def test_on_a_laptop_without_node_s_packages_a_test_is_skipped(without_packages: pytest.MonkeyPatch) -> None:
    without_packages.delenv("CI", raising=False)
    without_packages.delenv("CI_NOTHING_SKIPPED", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make node"):
        node.require_node()


@pytest.mark.parametrize("said", ["CI", "CI_NOTHING_SKIPPED"])
def test_on_a_build_server_without_node_s_packages_a_test_is_red(
    without_packages: pytest.MonkeyPatch, said: str
) -> None:
    for name in ("CI", "CI_NOTHING_SKIPPED"):
        without_packages.delenv(name, raising=False)
    without_packages.setenv(said, "1")
    with pytest.raises(pytest.fail.Exception, match="make node"):
        node.require_node()
