"""What a folder is known by at the hub: bounded, private, and no obstacle when it is damaged."""

from pathlib import Path

import pytest

from hub.cli.devices import Devices


@pytest.fixture
def devices(tmp_path: Path) -> Devices:
    return Devices(folder=tmp_path)


def test_each_user_name_has_a_token_of_its_own(devices: Devices) -> None:
    assert devices.keep("ada", "one")
    assert devices.keep("bea", "two")
    assert devices.keep("ada", "three")
    assert (devices.token("ada"), devices.token("bea"), devices.token("gus")) == ("three", "two", "")


def test_the_oldest_is_forgotten_where_there_are_too_many(devices: Devices) -> None:
    for number in range(51):
        assert devices.keep(f"u{number}", f"t{number}")
    assert (devices.token("u0"), devices.token("u1"), devices.token("u50")) == ("", "t1", "t50")


@pytest.mark.parametrize("text", ["", "no JSON", "[1]", '{"ada": 1}', '{"ada": "a b"}', "[" * 20_000])
def test_a_damaged_file_counts_for_nothing_and_is_replaced(devices: Devices, tmp_path: Path, text: str) -> None:
    (tmp_path / "device").touch(mode=0o600)
    (tmp_path / "device").write_text(text, encoding="ascii")
    assert devices.token("ada") == ""
    assert devices.keep("ada", "one")
    assert devices.token("ada") == "one"


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "x" * 513])
def test_what_is_no_token_is_not_kept(devices: Devices, token: str) -> None:
    assert not devices.keep("ada", token)


def test_a_folder_that_is_not_there_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    assert not Devices(folder=tmp_path / "absent").keep("ada", "one")
