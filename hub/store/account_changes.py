"""Changes of accounts that have been agreed to, made within the transaction that publishes them."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, update

from hub.model.proposal import AccountChange
from hub.store.tables import accounts, code_seeds, external_identities, known_devices, passkeys


def apply_changes(connection: Connection, changes: Iterable[AccountChange]) -> None:
    """Change accounts as agreed; one that has gone meanwhile is passed over."""
    for change in changes:
        of_account = accounts.c.user_name == change.user_name
        if change.access_level is not None:
            office = {"access_level": change.access_level, "areas": json.dumps(change.areas)}
            office |= {"agency": change.agency} if change.agency else {}
            connection.execute(update(accounts).where(of_account).values(office))
        if change.enable:
            connection.execute(update(accounts).where(of_account).values(disabled=False))
        if change.remove_factors:
            _remove_factors(connection, change.user_name)
        if change.issuer:
            tie = {"issuer": change.issuer, "subject": change.subject, "user_name": change.user_name}
            of_subject = external_identities.c.issuer == change.issuer
            of_subject &= external_identities.c.subject == change.subject
            connection.execute(delete(external_identities).where(of_subject))
            connection.execute(insert(external_identities), tie)


def _remove_factors(connection: Connection, user_name: str) -> None:
    """Remove second factors, and the password with them: beside them it may be too short to stand alone."""
    for table in (code_seeds, passkeys, known_devices):
        connection.execute(delete(table).where(table.c.user_name == user_name))
    connection.execute(update(accounts).where(accounts.c.user_name == user_name).values(password_hash=""))
