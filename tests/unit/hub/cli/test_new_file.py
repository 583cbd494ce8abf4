"""A new file: whole or not at all, and never in the place of another."""

from pathlib import Path

import pytest

from hub.cli.audit.new_file import NewFile
from hub.cli.errors import CommandError


def test_a_file_is_there_once_it_is_whole_and_only_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "log.export"
    with NewFile(path) as file:
        file.write(b"one")
        file.write(b"two")
        assert not path.exists()
    assert path.read_bytes() == b"onetwo"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["log.export"]


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    file = NewFile(tmp_path / "log.export")
    file.__enter__()
    file.write(b"one")
    file.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_already_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.export"
    path.write_text("before")
    with pytest.raises(CommandError, match="already"), NewFile(path):
        pass
    assert path.read_text() == "before"


def test_a_file_that_comes_to_be_there_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.export"
    file = NewFile(path)
    file.__enter__()
    file.write(b"mine")
    path.write_text("theirs")
    with pytest.raises(CommandError, match="cannot be written"):
        file.__exit__(None, None, None)
    assert path.read_text() == "theirs"
    assert [found.name for found in tmp_path.iterdir()] == ["log.export"]


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"), NewFile(tmp_path / "nowhere" / "file"):
        pass
