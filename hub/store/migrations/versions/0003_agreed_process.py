"""Make the tables of the agreed process; what was in force before it is not carried over.

Before this there was no release, and a version was kept without the texts that it was made from.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.drop_table("policy_version")
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("publisher", sa.String(64), nullable=False),
        sa.Column("proposal", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("emergency", sa.Text, nullable=False),
        sa.Column("review_due_ms", sa.BigInteger),
        sa.Column("review", sa.String(20)),
        sa.Column("reviewer", sa.String(64), nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("base", sa.Integer, nullable=False),
        sa.Column("proposer", sa.String(64), nullable=False),
        sa.Column("proposer_agency", sa.String(40), nullable=False),
        sa.Column("proposer_guards", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at_ms", sa.BigInteger, nullable=False),
        sa.Column("opens", sa.Text, nullable=False),
        sa.Column("loosens", sa.Boolean, nullable=False),
        sa.Column("changes", sa.Text, nullable=False),
        sa.Column("publish_at_ms", sa.BigInteger),
        sa.Column("publisher", sa.String(64), nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
    )
    op.create_table(
        "approval",
        sa.Column("proposal", sa.String(32), sa.ForeignKey("proposal.id"), primary_key=True),
        sa.Column("approver", sa.String(64), primary_key=True),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("approver_agency", sa.String(40), nullable=False),
        sa.Column("guards", sa.String(40), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables, and make the one that was there before."""
    for table in ("approval", "proposal", "publication"):
        op.drop_table(table)
    op.create_table(
        "policy_version",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("in_force_since_ms", sa.BigInteger, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
