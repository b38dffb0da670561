"""what is marked as read, and what stays unread"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("read_token", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("read_token", sa.Text(), nullable=True))
    op.create_table(
        "left_unread",
        sa.Column("chat", sa.String(length=128), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name=op.f("pk_left_unread")),
    )


def downgrade() -> None:
    op.drop_table("left_unread")
    op.drop_column("outbox", "read_token")
    op.drop_column("inbox", "read_token")
