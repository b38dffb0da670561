"""friends and blocks by day, as LINE counts them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "friend_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("friends", sa.Integer(), nullable=False),
        sa.Column("blocks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_friend_counts")),
    )


def downgrade() -> None:
    op.drop_table("friend_counts")
