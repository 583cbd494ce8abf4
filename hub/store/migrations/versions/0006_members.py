"""Make the tables of agencies' membership."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agency_member",
        sa.Column("agency", sa.String(40), primary_key=True),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger, nullable=False),
        sa.Column("changed_by", sa.String(64), nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "enrolment_token",
        sa.Column("agency", sa.String(40), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "issued_certificate",
        sa.Column("serial", sa.String(40), primary_key=True),
        sa.Column("agency", sa.String(40), nullable=False, index=True),
        sa.Column("issued_at_ms", sa.BigInteger, nullable=False),
        sa.Column("ends_at_ms", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("issued_certificate", "enrolment_token", "agency_member"):
        op.drop_table(table)
