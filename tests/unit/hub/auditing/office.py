"""The rooms of auditing on a real record, with journals that a test fills."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from hub.access.in_force import PolicyInForce
from hub.access.policy import Policy
from hub.audit.ledger import Ledger
from hub.audit.log import AuditLog
from hub.audit.pseudonyms import Pseudonyms
from hub.auditing.reading import KeptRecord
from hub.auditing.rooms import AuditRooms
from hub.model.person import PersonKeys
from hub.store.audit_entries import AuditEntries
from hub.store.engine import open_store
from tests.lib.ledgers import ledger_on
from tests.unit.hub.auditing.journals import KnownJournals
from tests.unit.hub.making import nhs_number

PERSON = PersonKeys(nhs_number=nhs_number(7), given_name="Ada", family_name="Testcase", date_of_birth="2015-01-02")


def whom() -> PersonKeys:
    """Name the person whom these tests are about."""
    return PERSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The rooms, and what they work on."""

    rooms: AuditRooms
    journals: KnownJournals
    audit: AuditLog
    ledger: Ledger
    record: KeptRecord
    pseudonyms: Pseudonyms

    def noted(self) -> list[dict[str, Any]]:
        """Return what the record says, oldest first."""
        return [orjson.loads(found.leaf) for found in self.record.entries(0, 10_000)]


@asynccontextmanager
async def opened_office(policy: Policy, file: Path) -> AsyncIterator[Office]:
    """Open the rooms on a new store; two epochs have keys."""
    engine = open_store(f"sqlite:///{file}")
    ledger, journals = ledger_on(engine), KnownJournals()
    record = KeptRecord(ledger, AuditEntries(engine))
    pseudonyms = Pseudonyms({1: b"1" * 32, 2: b"2" * 32})
    async with AuditLog(ledger) as audit:
        rooms = AuditRooms.on(
            record, journals=journals, in_force=PolicyInForce(policy), audit=audit, pseudonyms=pseudonyms
        )
        yield Office(rooms=rooms, journals=journals, audit=audit, ledger=ledger, record=record, pseudonyms=pseudonyms)
    engine.dispose()
