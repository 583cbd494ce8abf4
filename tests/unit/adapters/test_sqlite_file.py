"""A back-office file that is read cannot be written, by either of two locks."""

import sqlite3
from pathlib import Path

import pytest

from adapters.sql.sqlite_file import connect_read_only


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a name with ?, # and %.sqlite"
    connection = sqlite3.connect(made)
    connection.execute("CREATE TABLE child (upn)")
    connection.close()
    return made


@pytest.mark.parametrize("unlock", ["PRAGMA query_only = OFF", "SELECT 1"])
def test_nothing_can_be_written_through_the_connection_of_a_reader(file: Path, unlock: str) -> None:
    connection = connect_read_only(file)
    connection.execute(unlock)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO child VALUES ('x')")
    connection.close()


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect_read_only(tmp_path / "none.sqlite")
    assert not (tmp_path / "none.sqlite").exists()
