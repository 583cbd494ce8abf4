"""Accounts as rows: who may sign in, with which access level."""

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError

from hub.model.account import Account
from hub.store.tables import accounts


class AccountExists(Exception):
    """Is raised when a user name is taken already; user names are unique."""


class Accounts:
    """Finds and adds accounts; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        with self._engine.connect() as connection:
            row = connection.execute(select(accounts).where(accounts.c.user_name == user_name)).one_or_none()
        return None if row is None else Account(**row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)

    def add(self, account: Account) -> None:
        """Add an account; raise AccountExists when the user name is taken."""
        values = {name: getattr(account, name) for name in Account.__slots__}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(accounts), values)
        except IntegrityError:
            raise AccountExists(account.user_name) from None
