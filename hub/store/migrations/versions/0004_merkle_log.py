"""Make the tables of the Merkle log; what was recorded before it is not carried over.

Before this there was no release. To give old entries hashes and a signature now would say that they were kept from the
day they were written, which nobody can know; and their disclosures are of another form.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_MADE = ("receipt", "checkpoint", "audit_tile")


def upgrade() -> None:
    """Make the tables, and begin the log anew."""
    op.execute("DELETE FROM audit_entry")
    op.create_table(
        "audit_tile",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "receipt",
        sa.Column("agency", sa.String(40), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables, and begin the log anew: the former readers know entries of another form."""
    for table in _MADE:
        op.drop_table(table)
    op.execute("DELETE FROM audit_entry")
