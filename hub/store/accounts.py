"""Accounts as rows: who may sign in, with which access level."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from hub.model.account import Account
from hub.store.tables import accounts, code_seeds, passkeys


class AccountExists(Exception):
    """Is raised when a user name is taken already; user names are unique."""


class Accounts:
    """Finds, adds and changes accounts; calls block for the time of one database access.

    Those that change an account tell whether there is one of that name.
    """

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def find(self, user_name: str) -> Account | None:
        """Return the account with exactly this user name."""
        with self._engine.connect() as connection:
            row = connection.execute(select(accounts).where(accounts.c.user_name == user_name)).one_or_none()
        return None if row is None else _account(row)

    def all(self) -> tuple[Account, ...]:
        """Return every account, in the order of their user names."""
        with self._engine.connect() as connection:
            return tuple(map(_account, connection.execute(select(accounts).order_by(accounts.c.user_name))))

    def add(self, account: Account) -> None:
        """Add an account; raise AccountExists when the user name is taken."""
        self.add_all([account])

    def add_all(self, new: Iterable[Account]) -> None:
        """Add all of these accounts or, when a user name is taken, none of them; raise AccountExists."""
        rows = [_row(account) for account in new]
        try:
            with self._engine.begin() as connection:
                for row in rows:
                    connection.execute(insert(accounts), row)
        except IntegrityError:
            taken = [row["user_name"] for row in rows if self.find(row["user_name"])]
            raise AccountExists(", ".join(taken or sorted(row["user_name"] for row in rows))) from None

    def add_new(self, account: Account) -> bool:
        """Add an account; tell whether its user name was free."""
        try:
            self.add(account)
        except AccountExists:
            return False
        return True

    def with_second_factor(self) -> frozenset[str]:
        """Return the user names of the accounts that have a second factor in use."""
        codes = select(code_seeds.c.user_name).where(code_seeds.c.is_confirmed.is_(True))
        with self._engine.connect() as connection:
            return frozenset(connection.execute(codes.union(select(passkeys.c.user_name))).scalars())

    def set_password(self, user_name: str, password_hash: str, *, former: str | None = None) -> bool:
        """Set the hash of the password; with `former`, only as long as that is still the hash that is kept."""
        change = update(accounts).where(accounts.c.user_name == user_name)
        if former is not None:
            change = change.where(accounts.c.password_hash == former)
        with self._engine.begin() as connection:
            return connection.execute(change.values(password_hash=password_hash)).rowcount == 1

    def set_office(self, user_name: str, *, access_level: str, agency: str, areas: tuple[str, ...]) -> bool:
        """Allocate an access level in an agency, for areas; the empty level allocates none."""
        return self._change(user_name, access_level=access_level, agency=agency, areas=json.dumps(areas))

    def disable(self, user_name: str) -> bool:
        """Keep the account and let nobody in with it."""
        return self._change(user_name, disabled=True)

    def enable(self, user_name: str) -> bool:
        """Let its holder in again."""
        return self._change(user_name, disabled=False)

    def set_last_signed_in(self, user_name: str, at_ms: int) -> bool:
        """Keep when its holder last signed in."""
        return self._change(user_name, last_signed_in_ms=at_ms)

    def _change(self, user_name: str, **values: object) -> bool:
        change = update(accounts).where(accounts.c.user_name == user_name).values(**values)
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1


def _account(row: Row[Any]) -> Account:
    values = dict(row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)
    return Account(**{**values, "areas": tuple(json.loads(values["areas"]))})


def _row(account: Account) -> dict[str, Any]:
    values = {name: getattr(account, name) for name in Account.__slots__}
    return {**values, "areas": json.dumps(account.areas)}
