"""The hub's tables: accounts, policy versions and the audit log; nothing of a case."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, Text

metadata = MetaData()

accounts = Table(
    "account",
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("display_name", String(200), nullable=False),
    Column("access_level", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
)

policy_versions = Table(
    "policy_version",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("in_force_since_ms", BigInteger, nullable=False),
    Column("content", Text, nullable=False),
)

audit_entries = Table(
    "audit_entry",
    metadata,
    # The position is given by the one writer, without gaps; the database only keeps it.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("recorded_at_ms", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
