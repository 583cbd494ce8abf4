"""The tables of agencies' membership: how each stands, tokens that are not used yet, certificates that were issued."""

from sqlalchemy import BigInteger, Column, LargeBinary, String, Table

from hub.store.tables import metadata

members = Table(
    "agency_member",
    metadata,
    Column("agency", String(40), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("changed_at_ms", BigInteger, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("revoked_at_ms", BigInteger, nullable=False),
)

# One for each agency at most: another token takes the place of the former.
enrolment_tokens = Table(
    "enrolment_token",
    metadata,
    Column("agency", String(40), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("expires_at_ms", BigInteger, nullable=False),
)

issued_certificates = Table(
    "issued_certificate",
    metadata,
    Column("serial", String(40), primary_key=True),
    Column("agency", String(40), nullable=False, index=True),
    Column("issued_at_ms", BigInteger, nullable=False),
    Column("ends_at_ms", BigInteger, nullable=False),
)
