"""Agencies' membership as rows: each change is one transaction, so that it is there whole or not at all."""

from sqlalchemy import Connection, Engine, delete, insert, select

from hub.model.membership import EnrolmentToken, IssuedCertificate, Member, MemberState
from hub.store.member_tables import enrolment_tokens, issued_certificates, members


class Members:
    """Keeps how agencies stand, tokens and certificates; calls block for the time of one database access."""

    def __init__(self, engine: Engine) -> None:
        """Work on one open store."""
        self._engine = engine

    def all(self) -> tuple[Member, ...]:
        """Return every agency of which something else is kept than that it is admitted."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(members)).mappings().all()
        return tuple(Member(**{**row, "state": MemberState(row["state"])}) for row in rows)

    def tokens(self, now_ms: int) -> tuple[EnrolmentToken, ...]:
        """Return the tokens that can still be used."""
        query = select(enrolment_tokens).where(enrolment_tokens.c.expires_at_ms > now_ms)
        with self._engine.connect() as connection:
            return tuple(EnrolmentToken(**row) for row in connection.execute(query).mappings())

    def certificates(self, now_ms: int) -> tuple[IssuedCertificate, ...]:
        """Return the certificates that have not ended."""
        query = select(issued_certificates).where(issued_certificates.c.ends_at_ms > now_ms)
        with self._engine.connect() as connection:
            return tuple(IssuedCertificate(**row) for row in connection.execute(query).mappings())

    def invite(self, token: EnrolmentToken) -> None:
        """Keep a token; the agency's former one no longer holds."""
        with self._engine.begin() as connection:
            _forget_token(connection, token.agency)
            row = {"agency": token.agency, "digest": token.digest, "expires_at_ms": token.expires_at_ms}
            connection.execute(insert(enrolment_tokens), row)

    def change(self, member: Member) -> None:
        """Keep how an agency stands; one that is revoked loses its token and the list of its certificates."""
        with self._engine.begin() as connection:
            _put(connection, member)
            if member.state is MemberState.REVOKED:
                _forget_token(connection, member.agency)
                connection.execute(delete(issued_certificates).where(issued_certificates.c.agency == member.agency))

    def enrol(self, digest: bytes, member: Member, certificate: IssuedCertificate, now_ms: int) -> bool:
        """Keep that an agency was enrolled; tell whether its token still held.

        All of it is one transaction that begins by taking the token away: of two who use it at once, one does.
        """
        held = (enrolment_tokens.c.digest == digest) & (enrolment_tokens.c.agency == member.agency)
        with self._engine.begin() as connection:
            taken = connection.execute(delete(enrolment_tokens).where(held, enrolment_tokens.c.expires_at_ms > now_ms))
            if taken.rowcount != 1:
                return False
            _put(connection, member)
            _issue(connection, certificate)
        return True

    def issue(self, certificate: IssuedCertificate) -> None:
        """Keep that a certificate was issued."""
        with self._engine.begin() as connection:
            _issue(connection, certificate)


def _put(connection: Connection, member: Member) -> None:
    row = {name: getattr(member, name) for name in Member.__slots__}
    connection.execute(delete(members).where(members.c.agency == member.agency))
    connection.execute(insert(members), row)


def _issue(connection: Connection, certificate: IssuedCertificate) -> None:
    """Keep a certificate, and no longer those that had ended when it was issued."""
    connection.execute(delete(issued_certificates).where(issued_certificates.c.ends_at_ms <= certificate.issued_at_ms))
    connection.execute(
        insert(issued_certificates), {name: getattr(certificate, name) for name in IssuedCertificate.__slots__}
    )


def _forget_token(connection: Connection, agency: str) -> None:
    connection.execute(delete(enrolment_tokens).where(enrolment_tokens.c.agency == agency))
