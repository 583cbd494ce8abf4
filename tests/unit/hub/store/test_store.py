import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from hub.model.account import Account
from hub.model.proposal import Finding, ProposalKind, Publication
from hub.store import engine as engine_module
from hub.store.accounts import AccountExists, Accounts
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from hub.store.publications import Publications
from hub.store.tables import metadata
from tests.lib.ledgers import entry, ledger_on

ACCOUNT = Account(
    user_name="n.okafor", display_name="N Okafor", access_level="health_visitor", agency="health", password_hash="$x"
)


def refuse_writing(file: Path, *, refuse: bool) -> None:
    """Make the database itself refuse each new entry, as a full disk would, or no longer."""
    with sqlite3.connect(file) as other:
        if refuse:
            other.execute("create trigger full before insert on audit_entry begin select raise(abort, 'full'); end")
        else:
            other.execute("drop trigger full")
    other.close()


def test_every_connection_syncs_every_commit(engine: Engine) -> None:
    connections = [engine.connect() for _ in range(4)]
    for connection in connections:
        said = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
        assert said == ["wal", 2, 1, 5_000]
    for connection in connections:
        connection.close()


def test_connections_on_other_threads_sync_too(engine: Engine) -> None:
    said: list[object] = []

    def look() -> None:
        with engine.connect() as connection:
            said.append(connection.exec_driver_sql("pragma synchronous").scalar())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert said == [2]


def test_the_migrations_make_the_tables_that_the_code_reads(engine: Engine) -> None:
    found = sa.inspect(engine)
    for table in metadata.tables.values():
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
    assert set(found.get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_again_keeps_everything(engine: Engine, file: Path) -> None:
    Accounts(engine).add(ACCOUNT)
    ledger_on(engine).append([entry("a")])
    engine.dispose()
    again = open_store(f"sqlite:///{file}")
    assert Accounts(again).find("n.okafor") == ACCOUNT
    assert [kept.kind for kept in AuditEntries(again).read()] == ["a"]
    again.dispose()


def test_a_migration_can_be_taken_back_and_made_again(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(engine_module._MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
        command.upgrade(config, "head")
        connection.commit()
        assert set(metadata.tables) <= set(sa.inspect(connection).get_table_names())


def test_an_account_is_found_by_exactly_its_name(engine: Engine) -> None:
    Accounts(engine).add(ACCOUNT)
    assert Accounts(engine).find("n.okafor") == ACCOUNT
    for other in ("N.Okafor", "n.okafor ", "n_okafor", "%", "", "n.okafor' or '1'='1", "n.okafor\x00"):
        assert Accounts(engine).find(other) is None


def test_a_user_name_is_unique(engine: Engine) -> None:
    Accounts(engine).add(ACCOUNT)
    with pytest.raises(AccountExists):
        Accounts(engine).add(ACCOUNT)


def test_positions_have_no_gaps_over_batches_and_openings(engine: Engine, file: Path) -> None:
    log = ledger_on(engine)
    assert [log.append([entry("a"), entry("b")]).first, log.append([entry("c")]).first] == [0, 2]
    engine.dispose()
    again = open_store(f"sqlite:///{file}")
    assert ledger_on(again).append([entry("d")]).first == 3
    with again.connect() as connection:
        positions = connection.exec_driver_sql("select position from audit_entry order by position").scalars().all()
    assert positions == [0, 1, 2, 3]
    again.dispose()


def test_a_batch_that_fails_leaves_no_gap_and_nothing_of_itself(engine: Engine, file: Path) -> None:
    log = ledger_on(engine)
    log.append([entry("a")])
    refuse_writing(file, refuse=True)
    with pytest.raises(sqlite3.Error):
        log.append([entry("lost"), entry("lost too")])
    refuse_writing(file, refuse=False)
    assert log.append([entry("b")]).first == 1
    assert [kept.kind for kept in AuditEntries(engine).read()] == ["a", "b"]


def test_entries_are_on_disk_for_another_connection_when_append_returns(engine: Engine, file: Path) -> None:
    ledger_on(engine).append([entry("a")])
    with sqlite3.connect(file) as other:
        assert other.execute("select kind from audit_entry").fetchall() == [("a",)]
    other.close()


def test_entries_are_read_as_they_were_written_oldest_first(engine: Engine) -> None:
    written = [entry(f"k{number}", at_ms=number, n=number) for number in range(2_500)]
    ledger_on(engine).append(written)
    assert list(AuditEntries(engine).read()) == written


def test_publications_are_numbered_in_order_and_the_last_policy_is_in_force(engine: Engine) -> None:
    publications = Publications(engine)
    assert publications.in_force() is None
    first = Publication(number=0, version="1", kind=ProposalKind.POLICY, at_ms=1, texts={"a.yaml": "one"})
    assert [publications.add(first).number, publications.add(replace(first, version="2")).number] == [1, 2]
    publications.add(replace(first, kind=ProposalKind.ACCOUNTS, texts={}))
    found = publications.in_force()
    assert found is not None
    assert (found.number, found.version, found.texts) == (2, "2", {"a.yaml": "one"})
    assert [(one.number, one.texts) for one in publications.newest(2)] == [(3, {}), (2, {})]


def test_an_emergency_awaits_one_review(engine: Engine) -> None:
    publications = Publications(engine)
    usual = Publication(number=0, version="1", kind=ProposalKind.POLICY, at_ms=1)
    publications.add(usual)
    publications.add(replace(usual, emergency="A leak.", review_due_ms=9))
    assert [one.number for one in publications.awaiting_review()] == [2]
    assert not publications.review(1, Finding.JUSTIFIED, "ben")
    assert publications.review(2, Finding.JUSTIFIED, "ben")
    assert not publications.review(2, Finding.NOT_JUSTIFIED, "eve")
    assert publications.awaiting_review() == ()
