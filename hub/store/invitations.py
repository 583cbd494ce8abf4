"""Invitations as rows: one for each account at most, gone when it is used."""

from sqlalchemy import Engine, delete, insert, select, update

from hub.model.account import Invitation, InvitationKind
from hub.store.tables import accounts, invitations, known_devices


class Invitations:
    """Keeps invitations and uses each once; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def add(self, invitation: Invitation) -> None:
        """Keep an invitation; the account's former one no longer holds."""
        row = {name: getattr(invitation, name) for name in Invitation.__slots__}
        with self._engine.begin() as connection:
            connection.execute(delete(invitations).where(invitations.c.user_name == invitation.user_name))
            connection.execute(insert(invitations), row)

    def find(self, digest: bytes, now_ms: int) -> Invitation | None:
        """Return the invitation whose token has this digest, as long as it holds."""
        query = select(invitations).where(invitations.c.digest == digest, invitations.c.expires_at_ms > now_ms)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        kind = InvitationKind(row.kind)
        return Invitation(digest=row.digest, user_name=row.user_name, kind=kind, expires_at_ms=row.expires_at_ms)

    def use(self, invitation: Invitation, password_hash: str, now_ms: int) -> bool:
        """Set the password and forget devices; tell whether it still held.

        All of it is one transaction that begins by taking the invitation away: of two who use it at once, one does.
        """
        holder, unused = invitation.user_name, invitations.c.digest == invitation.digest
        with self._engine.begin() as connection:
            taken = connection.execute(delete(invitations).where(unused, invitations.c.expires_at_ms > now_ms))
            if taken.rowcount != 1:
                return False
            new_hash = update(accounts).where(accounts.c.user_name == holder).values(password_hash=password_hash)
            connection.execute(new_hash)
            connection.execute(delete(known_devices).where(known_devices.c.user_name == holder))
        return True
