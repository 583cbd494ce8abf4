"""Seeds of one-time codes as rows: sealed, and with the last time step whose code was accepted."""

from sqlalchemy import ColumnElement, Engine, delete, insert, select, update

from hub.model.account import SealedSeed
from hub.store.tables import code_seeds

BEFORE_EVERY_STEP = -1


class CodeSeeds:
    """Keeps one seed for each account; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def find(self, user_name: str) -> SealedSeed | None:
        """Return the seed of an account, confirmed or not."""
        query = select(code_seeds.c.sealed, code_seeds.c.is_confirmed, code_seeds.c.last_step)
        with self._engine.connect() as connection:
            row = connection.execute(query.where(code_seeds.c.user_name == user_name)).one_or_none()
        if row is None:
            return None
        return SealedSeed(sealed=row.sealed, is_confirmed=row.is_confirmed, last_step=row.last_step)

    def begin(self, user_name: str, sealed: bytes) -> bool:
        """Keep a seed that is not confirmed yet, in place of another such; tell whether none was confirmed before."""
        row = {"user_name": user_name, "sealed": sealed, "is_confirmed": False, "last_step": BEFORE_EVERY_STEP}
        is_open = (code_seeds.c.user_name == user_name, code_seeds.c.is_confirmed.is_(False))
        with self._engine.begin() as connection:
            connection.execute(delete(code_seeds).where(*is_open))
            if connection.execute(select(code_seeds.c.user_name).where(code_seeds.c.user_name == user_name)).first():
                return False
            connection.execute(insert(code_seeds), row)
        return True

    def confirm(self, user_name: str, sealed: bytes, step: int) -> bool:
        """Confirm a seed by a code of this time step; tell whether it is still the one that was begun."""
        is_open = (code_seeds.c.sealed == sealed, code_seeds.c.is_confirmed.is_(False))
        return self._accept(user_name, step, *is_open)

    def accept(self, user_name: str, step: int) -> bool:
        """Accept the code of a time step, once: no code of this step or of an earlier one is accepted afterwards.

        The database compares and sets in one statement, so that two processes cannot both accept it.
        """
        return self._accept(user_name, step, code_seeds.c.is_confirmed.is_(True))

    def remove(self, user_name: str) -> bool:
        """Forget an account's seed; tell whether it had one."""
        with self._engine.begin() as connection:
            return connection.execute(delete(code_seeds).where(code_seeds.c.user_name == user_name)).rowcount == 1

    def _accept(self, user_name: str, step: int, *also: ColumnElement[bool]) -> bool:
        is_later = (code_seeds.c.user_name == user_name, code_seeds.c.last_step < step)
        change = update(code_seeds).where(*is_later, *also).values(last_step=step, is_confirmed=True)
        with self._engine.begin() as connection:
            return connection.execute(change).rowcount == 1
