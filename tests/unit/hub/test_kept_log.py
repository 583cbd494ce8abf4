"""Verifying a deployment's store as it is kept: whole while a hub runs, and where it is not what was recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from hub.audit.ledger import Ledger
from hub.audit.verifying import NotGenuine, verify_export
from hub.deploying import kept_log
from hub.recording.kept import log_as_kept
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from hub.store.receipts import Receipts
from tests.lib.deployment import hub_in_process, make_deployment
from tests.lib.ledgers import SIGNER, entry, ledger_on

COUNT = 600


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(f"sqlite:///{tmp_path / 'hub.sqlite'}")
    yield opened
    opened.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    made = ledger_on(engine)
    made.append([entry("one", number=number) for number in range(COUNT)])
    return made


def kept(engine: Engine) -> Iterator[bytes]:
    return log_as_kept(AuditEntries(engine), Receipts(engine).by_position(), SIGNER)


def fault_after(engine: Engine, statement: str) -> str:
    """Change the store behind the hub's back, and return what is said of it then."""
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(NotGenuine) as wrong:
        verify_export(kept(engine))
    return str(wrong.value)


def test_a_log_that_is_whole_verifies_as_it_is_kept(engine: Engine, ledger: Ledger) -> None:
    assert verify_export(kept(engine), witness=ledger.checkpoint).size == COUNT


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM audit_entry WHERE position = 300", "the entry at position 300 is missing"),
        (
            "UPDATE audit_entry SET body = replace(body, '\"number\":300', '\"number\":301') WHERE position = 300",
            "an entry between the positions 256 and 511 is not what was recorded",
        ),
        ("UPDATE audit_entry SET kind = 'two' WHERE position = 7", "the entry at position 7 is filed under another"),
        ("DELETE FROM audit_entry WHERE position = 599", "599 entries are not the 600"),
        ("UPDATE audit_entry SET position = 600 WHERE position = 0", "the entry at position 0 is missing"),
        ("DELETE FROM checkpoint", "it has no checkpoint"),
        ("DELETE FROM audit_tile", "an entry between the positions 0 and 255"),
    ],
    ids=["missing", "altered", "misfiled", "cut", "moved", "unsigned", "without tiles"],
)
def test_what_is_wrong_is_said_with_its_place(engine: Engine, statement: str, says: str) -> None:
    assert says in fault_after(engine, statement)


def test_an_entry_that_is_added_behind_the_hub_s_back_is_noticed(engine: Engine, ledger: Ledger) -> None:
    added = "INSERT INTO audit_entry SELECT 600, kind, recorded_at_ms, body FROM audit_entry WHERE position = 599"
    assert "601 entries are not the 600" in fault_after(engine, added)
    assert ledger.size == COUNT


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        (["DELETE FROM receipt WHERE number = 4 AND agency = 'schools'"], 605),
        (
            [
                "DELETE FROM receipt WHERE number = 2 AND agency = 'schools'",
                "UPDATE receipt SET number = number - 1 WHERE number > 2 AND agency = 'schools'",
            ],
            602,
        ),
        (["UPDATE receipt SET position = 600 WHERE number = 2 AND agency = 'schools'"], 601),
        (["UPDATE receipt SET agency = 'health' WHERE number = 3 AND agency = 'schools'"], 603),
        (["INSERT INTO receipt VALUES ('health', 3, 5)"], 5),
    ],
    ids=["taken away", "taken away and numbered on", "of another entry", "to another agency", "of no agency's entry"],
)
def test_a_receipt_that_is_not_what_was_given_is_noticed(
    engine: Engine, ledger: Ledger, statements: list[str], position: int
) -> None:
    for _ in range(2):
        ledger.append([entry("d", agency) for agency in ("schools", "health", "schools")])
    assert verify_export(kept(engine)).size == COUNT + 6
    with engine.begin() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
    assert f"the receipt of the entry at position {position}" in fault_after(engine, statements[-1])


async def test_a_store_is_verified_while_its_hub_goes_on_recording(tmp_path: Path) -> None:
    deployment = make_deployment(tmp_path / "deployment")
    async with hub_in_process(deployment) as hub:
        with kept_log(deployment.folder) as lines:
            first = next(lines)
            await hub.audit.record(entry("later", at_ms=hub.rooms.ledger.last_at_ms))
            assert verify_export([first, *lines]).size == hub.rooms.ledger.size - 1
