"""What the store says when it cannot be used, and that our own mistakes are not taken for that."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from hub.errors import NotReady
from hub.store.engine import make_lasting, open_store


def fill(engine: Engine) -> None:
    """Let the database grow no further, as a full disk would."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar()
        connection.exec_driver_sql(f"pragma max_page_count = {pages}")
        connection.exec_driver_sql("create table filling (it)")


def test_a_store_without_room_says_in_words_that_it_cannot_be_used(engine: Engine) -> None:
    with pytest.raises(NotReady) as refused:
        fill(engine)
    assert refused.value.reason == "STORE_UNUSABLE"
    assert "Tell its operator" in refused.value.message
    # What the driver said may name files; it goes no further.
    assert refused.value.__suppress_context__


def test_a_mistake_in_a_statement_is_not_taken_for_a_store_that_cannot_be_used(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError, match="no such table"):
        connection.exec_driver_sql("select * from absent")
    twice = "insert into checkpoint values (1, ''), (1, '')"
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql(twice)


def test_a_file_that_is_no_store_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    file.write_bytes(b"no database " * 1_000)
    with pytest.raises(NotReady, match="cannot use its store"):
        open_store(f"sqlite:///{file}")


def test_a_write_ahead_log_is_written_anew_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "hub.sqlite"
    url, log = f"sqlite:///{file}", tmp_path / "hub.sqlite-wal"
    engine = open_store(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("insert into checkpoint values (7, 'kept')")
    before = log.read_bytes()
    assert before
    make_lasting(url)
    assert log.read_bytes() == before
    engine.dispose()
    # SQLite itself has emptied and removed it: there is nothing to write.
    make_lasting(url)
    again = open_store(url)
    with again.connect() as connection:
        assert connection.exec_driver_sql("select size from checkpoint").scalars().all() == [7]
    again.dispose()


def test_a_write_ahead_log_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "hub.sqlite-wal").mkdir()
    with pytest.raises(NotReady, match="cannot use its store"):
        make_lasting(f"sqlite:///{tmp_path / 'hub.sqlite'}")
