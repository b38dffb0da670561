"""what the open part of an essay is about"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_mentions",
        sa.Column("essay_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("exchange", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Boolean(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essays.id"], name=op.f("fk_open_mentions_essay_id_essays")),
        sa.PrimaryKeyConstraint("essay_id", "code", "exchange", name=op.f("pk_open_mentions")),
    )
    op.create_index("ix_open_mentions_code", "open_mentions", ["code"])
    op.create_table(
        "open_themes",
        sa.Column("essay_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("paragraphs", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["essay_id"], ["essays.id"], name=op.f("fk_open_themes_essay_id_essays")),
        sa.PrimaryKeyConstraint("essay_id", "key", name=op.f("pk_open_themes")),
    )
    op.create_index("ix_open_themes_key", "open_themes", ["key"])


def downgrade() -> None:
    op.drop_table("open_themes")
    op.drop_table("open_mentions")
