"""The hub's tables: accounts and what belongs to them, the agreed process and the audit log; nothing of a case."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()


def _holder(*, is_key: bool = False) -> Column[str]:
    """Name the account that a row belongs to; the row goes when the account goes."""
    account = ForeignKey("account.user_name", ondelete="CASCADE")
    return Column("user_name", String(64), account, primary_key=is_key, nullable=False, index=not is_key)


accounts = Table(
    "account",
    metadata,
    Column("user_name", String(64), primary_key=True),
    Column("display_name", String(200), nullable=False),
    Column("access_level", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False),
    # Identifiers of areas as a JSON list: they are read whole, with their account.
    Column("areas", Text, nullable=False, server_default="[]"),
    Column("last_signed_in_ms", BigInteger),
)

invitations = Table(
    "invitation",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    _holder(),
    Column("kind", String(20), nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False),
)

known_devices = Table(
    "known_device",
    metadata,
    _holder(is_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("added_at_ms", BigInteger, nullable=False),
)

code_seeds = Table(
    "code_seed",
    metadata,
    _holder(is_key=True),
    Column("sealed", LargeBinary(200), nullable=False),
    Column("is_confirmed", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)

passkeys = Table(
    "passkey",
    metadata,
    Column("credential_id", LargeBinary(1023), primary_key=True),
    _holder(),
    Column("public_key", LargeBinary(2000), nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("label", String(100), nullable=False),
    Column("added_at_ms", BigInteger, nullable=False),
)

external_identities = Table(
    "external_identity",
    metadata,
    Column("issuer", String(300), primary_key=True),
    Column("subject", String(255), primary_key=True),
    _holder(),
)

publications = Table(
    "publication",
    metadata,
    # Counted up by the one hub that publishes, so that a number tells the order.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("publisher", String(64), nullable=False),
    Column("proposal", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("emergency", Text, nullable=False),
    Column("review_due_ms", BigInteger),
    Column("review", String(20)),
    Column("reviewer", String(64), nullable=False),
    Column("texts", Text, nullable=False),
)

proposals = Table(
    "proposal",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("base", Integer, nullable=False),
    Column("proposer", String(64), nullable=False),
    Column("proposer_agency", String(40), nullable=False),
    Column("proposer_guards", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("opens", Text, nullable=False),
    Column("loosens", Boolean, nullable=False),
    Column("changes", Text, nullable=False),
    Column("publish_at_ms", BigInteger),
    Column("publisher", String(64), nullable=False),
    Column("texts", Text, nullable=False),
)

approvals = Table(
    "approval",
    metadata,
    Column("proposal", String(32), ForeignKey("proposal.id"), primary_key=True),
    Column("approver", String(64), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("approver_agency", String(40), nullable=False),
    Column("guards", String(40), nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

audit_entries = Table(
    "audit_entry",
    metadata,
    # The position is given by the one writer, without gaps; the database only keeps it.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("recorded_at_ms", BigInteger, nullable=False),
    # The leaf itself: kind and time stand in it too, and beside it only so that they can be looked for.
    Column("body", Text, nullable=False),
)

# The hash over each 256 entries, so that neither a start nor a proof needs to read the whole log.
audit_tiles = Table(
    "audit_tile",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("root", LargeBinary(32), nullable=False),
)

checkpoints = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

receipts = Table(
    "receipt",
    metadata,
    Column("agency", String(40), primary_key=True),
    # Counted up for each agency by the one writer, without gaps.
    Column("number", BigInteger, primary_key=True),
    Column("position", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
