"""The tables of going without consent: what officers were asked and said, uses of break-glass access, and duties."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from hub.store.tables import metadata

confirmations = Table(
    "confirmation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("requester", String(64), nullable=False, index=True),
    Column("requester_agency", String(40), nullable=False),
    Column("question", String(40), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("lawful_basis", String(40), nullable=False),
    Column("ground", String(40), nullable=False),
    Column("override_reason", String(40), nullable=False),
    Column("case_reference", String(40), nullable=False),
    Column("epoch", Integer, nullable=False),
    # Pseudonyms as a JSON list: they are compared as a whole.
    Column("person", Text, nullable=False),
    Column("put_at_ms", BigInteger, nullable=False),
    Column("decide_by_ms", BigInteger, nullable=False),
)

officer_words = Table(
    "officer_word",
    metadata,
    Column("confirmation", String(32), ForeignKey("confirmation.id"), primary_key=True),
    Column("agency", String(40), primary_key=True),
    Column("verdict", String(20)),
    Column("grounds", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("own_reference", String(40), nullable=False),
    Column("officer", String(64), nullable=False),
    Column("decided_at_ms", BigInteger),
    Column("valid_until_ms", BigInteger),
    Column("revoked_by", String(64), nullable=False),
)

break_glass_uses = Table(
    "break_glass_use",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("requester", String(64), nullable=False, index=True),
    Column("requester_agency", String(40), nullable=False),
    Column("access_level", String(40), nullable=False),
    Column("question", String(40), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("opened_at_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("review_due_ms", BigInteger, nullable=False),
    Column("finding", String(20)),
    Column("reviewer", String(64), nullable=False),
    Column("reviewed_at_ms", BigInteger),
)

duties = Table(
    "duty",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("agency", String(40), nullable=False, index=True),
    Column("requester", String(64), nullable=False),
    Column("about", String(32), nullable=False),
    Column("case_reference", String(40), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("person", Text, nullable=False),
    Column("made_at_ms", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("fulfilled_at_ms", BigInteger),
    Column("fulfilled_by", String(64), nullable=False),
    Column("evidence", String(40), nullable=False),
)
