"""the passages that people keep, with their notes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_passages",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("essay_id", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "essay_id", "paragraph", name=op.f("pk_kept_passages")),
    )


def downgrade() -> None:
    op.drop_table("kept_passages")
