"""Passkeys as rows: public keys only, each with the count that its authenticator last gave."""

from typing import Any

from sqlalchemy import Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from hub.model.account import Passkey
from hub.store.tables import passkeys


class Passkeys:
    """Keeps passkeys; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def find(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey with this identifier."""
        query = select(passkeys).where(passkeys.c.credential_id == credential_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _passkey(row)

    def of(self, user_name: str) -> tuple[Passkey, ...]:
        """Return an account's passkeys, oldest first."""
        query = select(passkeys).where(passkeys.c.user_name == user_name).order_by(passkeys.c.added_at_ms)
        with self._engine.connect() as connection:
            return tuple(map(_passkey, connection.execute(query)))

    def add(self, passkey: Passkey) -> bool:
        """Keep a passkey; tell whether its identifier was new."""
        row = {name: getattr(passkey, name) for name in Passkey.__slots__}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(passkeys), row)
        except IntegrityError:
            return False
        return True

    def count(self, credential_id: bytes, *, former: int, new: int) -> bool:
        """Keep a new sign count in place of the former; tell whether nobody else has used the passkey meanwhile."""
        is_former = (passkeys.c.credential_id == credential_id, passkeys.c.sign_count == former)
        with self._engine.begin() as connection:
            return connection.execute(update(passkeys).where(*is_former).values(sign_count=new)).rowcount == 1

    def remove(self, user_name: str, credential_id: bytes) -> bool:
        """Forget one passkey of an account; tell whether it had it."""
        its_own = (passkeys.c.user_name == user_name, passkeys.c.credential_id == credential_id)
        with self._engine.begin() as connection:
            return connection.execute(delete(passkeys).where(*its_own)).rowcount == 1


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(**row._mapping)  # noqa: SLF001  (_mapping is SQLAlchemy's public name)
