"""hubs that tell of news, and what reading a source's posts has shown"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "hub_subscriptions",
        sa.Column("callback", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=True),
        sa.Column("is_leaving", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("callback", name="pk_hub_subscriptions"),
    )
    op.create_index("ix_hub_subscriptions_source_id", "hub_subscriptions", ["source_id"])
    op.create_table(
        "post_readings",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("lost_pictures", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["source_posts.id"]),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_readings"),
    )


def downgrade() -> None:
    op.drop_table("post_readings")
    op.drop_table("hub_subscriptions")
