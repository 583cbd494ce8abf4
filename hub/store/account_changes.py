"""Changes of accounts that have been agreed to, made within the transaction that publishes them."""

import json
from collections.abc import Iterable

from sqlalchemy import Connection, delete, update

from hub.model.proposal import AccountChange
from hub.store.tables import accounts, passkeys, totp_seeds


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
            for factors in (totp_seeds, passkeys):
                connection.execute(delete(factors).where(factors.c.user_name == change.user_name))
