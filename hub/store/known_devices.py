"""Known devices as rows: from where the holder of an account has signed in, by a digest of the device's token."""

from sqlalchemy import ColumnElement, Engine, and_, delete, insert, select

from hub.store.tables import known_devices

MOST_KNOWN = 5


class KnownDevices:
    """Keeps the newest devices of each account; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def knows(self, user_name: str, digest: bytes) -> bool:
        """Tell whether this account was signed in to from the device whose token has this digest."""
        query = select(known_devices.c.added_at_ms).where(_is(user_name, digest))
        with self._engine.connect() as connection:
            return connection.execute(query).one_or_none() is not None

    def add(self, user_name: str, digest: bytes, now_ms: int) -> None:
        """Keep a device, and forget the account's oldest ones beyond the newest few."""
        row = {"user_name": user_name, "digest": digest, "added_at_ms": now_ms}
        newest_first = (known_devices.c.added_at_ms.desc(), known_devices.c.digest)
        of_account = select(known_devices.c.digest).where(known_devices.c.user_name == user_name)
        with self._engine.begin() as connection:
            connection.execute(insert(known_devices), row)
            surplus = connection.execute(of_account.order_by(*newest_first).offset(MOST_KNOWN)).scalars().all()
            for one in surplus:
                connection.execute(delete(known_devices).where(_is(user_name, one)))

    def forget(self, user_name: str) -> None:
        """Forget every device of an account."""
        with self._engine.begin() as connection:
            connection.execute(delete(known_devices).where(known_devices.c.user_name == user_name))


def _is(user_name: str, digest: bytes) -> ColumnElement[bool]:
    return and_(known_devices.c.user_name == user_name, known_devices.c.digest == digest)
