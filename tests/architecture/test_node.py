from pathlib import Path

import pytest

from tests.lib import node


@pytest.fixture
def without_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(node, "FOLDER", tmp_path)
    return monkeypatch


def test_on_a_laptop_without_node_s_packages_a_test_is_skipped(without_packages: pytest.MonkeyPatch) -> None:
    without_packages.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="make node"):
        node.require_node()


def test_on_a_build_server_without_node_s_packages_a_test_is_red(without_packages: pytest.MonkeyPatch) -> None:
    without_packages.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="make node"):
        node.require_node()
