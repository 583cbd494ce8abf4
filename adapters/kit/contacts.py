"""Requests to get in touch with a requester: kept for the agency's people, acknowledged and never answered."""

import sqlite3
from dataclasses import dataclass

from sharing.v1.links_pb2 import Contact

_INSERT = f"INSERT OR IGNORE INTO contacts VALUES (NULL{', ?' * 13})"  # noqa: S608  only question marks are put in


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ContactEntry:
    """One request, with the person it is about. Nobody is looked for: known and unknown are the same."""

    received_at_ms: int
    hub: str
    contact: Contact

    def keep(self, connection: sqlite3.Connection) -> None:
        """Write within the transaction that is open; one that was passed on before stays as it is."""
        contact, person = self.contact, self.contact.person
        row = (
            self.received_at_ms,
            self.hub,
            contact.request_id,
            contact.requester,
            contact.requester_name,
            contact.requester_agency,
            contact.purpose,
            contact.case_reference,
            person.nhs_number,
            person.upn,
            person.given_name,
            person.family_name,
            person.date_of_birth,
        )
        connection.execute(_INSERT, row)
