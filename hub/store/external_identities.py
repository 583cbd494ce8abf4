"""External identities as rows: which account somebody has whom another provider has signed in."""

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from hub.store.tables import external_identities


class ExternalIdentities:
    """Keeps whose account an identity opens; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def find(self, issuer: str, subject: str) -> str | None:
        """Return the user name of the account that exactly this subject of exactly this issuer opens."""
        is_it = (external_identities.c.issuer == issuer, external_identities.c.subject == subject)
        with self._engine.connect() as connection:
            return connection.execute(select(external_identities.c.user_name).where(*is_it)).scalar_one_or_none()

    def of(self, user_name: str) -> tuple[tuple[str, str], ...]:
        """Return issuer and subject of each identity that opens an account."""
        query = select(external_identities.c.issuer, external_identities.c.subject)
        its_own = external_identities.c.user_name == user_name
        with self._engine.connect() as connection:
            return tuple((row.issuer, row.subject) for row in connection.execute(query.where(its_own)))

    def add(self, issuer: str, subject: str, user_name: str) -> bool:
        """Let an identity open an account; tell whether it opened none before, and there is such an account."""
        row = {"issuer": issuer, "subject": subject, "user_name": user_name}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(external_identities), row)
        except IntegrityError:
            return False
        return True

    def remove(self, issuer: str, subject: str) -> bool:
        """Let an identity open nothing any more; tell whether it did."""
        is_it = (external_identities.c.issuer == issuer, external_identities.c.subject == subject)
        with self._engine.begin() as connection:
            return connection.execute(delete(external_identities).where(*is_it)).rowcount == 1
