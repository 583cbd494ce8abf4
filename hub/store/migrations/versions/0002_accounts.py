"""Give accounts areas and their last sign-in, invitations, known devices, second factors and external identities."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OF_ACCOUNTS = ("invitation", "known_device", "code_seed", "passkey", "external_identity")


def _holder(*, is_key: bool = False) -> "sa.Column[str]":
    account = sa.ForeignKey("account.user_name", ondelete="CASCADE")
    return sa.Column("user_name", sa.String(64), account, primary_key=is_key, nullable=False, index=not is_key)


def upgrade() -> None:
    """Make the columns and tables."""
    op.add_column("account", sa.Column("areas", sa.Text, nullable=False, server_default="[]"))
    op.add_column("account", sa.Column("last_signed_in_ms", sa.BigInteger))
    op.create_table(
        "invitation",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        _holder(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "known_device",
        _holder(is_key=True),
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("added_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "code_seed",
        _holder(is_key=True),
        sa.Column("sealed", sa.LargeBinary(200), nullable=False),
        sa.Column("is_confirmed", sa.Boolean, nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.LargeBinary(1023), primary_key=True),
        _holder(),
        sa.Column("public_key", sa.LargeBinary(2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("added_at_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "external_identity",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(255), primary_key=True),
        _holder(),
    )


def downgrade() -> None:
    """Drop them; who has set no password, or has no level, cannot sign in under the former rules either."""
    for table in reversed(_OF_ACCOUNTS):
        op.drop_table(table)
    for column in ("last_signed_in_ms", "areas"):
        op.drop_column("account", column)
