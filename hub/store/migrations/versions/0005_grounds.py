"""Make the tables of going without consent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "confirmation",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("requester", sa.String(64), nullable=False, index=True),
        sa.Column("requester_agency", sa.String(40), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("lawful_basis", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("override_reason", sa.String(40), nullable=False),
        sa.Column("case_reference", sa.String(40), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("put_at_ms", sa.BigInteger, nullable=False),
        sa.Column("decide_by_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "officer_word",
        sa.Column("confirmation", sa.String(32), sa.ForeignKey("confirmation.id"), primary_key=True),
        sa.Column("agency", sa.String(40), primary_key=True),
        sa.Column("verdict", sa.String(20)),
        sa.Column("grounds", sa.Text, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("own_reference", sa.String(40), nullable=False),
        sa.Column("officer", sa.String(64), nullable=False),
        sa.Column("decided_at_ms", sa.BigInteger),
        sa.Column("valid_until_ms", sa.BigInteger),
        sa.Column("revoked_by", sa.String(64), nullable=False),
    )
    op.create_table(
        "break_glass_use",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("requester", sa.String(64), nullable=False, index=True),
        sa.Column("requester_agency", sa.String(40), nullable=False),
        sa.Column("access_level", sa.String(40), nullable=False),
        sa.Column("question", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("review_due_ms", sa.BigInteger, nullable=False),
        sa.Column("finding", sa.String(20)),
        sa.Column("reviewer", sa.String(64), nullable=False),
        sa.Column("reviewed_at_ms", sa.BigInteger),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("agency", sa.String(40), nullable=False, index=True),
        sa.Column("requester", sa.String(64), nullable=False),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("case_reference", sa.String(40), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("made_at_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("fulfilled_at_ms", sa.BigInteger),
        sa.Column("fulfilled_by", sa.String(64), nullable=False),
        sa.Column("evidence", sa.String(40), nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("duty", "break_glass_use", "officer_word", "confirmation"):
        op.drop_table(table)
