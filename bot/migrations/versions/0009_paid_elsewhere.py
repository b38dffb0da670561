"""memberships that are paid for elsewhere, and what was answered to the payer"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paid_memberships",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("plan", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "plan", name=op.f("pk_paid_memberships")),
    )
    op.create_index(op.f("ix_paid_memberships_user_id"), "paid_memberships", ["user_id"])
    op.create_table(
        "payer_requests",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_payer_requests")),
    )
    op.create_index(op.f("ix_payer_requests_at"), "payer_requests", ["at"])
    op.add_column("codes", sa.Column("payer_key", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_codes_payer_key"), "codes", ["payer_key"])
    op.add_column("people", sa.Column("note", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("people", "note")
    op.drop_index(op.f("ix_codes_payer_key"), table_name="codes")
    op.drop_column("codes", "payer_key")
    op.drop_table("payer_requests")
    op.drop_table("paid_memberships")
